"""Registering: bringing the rows of a library up to date with the files on disk.

Nothing is decoded here, and nothing is ever written to a file of the user's. A row outlives its
file: what vanishes is marked missing, what comes back is the same sample again, and what was
moved keeps its words. Each batch is one transaction, and after each the library is in order.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, Select, Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from library.catalog import all_numbers
from library.database import reading, writing
from library.moved import settle_moves
from library.names import displayable
from library.progress import Job, Progress
from library.roots import KnownRoot, add_root, as_spelled, known_roots
from library.sample_rows import as_listed, columns_of_place, lies_below
from library.seen import Seen
from library.tables import LISTED, Sample, now
from library.walk import FoundFile, Walk

_FIRST_BATCH, _LARGEST_BATCH = 500, 4_000
"""Files of a transaction: the first ones can be seen at once, and many together cost less each."""
_MARKED = 10_000
_ASKED_AGAIN = 1_000
"""As many files are looked for once more before they are marked missing; more would take long."""
_PARAMETERS = 500

_TABLE = cast(Table, Sample.__table__)
# A row of SQLAlchemy's own takes longer to make than to insert.
_NEW = f"""
INSERT INTO sample (root_id, path, name, folder, search_text, category, category_source, size,
mtime_ns, state, reason, note, missing, added_at) VALUES
(?, ?, ?, ?, ?, ?, ?, ?, ?, '{LISTED}', '', '', 0, ?)"""
_KNOWN = "SELECT path, id, size, mtime_ns, missing FROM sample WHERE path IN "
_GONE = "UPDATE sample SET missing = 1 WHERE id IN (SELECT value FROM json_each(?))"
_PATHS = "SELECT id, path FROM sample WHERE id IN (SELECT value FROM json_each(?))"
_BY_ID = update(_TABLE).where(_TABLE.c.id == bindparam("sample_id"))


@dataclass(frozen=True, slots=True)
class RegisterReport:
    """What a registration found.

    Attributes:
        new: Files that the library did not know.
        changed: Files with another size or time than before; they wait for analysis again.
        moved: Files that a known sample turned out to have moved to.
        missing: Samples of the folders whose file is not there.
        unchanged: The rest.
        lost: Those of the missing that were there at the last look.
        unreadable: Folders that the disk or the rights did not let be read; what the library has
            in them is among the missing.
    """

    new: int = 0
    changed: int = 0
    moved: int = 0
    missing: int = 0
    unchanged: int = 0
    lost: int = 0
    unreadable: tuple[Path, ...] = ()

    @property
    def found(self) -> int:
        """How many files are there."""
        return self.new + self.changed + self.moved + self.unchanged


@dataclass(frozen=True, slots=True)
class Part:
    """A folder in a root, of which the rest is not to be looked at.

    Attributes:
        root: The root.
        folder: Its path; neither it nor a folder above it is hidden, excluded or a link.
        deep: Whether the folders in it are meant too.
    """

    root: KnownRoot
    folder: str
    deep: bool


def register(
    engine: Engine, folders: Sequence[Path], excludes: Sequence[str] = ()
) -> Job[RegisterReport]:
    """Add folders to a library, or look at them again, and list every audio file in them.

    A folder inside one that the library has already, or around one, is fine: a file is one
    sample. Stopping keeps what is listed.

    Args:
        engine: The library.
        folders: Folders; one that the library knows need not be there.
        excludes: Patterns of what to pass over, see :class:`library.walk.Walk`. They replace
            those that a known folder has, if any are given.

    Yields:
        A step for every few hundred or thousand files.

    Returns:
        What was found.

    Raises:
        LibraryError: One of the folders is not known and not there.
    """
    roots = [add_root(engine, folder, excludes) for folder in folders]
    return (yield from refresh(engine, list(dict.fromkeys(roots))))


def refresh(
    engine: Engine, looked_at: Sequence[KnownRoot | Part] | None = None
) -> Job[RegisterReport]:
    """Look at folders of a library again, at all of them if none are named; see `register`."""
    if looked_at is None:
        looked_at = known_roots(engine)
    with reading(engine) as session:
        seen = Seen(session.scalar(select(func.max(Sample.id))) or 0)
    counts = dict.fromkeys(("new", "changed", "unchanged"), 0)
    walks: list[Walk] = []
    done = 0
    for place in looked_at:
        root = place.root if isinstance(place, Part) else place
        folder = place.folder if isinstance(place, Part) else root.path
        yield Progress("listing", done, None, displayable(os.path.basename(folder)))
        walk = Walk(root.path, root.excludes)
        walks.append(walk)
        files = walk.part(folder, deep=place.deep) if isinstance(place, Part) else walk.whole()
        size = _FIRST_BATCH
        while batch := list(islice(files, size)):
            size = min(2 * size, _LARGEST_BATCH)
            with writing(engine) as session:
                _list_batch(session, root, batch, seen, counts)
            done += len(batch)
            yield Progress("listing", done, None, displayable(Path(batch[-1].path).parent.name))
    moved_new, moved_old = yield from settle_moves(engine, seen)
    missing = lost = 0
    for place, walk in zip(looked_at, walks, strict=True):
        gone, newly = _mark_missing(engine, place, walk, seen)
        missing, lost = missing + gone, lost + newly
    yield Progress("listing", done, done)
    return RegisterReport(
        new=counts["new"] - moved_new,
        changed=counts["changed"],
        moved=moved_new + moved_old,
        missing=missing,
        unchanged=counts["unchanged"] - moved_old,
        lost=lost,
        unreadable=tuple(dict.fromkeys(Path(each) for walk in walks for each in walk.unreadable)),
    )


def _list_batch(
    session: Session,
    root: KnownRoot,
    batch: Sequence[FoundFile],
    seen: Seen,
    counts: dict[str, int],
) -> None:
    """Bring the rows of some files up to date; ``seen`` and ``counts`` are added to."""
    connection = session.connection()
    encoded = [os.fsencode(file.path) for file in batch]
    known: dict[bytes, tuple[int, int, int, int]] = {}
    for start in range(0, len(encoded), _PARAMETERS):
        some = tuple(encoded[start : start + _PARAMETERS])
        found = connection.exec_driver_sql(f"{_KNOWN}({', '.join('?' * len(some))})", some)
        known.update((row[0], tuple(row[1:])) for row in found)
    new: list[tuple[Any, ...]] = []
    changed: list[dict[str, Any]] = []
    back: list[dict[str, Any]] = []
    moment = f"{now():%Y-%m-%d %H:%M:%S.%f}"
    for file, path in zip(batch, encoded, strict=True):
        row = known.get(path)
        if row is None:
            columns = columns_of_place(root.path, file.path)
            new.append((root.id, path, *columns, file.size, file.mtime_ns, moment))
            continue
        sample_id, size, mtime_ns, missing = row
        if sample_id in seen:  # two roots may reach the same file
            continue
        seen.add(sample_id)
        if (size, mtime_ns) != (file.size, file.mtime_ns):
            changed.append({"sample_id": sample_id, **as_listed(file)})
        else:
            counts["unchanged"] += 1
            if missing:
                back.append({"sample_id": sample_id})
    if new:
        connection.exec_driver_sql(_NEW, new)
    if changed:
        values: dict[str, Any] = {name: bindparam(name) for name in as_listed(batch[0])}
        connection.execute(_BY_ID.values(values), changed)
    if back:
        connection.execute(_BY_ID.values(missing=False), back)
    counts["new"] += len(new)
    counts["changed"] += len(changed)


def _mark_missing(
    engine: Engine, place: KnownRoot | Part, walk: Walk, seen: Seen
) -> tuple[int, int]:
    """Mark the samples of a folder that were not seen; return how many, and how many are new."""
    if isinstance(place, Part):
        within = _in_folder(place.folder, deep=place.deep)
    else:
        within = select(Sample.id).where(Sample.root_id == place.id)
    with reading(engine) as session:
        gone = seen.unseen(all_numbers(session, within))
        for link in walk.unfollowed if len(gone) else ():
            gone = np.setdiff1d(gone, all_numbers(session, _in_folder(link, deep=True)))
        if isinstance(place, Part) and len(gone):
            # Of another root, inside this one, that is hidden or excluded here.
            others = [i for i, path in _paths(session, gone) if walk.passes_over(path)]
            gone = np.setdiff1d(gone, others)
        newly = gone[:0]
        if len(gone):
            there = all_numbers(session, within.where(Sample.missing.is_(False)))
            newly = np.intersect1d(gone, there, assume_unique=True)
    back = 0
    few = len(newly) <= _ASKED_AGAIN and os.path.isdir(walk.root)
    for start in range(0, len(newly), _MARKED):
        with writing(engine) as session:
            some = newly[start : start + _MARKED]
            if few:
                # Another process may have put the row to rights since the walk came by.
                found = [i for i, path in _paths(session, some) if _is_there(walk, path)]
                some, back = np.setdiff1d(some, found), len(found)
            session.connection().exec_driver_sql(_GONE, (json.dumps(some.tolist()),))
    return len(gone) - back, len(newly) - back


def _is_there(walk: Walk, path: str) -> bool:
    """Return whether a walk would find a file now, and by this very path."""
    if not os.path.isfile(path) or any(
        path.startswith(os.path.join(folder, "")) for folder in walk.unreadable
    ):
        return False
    # Behind a link the walk may have come upon it by another way, or know it by another spelling.
    folder, name = os.path.split(path)
    if as_spelled(os.path.join(os.path.realpath(folder), name)) != path:
        return False
    return not path.startswith(os.path.join(walk.root, "")) or not walk.passes_over(path)


def _paths(session: Session, sample_ids: NDArray[np.int64]) -> list[tuple[int, str]]:
    """Return the ids and paths of some samples."""
    rows = session.connection().exec_driver_sql(_PATHS, (json.dumps(sample_ids.tolist()),))
    return [(sample_id, os.fsdecode(path)) for sample_id, path in rows]


def _in_folder(folder: str, *, deep: bool) -> Select[int]:
    """Return the selection of the samples that lie in a folder, and if `deep` below it."""
    within = select(Sample.id).where(lies_below(folder))
    if deep:
        return within
    rest = func.substr(Sample.path, len(os.fsencode(os.path.join(folder, ""))) + 1)
    return within.where(func.instr(rest, os.fsencode(os.sep)) == 0)
