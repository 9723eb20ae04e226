"""UMAP's optimisation, epoch by epoch, with any points held in place.

umap-learn's own runs to its end in one call, holds Python's interpreter lock while it does, and
moves either all points or none: a map of a large library could not be stopped, would stop the
keyboard, and could not hold what is already on it. The steps are the same, in one thread, so that
the same graph is the same map; beside them, all is drawn a little to the middle.

Source:
    McInnes, Healy, Melville (2018), UMAP, arXiv 1802.03426, section 3.2 and algorithm 5.
"""

from __future__ import annotations

from functools import cache

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from umap.umap_ import find_ab_params

from library.progress import Job, Progress

MIN_DISTANCE = 0.1
"""In units of the layout; smaller is more crowded."""

RATE = 0.3
"""Of learning at the start, from where it falls to 0; umap-learn begins at 1."""

# UMAP's islands drift apart as long as it runs, and a map of mostly empty sea is hard to read.
_TO_THE_MIDDLE = 0.03
_NEGATIVES = 5
_SEED = 7


@cache
def curve() -> tuple[float, float]:
    """Return a and b of 1 / (1 + a d^2b), which says how close a pair at distance d counts as."""
    a, b = find_ab_params(1.0, MIN_DISTANCE)
    return float(a), float(b)


def optimise(
    xy: NDArray[np.float32],
    graph: coo_array,
    epochs: int,
    movable: NDArray[np.bool_] | None = None,
) -> Job[None]:
    """Move points, in place, until near is what the graph joins; a job.

    Args:
        xy: float32, shape (n, 2), in UMAP's units: a width of about 10.
        graph: Weights in [0, 1], shape (n, n).
        epochs: How often each of the strongest pairs is looked at.
        movable: Which points may move, shape (n,); all where None.
    """
    free = np.ones(len(xy), np.bool_) if movable is None else movable
    strongest = graph.data.max(initial=0)
    # A pair is looked at as often as it weighs; what would not be looked at once is left out.
    kept = (graph.data * epochs >= strongest) & (graph.data > 0) & free[graph.row]
    heads = graph.row[kept].astype(np.int32)
    tails = graph.col[kept].astype(np.int32)
    period = (strongest / graph.data[kept]).astype(np.float32)
    due, due_away = period.copy(), period / _NEGATIVES
    state = np.array([_SEED], np.uint64)
    a, b = curve()
    for epoch in range(epochs):
        step = np.float32(RATE * (1 - epoch / epochs))
        _epoch(xy, heads, tails, period, due, due_away, free, a, b, step, epoch, state)
        if movable is None:
            xy -= np.float32(_TO_THE_MIDDLE) * step * (xy - xy.mean(axis=0))
        yield Progress("map", epoch + 1, epochs)


@numba.njit(nogil=True, fastmath=True, cache=True)
def _epoch(  # type: ignore[no-untyped-def]
    xy, heads, tails, period, due, due_away, free, a, b, step, epoch, state
):
    """Pull each pair that is due together, and push its head from points drawn at random."""
    n = len(xy)
    seed = state[0]
    for e in range(len(heads)):
        if due[e] > epoch:
            continue
        j, k = heads[e], tails[e]
        dx, dy = xy[j, 0] - xy[k, 0], xy[j, 1] - xy[k, 1]
        square = dx * dx + dy * dy
        if square > 0:
            power = square**b
            pull = -2 * a * b * power / square / (a * power + 1)
            px = min(max(pull * dx, -4), 4) * step
            py = min(max(pull * dy, -4), 4) * step
            xy[j, 0] += px
            xy[j, 1] += py
            if free[k]:
                xy[k, 0] -= px
                xy[k, 1] -= py
        due[e] += period[e]
        away = period[e] / _NEGATIVES
        while due_away[e] <= epoch:
            due_away[e] += away
            # Xorshift: Marsaglia (2003), Journal of Statistical Software 8, 14.
            seed ^= seed << np.uint64(13)
            seed ^= seed >> np.uint64(7)
            seed ^= seed << np.uint64(17)
            r = np.int64((seed >> np.uint64(11)) % np.uint64(n))
            dx, dy = xy[j, 0] - xy[r, 0], xy[j, 1] - xy[r, 1]
            square = dx * dx + dy * dy
            if square > 0:
                push = 2 * b / ((0.001 + square) * (a * square**b + 1))
                xy[j, 0] += min(max(push * dx, -4), 4) * step
                xy[j, 1] += min(max(push * dy, -4), 4) * step
    state[0] = seed
