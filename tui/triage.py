"""How far a triage is: which sounds of a list are decided, and how the last were."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

KEPT, SKIPPED, TAGGED = "kept", "skipped", "tagged"


@dataclass(frozen=True, slots=True)
class Decision:
    """One key of a triage.

    Attributes:
        place: The line of the sound in the list; None where something else was said meanwhile.
        how: KEPT, SKIPPED or TAGGED; empty for something else.
    """

    place: int | None
    how: str = ""

    @property
    def wrote(self) -> bool:
        """Whether it is in the library, and must be taken back there."""
        return self.how != SKIPPED


class Triage:
    """The state of one triage.

    Args:
        ids: The samples of the list, int64, shape (n,).
        target: Where kept sounds go: the name of a collection, or a word with # before it.
    """

    def __init__(self, ids: NDArray[np.int64], target: str) -> None:
        self.ids = ids
        self.target = target
        self._decided = np.zeros(len(ids), dtype=np.bool_)
        self._log: list[Decision] = []

    def decide(self, place: int, how: str) -> None:
        """Note what was decided of the sound on a line."""
        self._decided[place] = True
        self._log.append(Decision(place, how))

    def said(self) -> None:
        """Note that something else was written meanwhile."""
        self._log.append(Decision(None))

    def take_back(self) -> Decision | None:
        """Forget the last decision and return it; None where there is none."""
        if not self._log:
            return None
        last = self._log.pop()
        if last.place is not None:
            self._decided[last.place] = any(each.place == last.place for each in self._log)
        return last

    def following(self, place: int) -> int | None:
        """Return the next line that is not decided, from the start again behind the last one."""
        left = np.flatnonzero(~self._decided)
        if not len(left):
            return None
        at = int(np.searchsorted(left, place + 1))
        return int(left[at % len(left)])

    def count(self, how: str) -> int:
        """Return how many were decided so."""
        return sum(each.how == how for each in self._log)

    @property
    def done(self) -> int:
        """How many are decided."""
        return int(np.count_nonzero(self._decided))
