"""The part of the library's screen that looks for sounds: queries, likeness, and the way back."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from tui import questions, reports
from tui.jobs import Questions
from tui.looks import Look
from tui.messages import ListReady
from tui.screens.library_screen import LibraryScreen
from tui.widgets.search_line import SearchLine


class Searching(LibraryScreen):
    """Turns queries into lists."""

    def __init__(self) -> None:
        super().__init__()
        self._lists = Questions(self, "list")
        self._typing = False

    def _ask_list(self, look: Look) -> None:
        if self._workspace is not None:
            self._lists.ask(partial(questions.samples, self._workspace, look))

    def on_list_ready(self, event: ListReady) -> None:
        """Show the samples of the look, if it is still the one wanted."""
        here = self._history.here
        if not self._is_shown(event.look):
            return
        self.search.show_query(here.query)
        self.search.show_answer(reports.found(len(event.ids), here))
        self.finder.show_list(
            event.ids, event.scores, here.current, here.name, here.among is not None
        )
        if not len(event.ids):
            self._row = None
            self.inspector.show(None)

    def action_search(self) -> None:
        """Give the search line the keyboard."""
        self._typing = False
        self.search.start_typing()

    def on_search_line_changed(self, event: SearchLine.Changed) -> None:
        """Ask for what the query finds; the whole typing is one step on the way back."""
        if not self._typing:
            self._history.go(self._history.here)
            self._typing = True
        self._ask_list(self._history.change(query=event.query))

    def on_search_line_left(self) -> None:
        """Give the keyboard back to the list or the map."""
        self._typing = False
        self.finder.take_keyboard()

    def action_similar(self) -> None:
        """List what sounds like the sample under the cursor, within the query."""
        row = self._under_cursor()
        if row is not None:
            here = self._history.here
            look = replace(
                here, sound=row.id, name=row.name, region=None, current=row.id, among=None
            )
            self._ask_list(self._history.go(look))
            self.search.show_answer("listening …")

    def action_back(self) -> None:
        """Leave a lasso, or show what was looked at before; from the first look, everything."""
        if self.finder.leave_lasso():
            return
        look = self._history.back()
        if look is None:
            look = self._history.change(query="", sound=None, name="", region=None, among=None)
        self.search.show_query(look.query)
        self._ask_list(look)
