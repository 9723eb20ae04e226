"""Recognising a file that was moved, so that its sample keeps its words."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import cached_property
from pathlib import Path

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from library.content import content_hash
from library.names import displayable
from library.tables import Sample
from library.walk import FoundFile

_Candidate = Row[int, str, str, int, int, str | None]


def moved_from(session: Session, new: Sequence[FoundFile], seen: Collection[int]) -> dict[str, int]:
    """Match files that the library does not know with samples whose file is gone.

    A file is a sample's when it has its size and its content. A sample that was never analysed
    has no digest of its content; it is matched by size, time and name.

    Args:
        session: The library.
        new: Files without a row.
        seen: Ids of samples whose file is known to be there.

    Returns:
        The id of the sample for each path that one moved to; an id appears once.
    """
    if not new:
        return {}
    statement = select(
        Sample.id, Sample.path, Sample.name, Sample.size, Sample.mtime_ns, Sample.content_hash
    ).where(
        Sample.size.in_({file.size for file in new}),
        or_(
            Sample.content_hash.is_not(None),
            Sample.name.in_({displayable(Path(file.path).name) for file in new}),
        ),
    )
    gone: dict[int, list[_Candidate]] = defaultdict(list)
    for row in session.execute(statement.order_by(Sample.id)):
        if row.id not in seen and not os.path.lexists(row.path):
            gone[row.size].append(row)
    moves: dict[str, int] = {}
    left = [_Arrival(file) for file in new if file.size in gone]
    # Among files with the same content, the one that kept its name is the one that moved.
    for same_name in (True, False):
        for arrival in left:
            if arrival.file.path in moves:
                continue
            candidates = gone[arrival.file.size]
            index = arrival.match(candidates, same_name)
            if index is not None:
                moves[arrival.file.path] = candidates.pop(index).id
    return moves


class _Arrival:
    """A file that the library does not know; its content is read only when that can matter."""

    def __init__(self, file: FoundFile) -> None:
        self.file = file
        self._name = displayable(Path(file.path).name)

    @cached_property
    def _digest(self) -> str | None:
        try:
            return content_hash(Path(self.file.path))
        except OSError:
            return None

    def match(self, candidates: Sequence[_Candidate], same_name: bool) -> int | None:
        """Return which of the samples of its size the file is."""
        for index, row in enumerate(candidates):
            if same_name and row.name != self._name:
                continue
            if row.content_hash is not None:
                same = row.content_hash == self._digest
            else:
                same = same_name and row.mtime_ns == self.file.mtime_ns
            if same:
                return index
        return None
