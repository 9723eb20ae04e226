"""The steps of a morph: how much of A and of B is in each, and what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.colours import ACCENT, GROOVE, QUIET
from tui.widgets import facts

BAR = 24
COLUMN = 12
FIRST = BAR + 23
"""Where the measured columns begin."""
SHOWN = ("brightness", "loudness", "attack", "decay", "pitch")


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        part: How much of B is in it, within [0, 1].
        attributes: Measured descriptors of the result.
    """

    part: float
    attributes: Mapping[str, float | None] = field(default_factory=dict)


def describe(number: int, step: Step, width: int, second: str) -> list[tuple[str, str]]:
    """Return a step as pieces of text with colours, together `width` characters.

    Args:
        number: Place of the step, from 1.
        step: The step.
        width: Characters.
        second: Colour of B as ``#rrggbb``; A has the accent.
    """
    cells = round(step.part * BAR)
    pieces = [
        (f" {number:>2}  ", QUIET),
        ("━" * (BAR - cells), ACCENT),
        ("━" * cells, second),
        (f"  {1 - step.part:>4.0%} A  {step.part:>4.0%} B  ", QUIET),
    ]
    measured = [facts.attribute(name, step.attributes.get(name)) for name in SHOWN]
    room = width - sum(len(text) for text, _ in pieces)
    if step.attributes:
        for text in measured:
            if room >= COLUMN:
                pieces.append((text.rjust(COLUMN - 1) + " ", QUIET))
                room -= COLUMN
    return [*pieces, (" " * room, QUIET)]


def headings(width: int) -> str:
    """Return the headings of the columns, `width` characters."""
    names = "".join(name.rjust(COLUMN - 1) + " " for name in SHOWN)
    columns = max(0, width - FIRST) // COLUMN * COLUMN
    return (" " * FIRST + names[:columns]).ljust(width)[:width]


class StepList(Widget, can_focus=True):
    """A short list with a cursor; it posts where the cursor goes."""

    DEFAULT_CSS = """
    StepList { height: auto; }
    """
    cursor = reactive(0)
    """The line of the cursor, from 0."""

    class Moved(Message):
        """The cursor is on another step."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, second: str) -> None:
        super().__init__()
        self._steps: Sequence[Step] = ()
        self._second = second

    def show(self, steps: Sequence[Step], second: str) -> None:
        """Show other steps; B is drawn in this colour."""
        self._steps, self._second = steps, second
        self.cursor = min(self.cursor, max(0, len(steps) - 1))
        self.refresh(layout=True)

    def move(self, lines: int) -> None:
        """Move the cursor by lines and say so."""
        self.go_to(self.cursor + lines)

    def go_to(self, place: int) -> None:
        """Move the cursor to a step and say so."""
        place = max(0, min(place, len(self._steps) - 1))
        if place != self.cursor and self._steps:
            self.cursor = place
            self.post_message(self.Moved(place))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line for each step and one for the headings."""
        return len(self._steps) + 1

    @property
    def _first(self) -> int:
        """The step in the uppermost line, so that the cursor is always in sight."""
        return max(0, self.cursor - self.size.height + 2)

    def on_click(self, event: events.Click) -> None:
        """Move to the step that was clicked."""
        self.go_to(self._first + event.y - 1)

    def render_line(self, y: int) -> Strip:
        """Draw one step."""
        width, place = self.size.width, self._first + y - 1
        if y == 0:
            return Strip([Segment(headings(width), self.rich_style + Style(color=QUIET))], width)
        if place >= len(self._steps):
            return Strip.blank(width, self.rich_style)
        base = self.rich_style
        if place == self.cursor:
            base += Style(bgcolor=GROOVE, bold=True)
        pieces = describe(place + 1, self._steps[place], width, self._second)
        return Strip([Segment(text, base + Style(color=colour)) for text, colour in pieces], width)
