"""Dreams, the newest last, each in two lines; below them the place where the next one comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
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

LINES = 2
SIGN, WAVE, GAP = 6, 18, 2

Piece = tuple[str, str]
"""Text with its colour."""


@dataclass(frozen=True, slots=True, eq=False)
class Dreamt:
    """One dream.

    Attributes:
        number: Of it, from 1.
        name: What it sounds like.
        colour: Of that.
        told: What was measured, most important first.
        near: What it is most like, and how far from that.
        overview: float32, shape (n, 2), as `waveform.draw` takes it; None where it cannot be heard.
        heard: Whether it was.
        kept: Whether it is kept.
    """

    number: int
    name: str
    colour: str = OTHER
    told: tuple[str, ...] = ()
    near: str = ""
    overview: NDArray[np.float32] | None = None
    heard: bool = False
    kept: bool = False


def draw(dream: Dreamt, width: int, at_cursor: bool) -> list[list[Piece]]:
    """Draw a dream: two lines of `width` characters, as pieces of text with colours."""
    sign = "✓" if dream.kept else " " if dream.heard else "•"
    empty = [" " * WAVE] * LINES
    drawn = empty if dream.overview is None else waveform.draw(dream.overview, WAVE, LINES)
    colour = dream.colour if at_cursor or not dream.heard else faded(dream.colour, 0.35)
    room = max(0, width - SIGN - WAVE - GAP)
    name = set_cell_size(f"● {dream.name}", min(room, 13))
    told = ""
    for each in dream.told:
        if cell_len(told) + cell_len(each) + 3 <= room - cell_len(name):
            told += f"{each}   "
    first = [
        (f"{sign}{dream.number:>3}  ", ACCENT),
        (drawn[0], colour),
        (" " * GAP, QUIET),
        (name, dream.colour),
        (set_cell_size(told, max(0, room - cell_len(name))), QUIET),
    ]
    second = [
        (" " * SIGN, QUIET),
        (drawn[1], colour),
        (" " * GAP, QUIET),
        (set_cell_size(f"  {dream.near}", room), QUIET),
    ]
    return [first, second]


class DreamList(Widget, can_focus=True):
    """The stream with a cursor, which may wait for the next dream; it posts where it goes."""

    DEFAULT_CSS = """
    DreamList { height: 1fr; width: 1fr; }
    """
    cursor = reactive(0)
    """The dream of the cursor, from 0; after the last it waits for the next."""
    waiting = reactive("")
    """What is said where the next dream comes."""

    class Moved(Message):
        """The cursor is on another dream, or waits for one."""

    class Clicked(Message):
        """The dream of the cursor was clicked again."""

    def __init__(self) -> None:
        super().__init__()
        self._dreams: Sequence[Dreamt] = ()

    def show(self, dreams: Sequence[Dreamt]) -> None:
        """Show other dreams; the cursor stays in its place."""
        self._dreams = dreams
        self.cursor = min(self.cursor, len(dreams))
        self.refresh()

    def move(self, dreams: int) -> None:
        """Move the cursor and say so."""
        self.go_to(self.cursor + dreams)

    def go_to(self, place: int) -> None:
        """Move the cursor to a dream, or behind the last, and say so."""
        place = max(0, min(place, len(self._dreams)))
        if place != self.cursor:
            self.cursor = place
            self.post_message(self.Moved())

    @property
    def _first(self) -> int:
        """The uppermost dream in sight: the cursor always is."""
        fitting = max(1, self.size.height // LINES)
        return max(0, self.cursor - fitting + 1)

    def on_click(self, event: events.Click) -> None:
        """Move to the dream that was clicked; say so where the cursor is there already."""
        place = self._first + event.y // LINES
        if place == self.cursor:
            self.post_message(self.Clicked())
        self.go_to(place)

    def render_line(self, y: int) -> Strip:
        """Draw one line of a dream, or of the place of the next one."""
        width, place = self.size.width, self._first + y // LINES
        base = self.rich_style
        if place > len(self._dreams) or (y // LINES + 1) * LINES > max(LINES, self.size.height):
            return Strip.blank(width, base)
        at_cursor = place == self.cursor
        if at_cursor:
            base += Style(bgcolor=GROOVE)
        if place < len(self._dreams):
            pieces = draw(self._dreams[place], width, at_cursor)[y % LINES]
        else:
            said = self.waiting if y % LINES == 0 else ""
            pieces = [(set_cell_size(" " * SIGN + said, width), QUIET)]
        segments = [Segment(text, base + Style(color=colour)) for text, colour in pieces]
        return Strip(segments, width).adjust_cell_length(width, base)
