"""The pad: its sounds' colours run into each other, and a cursor says where one listens."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
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

CURSOR, TRAIL = "◉", "•"
_LIGHT = "#ffffff"
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
        self._drawn: tuple[tuple[object, ...], pad_drawing.Colours] | None = None
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
        key = (width, height, tuple(self._colours))
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = (key, pad_drawing.field(self._colours, width, height))
        column, row = pad_drawing.cell_of(self.position, width, height)
        halves = self._drawn[1][2 * y : 2 * y + 2].astype(int)
        lit = np.zeros(halves.shape[:2], bool)
        lit[:, column] = True
        lit |= y == row
        halves[lit & pad_drawing.is_pad(halves)] += _BRIGHTER
        way = {x for x, at in pad_drawing.cells_along(self._way, width, height) if at == y}
        top, bottom = (
            [Color.from_rgb(*each) for each in half.clip(0, 255).tolist()] for half in halves
        )
        marks = [TRAIL if x in way else "▀" for x in range(width)]
        if y == row:
            marks[column] = CURSOR
        light = Color.parse(_LIGHT)
        segments = []
        for (mark, above, below), cells in groupby(zip(marks, top, bottom, strict=True)):
            drawn = mark == "▀"
            style = Style(color=above if drawn else light, bgcolor=below, bold=not drawn)
            segments.append(Segment(mark * sum(1 for _ in cells), style))
        return Strip(segments, width)
