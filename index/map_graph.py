"""The graph that a map is laid out from: each sound's nearest ones, and how much each counts.

Sources:
    McInnes, Healy, Melville (2018), UMAP, arXiv 1802.03426, section 3.1, as umap-learn has it.
    Jégou, Douze, Schmid (2011), Product quantization for nearest neighbor search, IEEE TPAMI 33,
    for the inverted file.
"""

from __future__ import annotations

import faiss
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from umap.umap_ import compute_membership_strengths, fuzzy_simplicial_set, smooth_knn_dist

from library.progress import Job, Progress

NEIGHBOURS = 15
"""Of each sound, itself among them, as umap-learn counts."""

# More pairs than this are not all compared: only the cells around a query are looked at.
_EXACT_PAIRS = 30_000**2
_PROBED = 12
_TRAINED_ON = 40  # vectors for each cell
_BATCH = 4096
_SEED = 7
_LEAST = np.float32(1e-20)


def nearest(
    anchors: NDArray[np.float32], queries: NDArray[np.float32], k: int
) -> Job[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """Return the nearest anchors of each query, nearest first; a job.

    Args:
        anchors: float32, shape (n, d).
        queries: float32, shape (m, d).
        k: How many; at most n.

    Returns:
        Rows of the anchors, int64, and L2 distances, float32, both of shape (m, k). Exact for up
        to 30,000 of both; for more, one or two in a hundred are not the nearest there are.
    """
    anchors = np.ascontiguousarray(anchors)
    exact = len(anchors) * len(queries) <= _EXACT_PAIRS
    yield Progress("neighbours", 0, len(queries))
    index = _flat(anchors) if exact else _cells(anchors)
    rows = np.empty((len(queries), k), np.int64)
    squared = np.empty((len(queries), k), np.float32)
    for start in range(0, len(queries), _BATCH):
        part = slice(start, start + _BATCH)
        squared[part], rows[part] = index.search(np.ascontiguousarray(queries[part]), k)
        yield Progress("neighbours", min(part.stop, len(queries)), len(queries))
    short = (rows < 0).any(axis=1)  # the cells hold too few, as where most sounds are equal
    if short.any():
        squared[short], rows[short] = _flat(anchors).search(queries[short], k)
    return rows, np.sqrt(squared.clip(0))


def _flat(anchors: NDArray[np.float32]) -> faiss.Index:
    index = faiss.IndexFlatL2(anchors.shape[1])
    index.add(anchors)
    return index


def _cells(anchors: NDArray[np.float32]) -> faiss.Index:
    n, d = anchors.shape
    index = faiss.IndexIVFFlat(faiss.IndexFlatL2(d), d, int(4 * n**0.5))
    index.cp.seed = _SEED
    index.cp.max_points_per_centroid = _TRAINED_ON
    index.nprobe = _PROBED
    index.train(anchors)
    index.add(anchors)
    return index


def others_nearest(
    matrix: NDArray[np.float32], asked: NDArray[np.int64], k: int
) -> Job[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """Return the nearest other rows of some rows of a matrix, as :func:`nearest` does; a job.

    Args:
        matrix: float32, shape (n, d).
        asked: Rows of it, int64, shape (m,).
        k: How many; at most n - 1.
    """
    rows, distances = yield from nearest(matrix, matrix[asked], k + 1)
    # Among equal vectors a row may come after others, or not be among those found at all.
    own = rows == asked[:, None]
    own[~own.any(axis=1), k] = True
    return rows[~own].reshape(-1, k), distances[~own].reshape(-1, k)


def fuzzy_graph(matrix: NDArray[np.float32]) -> Job[coo_array]:
    """Return how much each pair of near rows belongs together; a job.

    Args:
        matrix: float32, shape (n, d), n >= 2.

    Returns:
        Weights in (0, 1], symmetric, shape (n, n).
    """
    n = len(matrix)
    own = np.arange(n)
    k = min(NEIGHBOURS, n) - 1
    rows, distances = yield from others_nearest(matrix, own, k)
    graph = fuzzy_simplicial_set(
        matrix,
        k + 1,
        np.random.RandomState(_SEED),
        "euclidean",
        knn_indices=np.column_stack([own, rows]).astype(np.int32),
        knn_dists=np.column_stack([np.zeros(n, np.float32), distances]),
    )[0]
    return coo_array(graph)


def memberships(rows: NDArray[np.int64], distances: NDArray[np.float32], n: int) -> coo_array:
    """Return how much each query belongs to its nearest anchors, as UMAP transforms new points.

    Args:
        rows: Of anchors, int64, shape (m, k), nearest first.
        distances: float32, of the same shape.
        n: How many anchors there are.

    Returns:
        Weights in [0, 1], shape (m, n).
    """
    # Where all are 0 apart umap reads the first that is not from behind the end of an empty array.
    distances = np.maximum(distances, _LEAST)
    widths, closest = smooth_knn_dist(distances, float(rows.shape[1]), local_connectivity=0.0)
    heads, tails, weights, _ = compute_membership_strengths(
        rows.astype(np.int32), distances, widths, closest, bipartite=True
    )
    return coo_array((weights, (heads, tails)), shape=(len(rows), n))
