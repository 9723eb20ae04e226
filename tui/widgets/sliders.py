"""Sliders: one for each attribute that a sound can be moved along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.colours import ACCENT, GROOVE, QUIET
from tui.widgets import facts

if TYPE_CHECKING:
    from index.shaper import Slider

LABEL, MOVE, VALUES = 14, 11, 34
LEAST_TRACK = 12
USUAL = "#6fa8ff"
_LIGHT = "#ffffff"


def track(width: int, move: float, most: float, usual: float) -> list[tuple[str, str]]:
    """Return the track of a slider as pieces of text with colours, together `width` characters.

    Args:
        width: Characters, odd, so that there is a middle.
        move: Where the handle is.
        most: The ends of the track, either way.
        usual: Where the sounds of the space are in the mean.
    """
    middle, at = width // 2, cell_of(move, width, most)
    cells = [("─", GROOVE)] * width
    for each in range(min(middle, at), max(middle, at) + 1):
        cells[each] = ("━", ACCENT)
    if abs(usual) <= most:
        cells[cell_of(usual, width, most)] = ("╎", USUAL)
    cells[middle] = ("┼", QUIET)
    cells[at] = ("●", ACCENT if move else _LIGHT)
    return cells


def cell_of(move: float, width: int, most: float) -> int:
    """Return the place on a track of a move."""
    return width // 2 + round(move / most * (width // 2))


def values(slider: Slider, move: float, reached: float | None) -> str:
    """Return what a sound measures, what is asked of it, and what came of that."""
    if slider.now is None:
        return ""
    now = facts.attribute(slider.name, slider.now)
    wanted = slider.moved(move)
    if not move or wanted is None:
        return now
    text = f"{now} → {facts.attribute(slider.name, wanted)}"
    return text if reached is None else f"{text}  is {facts.attribute(slider.name, reached)}"


def moved(slider: Slider, move: float) -> str:
    """Return a move with its sign and its unit; a dot for none."""
    return f"{move:+g} {slider.unit or 'sd'}" if move else "·"


class Sliders(Widget, can_focus=True):
    """Sliders under each other, one of them chosen; posts where they are moved."""

    DEFAULT_CSS = """
    Sliders { height: auto; }
    """

    class Moved(Message):
        """A slider was moved, or several were reset."""

        def __init__(self, moves: Mapping[str, float]) -> None:
            super().__init__()
            self.moves = moves

    def __init__(self) -> None:
        super().__init__()
        self._sliders: Sequence[Slider] = ()
        self._moves: dict[str, float] = {}
        self._reached: Mapping[str, float | None] = {}
        self._dragged = False
        self.cursor = 0

    def show(self, sliders: Sequence[Slider]) -> None:
        """Show the sliders of another sound, none of them moved."""
        self._sliders, self._moves, self._reached, self.cursor = sliders, {}, {}, 0
        self.refresh(layout=True)

    def show_reached(self, reached: Mapping[str, float | None]) -> None:
        """Show what is measured of the sound as it is moved."""
        self._reached = reached
        self.refresh()

    @property
    def moves(self) -> dict[str, float]:
        """Attribute to how far it is moved, of those that are."""
        return dict(self._moves)

    def choose(self, lines: int) -> None:
        """Choose a slider further down, or up."""
        self.cursor = max(0, min(self.cursor + lines, len(self._sliders) - 1))
        self.refresh()

    def turn(self, steps: float) -> None:
        """Move the slider that is chosen by some of its steps, and say so."""
        if self._sliders:
            slider = self._sliders[self.cursor]
            self._set(slider, self._moves.get(slider.name, 0.0) + steps * slider.step)

    def reset(self) -> None:
        """Move the slider that is chosen back, and say so."""
        if self._sliders:
            self._set(self._sliders[self.cursor], 0.0)

    def reset_all(self) -> None:
        """Move all sliders back, and say so."""
        if self._moves:
            self._moves = {}
            self._say()

    def _set(self, slider: Slider, move: float) -> None:
        move = round(max(-slider.most, min(slider.most, move)) / slider.step) * slider.step
        if move != self._moves.get(slider.name, 0.0):
            self._moves[slider.name] = move
            self._moves = {name: each for name, each in self._moves.items() if each}
            self._say()

    def _say(self) -> None:
        self._reached = {}
        self.refresh()
        self.post_message(self.Moved(self.moves))

    # Mouse.

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Choose the slider, and move it to where it was pressed."""
        if event.y < len(self._sliders):
            self._dragged = True
            self.capture_mouse()
            self.cursor = round(event.y)
            self.refresh()
            self._go_to(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move the slider while it is pressed."""
        if self._dragged:
            self._go_to(event)

    def on_mouse_up(self) -> None:
        """Move it no longer."""
        self._dragged = False
        self.release_mouse()

    def _go_to(self, event: events.MouseEvent) -> None:
        across, slider = self._across, self._sliders[self.cursor]
        at = round(event.x) - LABEL
        if self._dragged and -1 <= at <= across:
            half = across // 2
            self._set(slider, (at - half) / half * slider.most)

    # Drawing.

    @property
    def _across(self) -> int:
        """The width of a track, odd."""
        width = self.size.width - LABEL - MOVE
        if width - VALUES >= LEAST_TRACK:
            width -= VALUES
        return max(3, width - 1 | 1) if width % 2 == 0 else max(3, width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line for each slider."""
        return max(1, len(self._sliders))

    def render_line(self, y: int) -> Strip:
        """Draw one slider."""
        width, base = self.size.width, self.rich_style
        if y >= len(self._sliders):
            return Strip.blank(width, base)
        slider = self._sliders[y]
        move = self._moves.get(slider.name, 0.0)
        chosen = y == self.cursor
        if chosen:
            base += Style(bgcolor=GROOVE, bold=True)
        name = set_cell_size(f" {slider.name.replace('_', ' ')}", LABEL)
        told = values(slider, move, self._reached.get(slider.name))
        pieces = [
            (name, _LIGHT if chosen else QUIET),
            *track(self._across, move, slider.most, slider.usual),
            (moved(slider, move).rjust(MOVE - 1) + " ", ACCENT if move else QUIET),
            (" " + told, QUIET),
        ]
        segments = [Segment(text, base + Style(color=colour)) for text, colour in pieces]
        return Strip(segments).adjust_cell_length(width, base)
