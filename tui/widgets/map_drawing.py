"""The library map as characters: binning points into braille cells, zoom, and the next point.

Pure functions on arrays. A map is drawn from numbers alone, so that half a million points cost
a few milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tui.widgets import braille

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
        colours: uint8, shape (height, width): the commonest colour of each cell.
        levels: uint8, shape (height, width): brightness, 0 for an empty cell, up to `LEVELS`.
        lit: bool, shape (height, width): whether a cell holds a point that is within the list.
    """

    codes: NDArray[np.uint32]
    colours: NDArray[np.uint8]
    levels: NDArray[np.uint8]
    lit: NDArray[np.bool_]


def project(xy: NDArray[np.float32], view: View, width: int, height: int) -> NDArray[np.float32]:
    """Return where points lie on the screen.

    Args:
        xy: float32, shape (n, 2), each axis within [0, 1].
        view: What is seen.
        width: Characters.
        height: Lines.

    Returns:
        float32, shape (n, 2), in characters and lines from the upper left corner.
    """
    corner = np.array([view.x - view.span / 2, view.y - view.span / 2], dtype=np.float32)
    scale = np.array([width / view.span, height / view.span], dtype=np.float32)
    return (xy - corner) * scale


def draw(
    at: NDArray[np.float32],
    colours: NDArray[np.uint8],
    width: int,
    height: int,
    within: NDArray[np.bool_] | None = None,
) -> Picture:
    """Draw points as braille dots, or as round marks where there are few.

    Where a cell holds points within the list, only they are drawn in it.

    Args:
        at: float32, shape (n, 2): places on the screen, from :func:`project`.
        colours: uint8, shape (n,): colour numbers.
        width: Characters, at least 1.
        height: Lines, at least 1.
        within: bool, shape (n,): which points are in the list; None where all are.
    """
    seen = (at >= 0).all(axis=1) & (at[:, 0] < width) & (at[:, 1] < height)
    at, colours = at[seen], colours[seen]
    column, line = at[:, 0].astype(np.int32), at[:, 1].astype(np.int32)
    cell = line * width + column
    lit = np.ones(width * height, dtype=bool)
    if within is not None:
        inside = within[seen]
        lit = np.bincount(cell[inside], minlength=width * height) > 0
        drawn = inside | ~lit[cell]
        at, colours, cell = at[drawn], colours[drawn], cell[drawn]
    counts = np.bincount(cell, minlength=width * height)
    dots = np.zeros((height * braille.DOTS_DOWN, width * braille.DOTS_ACROSS), dtype=bool)
    dots[
        (at[:, 1] * braille.DOTS_DOWN).astype(np.int32),
        (at[:, 0] * braille.DOTS_ACROSS).astype(np.int32),
    ] = True
    many = int(colours.max(initial=0)) + 1
    votes = np.bincount(cell * many + colours, minlength=width * height * many)
    common = votes.reshape(height, width, many).argmax(axis=2).astype(np.uint8)
    shape = (height, width)
    codes = braille.cells(dots)
    if len(at) * SPARSE < width * height:
        codes = _marks(counts.reshape(shape))
    return Picture(codes, common, _levels(counts.reshape(shape)), lit.reshape(shape))


def _marks(counts: NDArray[np.intp]) -> NDArray[np.uint32]:
    """Return one round mark for each cell, a larger one where it holds several points."""
    marks = np.array([ord(" "), ord("•"), ord("●")], dtype=np.uint32)
    return marks[np.minimum(counts, 2)]


def _levels(counts: NDArray[np.intp]) -> NDArray[np.uint8]:
    """Return brightness by the logarithm of density, relative to the densest cell."""
    top = np.log1p(max(1, int(counts.max(initial=0))))
    levels: NDArray[np.uint8] = np.ceil(np.log1p(counts) / top * LEVELS).astype(np.uint8)
    return levels


def nearest(at: NDArray[np.float32], x: float, y: float) -> int | None:
    """Return which point lies nearest to a place on the screen; None where there is no point."""
    if len(at) == 0:
        return None
    return int(np.argmin(_distances(at[:, 0] - x, at[:, 1] - y)))


def next_point(at: NDArray[np.float32], here: int, right: int, down: int) -> int | None:
    """Return the point to move to in one of the four directions.

    It lies at least one cell further that way and not more aside than ahead; among those the
    nearest one is taken, where each cell aside counts double.

    Args:
        at: float32, shape (n, 2): places on the screen, also of points that are not seen.
        here: The point to move from.
        right: 1 or -1 to move across, 0 otherwise.
        down: 1 or -1 to move up or down, 0 otherwise.
    """
    across = at[:, 0] - at[here, 0]
    below = (at[:, 1] - at[here, 1]) * np.float32(2.0)  # a cell is twice as high as wide
    ahead, aside = (across * right, below) if right else (below * down, across)
    aside = np.abs(aside)
    there = np.flatnonzero((ahead >= (1.0 if right else 2.0)) & (aside <= ahead))
    if len(there) == 0:
        return None
    return int(there[np.argmin(ahead[there] + 2 * aside[there])])


def _distances(across: NDArray[np.float32], below: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return squared distances in half cells: a cell is twice as high as wide."""
    return across**2 + (below * np.float32(2.0)) ** 2
