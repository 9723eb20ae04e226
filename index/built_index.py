"""A FAISS index that is built once and then only read: exact, or inverted lists for many vectors.

What it finds are rows of the index; what is asked for and answered outside are ids of samples.
"""

from __future__ import annotations

from functools import cached_property

import faiss
import numpy as np
from numpy.typing import NDArray

from index import inverted_lists

EXACT_UP_TO = 300_000
"""So many vectors are compared one by one: 128 dimensions take 15 ms there, one thread."""

# A scope of so small a share is compared one by one: its vectors are fetched faster than avoided.
_SMALL_SHARE = 0.05

_MOST_SPAN = 8


class BuiltIndex:
    """Vectors, ready to be searched, that do not change any more.

    Args:
        ids: int64, shape (n,), rising.
        index: A FAISS index of n vectors by row.
        trained_on: How many vectors its lists were trained on; 0 where it is exact.

    Attributes:
        ids: As given.
        index: As given. One read from a mapped file must not be added to: FAISS ends the process.
        trained_on: As given.
    """

    def __init__(self, ids: NDArray[np.int64], index: faiss.Index, trained_on: int) -> None:
        self.ids = ids
        self.index = index
        self.trained_on = trained_on

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def d(self) -> int:
        """The length of a vector."""
        return int(self.index.d)

    @classmethod
    def build(
        cls, ids: NDArray[np.int64], matrix: NDArray[np.float32], exact_up_to: int = EXACT_UP_TO
    ) -> BuiltIndex:
        """Index vectors.

        Args:
            ids: int64, shape (n,), each once, in any order.
            matrix: float32, shape (n, d); n may be 0.
            exact_up_to: More vectors than that are searched through inverted lists.
        """
        if (np.diff(ids) < 0).any():
            order = np.argsort(ids)
            ids, matrix = ids[order], matrix[order]
        matrix = np.ascontiguousarray(matrix, np.float32)
        if len(ids) > exact_up_to:
            return cls(ids, inverted_lists.train(matrix), len(ids))
        index = faiss.IndexFlatL2(max(matrix.shape[1], 1))
        if len(ids):
            index.add(matrix)
        return cls(ids, index, 0)

    def changed(
        self,
        kept: NDArray[np.bool_],
        ids: NDArray[np.int64],
        matrix: NDArray[np.float32],
        exact_up_to: int = EXACT_UP_TO,
    ) -> BuiltIndex:
        """Return an index without some of these vectors and with others.

        Inverted lists are not trained again before their library is twice or half as large as the
        one they were trained on.

        Args:
            kept: bool, shape (n,): which rows stay.
            ids: int64, shape (m,): others, none of which is among those that stay.
            matrix: float32, shape (m, d): their vectors.
            exact_up_to: As `build` takes it.
        """
        rows = np.flatnonzero(kept)
        all_ids = np.concatenate([self.ids[rows], ids])
        order = np.argsort(all_ids)
        old = np.concatenate([rows, np.full(len(ids), -1, np.int64)])[order]
        matrices = [each for each in (self.vectors(rows), matrix) if len(each)]
        everything = np.concatenate(matrices)[order] if matrices else matrix
        n = len(all_ids)
        alike = self.trained_on / 2 <= n <= self.trained_on * 2
        if n <= exact_up_to or not alike or not isinstance(self.index, faiss.IndexIVFFlat):
            return BuiltIndex.build(all_ids[order], everything, exact_up_to)
        lists = inverted_lists.regroup(self.index, everything, old)
        return BuiltIndex(all_ids[order], lists, self.trained_on)

    @cached_property
    def _row_of(self) -> NDArray[np.int64] | None:
        """The row of every number from the first id to the last; None where few of them are ids.

        Looking up a large scope is ten times as fast as looking for its ids.
        """
        span = int(self.ids[-1]) - int(self.ids[0]) + 1
        if span > _MOST_SPAN * len(self.ids):
            return None
        rows = np.full(span, -1, np.int64)
        rows[self.ids - self.ids[0]] = np.arange(len(self.ids))
        return rows

    def rows_of(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the row of each id, int64, shape (m,); -1 for one that is not here."""
        if not len(self.ids):
            return np.full(len(ids), -1, np.int64)
        if self._row_of is not None:
            offsets = ids - self.ids[0]
            inside = (offsets >= 0) & (offsets < len(self._row_of))
            return np.where(inside, self._row_of[np.where(inside, offsets, 0)], -1)
        rows = np.searchsorted(self.ids, ids)
        rows[rows == len(self.ids)] = 0
        return np.where(self.ids[rows] == ids, rows, -1)

    def vectors(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return vectors by row, float32, shape (m, d)."""
        if not len(rows):
            return np.zeros((0, self.d), np.float32)
        return np.asarray(self.index.reconstruct_batch(np.ascontiguousarray(rows)), np.float32)

    def search(
        self,
        queries: NDArray[np.float32],
        k: int,
        allowed: NDArray[np.bool_] | None = None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the k nearest to each of a few queries, in no order that may be relied on.

        Args:
            queries: float32, shape (m, d). From 20 on FAISS would compute other distances, as
                differences of large products.
            k: How many.
            allowed: bool, shape (n,): only these rows are looked at; None for all.

        Returns:
            Rows, int64, and squared L2 distances, float32, both of shape (m, least of k and of how
            many rows are allowed).
        """
        count = len(self) if allowed is None else int(np.count_nonzero(allowed))
        k = min(k, count)
        if k == 0:
            return np.zeros((len(queries), 0), np.int64), np.zeros((len(queries), 0), np.float32)
        if allowed is not None and count <= _SMALL_SHARE * len(self):
            rows = np.flatnonzero(allowed)
            squared, at = faiss.knn(queries, self.vectors(rows), k)
            return rows[at], squared
        sel = _selector(allowed)
        if not isinstance(self.index, faiss.IndexIVFFlat):
            return self._asked(queries, k, faiss.SearchParameters(sel=sel))  # type: ignore[call-arg]
        lists = self.index.nlist
        # The k nearest of a tenth of all are about the 10 k nearest of all; twice as many lists as
        # that asks for, since a query may lie farther out than the vectors that were measured.
        more = 2 * k * len(self) / count / inverted_lists.NEIGHBOURS
        probes = min(lists, round(self.index.nprobe * max(1.0, more)))
        found = self._asked(queries, k, faiss.SearchParametersIVF(nprobe=probes, sel=sel))  # type: ignore[call-arg]
        if (found[0] < 0).any():  # these lists do not hold k
            found = self._asked(queries, k, faiss.SearchParametersIVF(nprobe=lists, sel=sel))  # type: ignore[call-arg]
        return found

    def _asked(
        self, queries: NDArray[np.float32], k: int, parameters: faiss.SearchParameters
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        squared, found = self.index.search(queries, k, params=parameters)
        return found, squared


def _selector(allowed: NDArray[np.bool_] | None) -> faiss.IDSelector | None:
    # A bit for every row: built and asked faster than a set of rows, at every share.
    if allowed is None:
        return None
    return faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))  # type: ignore[call-arg, arg-type]
