"""Tiles in a grid, each a sound with its waveform and what is different about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.colours import ACCENT, GROOVE, OTHER, QUIET, faded
from tui.widgets import waveform

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COLUMNS = 4
NARROWEST, LOWEST, HIGHEST = 18, 5, 11
"""Characters that a tile has at least, and lines that it has at least and at most."""

Piece = tuple[str, str]
"""Text with its colour."""


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """One sound.

    Attributes:
        title: On the upper edge: its number, or its name.
        caption: On the upper edge, at the right.
        overview: float32, shape (n, 2), as `waveform.draw` takes it; None while it is not there.
        lines: What is said below the waveform, most important first: text and colour.
        colour: Of the waveform.
        marked: Whether the user marked it.
        kept: Whether it is kept.
        waiting: What is said in the middle while there is no waveform.
    """

    title: str
    caption: str = ""
    overview: NDArray[np.float32] | None = None
    lines: tuple[Piece, ...] = ()
    colour: str = OTHER
    marked: bool = False
    kept: bool = False
    waiting: str = ""


def draw(tile: Tile, width: int, height: int, at_cursor: bool) -> list[list[Piece]]:
    """Draw a tile.

    Args:
        tile: The tile.
        width: Characters, at least `NARROWEST`.
        height: Lines, at least `LOWEST`.
        at_cursor: Whether the cursor is on it.

    Returns:
        Pieces of text with colours, `width` characters for each of `height` lines.
    """
    edge = ACCENT if at_cursor else GROOVE
    inner = width - 2
    told = min(len(tile.lines), max(1, (height - 2) // 3))
    rows = height - 2 - told
    colour = tile.colour if at_cursor else faded(tile.colour, 0.25)
    if tile.overview is None:
        drawn = [" " * inner] * rows
        drawn[rows // 2] = set_cell_size(tile.waiting.center(inner), inner)
        colour = QUIET
    else:
        drawn = waveform.draw(tile.overview, inner, rows)
    body: list[Piece] = [(line, colour) for line in drawn]
    below = [*tile.lines[:told], *[("", QUIET)] * (height - 2 - rows - told)]
    body += [(set_cell_size(f" {text}", inner), said) for text, said in below]
    sides = [[("│", edge), piece, ("│", edge)] for piece in body]
    return [_upper(tile, inner, at_cursor), *sides, [("╰" + "─" * inner + "╯", edge)]]


def _upper(tile: Tile, inner: int, at_cursor: bool) -> list[Piece]:
    edge = ACCENT if at_cursor else GROOVE
    signs = ("● " if tile.marked else "") + ("✓ " if tile.kept else "")
    room = inner - 2
    title = f" {tile.title} "[:room]
    sign = signs if len(title) + len(signs) <= room else ""
    caption = f" {tile.caption} " if tile.caption else ""
    if len(title) + len(sign) + len(caption) > room:
        caption = ""
    dashes = "─" * (inner - 1 - len(title) - len(sign) - len(caption))
    return [
        ("╭─", edge),
        (title, ACCENT if at_cursor else QUIET),
        (sign, ACCENT),
        (dashes, edge),
        (caption, QUIET),
        ("╮", edge),
    ]


class TakeGrid(Widget, can_focus=True):
    """Tiles with a cursor; it posts where the cursor goes."""

    DEFAULT_CSS = """
    TakeGrid { height: 1fr; width: 1fr; }
    """
    cursor = reactive(0)
    """The tile of the cursor, from 0."""

    class Moved(Message):
        """The cursor is on another tile."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    class Clicked(Message):
        """The tile of the cursor was clicked again."""

    def __init__(self) -> None:
        super().__init__()
        self._tiles: list[Tile] = []
        self._drawn: dict[tuple[int, int, int, bool], list[list[Piece]]] = {}

    def show(self, tiles: Sequence[Tile]) -> None:
        """Show other tiles; the cursor stays where it is, if there is still a tile."""
        self._tiles = list(tiles)
        self._drawn.clear()
        self.cursor = max(0, min(self.cursor, len(tiles) - 1))
        self.refresh()

    def show_tile(self, place: int, tile: Tile) -> None:
        """Show another tile in a place that is there."""
        self._tiles[place] = tile
        self._drawn = {key: lines for key, lines in self._drawn.items() if key[0] != place}
        self.refresh()

    def move(self, across: int, down: int) -> None:
        """Move the cursor by columns and rows, as far as there are tiles, and say so."""
        columns = self._columns
        row, column = divmod(self.cursor, columns)
        last = len(self._tiles) - 1
        if across:
            self.go_to(max(0, min(self.cursor + across, last)))
            return
        row = max(0, min(row + down, last // columns))
        self.go_to(min(row * columns + column, last))

    def go_to(self, place: int) -> None:
        """Move the cursor to a tile and say so."""
        if 0 <= place < len(self._tiles) and place != self.cursor:
            self.cursor = place
            self.post_message(self.Moved(place))

    @property
    def _columns(self) -> int:
        return max(1, min(COLUMNS, self.size.width // NARROWEST))

    @property
    def _tile_size(self) -> tuple[int, int]:
        """Characters and lines of a tile."""
        rows = max(1, -(-len(self._tiles) // self._columns))
        height = max(LOWEST, min(HIGHEST, self.size.height // rows))
        return self.size.width // self._columns, height

    @property
    def _first_row(self) -> int:
        """The uppermost row of tiles in sight: that of the cursor always is."""
        fitting = max(1, self.size.height // self._tile_size[1])
        return max(0, self.cursor // self._columns - fitting + 1)

    def on_click(self, event: events.Click) -> None:
        """Move to the tile that was clicked; say so where the cursor is there already."""
        width, height = self._tile_size
        column = min(event.x // width, self._columns - 1)
        place = (self._first_row + event.y // height) * self._columns + column
        if place == self.cursor:
            self.post_message(self.Clicked())
        self.go_to(place)

    def render_line(self, y: int) -> Strip:
        """Draw one line of a row of tiles."""
        width, height = self._tile_size
        base = self.rich_style
        row, line = self._first_row + y // height, y % height
        if y // height * height + height > max(self.size.height, height):
            return Strip.blank(self.size.width, base)
        segments = []
        for place in range(row * self._columns, (row + 1) * self._columns):
            if place < len(self._tiles):
                drawn = self._tile(place, width, height)[line]
                segments += [Segment(text, base + Style(color=colour)) for text, colour in drawn]
        used = sum(len(segment.text) for segment in segments)
        blank = Segment(" " * (self.size.width - used), base)
        return Strip([*segments, blank], self.size.width)

    def _tile(self, place: int, width: int, height: int) -> list[list[Piece]]:
        key = (place, width, height, place == self.cursor)
        if key not in self._drawn:
            self._drawn[key] = draw(self._tiles[place], width, height, place == self.cursor)
        return self._drawn[key]
