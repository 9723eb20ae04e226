"""The nearest vectors of one space: an index that was built, and what has changed since."""

from __future__ import annotations

from collections.abc import Sequence

import faiss
import numpy as np
from numpy.typing import NDArray

from index.built_index import EXACT_UP_TO, BuiltIndex

# More changes than the larger of both are built into the index: until then they are compared one
# by one, which takes no longer than the index itself.
_FEW_CHANGES = 1_000
_FEW_SHARE = 0.02

# FAISS computes distances exactly for fewer than 20 queries at once.
_AT_ONCE = 16


class SearchIndex:
    """The vectors of one space, ready to be searched. It does not change; `updated` gives another.

    Args:
        built: What was built.
        revision: Of the vectors that it holds now.
        kept: bool, shape (n,): which rows of it still hold; None for all.
        recent_ids: int64, shape (m,), rising: ids of vectors that are not in it.
        recent: float32, shape (m, d): those vectors.

    Attributes:
        built: As given.
        revision: As given.
    """

    def __init__(
        self,
        built: BuiltIndex,
        revision: int = 0,
        kept: NDArray[np.bool_] | None = None,
        recent_ids: NDArray[np.int64] | None = None,
        recent: NDArray[np.float32] | None = None,
    ) -> None:
        self.built = built
        self.revision = revision
        self._kept = kept
        self._recent_ids = np.zeros(0, np.int64) if recent_ids is None else recent_ids
        self._recent = np.zeros((0, built.d), np.float32) if recent is None else recent

    def __len__(self) -> int:
        kept = len(self.built) if self._kept is None else int(np.count_nonzero(self._kept))
        return kept + len(self._recent_ids)

    @property
    def ids(self) -> NDArray[np.int64]:
        """The ids of the vectors, int64, rising."""
        built = self.built.ids if self._kept is None else self.built.ids[self._kept]
        return np.sort(np.concatenate([built, self._recent_ids]))

    @classmethod
    def build(
        cls,
        ids: NDArray[np.int64],
        matrix: NDArray[np.float32],
        revision: int = 0,
        exact_up_to: int = EXACT_UP_TO,
    ) -> SearchIndex:
        """Index vectors.

        Args:
            ids: int64, shape (n,), each once.
            matrix: float32, shape (n, d); n may be 0.
            revision: Of the vectors.
            exact_up_to: More vectors than that are searched through inverted lists.
        """
        return cls(BuiltIndex.build(ids, matrix, exact_up_to), revision)

    def updated(
        self,
        changed: NDArray[np.int64],
        ids: NDArray[np.int64],
        matrix: NDArray[np.float32],
        revision: int,
        exact_up_to: int = EXACT_UP_TO,
    ) -> SearchIndex:
        """Return the index after changes; the lists are as they were, or grouped around the same.

        Args:
            changed: int64: every id that has come, gone or changed.
            ids: int64, shape (m,), rising: those of them that are there now.
            matrix: float32, shape (m, d): their vectors.
            revision: Of the vectors now.
            exact_up_to: As `build` takes it.
        """
        kept = np.ones(len(self.built), bool) if self._kept is None else self._kept.copy()
        rows = self.built.rows_of(changed)
        kept[rows[rows >= 0]] = False
        stay = ~np.isin(self._recent_ids, changed)
        recent_ids, recent = self._recent_ids[stay], self._recent[stay]
        if len(ids):
            order = np.argsort(np.concatenate([recent_ids, ids]))
            recent = np.concatenate([recent, matrix])[order] if len(recent) else matrix
            recent_ids = np.concatenate([recent_ids, ids])[order]
        changes = len(recent_ids) + int(np.count_nonzero(~kept))
        if len(self.built) and changes <= max(_FEW_CHANGES, _FEW_SHARE * len(self.built)):
            return SearchIndex(self.built, revision, kept, recent_ids, recent)
        return SearchIndex(self.built.changed(kept, recent_ids, recent, exact_up_to), revision)

    def nearest(
        self,
        vector: NDArray[np.float32],
        k: int,
        scope: Sequence[int] | NDArray[np.int64] | None = None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the k nearest, nearest first; of two that are equally near the smaller id.

        Args:
            vector: float32, shape (d,).
            k: How many at most.
            scope: Only these ids are looked at; None for all.

        Returns:
            Ids, int64, and L2 distances, float32, both of shape (as many of k as there are,).
        """
        ids, distances = self.nearest_of_each(vector[None], k, scope)
        return ids[0], distances[0]

    def nearest_of_each(
        self,
        queries: NDArray[np.float32],
        k: int,
        scope: Sequence[int] | NDArray[np.int64] | None = None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the k nearest to each of several vectors.

        Args:
            queries: float32, shape (m, d).
            k: How many at most.
            scope: Only these ids are looked at; None for all.

        Returns:
            Ids, int64, and L2 distances, float32, both of shape (m, as many of k as there are).
        """
        allowed, recent = self._kept, np.arange(len(self._recent_ids))
        if scope is not None:
            wanted = np.asarray(scope, np.int64)
            rows = self.built.rows_of(wanted)
            inside = np.zeros(len(self.built), bool)
            inside[rows[rows >= 0]] = True
            allowed = inside if allowed is None else inside & allowed
            recent = np.flatnonzero(np.isin(self._recent_ids, wanted))
        answers = [
            self._nearest(queries[start : start + _AT_ONCE], k, allowed, recent)
            for start in range(0, len(queries), _AT_ONCE)
        ]
        ids, squared = (np.concatenate(parts) for parts in zip(*answers, strict=True))
        return ids, np.sqrt(squared.clip(0))

    def _nearest(
        self,
        queries: NDArray[np.float32],
        k: int,
        allowed: NDArray[np.bool_] | None,
        recent: NDArray[np.int64],
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        queries = np.ascontiguousarray(queries, np.float32)
        rows, squared = self.built.search(queries, k, allowed)
        ids = self.built.ids[rows]
        if len(recent) and k:
            more = faiss.knn(queries, self._recent[recent], min(k, len(recent)))
            squared = np.concatenate([squared, more[0]], axis=1)
            ids = np.concatenate([ids, self._recent_ids[recent[more[1]]]], axis=1)
        order = np.lexsort((ids, squared))[:, :k]
        return np.take_along_axis(ids, order, 1), np.take_along_axis(squared, order, 1)

    def vectors_of(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return indexed vectors by id, float32, shape (n, d).

        Raises:
            KeyError: An id is not in the index.
        """
        ids = np.asarray(ids, np.int64)
        rows = self.built.rows_of(ids)
        matrix = np.empty((len(ids), self.built.d), np.float32)
        old = rows >= 0
        if self._kept is not None:
            old[old] = self._kept[rows[old]]
        new = np.flatnonzero(~old)
        at = np.searchsorted(self._recent_ids, ids[new])
        if len(new) and not np.isin(ids[new], self._recent_ids).all():
            raise KeyError("an id is not in the index")
        matrix[old] = self.built.vectors(rows[old])
        matrix[new] = self._recent[at]
        return matrix
