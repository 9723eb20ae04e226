"""The part of the library's screen that shows the map: its colours, the list on it, the lasso."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from tui import map_questions
from tui.colours import number_of
from tui.jobs import Questions
from tui.looks import Among, Look
from tui.map_questions import COLOURINGS, MEASURED
from tui.messages import (
    Collected,
    ColourChoices,
    LassoReady,
    ListReady,
    MapReady,
    PaintReady,
    RowsChanged,
    Trouble,
)
from tui.screens.ask import Ask
from tui.screens.library_screen import LibraryScreen
from tui.widgets.map_view import MapView

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from library.catalog import SampleRow
    from tui.widgets.map_grid import PointGrid
    from tui.widgets.map_marks import Paint


class Mapping(LibraryScreen):
    """Shows the map, which part of it is in the list, and takes what is in the lasso."""

    def __init__(self) -> None:
        super().__init__()
        self._points: PointGrid | None = None
        self._paint: Paint | None = None
        self._how = COLOURINGS[0]
        self._listed: NDArray[np.int64] | None = None
        self._view = "list"
        self._maps = Questions(self, "map")
        self._paints = Questions(self, "paint")
        self._lassos = Questions(self, "lasso")
        self._choices = Questions(self, "colours")

    def _show_row(self, row: SampleRow) -> None:
        super()._show_row(row)
        if self._how == "category":
            self.finder.map_view.show_colour(row.id, number_of(row.category))

    def action_switch(self) -> None:
        """Switch between the list and the map."""
        self.finder.switch()
        self._view = self.finder.view

    # The map and how it is drawn.

    def _ask_map(self) -> None:
        if self._workspace is not None:
            question = partial(map_questions.library_map, self._workspace, self._how, self._listed)
            self._maps.ask(question)

    def _ask_paint(self, last: Paint | None = None) -> None:
        if self._workspace is not None and self._points is not None:
            about = (self._workspace, self._points, self._how, self._listed, last)
            self._paints.ask(partial(map_questions.repainted, *about))

    def on_map_ready(self, event: MapReady) -> None:
        """Show the map."""
        self._points, self._paint = event.points, event.paint
        self.finder.map_view.show(event.points, event.paint, event.landmarks)
        self.finder.legend.show(event.paint.colouring)
        here = self._history.here
        if here.current is not None:
            self.finder.map_view.go_to(here.current)
        # The list may have changed while the map was read.
        self._ask_paint(event.paint if event.paint.colouring.name == self._how else None)

    def on_paint_ready(self, event: PaintReady) -> None:
        """Draw the map otherwise."""
        if event.points is self._points:
            self._paint = event.paint
            self.finder.map_view.show_paint(event.points, event.paint)
            self.finder.legend.show(event.paint.colouring)

    def on_list_ready(self, event: ListReady) -> None:
        """Ask which part of the map is in the list."""
        if not self._is_shown(event.look):
            return
        whole = event.look == Look(current=event.look.current)
        listed = None if whole else event.ids
        if listed is not None or self._listed is not None:
            self._listed = listed
            fits = self._paint is not None and self._paint.colouring.name == self._how
            self._ask_paint(self._paint if fits else None)

    def on_rows_changed(self, event: RowsChanged) -> None:
        """Colour the map again where the colours are of what the user says."""
        if event.ids and self._how not in MEASURED:
            self._ask_paint()

    # Colours.

    def on_map_view_colour_wanted(self, event: MapView.ColourWanted) -> None:
        """Colour by the next thing, or ask by what."""
        if event.chosen:
            if self._workspace is not None:
                self._choices.ask(partial(map_questions.colour_choices, self._workspace))
        else:
            known = self._how in COLOURINGS
            at = COLOURINGS.index(self._how) + 1 if known else 0
            self._colour_by(COLOURINGS[at % len(COLOURINGS)])

    def on_colour_choices(self, event: ColourChoices) -> None:
        """Ask by what to colour."""
        ask = Ask(
            "Colour the map by",
            f"{', '.join(COLOURINGS)}; or a query such as tag:dark, to see what it selects",
            check=map_questions.trouble_with_colouring,
            words=event.words,
        )
        self.app.push_screen(ask, self._colour_by)

    def _colour_by(self, line: str | None) -> None:
        if line and line.strip():
            self._how = line.strip()
            self._ask_paint()

    def on_trouble(self, event: Trouble) -> None:
        """Stay with colours that can be had."""
        if event.group == "paint":
            self._how = COLOURINGS[0]

    # The lasso.

    def on_map_view_lassoed(self, event: MapView.Lassoed) -> None:
        """Ask which samples are in it."""
        if self._points is not None and self._paint is not None:
            about = (self._points, event.outline, self._paint)
            self._lassos.ask(partial(map_questions.in_lasso, *about))

    def on_lasso_ready(self, event: LassoReady) -> None:
        """Ask what is to become of them."""
        if not len(event.ids):
            self.notify("There is no sound of the list in the lasso", timeout=3)
            return
        count = f"{len(event.ids):,} sounds" if len(event.ids) > 1 else "1 sound"
        about = "Name a collection for them, or leave it empty to list them"
        ask = Ask(f"{count} in the lasso", about)
        self.app.push_screen(ask, partial(self._take_lassoed, event.ids))

    def _take_lassoed(self, ids: NDArray[np.int64], line: str | None) -> None:
        if line is None or self._workspace is None:
            return
        self.finder.map_view.drop_lasso()
        if line.strip():
            self._write(partial(map_questions.collected, self._workspace, ids, line.strip()))
        else:
            look = replace(self._history.here, sound=None, name="", among=Among(ids))
            self._ask_list(self._history.go(look))

    def on_collected(self, event: Collected) -> None:
        """Say what was put where."""
        text = f"{event.count:,} in the collection {event.name}"
        self.notify(text, timeout=3, markup=False)
