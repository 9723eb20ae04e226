"""Attention: which samples the user looks at or plays, so that they are analysed first."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine, select

from library.database import reading
from library.tables import Sample

_PATHS_AT_ONCE = 256
_LOOKED_AT_MOST = 256


class Attention:
    """What the user looks at; told by one thread and asked by another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids: tuple[int, ...] = ()

    def turn_to(self, sample_ids: Sequence[int]) -> None:
        """Say what is looked at now, the most wanted first; what was before is forgotten."""
        with self._lock:
            self._ids = tuple(sample_ids[:_LOOKED_AT_MOST])

    def take(self) -> tuple[int, ...]:
        """Return what is looked at, once."""
        with self._lock:
            ids, self._ids = self._ids, ()
            return ids


class Waiting(NamedTuple):
    """A sample that waits, and its file as the library knew it then."""

    sample_id: int
    path: Path
    size: int
    mtime_ns: int


def in_order_of_attention(
    engine: Engine, sample_ids: Sequence[int], attention: Attention
) -> Iterator[Waiting]:
    """Yield samples with their files, each once: what is looked at first, then in their order.

    Paths are read a few at a time: half a million would fill the memory.

    Args:
        engine: The library.
        sample_ids: All that are to come, in their order.
        attention: Of the user.
    """
    left = set(sample_ids)
    order = iter(sample_ids)
    known: deque[Waiting] = deque()
    while True:
        wanted = [each for each in attention.take() if each in left]
        for sample in _files(engine, wanted):
            left.discard(sample.sample_id)
            yield sample
        if not known:
            coming = list(islice((each for each in order if each in left), _PATHS_AT_ONCE))
            if not coming:
                return
            known.extend(_files(engine, coming))
        elif known[0].sample_id in left:
            left.discard(known[0].sample_id)
            yield known.popleft()
        else:
            known.popleft()


def _files(engine: Engine, sample_ids: Sequence[int]) -> list[Waiting]:
    """Return samples with their files, in the order given; those that are gone lack."""
    if not sample_ids:
        return []
    columns = (Sample.id, Sample.path, Sample.size, Sample.mtime_ns)
    with reading(engine) as session:
        rows = session.execute(select(*columns).where(Sample.id.in_(sample_ids)))
        found = {row.id: Waiting(row.id, Path(row.path), row.size, row.mtime_ns) for row in rows}
    return [found[sample_id] for sample_id in sample_ids if sample_id in found]
