"""The part of the library's screen for places: the side panel, completion, saved searches."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from textual import events, getters

from tui import place_questions
from tui.jobs import Questions
from tui.looks import Look
from tui.messages import Collected, PlacesReady, RowsChanged, SearchSaved
from tui.places import Places
from tui.query_edit import replaced, toggled
from tui.screens.ask import Ask
from tui.screens.pick import Pick, Picked
from tui.screens.searching import Searching
from tui.widgets.search_line import SearchLine, SearchOffers
from tui.widgets.side_panel import SidePanel

PANEL_WIDTH = 120
"""From this width on the panel is shown by itself."""


class Placing(Searching):
    """Offers where to look, and turns what is chosen there into queries."""

    panel = getters.query_one(SidePanel)

    def __init__(self) -> None:
        super().__init__()
        self._places = Places()
        self._counted = False
        self._panel_wanted: bool | None = None
        self._place_questions = Questions(self, "places")

    # What there is.

    def _ask_places(self, folders: bool = False) -> None:
        """Ask where sounds can be looked for; folders are counted only for a panel in sight."""
        if self._workspace is not None:
            self._counted = self._counted and not folders
            count = self._panel_shown and not self._counted
            ask = partial(place_questions.places, self._workspace, self._places, count)
            self._place_questions.ask(ask)

    def on_places_ready(self, event: PlacesReady) -> None:
        """Offer the places, and complete queries with their names."""
        self._places = event.places
        self._counted = bool(event.places.folders)
        self.panel.show(event.places)
        self.search.know(event.vocabulary)

    def on_rows_changed(self, event: RowsChanged) -> None:
        """Count tags and collections again."""
        self._ask_places()

    def on_collected(self, event: Collected) -> None:
        """Count collections again."""
        self._ask_places()

    def on_search_line_offered(self, event: SearchLine.Offered) -> None:
        """Show what may be typed."""
        self.query_one(SearchOffers).show(event.offers)

    # The panel.

    @property
    def _panel_shown(self) -> bool:
        """Whether the panel is in sight: as the user said, else where there is room for it."""
        wide = self.app.size.width >= PANEL_WIDTH
        return wide if self._panel_wanted is None else self._panel_wanted

    def _show_panel(self) -> None:
        shown = self._panel_shown
        if self.panel.has_class("-shown") != shown:
            self.panel.set_class(shown, "-shown")
            self.set_class(shown, "-with-panel")
            if shown and not self._counted:
                self._ask_places()

    def on_resize(self, event: events.Resize) -> None:
        """Show the panel where there is room for it."""
        self._show_panel()

    def action_panel(self) -> None:
        """Show the panel and give it the keyboard; where it has it, hide it."""
        if self.panel.has_focus:
            self._panel_wanted = False
            self._show_panel()
            self.finder.take_keyboard()
        else:
            self._panel_wanted = True
            self._show_panel()
            self.panel.focus()

    def on_side_panel_left(self) -> None:
        """Give the keyboard back to the list or the map."""
        self.finder.take_keyboard()

    def on_side_panel_chosen(self, event: SidePanel.Chosen) -> None:
        """List what is at a place; with the rest of the query unless it is a saved one."""
        entry, here = event.entry, self._history.here
        if entry.kind == "search":
            self._look_for(entry.value)
            return
        if entry.kind == "tag":
            query = toggled(here.query, entry.value)
        else:
            query = replaced(here.query, entry.kind, entry.value)
        self.search.show_query(query)
        self._go(replace(here, query=query))

    def _look_for(self, query: str) -> None:
        self.search.show_query(query)
        self._go(Look(query=query, current=self._history.here.current))

    # Saved searches.

    def action_save_search(self) -> None:
        """Ask under what name to keep the query."""
        query = self._history.here.query.strip()
        if not query:
            self.notify("There is no query to save: / begins one")
            return
        about = f"It keeps {query}"
        ask = Ask("Name this search", about, words=tuple(self._places.searches))
        self.app.push_screen(ask, partial(self._save_search, query))

    def _save_search(self, query: str, line: str | None) -> None:
        if line and line.strip() and self._workspace is not None:
            name = line.strip()
            self._write(partial(place_questions.save_search, self._workspace, name, query))

    def action_searches(self) -> None:
        """Choose a saved search."""
        if self._places.searches:
            self.app.push_screen(
                Pick("Saved searches", self._places.searches, forgets=True), self._picked
            )
        else:
            self.notify("No search is saved yet: ctrl+s saves the query")

    def _picked(self, picked: Picked | None) -> None:
        if picked is None or self._workspace is None:
            return
        name, wanted = picked
        if wanted:
            self._look_for(self._places.searches[name])
        else:
            self._write(partial(place_questions.forget_search, self._workspace, name))

    def on_search_saved(self, event: SearchSaved) -> None:
        """Say what was done, and offer the searches that there are now."""
        event.stop()
        self.notify(event.told, markup=False)
        self._ask_places()
