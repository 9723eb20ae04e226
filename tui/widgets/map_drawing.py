"""The library map as characters: what part is seen, and its points binned into braille cells.

Pure functions on arrays. A map is drawn from numbers alone, so that half a million points cost
a few milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tui.widgets import braille
from tui.widgets.map_marks import Marks, commonest

LEVELS = 5
"""How many degrees of brightness show the density of a cell."""
SPARSE = 10
"""With fewer points than one in so many cells, round marks show better than single dots."""
CLOSEST_SPAN = 1e-4
"""The smallest part of the map that a view can show."""
MARGIN = 1.06


@dataclass(frozen=True, slots=True)
class View:
    """The part of the map that is seen.

    Attributes:
        x: Middle, in map units.
        y: Middle, in map units; the map's y points down the screen.
        span: Width and height of what is seen, in map units; 1 and a margin is the whole map.
    """

    x: float = 0.5
    y: float = 0.5
    span: float = MARGIN

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what is seen, in map units."""
        half = self.span / 2
        return self.x - half, self.y - half, self.x + half, self.y + half

    def scale(self, size: tuple[int, int]) -> tuple[float, float]:
        """Return how many characters and lines of a screen one map unit takes."""
        return size[0] / self.span, size[1] / self.span

    def place(self, column: float, line: float, size: tuple[int, int]) -> tuple[float, float]:
        """Return what point of the map is at a point of the screen."""
        across, down = self.scale(size)
        return self.edges[0] + column / across, self.edges[1] + line / down

    def cell(self, x: float, y: float, size: tuple[int, int]) -> tuple[int, int]:
        """Return the column and the line of a point of the map; beyond the screen too."""
        across, down = self.scale(size)
        return int((x - self.edges[0]) * across // 1), int((y - self.edges[1]) * down // 1)

    def zoomed(self, factor: float, x: float, y: float) -> View:
        """Return the view shrunk by a factor, with a point kept where it is on the screen."""
        span = float(np.clip(self.span / factor, CLOSEST_SPAN, MARGIN))
        keep = span / self.span
        return View(x + (self.x - x) * keep, y + (self.y - y) * keep, span).held()

    def panned(self, right: float, down: float) -> View:
        """Return the view moved by parts of its own span."""
        return replace(self, x=self.x + right * self.span, y=self.y + down * self.span).held()

    def showing(self, x: float, y: float) -> View:
        """Return the view moved just so far that a point lies within its inner nine tenths."""
        reach = 0.45 * self.span
        return replace(
            self,
            x=float(np.clip(self.x, x - reach, x + reach)),
            y=float(np.clip(self.y, y - reach, y + reach)),
        )

    def held(self) -> View:
        """Return the view moved back so that it shows nothing but the map."""
        slack = max(0.0, (MARGIN - self.span) / 2)
        return replace(
            self,
            x=float(np.clip(self.x, 0.5 - slack, 0.5 + slack)),
            y=float(np.clip(self.y, 0.5 - slack, 0.5 + slack)),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A drawn map.

    Attributes:
        codes: uint32, shape (height, width): code points of the characters.
        colours: uint8, shape (height, width): the colour of each cell.
        levels: uint8, shape (height, width): brightness, 0 for an empty cell, up to `LEVELS`.
        lit: bool, shape (height, width): whether a cell holds a point that is within the list.
    """

    codes: NDArray[np.uint32]
    colours: NDArray[np.uint8]
    levels: NDArray[np.uint8]
    lit: NDArray[np.bool_]


def draw(marks: Marks, view: View, size: tuple[int, int], graded: bool = False) -> Picture:
    """Draw marks as braille dots, or as round ones where there are few.

    Where a cell holds marks within the list, only they are drawn in it.

    Args:
        marks: Those in view, and any others.
        view: What is seen.
        size: Characters and lines, each at least 1.
        graded: Whether colours are grades, of which a cell shows the mean without those that are
            0, or kinds, of which it shows the commonest.
    """
    width, height = size
    left, top = np.float32(view.edges[0]), np.float32(view.edges[1])
    dots_across, dots_down = width * braille.DOTS_ACROSS, height * braille.DOTS_DOWN
    x = (marks.x - left) * np.float32(dots_across / view.span)
    y = (marks.y - top) * np.float32(dots_down / view.span)
    seen = (x >= 0) & (x < dots_across) & (y >= 0) & (y < dots_down)
    if not seen.all():
        x, y, marks = x[seen], y[seen], marks.chosen(seen)
    column, line = x.astype(np.intp), y.astype(np.intp)
    cell = line // braille.DOTS_DOWN * width + column // braille.DOTS_ACROSS
    lit = np.ones(width * height, dtype=bool)
    if marks.within is not None:
        lit = np.bincount(cell[marks.within], minlength=width * height) > 0
        drawn = marks.within | ~lit[cell]
        column, line, cell, marks = column[drawn], line[drawn], cell[drawn], marks.chosen(drawn)
    many = int(marks.colours.max(initial=0)) + 1
    votes = np.bincount(cell * many + marks.colours, marks.weights, width * height * many)
    votes = votes.reshape(height, width, many)
    counts = votes.sum(axis=2)
    if len(cell) * SPARSE < width * height:
        codes = _round_marks(counts)
    else:
        dots = np.zeros((dots_down, dots_across), dtype=bool)
        dots[line, column] = True
        codes = braille.cells(dots)
    colours = commonest(votes, graded)
    return Picture(codes, colours, _levels(counts), lit.reshape(height, width))


def _round_marks(counts: NDArray[Any]) -> NDArray[np.uint32]:
    """Return one round mark for each cell, a larger one where it holds several points."""
    marks = np.array([ord(" "), ord("•"), ord("●")], dtype=np.uint32)
    drawn: NDArray[np.uint32] = marks[np.minimum(counts, 2).astype(np.intp)]
    return drawn


def _levels(counts: NDArray[Any]) -> NDArray[np.uint8]:
    """Return brightness by the logarithm of density, relative to the densest cell."""
    top = np.log1p(max(1, int(counts.max(initial=0))))
    levels: NDArray[np.uint8] = np.ceil(np.log1p(counts) / top * LEVELS).astype(np.uint8)
    return levels
