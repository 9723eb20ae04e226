"""Recognising files that were moved, so that their samples keep their words.

Files are listed first, as samples of their own. When all folders have been looked at, what arrived
is compared with the samples whose file is gone, and where the content is the same the two become
one: the old sample, at the new place. Whoever stops in between loses nothing, since what arrived
stays comparable until it is analysed.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Engine, Table, bindparam, case, delete, func, select, update
from sqlalchemy.orm import Session

from library.catalog import all_numbers
from library.category import Told
from library.category_rows import where_it_lies
from library.content import content_hash
from library.database import reading, writing
from library.musical_rows import settle
from library.progress import Job, Progress
from library.said import hand_over, nothing_said, said_of
from library.seen import Seen
from library.tables import ANALYSED, LISTED, Sample
from library.walk import is_gone

_SIZES = 200
_DEEPEST = 8
_FEW = 10
"""Where so many samples may be gone for each arrival, reading the arrivals is the lesser work."""

_TABLE = cast(Table, Sample.__table__)
_LIES = ("root_id", "path", "name", "folder", "search_text", "size", "mtime_ns")


class _Lost(NamedTuple):
    """A sample whose file seems to be gone."""

    id: int
    path: str
    name: str
    size: int
    mtime_ns: int
    content_hash: str | None


def settle_moves(engine: Engine, seen: Seen) -> Job[tuple[int, int]]:
    """Give the samples whose file is gone the files that arrived with their content; a job.

    A file is a sample's when it has its size and its content. A sample that was never analysed has
    no digest of its content; it is matched by size, time and name. Among files with the same
    content, the one that kept its name and folder is the one that moved; where that tells nothing,
    and something was said of one of them, none is: `library.relinking` shows them.

    Args:
        engine: The library.
        seen: The samples whose file is known to be there; those that are given a file are added.

    Yields:
        A step for every few sizes of files.

    Returns:
        How many files had moved of those that were listed since the look began, and of others.
    """
    with reading(engine) as session:
        known = select(func.count()).select_from(Sample).where(Sample.id <= seen.last)
        if session.scalar(known) == seen.count():
            return 0, 0  # as at every look at which nothing changed
        sizes = _sizes(session, _arrived(), lambda ids: np.isin(ids, seen.unseen(ids), invert=True))
        if len(sizes) > _SIZES:
            # Most of them are of no lost sample; to know which costs a look at all samples.
            lost = _sizes(session, (), lambda ids: np.isin(ids, seen.unseen(ids)))
            sizes = sorted(set(sizes).intersection(lost))
        said = said_of(session) if sizes else set()
    folders = _Folders()
    new = old = 0
    for start in range(0, len(sizes), _SIZES):
        pairs = _pairs(engine, seen, sizes[start : start + _SIZES], folders, said)
        if pairs:
            with writing(engine) as session:
                joined = _join(session, pairs, seen)
            new += sum(each > seen.last for each in joined)
            old += sum(each <= seen.last for each in joined)
        yield Progress("comparing", min(start + _SIZES, len(sizes)), len(sizes))
    return new, old


def _sizes(
    session: Session,
    conditions: Sequence[ColumnElement[bool]],
    wanted: Callable[[NDArray[np.int64]], NDArray[np.bool_]],
) -> list[int]:
    """Return the sizes, each once, of the samples that meet conditions and whose ids are wanted."""
    ids = all_numbers(session, select(Sample.id).where(*conditions).order_by(Sample.id))
    sizes = all_numbers(session, select(Sample.size).where(*conditions).order_by(Sample.id))
    return [int(size) for size in np.unique(np.compress(wanted(ids), sizes))]


def _arrived() -> tuple[ColumnElement[bool], ...]:
    """Return what holds of samples that only a listing has made, and of which nothing was said."""
    return (
        Sample.state == LISTED,
        Sample.content_hash.is_(None),
        Sample.missing.is_(False),
        *nothing_said(),
    )


def _pairs(
    engine: Engine, seen: Seen, sizes: Sequence[int], folders: _Folders, said: Container[int]
) -> list[tuple[_Lost, _Arrival]]:
    """Return which lost samples the arrivals of some sizes are."""
    lost_columns = (
        Sample.id,
        Sample.path,
        Sample.name,
        Sample.size,
        Sample.mtime_ns,
        # Of a file that has changed since, it tells what the file was.
        case((Sample.state == ANALYSED, Sample.content_hash)),
    )
    with reading(engine) as session:
        of_sizes = select(*lost_columns).where(Sample.size.in_(sizes)).order_by(Sample.id)
        lost = [_Lost(*row) for row in session.execute(of_sizes) if row.id not in seen]
        lost_sizes = {each.size for each in lost}
        if not lost:
            return []
        of_arrivals = (
            select(Sample.id, Sample.path, Sample.name, Sample.size, Sample.mtime_ns)
            .where(*_arrived(), Sample.size.in_(lost_sizes))
            .order_by(Sample.id)
        )
        arrivals = [
            _Arrival(row.id, row.path, row.name, row.size, row.mtime_ns)
            for row in session.execute(of_arrivals)
            if row.id in seen
        ]
    if len(arrivals) * _FEW < len(lost):
        digests = {each.digest for each in arrivals}
        names = {each.name for each in arrivals}
        lost = [
            each
            for each in lost
            if (each.name in names if each.content_hash is None else each.content_hash in digests)
        ]
    return _matched([each for each in lost if folders.lack(each.path)], arrivals, said)


def _matched(
    lost: Iterable[_Lost], arrivals: Iterable[_Arrival], said: Container[int]
) -> list[tuple[_Lost, _Arrival]]:
    """Return which lost sample each arrival is, where there is no doubt.

    Of several that hold the same it is the one whose path ends in the most parts as the arrival's
    does. Where that leaves several, it matters only if something was said of one: then it is not
    for us to guess.
    """
    pairs: list[tuple[_Lost, _Arrival]] = []
    left = {each.id: each for each in lost}
    coming = {each.id: each for each in arrivals}
    deepest = max((each.path.count(os.sep) for each in left.values()), default=0)
    for depth in range(min(deepest, _DEEPEST), -1, -1):
        waiting: dict[tuple[object, str], list[_Lost]] = defaultdict(list)
        for each in left.values():
            waiting[_sign(each), _tail(each.path, depth)].append(each)
        fitting: dict[tuple[object, str], list[_Arrival]] = defaultdict(list)
        for arrival in coming.values():
            tail = _tail(arrival.path, depth)
            signs = [(sign, tail) for sign in arrival.signs(depth > 0) if (sign, tail) in waiting]
            if signs:
                fitting[signs[0]].append(arrival)
        for sign, some in fitting.items():
            candidates = waiting[sign]
            doubtful = len(candidates) > 1 and any(each.id in said for each in candidates)
            if not doubtful:
                pairs += zip(candidates, some, strict=False)
            gone = some if doubtful else some[: len(candidates)]
            for arrival in gone:
                del coming[arrival.id]
            for each in () if doubtful else candidates[: len(some)]:
                del left[each.id]
    return pairs


def _tail(path: str, depth: int) -> str:
    """Return the last parts of a path."""
    return os.sep.join(path.rsplit(os.sep, depth)[1:]) if depth else ""


def _sign(lost: _Lost) -> object:
    """Return what an arrival must have to be this sample's file; only by name if never read."""
    return (lost.size, lost.mtime_ns) if lost.content_hash is None else lost.content_hash


class _Arrival:
    """A file that was listed; its content is read only when that can matter."""

    def __init__(self, sample_id: int, path: str, name: str, size: int, mtime_ns: int) -> None:
        self.id = sample_id
        self.path = path
        self.name = name
        self._size = size
        self._mtime_ns = mtime_ns

    @cached_property
    def digest(self) -> str:
        """Of the content; nothing where it cannot be read."""
        try:
            return content_hash(Path(self.path))
        except OSError:
            return ""

    def signs(self, same_name: bool) -> list[object]:
        """Return what the sample may be known by whose file this is."""
        return [self.digest, (self._size, self._mtime_ns)] if same_name else [self.digest]


class _Folders:
    """What lies in folders, each looked at once."""

    def __init__(self) -> None:
        self._names: dict[str, frozenset[str] | None] = {}

    def lack(self, path: str) -> bool:
        """Return whether a file is gone; False where its folder does not let that be known.

        The listing counts, not whether the path can be opened: on a disk that does not tell upper
        from lower case, a file that was renamed from the one to the other still can.
        """
        folder, name = os.path.split(path)
        if folder not in self._names:
            try:
                self._names[folder] = frozenset(os.listdir(folder))
            except OSError as error:
                self._names[folder] = frozenset() if is_gone(error) else None
        names = self._names[folder]
        return names is not None and name not in names


def _join(session: Session, pairs: Sequence[tuple[_Lost, _Arrival]], seen: Seen) -> list[int]:
    """Make each lost sample and what arrived one; return the arrivals of which that could be."""
    ids = [each.id for pair in pairs for each in pair]
    places = [_TABLE.c[name] for name in (*_LIES, "category", "category_source")]
    rows = {
        row.id: row
        for start in range(0, len(ids), 500)
        for row in session.execute(
            select(_TABLE.c.id, *places).where(_TABLE.c.id.in_(ids[start : start + 500]))
        )
    }
    # The user may have said something of an arrival while its content was read.
    untouched = {
        each
        for start in range(0, len(ids), 500)
        for each in session.scalars(
            select(Sample.id).where(*_arrived(), Sample.id.in_(ids[start : start + 500]))
        )
    }
    found: dict[Told, list[dict[str, Any]]] = defaultdict(list)
    for lost, arrival in pairs:
        old, new = rows.get(lost.id), rows.get(arrival.id)
        if old is None or new is None or (old.path, new.path) != (lost.path, arrival.path):
            continue  # another process was here
        if arrival.id not in untouched:
            hand_over(session, arrival.id, lost.id)
        lies = {name: getattr(new, name) for name in _LIES}
        told = Told(new.category, new.category_source)
        found[told].append({"old": lost.id, "arrival": arrival.id, **lies})
        seen.add(lost.id)
    for told, moves in found.items():
        session.connection().execute(
            delete(_TABLE).where(_TABLE.c.id == bindparam("arrival")), moves
        )
        values: dict[str, Any] = {name: bindparam(name) for name in _LIES}
        session.connection().execute(
            update(_TABLE)
            .where(_TABLE.c.id == bindparam("old"))
            .values(missing=False, **values, **where_it_lies(told)),
            moves,
        )
        settle(session, [move["old"] for move in moves])
    return [move["arrival"] for moves in found.values() for move in moves]
