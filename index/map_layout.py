"""Vectors to places on a map: laid out, added to, laid out again from where things were.

Sources:
    McInnes, Healy, Melville (2018), UMAP, arXiv 1802.03426.
    Kobak, Linderman (2021), Initialization is critical for preserving global data structure in both
    t-SNE and UMAP, Nature Biotechnology 39, for the principal components at the start.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from index.map_graph import NEIGHBOURS, fuzzy_graph, memberships, nearest, others_nearest
from index.map_optimiser import optimise
from library.progress import Job

_EPOCHS, _EPOCHS_OF_MANY, _MANY = 500, 200, 10_000
_EPOCHS_AGAIN = 200
_WIDTH = 10.0  # of a layout at its start
_JITTER = 1e-3  # sounds that start in one place could never leave each other
_SEED = 7


def lay_out(matrix: NDArray[np.float32]) -> Job[NDArray[np.float32]]:
    """Return a map of vectors; a job.

    Args:
        matrix: float32, shape (n, d), n >= 2.

    Returns:
        float32, shape (n, 2), in units of the layout; the same for the same vectors.
    """
    graph = yield from fuzzy_graph(matrix)
    xy = _jittered(_principal(matrix))
    yield from optimise(xy, graph, _EPOCHS if len(xy) <= _MANY else _EPOCHS_OF_MANY)
    return xy


def place(
    matrix: NDArray[np.float32], known: NDArray[np.bool_], xy: NDArray[np.float32]
) -> Job[NDArray[np.float32]]:
    """Put new sounds onto a map; a job. What is on it does not move.

    Each starts at the mean of the sounds nearest to it on the map, and is then pulled to all that
    it is like, other new ones among them.

    Args:
        matrix: float32, shape (n, d), n >= 2.
        known: Which rows are on the map, shape (n,); at least 4.
        xy: Their places in units of the layout, float32, shape (known, 2).

    Returns:
        All places, float32, shape (n, 2).
    """
    n = len(matrix)
    placed = yield from _beside(matrix, known, xy)
    new = np.flatnonzero(~known)
    rows, distances = yield from others_nearest(matrix, new, min(NEIGHBOURS, n) - 1)
    pairs = memberships(rows, distances, n)
    graph = coo_array((pairs.data, (new[pairs.row], pairs.col)), shape=(n, n))
    yield from optimise(placed, graph, _EPOCHS_AGAIN, ~known)
    return placed


def lay_out_again(
    matrix: NDArray[np.float32], known: NDArray[np.bool_], xy: NDArray[np.float32]
) -> Job[NDArray[np.float32]]:
    """Return a map of vectors that begins with another map; a job.

    Args:
        matrix: float32, shape (n, d), n >= 2.
        known: Which rows are on the other map, shape (n,); at least 4.
        xy: Their places in units of the layout, float32, shape (known, 2).

    Returns:
        float32, shape (n, 2), in units of the layout.
    """
    graph = yield from fuzzy_graph(matrix)
    places = _jittered((yield from _beside(matrix, known, xy)))
    yield from optimise(places, graph, _EPOCHS_AGAIN)
    return places


def _beside(
    matrix: NDArray[np.float32], known: NDArray[np.bool_], xy: NDArray[np.float32]
) -> Job[NDArray[np.float32]]:
    """Return the places of a map, and for each new row the weighted mean of those near it."""
    placed = np.zeros((len(matrix), 2), np.float32)
    placed[known] = xy
    if not known.all():
        k = min(NEIGHBOURS, len(xy))
        rows, distances = yield from nearest(matrix[known], matrix[~known], k)
        weights = memberships(rows, distances, len(xy)).tocsr()
        placed[~known] = weights @ xy / weights.sum(axis=1)[:, None]
    return placed


def _principal(matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the first two principal components, the wider one as wide as a layout begins."""
    centred = matrix - matrix.mean(axis=0, dtype=np.float64)
    _, directions = np.linalg.eigh(centred.T @ centred)
    two = directions[:, ::-1][:, :2]
    # Either sign would do: the largest part of each direction is positive.
    two = two * np.where(two[np.abs(two).argmax(axis=0), np.arange(two.shape[1])] < 0, -1, 1)
    xy = np.zeros((len(matrix), 2))
    xy[:, : two.shape[1]] = centred @ two
    width = float(np.ptp(xy, axis=0).max())
    return (xy * (_WIDTH / width if width > 0 else 1.0)).astype(np.float32)


def _jittered(xy: NDArray[np.float32]) -> NDArray[np.float32]:
    noise = np.random.default_rng(_SEED).normal(0, _JITTER, xy.shape)
    return (xy + noise).astype(np.float32)
