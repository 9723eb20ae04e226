"""The library as a map: zoom, pan, and a cursor that goes from sound to sound."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.colours import PALETTE, faded
from tui.keys import Scope, bindings
from tui.widgets import map_drawing
from tui.widgets.map_drawing import LEVELS, Picture, View

ZOOM = 1.6
EMPTY = "No map yet: P computes it once sounds are analysed"


def _styles() -> list[list[Style]]:
    """Return the style of each colour at each level; the last one is for what is not listed."""
    return [
        [Style(color=faded(colour, 0.55 * (1 - level / LEVELS))) for level in range(LEVELS + 1)]
        + [Style(color=faded(colour, 0.82))]
        for colour in PALETTE
    ]


class MapView(Widget, can_focus=True):
    """Shows points by density and category; the cursor is always on one of them."""

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

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - the name Textual uses
        super().__init__(id=id)
        self._ids: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._xy: NDArray[np.float32] = np.zeros((0, 2), dtype=np.float32)
        self._colours: NDArray[np.uint8] = np.zeros(0, dtype=np.uint8)
        self._within: NDArray[np.bool_] | None = None
        self._view = View()
        self._here = 0
        self._drawn: tuple[NDArray[np.float32], Picture] | None = None
        self._palette = _styles()

    @property
    def current(self) -> int | None:
        """Id of the sample under the cursor; None where there is no map."""
        return int(self._ids[self._here]) if len(self._ids) else None

    @property
    def view(self) -> View:
        """The part of the map that is seen."""
        return self._view

    def show(
        self, ids: NDArray[np.int64], xy: NDArray[np.float32], colours: NDArray[np.uint8]
    ) -> None:
        """Show another map.

        Args:
            ids: int64, shape (n,).
            xy: float32, shape (n, 2), within [0, 1].
            colours: uint8, shape (n,), places in the palette of the categories.
        """
        current = self.current
        self._ids, self._xy, self._colours, self._within = ids, xy, colours, None
        self._here = 0
        self._look(View())
        if current is not None:
            self.go_to(current)

    def show_within(self, within: NDArray[np.bool_] | None) -> None:
        """Show which points are in the list, bool of shape (n,); None where all are."""
        if within is None or len(within) == len(self._ids):
            self._within = within
            self._look(self._view)

    def show_colour(self, sample_id: int, colour: int) -> None:
        """Draw a sample, if it is on the map, in another place of the palette."""
        places = np.flatnonzero(self._ids == sample_id)
        if len(places) and self._colours[places[0]] != colour:
            self._colours[places[0]] = colour
            self._look(self._view)

    def go_to(self, sample_id: int) -> None:
        """Put the cursor on a sample if it is on the map, without telling anyone."""
        places = np.flatnonzero(self._ids == sample_id)
        if len(places):
            self._put(int(places[0]))

    def _place(self, point: int) -> tuple[float, float]:
        return float(self._xy[point, 0]), float(self._xy[point, 1])

    def _look(self, view: View) -> None:
        self._view = view
        self._drawn = None
        self.refresh()

    def _picture(self) -> tuple[NDArray[np.float32], Picture]:
        """Return where the points are on the screen, and the drawn map."""
        if self._drawn is None:
            width, height = max(1, self.size.width), max(1, self.size.height)
            at = map_drawing.project(self._xy, self._view, width, height)
            drawn = map_drawing.draw(at, self._colours, width, height, self._within)
            self._drawn = (at, drawn)
        return self._drawn

    def on_resize(self) -> None:
        """Draw in the new size."""
        self._drawn = None

    def _move_to(self, point: int) -> None:
        if point == self._here:
            return
        self._put(point)
        self.post_message(self.Moved(int(self._ids[point])))

    def _put(self, point: int) -> None:
        self._here = point
        view = self._view.showing(*self._place(point))
        if view != self._view:
            self._look(view)
        self.refresh()

    def action_step(self, right: int, down: int) -> None:
        """Move to the nearest sample in a direction."""
        if len(self._ids):
            point = map_drawing.next_point(self._picture()[0], self._here, right, down)
            if point is not None:
                self._move_to(point)

    def action_zoom(self, steps: int) -> None:
        """Zoom in or out around the cursor."""
        if len(self._ids):
            self._look(self._view.zoomed(ZOOM**steps, *self._place(self._here)))

    def action_pan(self, right: int, down: int) -> None:
        """Move the view by a quarter of what is seen."""
        self._look(self._view.panned(right / 4, down / 4))

    def action_whole(self) -> None:
        """Show the whole map."""
        self._look(View())

    def action_choose(self) -> None:
        """Choose the sample under the cursor."""
        if self.current is not None:
            self.post_message(self.Chosen(self.current))

    def _under(self, event: events.MouseEvent, reach: float) -> int | None:
        """Return the point within some cells of the pointer, or None."""
        at = self._picture()[0]
        x, y = event.x + 0.5, event.y + 0.5
        point = map_drawing.nearest(at, x, y)
        if point is None or max(abs(at[point, 0] - x) / 2, abs(at[point, 1] - y)) > reach:
            return None
        return point

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Hear what the pointer passes over."""
        point = self._under(event, 0.5)
        if point is not None:
            self._move_to(point)

    def on_click(self, event: events.Click) -> None:
        """Move to the sample nearest to a click; choose it on the second one."""
        point = self._under(event, 4.0)
        if point is not None:
            self._move_to(point)
            if event.chain == 2:
                self.action_choose()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Zoom in around the pointer."""
        self._wheel(event, ZOOM)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Zoom out around the pointer."""
        self._wheel(event, 1 / ZOOM)

    def _wheel(self, event: events.MouseEvent, factor: float) -> None:
        event.stop()
        span, (width, height) = self._view.span, self.size
        x = self._view.x + ((event.x + 0.5) / width - 0.5) * span
        y = self._view.y + ((event.y + 0.5) / height - 0.5) * span
        self._look(self._view.zoomed(factor, x, y))

    def render_line(self, y: int) -> Strip:
        """Draw one line of the map."""
        base, width = self.rich_style, self.size.width
        if not len(self._ids):
            text = EMPTY.center(width)[:width] if y == self.size.height // 2 else " " * width
            return Strip([Segment(text, base + Style(dim=True))], width)
        at, picture = self._picture()
        column, line = int(at[self._here, 0]), int(at[self._here, 1])
        segments = [
            Segment(chr(code), base + self._palette[colour][level if lit else LEVELS + 1])
            for code, colour, level, lit in zip(
                picture.codes[y].tolist(),
                picture.colours[y].tolist(),
                picture.levels[y].tolist(),
                picture.lit[y].tolist(),
                strict=True,
            )
        ]
        if line == y and 0 <= column < width:
            colour = PALETTE[int(self._colours[self._here])]
            segments[column] = Segment("◉", base + Style(color="#ffffff", bgcolor=colour))
        return Strip(segments, width).simplify()
