"""A line drawn around a part of the map, and what lies within it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tui.widgets import braille
from tui.widgets.map_drawing import View
from tui.widgets.map_grid import PointGrid, joined

_MOST_DOTS = 4_000  # of one stretch, most of which may lie beyond the screen


@dataclass(slots=True)
class Lasso:
    """The line as far as it is drawn.

    Attributes:
        path: Where it goes along, in map units; of a box, two corners.
        box: Whether it is a box.
    """

    path: list[tuple[float, float]] = field(default_factory=list)
    box: bool = True

    @property
    def outline(self) -> NDArray[np.float64]:
        """The corners in map units, float64, shape (k, 2); the last joins the first."""
        if self.box and len(self.path) == 2:
            (left, top), (right, bottom) = self.path
            return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
        return np.array(self.path, np.float64).reshape(len(self.path), 2)


def inside(
    x: NDArray[np.float32], y: NDArray[np.float32], outline: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return which points an outline goes around, an odd number of times.

    Each stretch of the outline looks only at the points that are as high as it.

    Args:
        x: float32, shape (n,).
        y: float32, shape (n,).
        outline: float64, shape (k, 2), corners; the last joins the first.

    Returns:
        bool, shape (n,).
    """
    order = np.argsort(y, kind="stable")
    across, down = x[order].astype(np.float64), y[order].astype(np.float64)
    odd = np.zeros(len(order), np.bool_)
    for one, other in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        (ax, ay), (bx, by) = (one, other) if one[1] <= other[1] else (other, one)
        first, last = np.searchsorted(down, (ay, by))
        if first < last:
            crossing = ax + (down[first:last] - ay) * ((bx - ax) / (by - ay))
            odd[first:last] ^= across[first:last] < crossing
    found = np.empty_like(odd)
    found[order] = odd
    return found


def lassoed(
    points: PointGrid, outline: NDArray[np.float64], within: NDArray[np.bool_] | None
) -> NDArray[np.int64]:
    """Return the ids of the samples in an outline, int64, shape (m,).

    Args:
        points: n points.
        outline: float64, shape (k, 2), in map units.
        within: bool, shape (n,): only these; None for all.
    """
    if len(outline) < 3:
        return np.zeros(0, np.int64)
    (left, top), (right, bottom) = outline.min(axis=0), outline.max(axis=0)
    parts = points.parts(left, top, right, bottom)
    chosen = inside(joined(points.x, parts), joined(points.y, parts), outline)
    if within is not None:
        chosen &= joined(within, parts)
    return joined(points.ids, parts)[chosen]


def ring(outline: NDArray[np.float64], view: View, size: tuple[int, int]) -> NDArray[np.uint32]:
    """Return an outline as braille characters, uint32, shape (height, width)."""
    width, height = size[0] * braille.DOTS_ACROSS, size[1] * braille.DOTS_DOWN
    corner = np.array(view.edges[:2])
    corners = (outline - corner) * np.array([width, height]) / view.span
    dots = np.zeros((height, width), np.bool_)
    for one, other in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        steps = min(_MOST_DOTS, int(np.abs(other - one).max()) + 2)
        column, line = np.floor(np.linspace(one, other, steps)).astype(np.int64).T
        seen = (column >= 0) & (column < width) & (line >= 0) & (line < height)
        dots[line[seen], column[seen]] = True
    return braille.cells(dots)
