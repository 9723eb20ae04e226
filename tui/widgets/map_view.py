"""The library as a map: zoom, pan, a cursor that goes from sound to sound, and a lasso."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from tui.colours import ACCENT
from tui.keys import Scope, bindings
from tui.widgets import braille, map_drawing
from tui.widgets.map_drawing import View
from tui.widgets.map_labels import Landmark, labels
from tui.widgets.map_lasso import Lasso, ring
from tui.widgets.map_marks import Paint, fine_enough, marks_in
from tui.widgets.map_pointer import ZOOM, MapPointer
from tui.widgets.map_strips import Inks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui.widgets.map_grid import PointGrid


EMPTY = "No map yet: P computes it once sounds are analysed"
_LASSO_STEPS, _LASSO_LEAPS = 2, 10  # columns that a corner moves by a key, alone and with shift


class MapView(MapPointer, can_focus=True):
    """Shows points by density and colour; the cursor is always on one of them."""

    key_scope: ClassVar[Scope] = "map"
    BINDINGS = bindings("map")
    DEFAULT_CSS = """
    MapView { height: 1fr; width: 1fr; }
    """

    class Moved(Message):
        """The cursor is on another sample."""

        def __init__(self, sample_id: int) -> None:
            super().__init__()
            self.sample_id = sample_id

    class Chosen(Message):
        """Enter or a double click on a sample."""

        def __init__(self, sample_id: int) -> None:
            super().__init__()
            self.sample_id = sample_id

    class LassoMoved(Message):
        """A lasso is begun, drawn further, or gone."""

        def __init__(self, drawing: bool) -> None:
            super().__init__()
            self.drawing = drawing

    class Lassoed(Message):
        """A lasso is closed: its corners in map units, float64, shape (k, 2)."""

        def __init__(self, outline: NDArray[np.float64]) -> None:
            super().__init__()
            self.outline = outline

    class ColourWanted(Message):
        """The map is to be coloured by something else: the next thing, or one to be chosen."""

        def __init__(self, chosen: bool) -> None:
            super().__init__()
            self.chosen = chosen

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - the name Textual uses
        super().__init__(id=id)
        self._points: PointGrid | None = None
        self._paint: Paint | None = None
        self._landmarks: Sequence[Landmark] = ()
        self._view = View()
        self._here = 0
        self._lasso: Lasso | None = None
        self._strips: list[Strip] | None = None
        self._strips_size = (0, 0)
        self._inks: Inks | None = None

    @property
    def current(self) -> int | None:
        """Id of the sample under the cursor; None where there is no map."""
        return int(self._points.ids[self._here]) if self._points else None

    @property
    def view(self) -> View:
        """The part of the map that is seen."""
        return self._view

    @property
    def lasso(self) -> Lasso | None:
        """The lasso, if one is drawn."""
        return self._lasso

    @property
    def _screen_size(self) -> tuple[int, int]:
        return max(1, self.size.width), max(1, self.size.height)

    def show(self, points: PointGrid, paint: Paint, landmarks: Sequence[Landmark] = ()) -> None:
        """Show another map.

        Args:
            points: n points.
            paint: How they are drawn.
            landmarks: What is written on the map, the weightiest first.
        """
        current = self.current
        self._points, self._paint, self._landmarks = points, paint, landmarks
        self._here = 0
        self._lasso = self._inks = None
        self._look(View())
        if current is not None:
            self.go_to(current)

    def show_paint(self, points: PointGrid, paint: Paint) -> None:
        """Draw the points otherwise, if they are still those of the map."""
        if points is self._points:
            self._paint = paint
            self._inks = None
            self._look(self._view)

    def show_colour(self, sample_id: int, colour: int) -> None:
        """Draw a sample, if it is on the map, in another colour of the palette."""
        place = self._points.place_of(sample_id) if self._points else None
        if place is None or self._paint is None:
            return
        numbers = self._paint.colouring.numbers
        if numbers[place] != colour:
            numbers[place] = colour
            self._look(self._view)

    def go_to(self, sample_id: int) -> None:
        """Put the cursor on a sample if it is on the map, without telling anyone."""
        place = self._points.place_of(sample_id) if self._points else None
        if place is not None:
            self._put(place)

    def _point(self) -> tuple[float, float]:
        assert self._points is not None
        return float(self._points.x[self._here]), float(self._points.y[self._here])

    def _look(self, view: View) -> None:
        self._view = view
        self._strips = None
        self.refresh()

    def notify_style_update(self) -> None:
        """Draw in the new colours."""
        self._strips = self._inks = None
        super().notify_style_update()

    def _move_to(self, place: int) -> None:
        if place != self._here and self._points:
            self._put(place)
            self.post_message(self.Moved(int(self._points.ids[place])))

    def _put(self, place: int) -> None:
        before = self._view.cell(*self._point(), self._screen_size)[1]
        self._here = place
        view = self._view.showing(*self._point())
        if view != self._view:
            self._look(view)
            return
        after = self._view.cell(*self._point(), self._screen_size)[1]
        width = self._screen_size[0]
        self.refresh(Region(0, before, width, 1), Region(0, after, width, 1))

    # Keys.

    def action_step(self, right: int, down: int) -> None:
        """Move to the nearest sample in a direction; of a lasso, move the corner."""
        if self._lasso is not None:
            self._move_corner(right * _LASSO_STEPS, down * _LASSO_STEPS)
        elif self._points:
            scale = self._view.scale(self._screen_size)
            place = self._points.towards(self._here, right, down, scale)
            if place is not None:
                self._move_to(place)

    def action_zoom(self, steps: int) -> None:
        """Zoom in or out around the cursor."""
        if self._points:
            self._look(self._view.zoomed(ZOOM**steps, *self._point()))

    def action_pan(self, right: int, down: int) -> None:
        """Move the view by a quarter of what is seen; of a lasso, move the corner further."""
        if self._lasso is not None:
            self._move_corner(right * _LASSO_LEAPS, down * _LASSO_LEAPS)
        else:
            self._look(self._view.panned(right / 4, down / 4))

    def action_whole(self) -> None:
        """Show the whole map."""
        self._look(View())

    def action_choose(self) -> None:
        """Choose the sample under the cursor, or what is in the lasso."""
        if self._lasso is not None:
            self._close_lasso()
        elif self.current is not None:
            self.post_message(self.Chosen(self.current))

    def action_colour(self, chosen: bool) -> None:
        """Want the map coloured by something else."""
        self.post_message(self.ColourWanted(chosen))

    # The lasso.

    def action_lasso(self) -> None:
        """Begin a lasso at the cursor, or leave the one that is drawn."""
        if self._lasso is not None:
            self.drop_lasso()
        elif self._points:
            self._draw_lasso(Lasso([self._point(), self._point()]))

    def drop_lasso(self) -> None:
        """Take the lasso off the map."""
        if self._lasso is not None:
            self._draw_lasso(None)

    def _draw_lasso(self, lasso: Lasso | None) -> None:
        self._lasso = lasso
        self._look(self._view)
        self.post_message(self.LassoMoved(lasso is not None))

    def _move_corner(self, columns: int, half_lines: int) -> None:
        assert self._lasso is not None
        across, down = self._view.scale(self._screen_size)
        x, y = self._lasso.path[-1]
        x = float(np.clip(x + columns / across, 0, 1))
        y = float(np.clip(y + half_lines / 2 / down, 0, 1))
        self._lasso.path[-1] = (x, y)
        self._view = self._view.showing(x, y)
        self._draw_lasso(self._lasso)

    def _close_lasso(self) -> None:
        if self._lasso is not None:
            self.post_message(self.Lassoed(self._lasso.outline))

    # Drawing.

    def _drawn(self, points: PointGrid, paint: Paint) -> list[Strip]:
        size, view, colouring = self._screen_size, self._view, paint.colouring
        if self._strips is None or self._strips_size != size:
            dots = (braille.DOTS_ACROSS, braille.DOTS_DOWN)
            marks = paint.merged if fine_enough(view.span, size, dots) else None
            marks = marks or marks_in(points, paint, view.edges)
            if self._inks is None:
                self._inks = Inks(colouring.palette, colouring.graded, self.rich_style, ACCENT)
            canvas = self._inks.canvas(map_drawing.draw(marks, view, size, colouring.graded))
            for label in labels(self._landmarks, view, size):
                canvas.write(*label)
            if self._lasso is not None:
                canvas.trace(ring(self._lasso.outline, view, size))
            self._strips, self._strips_size = canvas.strips(), size
        return self._strips

    def render_line(self, y: int) -> Strip:
        """Draw one line of the map."""
        width = self.size.width
        if not self._points or self._paint is None:
            text = EMPTY.center(width)[:width] if y == self.size.height // 2 else " " * width
            return Strip([Segment(text, self.rich_style + Style(dim=True))], width)
        strip = self._drawn(self._points, self._paint)[y]
        column, line = self._view.cell(*self._point(), self._screen_size)
        if line != y or not 0 <= column < width:
            return strip
        colouring = self._paint.colouring
        ground = colouring.palette[int(colouring.numbers[self._here])]
        cursor = Strip([Segment("◉", Style(color="#ffffff", bgcolor=ground, bold=True))], 1)
        return Strip.join([strip.crop(0, column), cursor, strip.crop(column + 1, width)])
