"""The waveform of one sound, two by four dots to a cell, with the place that is heard."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from tui.colours import OTHER, faded
from tui.widgets import braille


def draw(overview: NDArray[np.float32], width: int, height: int) -> list[str]:
    """Draw a waveform in braille.

    Args:
        overview: float32, shape (n, 2): minimum and maximum of n equal parts, nominally within
            [-1, 1]. What lies outside is drawn at the edge.
        width: Characters, at least 1.
        height: Lines, at least 1.

    Returns:
        `height` strings of `width` characters; all spaces when n is 0.
    """
    across, down = width * braille.DOTS_ACROSS, height * braille.DOTS_DOWN
    if len(overview) == 0:
        return [" " * width] * height
    low, high = _columns(overview, across)
    # The row of a value: +1 is the upper edge, -1 the lower one.
    top = np.clip(np.floor((1.0 - high) / 2.0 * down), 0, down - 1)
    bottom = np.clip(np.ceil((1.0 - low) / 2.0 * down) - 1, top, down - 1)
    row = np.arange(down)[:, None]
    return braille.lines(braille.cells((row >= top) & (row <= bottom)))


def _columns(
    overview: NDArray[np.float32], count: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the minimum and the maximum of each of `count` columns, each of shape (count,)."""
    starts = np.arange(count) * len(overview) // count
    if len(overview) <= count:
        return overview[starts, 0], overview[starts, 1]
    low = np.minimum.reduceat(overview[:, 0], starts)
    high = np.maximum.reduceat(overview[:, 1], starts)
    return low, high


class Waveform(Widget):
    """Draws one overview; what has been heard is brighter than the rest."""

    DEFAULT_CSS = """
    Waveform { height: 5; width: 1fr; }
    """

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - the name Textual uses
        super().__init__(id=id)
        self._overview: NDArray[np.float32] = np.zeros((0, 2), dtype=np.float32)
        self._colour = OTHER
        self._heard = 0.0
        self._drawn: tuple[tuple[int, int], list[str]] | None = None

    def show(self, overview: NDArray[np.float32] | None, colour: str = OTHER) -> None:
        """Draw another sound, float32 of shape (n, 2) as :func:`draw` takes it; None for none."""
        self._overview = np.zeros((0, 2), dtype=np.float32) if overview is None else overview
        self._colour = colour
        self._heard = 0.0
        self._drawn = None
        self.refresh()

    def show_heard(self, part: float) -> None:
        """Show which part of the sound has been heard, within [0, 1]."""
        if round(part * self.size.width * 2) != round(self._heard * self.size.width * 2):
            self._heard = part
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        width, height = self.size
        if self._drawn is None or self._drawn[0] != (width, height):
            self._drawn = ((width, height), draw(self._overview, width, height))
        line = self._drawn[1][y]
        heard = round(self._heard * width)
        background = self.rich_style
        bright = background + Style(color=self._colour)
        quiet = background + Style(color=faded(self._colour, 0.35 if heard == 0 else 0.6))
        return Strip([Segment(line[:heard], bright), Segment(line[heard:], quiet)], width)
