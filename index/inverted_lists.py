"""Inverted lists: FAISS's approximate search, trained on the vectors that it will search.

Vectors are grouped around centroids, and a search looks into the lists of the nearest few. How many
that are is measured on the vectors themselves, so that recall holds whatever they are like.
"""

from __future__ import annotations

import faiss
import numpy as np
from numpy.typing import NDArray

LEAST_RECALL = 0.99
"""The share of the true nearest that must be found: a mean over some of the library's vectors."""

NEIGHBOURS = 100
"""How many neighbours the recall is measured on; whoever asks for more looks into more lists."""

_QUERIES = 200
_PER_CENTROID = 40
_ROUNDS = 8


def list_count(n: int) -> int:
    """Return how many lists n vectors are grouped into: about twice their root, a power of two.

    Fewer make a search look at more vectors; more take longer to train, and gained nothing here.
    """
    return min(n, int(2 ** round(np.log2(2 * np.sqrt(n)))))


def train(matrix: NDArray[np.float32]) -> faiss.IndexIVFFlat:
    """Group vectors into lists, and measure how many of them a search needs.

    Args:
        matrix: float32, shape (n, d), n at least 1.

    Returns:
        An index of the rows by number.
    """
    lists = list_count(len(matrix))
    # FAISS draws what it learns from, always the same, from all of them.
    index = _empty(faiss.IndexFlatL2(matrix.shape[1]), lists)
    index.cp.max_points_per_centroid = _PER_CENTROID
    index.cp.min_points_per_centroid = 1
    index.cp.niter = _ROUNDS
    index.train(matrix)
    index.set_direct_map_type(faiss.DirectMap.Array)  # type: ignore[attr-defined]  # the stub lacks it
    index.add(matrix)
    index.nprobe = _probes(index, matrix)
    return index


def regroup(
    old: faiss.IndexIVFFlat, matrix: NDArray[np.float32], rows: NDArray[np.int64]
) -> faiss.IndexIVFFlat:
    """Group vectors around the centroids of another index.

    Args:
        old: An index that `train` has made; it stays as it is.
        matrix: float32, shape (n, d): what is to be indexed.
        rows: int64, shape (n,): the row of the old index with the same vector; -1 for none.
    """
    # The centroids may belong to a file that is mapped, and will not outlive it.
    index = _empty(faiss.clone_index(old.quantizer), old.nlist)
    index.is_trained = True
    index.set_direct_map_type(faiss.DirectMap.Array)  # type: ignore[attr-defined]  # the stub lacks it
    places = faiss.vector_to_array(old.direct_map.array)
    lists = np.where(rows >= 0, places[rows] >> 32, -1)
    new = np.flatnonzero(rows < 0)
    if len(new):
        lists[new] = index.quantizer.search(matrix[new], 1)[1][:, 0]
    lists = np.ascontiguousarray(lists, np.int64)
    index.add_core(len(matrix), faiss.swig_ptr(matrix), None, faiss.swig_ptr(lists))
    index.nprobe = _probes(index, matrix)
    return index


def _empty(centroids: faiss.Index, lists: int) -> faiss.IndexIVFFlat:
    return faiss.IndexIVFFlat(centroids, centroids.d, lists)


def _probes(index: faiss.IndexIVFFlat, matrix: NDArray[np.float32]) -> int:
    """Return in how many lists a search must look to find enough of what is near."""
    n = len(matrix)
    rows = np.unique(np.linspace(0, n - 1, min(n, _QUERIES)).astype(np.int64))
    queries = np.ascontiguousarray(matrix[rows])
    k = min(NEIGHBOURS + 1, n)  # a vector finds itself, which tells nothing
    wanted = faiss.knn(queries, matrix, k)[1]
    probes = 1
    while probes < index.nlist:
        parameters = faiss.SearchParametersIVF(nprobe=probes)  # type: ignore[call-arg]
        found = index.search(queries, k, params=parameters)[1]
        shares = [
            (np.isin(near, seen).sum() - 1) / max(k - 1, 1)
            for near, seen in zip(wanted, found, strict=True)
        ]
        if np.mean(shares) >= LEAST_RECALL:
            break
        probes *= 2
    return min(probes, int(index.nlist))
