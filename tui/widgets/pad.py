"""The pad: its sounds' colours run into each other, and a cursor says where one listens."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.colours import CORNERS
from tui.widgets import pad_drawing
from vae.pad import CORNERS as PLACES
from vae.pad import Position, centre, inside

CURSOR, TRAIL, HALF = "◉", "•", "▀"
_LIGHT = Color.parse("#ffffff")
_BRIGHTER = 26
"""By how much the cursor's row and column stand out, of 255."""


class Pad(Widget):
    """A pad of two to four sounds; it posts where its cursor goes.

    Args:
        sounds: How many lie on it.
    """

    DEFAULT_CSS = """
    Pad { width: 1fr; height: 1fr; min-height: 5; }
    """

    class Moved(Message):
        """The cursor is somewhere else."""

        def __init__(self, position: Position) -> None:
            super().__init__()
            self.position = position

    def __init__(self, sounds: int) -> None:
        super().__init__()
        self._sounds = sounds
        self._colours: Sequence[str] = CORNERS[:sounds]
        self._way: Sequence[Position] = ()
        self._dragged = False
        self._drawn: _Drawn | None = None
        self.position = centre(sounds)

    def show_colours(self, colours: Sequence[str]) -> None:
        """Show other colours in the corners, as ``#rrggbb``."""
        self._colours = colours
        self.refresh()

    def show_way(self, way: Sequence[Position]) -> None:
        """Show a way that was recorded, or the part of it that is; none where it is empty."""
        self._way = way
        self.refresh()

    def move(self, x: float, y: float) -> None:
        """Move the cursor by parts of the pad and say so."""
        self.go_to((self.position[0] + x, self.position[1] + y))

    def go_to_corner(self, corner: int) -> None:
        """Move the cursor to a corner and say so."""
        self.go_to(PLACES[self._sounds][corner])

    def go_to_centre(self) -> None:
        """Move the cursor to the middle and say so."""
        self.go_to(centre(self._sounds))

    def go_to(self, position: Position) -> None:
        """Move the cursor to the place of the pad that is nearest to one, and say so."""
        # Steps add up to what looks like a corner: it is one.
        near = inside(self._sounds, (round(position[0], 9), round(position[1], 9)))
        if near != self.position:
            self.position = near
            self.refresh()
            self.post_message(self.Moved(near))

    # Mouse.

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Move to where it was pressed, and follow."""
        self._dragged = True
        self.capture_mouse()
        self._go_to_cell(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Follow while it is pressed."""
        if self._dragged:
            self._go_to_cell(event)

    def on_mouse_up(self) -> None:
        """Follow no longer."""
        self._dragged = False
        self.release_mouse()

    def _go_to_cell(self, event: events.MouseEvent) -> None:
        width, height = self.size
        self.go_to(pad_drawing.place_of(round(event.x), round(event.y), width, height))

    # Drawing.

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        width, height = self.size
        key = (width, height, tuple(self._colours), tuple(self._way))
        if self._drawn is None or self._drawn.key != key:
            self._drawn = _Drawn(key, self._colours, self._way, width, height)
        column, row = pad_drawing.cell_of(self.position, width, height)
        if y != row:
            # Of most lines only the cursor's column is drawn anew: a move must not wait for paint.
            line = self._drawn.line(y)
            lit = self._drawn.cells(y, column, column + 1, lit=True)
            return Strip.join([line.crop(0, column), lit, line.crop(column + 1)])
        before = self._drawn.cells(y, 0, column, lit=True)
        after = self._drawn.cells(y, column + 1, width, lit=True)
        ground = self._drawn.ground(y, column)
        cursor = Strip([Segment(CURSOR, Style(color=_LIGHT, bgcolor=ground, bold=True))], 1)
        return Strip.join([before, cursor, after])


class _Drawn:
    """A pad without its cursor, drawn line by line when a line is first shown."""

    def __init__(
        self,
        key: tuple[object, ...],
        colours: Sequence[str],
        way: Sequence[Position],
        width: int,
        height: int,
    ) -> None:
        self.key = key
        self._width = width
        self._field = pad_drawing.field(colours, width, height).astype(int)
        self._lit = self._field + _BRIGHTER * pad_drawing.is_pad(self._field)[..., None]
        self._way = set(pad_drawing.cells_along(way, width, height))
        self._lines: dict[int, Strip] = {}

    def line(self, y: int) -> Strip:
        """Return a whole line as it is without the cursor."""
        if y not in self._lines:
            self._lines[y] = self.cells(y, 0, self._width, lit=False)
        return self._lines[y]

    def cells(self, y: int, start: int, end: int, lit: bool) -> Strip:
        """Return some cells of a line, brighter where the cursor's row or column is."""
        field = (self._lit if lit else self._field)[2 * y : 2 * y + 2, start:end].clip(0, 255)
        top, bottom = (list(map(tuple, half)) for half in field.tolist())
        marks = [TRAIL if (x, y) in self._way else HALF for x in range(start, end)]
        segments = []
        for (mark, above, below), same in groupby(zip(marks, top, bottom, strict=True)):
            drawn = mark == HALF
            color = Color.from_rgb(*above) if drawn else _LIGHT
            style = Style(color=color, bgcolor=Color.from_rgb(*below), bold=not drawn)
            segments.append(Segment(mark * sum(1 for _ in same), style))
        return Strip(segments, end - start)

    def ground(self, y: int, column: int) -> Color:
        """Return the colour behind the cursor."""
        return Color.from_rgb(*self._lit[2 * y + 1, column].clip(0, 255).tolist())
