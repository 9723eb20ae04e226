"""What all sounds of the list are like, and how much each aspect of that counts."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.message import Message
from textual.widget import Widget

from tui.colours import ACCENT, GROOVE, QUIET
from tui.keys import Scope, bindings

LEVELS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)
"""What an aspect can weigh."""
SHOWN = {0.0: "off", 0.25: "¼", 0.5: "½", 1.0: "x1", 2.0: "x2", 4.0: "x4"}

Weights = tuple[tuple[str, float], ...]


def usual(aspect: str) -> float:
    """Return what an aspect weighs where nothing is said: the level of a sound nothing."""
    return 0.0 if aspect == "loudness" else 1.0


def turned(aspect: str, weight: float, by: int) -> float:
    """Return the next weight of an aspect, up or down; 0 switches it off, or on again."""
    if by == 0:
        return 0.0 if weight else usual(aspect) or 1.0
    nearest = min(range(len(LEVELS)), key=lambda place: abs(LEVELS[place] - weight))
    return LEVELS[max(0, min(len(LEVELS) - 1, nearest + by))]


def _told(weight: float) -> str:
    """Return a weight as it is shown; that of most aspects is not."""
    return "" if weight == 1 else f" {SHOWN.get(weight, f'{weight:g}')}"


class AspectStrip(Widget, can_focus=True):
    """Two lines above the list: the sound, and the aspects with their weights."""

    key_scope: ClassVar[Scope] = "aspects"
    BINDINGS = bindings("aspects")
    DEFAULT_CSS = """
    AspectStrip {
        height: 2; padding: 0 1; background: $surface; display: none;
        &.-shown { display: block; }
        &:focus { background: $panel; }
    }
    """

    class Weighed(Message):
        """The aspects are to count otherwise.

        Attributes:
            weights: Of the aspects that do not weigh what they usually do.
        """

        def __init__(self, weights: Weights) -> None:
            super().__init__()
            self.weights = weights

    class Left(Message):
        """Done with weighing."""

    def __init__(self) -> None:
        super().__init__()
        self._like = ""
        self._aspects: tuple[str, ...] = ()
        self._weights: dict[str, float] = {}
        self._chosen = 0

    def show(self, like: str, aspects: tuple[str, ...], weights: Weights) -> None:
        """Show what the list is like; nothing is shown where it is a plain one.

        Args:
            like: Name of the sound; empty for a plain list.
            aspects: What can be weighed.
            weights: Of those that do not weigh what they usually do.
        """
        self._like, self._weights = like, dict(weights)
        self._aspects = aspects or self._aspects
        self._chosen = min(self._chosen, max(0, len(self._aspects) - 1))
        self.set_class(bool(like), "-shown")
        self.refresh()

    @property
    def ready(self) -> bool:
        """Whether there is anything to weigh."""
        return bool(self._like and self._aspects)

    def _weight(self, aspect: str) -> float:
        return self._weights.get(aspect, usual(aspect))

    def action_choose(self, by: int) -> None:
        """Go to the next aspect."""
        if self._aspects:
            self._chosen = (self._chosen + by) % len(self._aspects)
            self.refresh()

    def action_weigh(self, by: int) -> None:
        """Let the chosen aspect count more, less, or not at all and again."""
        if self._aspects:
            aspect = self._aspects[self._chosen]
            self._weights[aspect] = turned(aspect, self._weight(aspect), by)
            self._tell()

    def action_usual(self) -> None:
        """Let all aspects count as they usually do."""
        self._weights.clear()
        self._tell()

    def action_leave(self) -> None:
        """Go on to the list."""
        self.post_message(self.Left())

    def _tell(self) -> None:
        self.refresh()
        said = ((name, self._weight(name)) for name in self._aspects)
        self.post_message(self.Weighed(tuple(each for each in said if each[1] != usual(each[0]))))

    def _chips(self) -> list[str]:
        return [f" {name}{_told(self._weight(name))} " for name in self._aspects]

    def _first(self, chips: list[str], width: int) -> int:
        """Return the first chip to draw, so that the chosen one is in sight."""
        first = 0
        while first < self._chosen and sum(map(cell_len, chips[first : self._chosen + 1])) > width:
            first += 1
        return first

    def on_click(self, event: events.Click) -> None:
        """Choose the aspect that was clicked; on the one that is chosen, switch it off or on."""
        chips, x = self._chips(), event.x - 1
        if event.y != 1:
            return
        for place in range(self._first(chips, self.size.width), len(chips)):
            if 0 <= x < cell_len(chips[place]):
                if place == self._chosen:
                    self.action_weigh(0)
                self._chosen = place
                self.refresh()
                return
            x -= cell_len(chips[place])

    def render(self) -> Text:
        """Draw both lines."""
        width = self.size.width
        hint = "← → choose  ↑ ↓ weigh  0 off" if self.has_focus else "w weighs  esc goes back"
        text = Text(no_wrap=True, overflow="ellipsis")
        name = Text(f"≈ sounds like {self._like}", style=ACCENT)
        name.truncate(max(12, width - len(hint) - 2), overflow="ellipsis")
        text.append_text(name)
        gap = width - cell_len(name.plain) - len(hint)
        if gap >= 2:
            text.append(" " * gap + hint, style=QUIET)
        text.append("\n")
        chips = self._chips()
        first = self._first(chips, width)
        for place, chip in enumerate(chips[first:], start=first):
            aspect = self._aspects[place]
            weight = self._weight(aspect)
            style = GROOVE if not weight else ACCENT if weight != usual(aspect) else QUIET
            if self.has_focus and place == self._chosen:
                style = f"bold reverse {QUIET if not weight else style}"
            text.append(chip, style=style)
        return text
