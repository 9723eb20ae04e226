"""The part of the library's screen that shows the map."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui import questions
from tui.colours import number_of
from tui.jobs import Questions
from tui.messages import ListReady, MapReady, ScopeReady
from tui.screens.library_screen import LibraryScreen

if TYPE_CHECKING:
    from index.answers import MapPoints
    from library.catalog import SampleRow


class Mapping(LibraryScreen):
    """Shows the map and which part of it is in the list."""

    def __init__(self) -> None:
        super().__init__()
        self._points: MapPoints | None = None
        self._view = "list"
        self._maps = Questions(self, "map")
        self._scopes = Questions(self, "scope")

    def _show_row(self, row: SampleRow) -> None:
        super()._show_row(row)
        self.finder.map_view.show_colour(row.id, number_of(row.category))

    def _ask_map(self) -> None:
        if self._workspace is not None:
            self._maps.ask(partial(questions.library_map, self._workspace))

    def action_switch(self) -> None:
        """Switch between the list and the map."""
        self.finder.switch()
        self._view = self.finder.view

    def on_map_ready(self, event: MapReady) -> None:
        """Show the map."""
        self._points = event.points
        self.finder.map_view.show(event.points.ids, event.points.xy, event.colours)
        if self._history.here.current is not None:
            self.finder.map_view.go_to(self._history.here.current)
        if self._history.here.query or self._history.here.sound is not None:
            self._ask_list(self._history.here)

    def on_scope_ready(self, event: ScopeReady) -> None:
        """Show which part of the map is in the list."""
        self.finder.map_view.show_within(event.within)

    def on_list_ready(self, event: ListReady) -> None:
        """Ask which part of the map is in the list."""
        if self._points is not None and self._is_shown(event.look):
            self._scopes.ask(partial(questions.scope, self._points, event.ids))
