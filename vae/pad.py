"""The pad of a morph: where its two to four sounds lie, and how they are mixed at a place between.

Two sounds are the ends of a line, three the corners of a triangle and four those of a square. A
place is x to the right and y downwards, within [0, 1].
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from library.errors import UserError

Position = tuple[float, float]
"""x to the right and y downwards, within [0, 1]."""

Weights = tuple[float, ...]

CORNERS: dict[int, tuple[Position, ...]] = {
    2: ((0.0, 0.5), (1.0, 0.5)),
    3: ((0.0, 0.0), (1.0, 0.0), (0.5, 1.0)),
    4: ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)),
}
"""Where the sounds lie, clockwise from the upper left, for each number of them."""

MOST_POINTS = 5000
"""Of a recorded way."""


def centre(sounds: int) -> Position:
    """Return the place where as many sounds are mixed in equal parts."""
    x, y = np.mean(CORNERS[sounds], axis=0).tolist()
    return x, y


def inside(sounds: int, position: Position) -> Position:
    """Return the place of the pad that is nearest to one which may lie outside of it."""
    x, y = (min(1.0, max(0.0, value)) for value in position)
    if sounds == 2:
        return x, 0.5
    if sounds == 4 or y <= 2 * min(x, 1 - x):
        return x, y
    # Left or right of the triangle: onto the edge that goes down to its third corner.
    start = 0.0 if x < 0.5 else 1.0
    across = 0.5 - start
    along = min(1.0, max(0.0, ((x - start) * across + y) / (across * across + 1.0)))
    return start + along * across, along


def weights_at(sounds: int, position: Position) -> Weights:
    """Return in which weights as many sounds are mixed at a place.

    They are >= 0, sum to 1, change without a jump, and in a corner its sound has all of it: along a
    line in proportion, in a triangle the barycentric ones, in a square the bilinear ones. A place
    outside counts as the nearest one inside.
    """
    x, y = inside(sounds, position)
    if sounds == 2:
        return 1 - x, x
    if sounds == 3:
        second = min(1.0 - y, max(0.0, x - y / 2))
        return max(0.0, 1.0 - y - second), second, y
    return (1 - x) * (1 - y), x * (1 - y), x * y, (1 - x) * y


def evenly_along(way: Sequence[Position], steps: int) -> list[Position]:
    """Return places along a way, its ends among them, as far from each other along it as can be.

    Args:
        way: Places that are gone through in straight lines, at least two.
        steps: Places wanted, >= 2.
    """
    points = np.array(way, np.float64)
    lengths = [float(np.hypot(*(after - before))) for before, after in pairwise(points)]
    reached = np.concatenate([[0.0], np.cumsum(lengths)])
    wanted = np.linspace(0.0, reached[-1], steps)
    xs, ys = (np.interp(wanted, reached, column).tolist() for column in points.T)
    return list(zip(xs, ys, strict=True))


def course_along(sounds: int, way: Sequence[tuple[float, float, float]]) -> NDArray[np.float64]:
    """Return the weights over time of a way through a pad.

    Args:
        sounds: How many lie on it.
        way: Times as shares of the whole, never falling from 0 to 1, each with x and y.

    Returns:
        float64, shape (points, 1 + sounds): share, then weights.

    Raises:
        UserError: It is no way.
    """
    if not 2 <= len(way) <= MOST_POINTS:
        raise UserError(f"a way of {len(way)} places cannot be taken", f"take 2 to {MOST_POINTS}")
    times = [share for share, _, _ in way]
    if any(late < early for early, late in pairwise([0.0, *times, 1.0])):
        raise UserError("the times of a way go back", "record it again")
    return np.array([(share, *weights_at(sounds, (x, y))) for share, x, y in way], np.float64)
