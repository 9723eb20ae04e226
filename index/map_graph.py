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
from scipy.sparse import coo_matrix, csr_matrix
from umap.umap_ import compute_membership_strengths, fuzzy_simplicial_set, smooth_knn_dist

NEIGHBOURS = 15
"""Of each sound, itself among them, as umap-learn counts."""

# Of more vectors the nearest are looked for in the cells around a query alone.
_EXACT_UP_TO = 30_000
_PROBED = 12
_TRAINED_ON = 40  # vectors for each cell
_SEED = 7


def nearest(
    anchors: NDArray[np.float32], queries: NDArray[np.float32], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the nearest anchors of each query, nearest first.

    Args:
        anchors: float32, shape (n, d).
        queries: float32, shape (m, d).
        k: How many; at most n.

    Returns:
        Rows of the anchors, int64, and L2 distances, float32, both of shape (m, k). Exact up to
        20,000 anchors; above, about one in a hundred is not the nearest there is.
    """
    anchors, queries = np.ascontiguousarray(anchors), np.ascontiguousarray(queries)
    n, d = anchors.shape
    index: faiss.Index = faiss.IndexFlatL2(d)
    if n > _EXACT_UP_TO:
        cells = int(4 * n**0.5)
        index = faiss.IndexIVFFlat(index, d, cells)
        index.cp.seed = _SEED
        index.cp.max_points_per_centroid = _TRAINED_ON
        index.nprobe = _PROBED
        index.train(anchors)
    index.add(anchors)
    squared, rows = index.search(queries, k)
    short = rows < 0
    if short.any():  # a cell holds too few, as where most sounds are equal
        exact = faiss.IndexFlatL2(d)
        exact.add(anchors)
        few = short.any(axis=1)
        squared[few], rows[few] = exact.search(queries[few], k)
    return rows, np.sqrt(squared.clip(0)).astype(np.float32)


def own_nearest(
    matrix: NDArray[np.float32], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the nearest rows of each row, itself first, as :func:`nearest` does."""
    rows, distances = nearest(matrix, matrix, k)
    # Among equal vectors another row may come first, or stand in for the row itself.
    own = np.arange(len(matrix))[:, None]
    found = rows == own
    at = np.where(found.any(axis=1), found.argmax(axis=1), k - 1)
    before = np.arange(k)[None] <= at[:, None]
    rows = np.where(before, np.roll(rows, 1, axis=1), rows)
    distances = np.where(before, np.roll(distances, 1, axis=1), distances)
    rows[:, 0], distances[:, 0] = own[:, 0], 0
    return rows, distances


def fuzzy_graph(matrix: NDArray[np.float32]) -> coo_matrix:
    """Return how much each pair of near rows belongs together.

    Args:
        matrix: float32, shape (n, d), n >= 2.

    Returns:
        Weights in (0, 1], symmetric, shape (n, n).
    """
    k = min(NEIGHBOURS, len(matrix))
    rows, distances = own_nearest(matrix, k)
    return fuzzy_simplicial_set(
        matrix, k, np.random.RandomState(_SEED), "euclidean", knn_indices=rows, knn_dists=distances
    )[0].tocoo()


def memberships(rows: NDArray[np.int64], distances: NDArray[np.float32], n: int) -> csr_matrix:
    """Return how much each query belongs to its nearest anchors, as UMAP transforms new points.

    Args:
        rows: Of anchors, int64, shape (m, k), nearest first.
        distances: float32, of the same shape.
        n: How many anchors there are.

    Returns:
        Weights in [0, 1], shape (m, n).
    """
    m, k = rows.shape
    distances = distances.astype(np.float32)
    widths, closest = smooth_knn_dist(distances, float(k), local_connectivity=0.0)
    heads, tails, weights, _ = compute_membership_strengths(
        rows.astype(np.int32), distances, widths, closest, bipartite=True
    )
    graph = csr_matrix((weights, (heads, tails)), shape=(m, n))
    graph.eliminate_zeros()
    return graph
