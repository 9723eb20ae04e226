"""The part of the library's screen that looks for sounds: queries, and the way back and forward."""

from __future__ import annotations

from functools import partial

from tui import questions, reports
from tui.jobs import Questions
from tui.looks import Look
from tui.messages import ListReady
from tui.query_edit import sorting
from tui.screens.library_screen import LibraryScreen
from tui.widgets.search_line import SearchLine


class Searching(LibraryScreen):
    """Turns queries into lists."""

    def __init__(self) -> None:
        super().__init__()
        self._lists = Questions(self, "list")
        self._changing = ""
        self._shown: Look | None = None

    def _ask_list(self, look: Look) -> None:
        if self._workspace is not None:
            self._lists.ask(partial(questions.samples, self._workspace, look))

    def _go(self, look: Look) -> None:
        """Ask for another look, one step on the way."""
        self._changing = ""
        self._ask_list(self._history.go(look))

    def _change(self, how: str, **values: object) -> None:
        """Ask for the look with other values; changes of one kind in a row are one step."""
        if how != self._changing:
            self._history.go(self._history.here)
            self._changing = how
        self._ask_list(self._history.change(**values))

    def on_list_ready(self, event: ListReady) -> None:
        """Show the samples of the look, if it is still the one wanted."""
        here = self._history.here
        if not self._is_shown(event.look):
            return
        self.search.show_query(here.query)
        self.search.show_answer(reports.found(len(event.ids), here))
        self.finder.show_sorting(*sorting(here.query))
        again = self._shown is not None and self._shown.shows_as(event.look)
        self._shown = event.look
        # The cursor may have moved on while the same list was asked for again.
        current = (self.finder.current if again else None) or here.current
        self.finder.show_aspects(here.name, event.aspects, here.weights)
        self.finder.show_list(
            event.ids, event.scores, current, here.name, here.among is not None, again
        )
        if not len(event.ids):
            self._row = None
            self.inspector.show(None)

    def action_search(self) -> None:
        """Give the search line the keyboard."""
        self._changing = ""
        self.search.start_typing()

    def on_search_line_changed(self, event: SearchLine.Changed) -> None:
        """Ask for what the query finds; the whole typing is one step on the way back."""
        self._change("typing", query=event.query)

    def on_search_line_left(self) -> None:
        """Give the keyboard back to the list or the map."""
        self._changing = ""
        self.finder.take_keyboard()

    def action_back(self) -> None:
        """Leave a lasso, or show what was looked at before; from the first look, everything."""
        if self.finder.leave_lasso():
            return
        look = self._history.back()
        if look is None:
            look = self._history.change(
                query="", sound=None, name="", region=None, weights=(), among=None
            )
        self._return_to(look)

    def action_forward(self) -> None:
        """Show again what the way led back from."""
        look = self._history.forward()
        if look is not None:
            self._return_to(look)

    def _return_to(self, look: Look) -> None:
        self._changing = ""
        self.search.show_query(look.query)
        self._ask_list(look)
