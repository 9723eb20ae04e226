"""What a map is drawn from: its points, or, of very many seen at once, one mark for several.

Pure functions on arrays. Merging is done in a thread, whenever colours or the list change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tui.colourings import Colouring
from tui.widgets.map_grid import PointGrid, joined

MERGED_FROM = 60_000
"""With fewer points than these, all are drawn one by one."""
_SIDE = 512  # squares each way, of which each becomes one mark


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Coloured places on a map.

    Attributes:
        x: float32, shape (n,), in map units.
        y: float32, shape (n,), in map units.
        colours: uint8, shape (n,): colour numbers; 0 is what nothing is known of.
        within: bool, shape (n,): which are in the list; None where all are.
        weights: float32, shape (n,): how many points each stands for; None where for one.
    """

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    colours: NDArray[np.uint8]
    within: NDArray[np.bool_] | None = None
    weights: NDArray[np.float32] | None = None

    def chosen(self, which: NDArray[np.bool_]) -> Marks:
        """Return some of the marks."""
        return Marks(
            self.x[which],
            self.y[which],
            self.colours[which],
            None if self.within is None else self.within[which],
            None if self.weights is None else self.weights[which],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Paint:
    """How the points of a map are drawn.

    Attributes:
        colouring: The colour of each.
        within: bool, shape (n,): which are in the list; None where all are.
        merged: One mark for several points; None where there are few.
    """

    colouring: Colouring
    within: NDArray[np.bool_] | None = None
    merged: Marks | None = None


def painted(
    points: PointGrid, colouring: Colouring, within: NDArray[np.bool_] | None = None
) -> Paint:
    """Return how points are drawn; this may take a tenth of a second, and belongs in a thread."""
    few = len(points) < MERGED_FROM
    marks = None if few else merged(points, colouring.numbers, within, colouring.graded)
    return Paint(colouring, within, marks)


def marks_in(points: PointGrid, paint: Paint, edges: tuple[float, float, float, float]) -> Marks:
    """Return the points of a box, and some just outside of it, one mark for each.

    Args:
        points: n points.
        paint: How they are drawn.
        edges: Left, top, right and bottom, in map units.
    """
    colours, within = paint.colouring.numbers, paint.within
    parts = points.parts(*edges)
    return Marks(
        joined(points.x, parts),
        joined(points.y, parts),
        joined(colours, parts),
        None if within is None else joined(within, parts),
    )


def merged(
    points: PointGrid,
    colours: NDArray[np.uint8],
    within: NDArray[np.bool_] | None,
    graded: bool,
) -> Marks:
    """Return one mark for each small square of a map that holds points, at their mean.

    Of a square that holds points within the list, only they are in its mark.
    """
    x, y = points.x, points.y
    square = (y * _SIDE).astype(np.intp).clip(0, _SIDE - 1) * _SIDE
    square += (x * _SIDE).astype(np.intp).clip(0, _SIDE - 1)
    lit = None
    if within is not None:
        lit = np.bincount(square[within], minlength=_SIDE**2) > 0
        drawn = within | ~lit[square]
        x, y, colours, square = x[drawn], y[drawn], colours[drawn], square[drawn]
    counts = np.bincount(square, minlength=_SIDE**2)
    taken = np.flatnonzero(counts)
    number = np.zeros(_SIDE**2, np.intp)
    number[taken] = np.arange(len(taken))
    mark, counts = number[square], counts[taken]
    many = int(colours.max(initial=0)) + 1
    votes = np.bincount(mark * many + colours, minlength=len(taken) * many)
    return Marks(
        (np.bincount(mark, x) / counts).astype(np.float32),
        (np.bincount(mark, y) / counts).astype(np.float32),
        commonest(votes.reshape(len(taken), many), graded),
        None if lit is None else lit[taken],
        counts.astype(np.float32),
    )


def fine_enough(span: float, size: tuple[int, int], dots: tuple[int, int]) -> bool:
    """Return whether no merged mark is larger than a dot.

    Args:
        span: Of the map that is seen.
        size: Characters and lines.
        dots: In a character, across and down.
    """
    return _SIDE * span >= max(size[0] * dots[0], size[1] * dots[1])


def commonest(votes: NDArray[Any], graded: bool) -> NDArray[np.uint8]:
    """Return the colour that stands for many.

    Args:
        votes: Shape (..., colours): how many points have each colour.
        graded: Whether colours are grades, of which the mean is taken without those that are 0.

    Returns:
        uint8, shape (...).
    """
    if not graded:
        kinds: NDArray[np.uint8] = votes.argmax(axis=-1).astype(np.uint8)
        return kinds
    known = votes[..., 1:]
    total = known @ np.arange(1, votes.shape[-1])
    mean: NDArray[np.uint8] = np.round(total / np.maximum(1, known.sum(axis=-1))).astype(np.uint8)
    return mean
