"""Which samples a look at the disks has found, in a byte for each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class Seen:
    """The ids of samples that are known to be there.

    Attributes:
        last: The highest id when the look began. What another process adds meanwhile has a higher
            one, and is taken for seen: it was there a moment ago.
    """

    def __init__(self, last: int) -> None:
        self._bytes = bytearray(last + 1)
        self.last = last

    def __contains__(self, sample_id: int) -> bool:
        return sample_id > self.last or bool(self._bytes[sample_id])

    def add(self, sample_id: int) -> None:
        """Say of a sample that it is there."""
        if sample_id <= self.last:
            self._bytes[sample_id] = 1

    def count(self) -> int:
        """Return how many of the samples that were known at the start are there."""
        return self._bytes.count(1)

    def unseen(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those of some ids, int64, that are not known to be there."""
        known = ids[ids <= self.last]
        absent: NDArray[np.bool_] = np.frombuffer(self._bytes, np.uint8)[known] == 0
        return np.compress(absent, known)
