"""Which samples are marked: any number of them, in the order in which they were."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NUMBERED = 9
"""So many marks have a number of their own; all later ones look alike."""


class Marks:
    """Marked samples, which never change; every change makes others.

    Args:
        ids: int64, shape (n,), each one once, in the order in which they were marked.
    """

    def __init__(self, ids: NDArray[np.int64] | None = None) -> None:
        self.ids: NDArray[np.int64] = np.zeros(0, dtype=np.int64) if ids is None else ids
        # A place for each id up to the largest: sorting half a million would take too long.
        self._marked = np.zeros(int(self.ids.max(initial=0)) + 1, dtype=np.bool_)
        self._marked[self.ids] = True
        self._first: list[int] = self.ids[:NUMBERED].tolist()

    def __len__(self) -> int:
        """Return how many are marked."""
        return len(self.ids)

    def __contains__(self, sample_id: int) -> bool:
        """Return whether a sample is marked."""
        return 0 <= sample_id < len(self._marked) and bool(self._marked[sample_id])

    def number(self, sample_id: int) -> int:
        """Return the place of a sample among the marked ones, from 1; 0 where it is not marked.

        Those beyond the numbered ones have all the same.
        """
        if sample_id in self._first:
            return self._first.index(sample_id) + 1
        return NUMBERED + 1 if sample_id in self else 0

    def toggled(self, sample_id: int) -> Marks:
        """Return the marks with one more, or without one."""
        if sample_id in self:
            return Marks(self.ids[self.ids != sample_id])
        return Marks(np.append(self.ids, np.int64(sample_id)))

    def joined(self, ids: NDArray[np.int64]) -> Marks:
        """Return the marks with more, int64, shape (m,), in their order."""
        return Marks(np.concatenate([self.ids, ids[~self._among(ids)]]))

    def inverted(self, among: NDArray[np.int64]) -> Marks:
        """Return the marks with those of a list, int64, shape (m,), that are not marked; and back.

        What is marked and not in the list stays marked.
        """
        outside = self.ids[~Marks(among)._among(self.ids)]
        return Marks(np.concatenate([outside, among[~self._among(among)]]))

    def _among(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of some samples are marked, bool, shape (m,)."""
        known = np.minimum(ids, len(self._marked) - 1)
        marked: NDArray[np.bool_] = self._marked[known] & (known == ids)
        return marked
