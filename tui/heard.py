"""What was heard last, and the way back through it."""

from __future__ import annotations

MANY = 200


class Heard:
    """Ids of the samples heard, newest first; none stands beside itself."""

    def __init__(self) -> None:
        self._ids: list[int] = []
        self._place = 0

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids, newest first, at most `MANY`."""
        return tuple(self._ids)

    def add(self, sample_id: int) -> None:
        """Remember a sample that is heard now; one that was gone back to keeps its place."""
        if self._ids and self._ids[self._place] == sample_id:
            return
        self._place = 0
        if not self._ids or self._ids[0] != sample_id:
            self._ids = [sample_id, *self._ids][:MANY]

    def back(self) -> int | None:
        """Return the sample heard before; None where there is none further back."""
        if self._place + 1 >= len(self._ids):
            return None
        self._place += 1
        return self._ids[self._place]
