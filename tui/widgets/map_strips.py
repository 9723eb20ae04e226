"""A drawn map as lines of the screen: few runs of one style, whatever the number of cells."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.colours import faded
from tui.widgets.map_drawing import LEVELS, Picture

_BLANK = ord(" ")
_SHADES = LEVELS + 2  # each level, and what is not in the list
_SPARSE_FADE, _GRADED_FADE, _UNLIT_FADE = 0.55, 0.3, 0.82
_LABEL, _LINE, _GROUND = 0, 1, 2  # after the shades
_SHORT_GAP = 3  # cells


class Inks:
    """The styles of a map: each colour at each density, labels, and the line of a lasso.

    Args:
        palette: ``#rrggbb`` of each colour number.
        graded: Whether colours are grades, whose own brightness means something.
        base: What the widget is drawn in, with its background.
        accent: ``#rrggbb`` of the lasso.
    """

    def __init__(self, palette: tuple[str, ...], graded: bool, base: Style, accent: str) -> None:
        ground = base.bgcolor.get_truecolor().hex if base.bgcolor else "#000000"
        sparse = _GRADED_FADE if graded else _SPARSE_FADE
        fades = [sparse * (1 - level / LEVELS) for level in range(LEVELS + 1)]
        self.styles = [
            base + Style(color=faded(colour, fade, ground))
            for colour in palette
            for fade in (*fades, _UNLIT_FADE)
        ]
        self._first = len(self.styles)
        self.styles += [base + Style(bold=True), base + Style(color=accent), base]

    def canvas(self, picture: Picture) -> Canvas:
        """Return a drawn map on which more can be drawn."""
        shades = np.where(picture.lit, picture.levels, LEVELS + 1)
        numbers = picture.colours.astype(np.int32) * _SHADES + shades
        return Canvas(picture.codes.copy(), numbers, self.styles, self._first)


class Canvas:
    """Characters with styles, to be written over and cut into lines.

    Args:
        codes: uint32, shape (height, width): code points.
        numbers: int32, shape (height, width): which style.
        styles: All styles.
        first: Number of the style of labels; those of the lasso's line and of the ground follow.
    """

    def __init__(
        self,
        codes: NDArray[np.uint32],
        numbers: NDArray[np.int32],
        styles: list[Style],
        first: int,
    ) -> None:
        self._codes = codes
        self._numbers = numbers
        self._styles = styles
        self._first = first

    def write(self, column: int, line: int, text: str) -> None:
        """Write a label, all of which lies on the canvas."""
        here = slice(column, column + len(text))
        self._codes[line, here] = [ord(character) for character in text]
        self._numbers[line, here] = self._first + _LABEL

    def trace(self, codes: NDArray[np.uint32]) -> None:
        """Put characters in place of what is there, uint32, shape (height, width), but blanks."""
        drawn = codes != _BLANK
        self._codes[drawn] = codes[drawn]
        self._numbers[drawn] = self._first + _LINE

    def strips(self) -> list[Strip]:
        """Return the lines of the screen."""
        height, width = self._codes.shape
        numbers = _over_gaps(self._codes.ravel(), self._numbers.ravel(), self._first + _GROUND)
        text = self._codes.astype("<u4").tobytes().decode("utf-32-le")
        new = np.append(True, numbers[1:] != numbers[:-1])
        new[::width] = True
        starts = np.flatnonzero(new)
        ends = np.append(starts[1:], len(text))
        runs = zip(starts.tolist(), ends.tolist(), numbers[starts].tolist(), strict=True)
        segments = [Segment(text[start:end], self._styles[number]) for start, end, number in runs]
        firsts = [0, *(np.flatnonzero(ends % width == 0) + 1).tolist()]
        return [Strip(segments[firsts[line] : firsts[line + 1]], width) for line in range(height)]


def _over_gaps(
    codes: NDArray[np.uint32], numbers: NDArray[np.int32], ground: int
) -> NDArray[np.int32]:
    """Return the styles of cells: short gaps go on as before them, others have the ground's.

    Args:
        codes: uint32, shape (n,), code points; line after line.
        numbers: int32, shape (n,), styles of the cells that are not blank.
        ground: The style of wide gaps.
    """
    marks = np.flatnonzero(codes != _BLANK)
    if not len(marks):
        return np.full_like(numbers, ground)
    gaps = np.diff(marks, append=len(codes))
    # The first cell of a wide gap is the mark itself.
    of_gap = np.where(gaps > _SHORT_GAP, ground, numbers[marks]).repeat(gaps)
    found = np.concatenate([np.full(marks[0], ground, numbers.dtype), of_gap])
    found[marks] = numbers[marks]
    return found
