"""A sound on a corner of a pad: its name, how much of it is heard, and its outline."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from tui.colours import GROOVE, QUIET, faded
from tui.widgets import facts, waveform


class PadCorner(Widget):
    """One sound of a pad; the more of it is heard, the brighter it is.

    Args:
        letter: What the corner is called.
    """

    DEFAULT_CSS = """
    PadCorner { width: 1fr; height: 3; }
    """

    def __init__(self, letter: str) -> None:
        super().__init__()
        self._letter = letter
        self._title, self._colour = "", QUIET
        self._overview = np.zeros((0, 2), np.float32)
        self._drawn: list[str] = []
        self._drawn_at = (0, 0)
        self.weight = 0.0

    def show(self, name: str, colour: str) -> None:
        """Show another sound, whose outline is not known yet."""
        self._title, self._colour = name, colour
        self.show_outline(np.zeros((0, 2), np.float32))

    def show_outline(self, overview: NDArray[np.float32]) -> None:
        """Show the outline, float32 of shape (n, 2): minimum and maximum of n equal parts."""
        # Small as it is, it shows the shape and not the level.
        peak = float(np.abs(overview).max(initial=0.0))
        self._overview = overview / np.float32(peak) if peak else overview
        self._drawn_at = (0, 0)
        self.refresh()

    def show_weight(self, weight: float) -> None:
        """Show how much of it is heard, within [0, 1]."""
        if weight != self.weight:
            self.weight = weight
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the name, or a line of the outline."""
        width, height = self.size
        base = self.rich_style
        if y > 0:
            if self._drawn_at != (width, height):
                self._drawn_at = (width, height)
                self._drawn = waveform.draw(self._overview, width, height - 1)
            colour = faded(self._colour, 0.65 * (1.0 - self.weight))
            return Strip([Segment(self._drawn[y - 1], base + Style(color=colour))], width)
        letter, part = f"{self._letter}  ", f" {self.weight:>4.0%}"
        bar = max(0, min(12, (width - len(part)) // 4))
        room = max(0, width - len(letter) - bar - len(part) - 1)
        full, empty = facts.bar(self.weight, bar)
        own = Style(color=self._colour)
        segments = [
            Segment(letter, base + own + Style(bold=True)),
            Segment(set_cell_size(self._title, room) + " ", base + Style(bold=True)),
            Segment(full, base + own),
            Segment(empty, base + Style(color=GROOVE)),
            Segment(part, base + Style(color=QUIET)),
        ]
        return Strip(segments).adjust_cell_length(width, base)
