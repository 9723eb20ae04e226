"""Registering: bringing the rows of a library up to date with the files on disk.

Nothing is decoded here, and nothing is ever written to a file of the user's. A row outlives its
file: what vanishes is marked missing, what comes back is the same sample again, and what was
moved keeps its words.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session

from library.category import category_in_root
from library.category_rows import where_it_lies
from library.database import reading, writing
from library.errors import LibraryError
from library.moved import moved_from
from library.names import displayable
from library.progress import Job, Progress
from library.query_terms import folded
from library.tables import LISTED, Root, Sample, now
from library.walk import FoundFile, walk

_BATCH = 500


@dataclass(frozen=True, slots=True)
class RegisterReport:
    """What a registration found.

    Attributes:
        new: Files that the library did not know.
        changed: Files with another size or time than before; they wait for analysis again.
        moved: Files that a known sample turned out to have moved to.
        missing: Samples of the folders whose file is not there.
        unchanged: The rest.
    """

    new: int = 0
    changed: int = 0
    moved: int = 0
    missing: int = 0
    unchanged: int = 0

    @property
    def found(self) -> int:
        """How many files are there."""
        return self.new + self.changed + self.moved + self.unchanged


@dataclass(slots=True)
class _Root:
    """A root while it is walked; its row lives in the database."""

    id: int
    path: str
    excludes: list[str]


def register(
    engine: Engine, folders: Sequence[Path], excludes: Sequence[str] = ()
) -> Job[RegisterReport]:
    """Add folders to a library, or look at them again, and list every audio file in them.

    A folder inside one that the library has already, or around one, is fine: a file is one
    sample. Stopping keeps what is listed.

    Args:
        engine: The library.
        folders: Folders; one that the library knows need not be there.
        excludes: Patterns of what to pass over, see :func:`library.walk.walk`. They replace
            those that a known folder has, if any are given.

    Yields:
        A step for every 500 files.

    Returns:
        What was found.

    Raises:
        LibraryError: One of the folders is not known and not there.
    """
    roots = [_add_root(engine, folder, excludes) for folder in folders]
    return (yield from _register(engine, roots))


def refresh(engine: Engine) -> Job[RegisterReport]:
    """Look at every folder of a library again; see :func:`register`."""
    with reading(engine) as session:
        roots = [
            _Root(root.id, root.path, root.excludes)
            for root in session.scalars(select(Root).order_by(Root.id))
        ]
    return (yield from _register(engine, roots))


def _add_root(engine: Engine, folder: Path, excludes: Sequence[str]) -> _Root:
    path = str(Path(os.path.expanduser(folder)).resolve())  # noqa: PTH111 - which never raises
    with writing(engine) as session:
        root = session.scalar(select(Root).where(Root.path == path))
        if root is None:
            if not os.path.isdir(path):  # noqa: PTH112 - nor does this
                raise LibraryError(
                    f"{displayable(path)} is not a folder", "name the folder that holds the sounds"
                )
            root = Root(path=path, excludes=list(excludes))
            session.add(root)
        elif excludes:
            root.excludes = list(excludes)
        session.flush()
        return _Root(root.id, root.path, root.excludes)


def _register(engine: Engine, roots: Sequence[_Root]) -> Job[RegisterReport]:
    counts = dict.fromkeys(("new", "changed", "moved", "unchanged"), 0)
    seen: set[int] = set()
    done = 0
    for root in roots:
        yield Progress("listing", done, None, displayable(Path(root.path).name))
        files = walk(root.path, root.excludes)
        while batch := list(islice(files, _BATCH)):
            with writing(engine) as session:
                _list_batch(session, root, batch, seen, counts)
            done += len(batch)
            yield Progress("listing", done, None, displayable(Path(batch[-1].path).parent.name))
    missing = sum(_mark_missing(engine, root, seen) for root in roots)
    yield Progress("listing", done, done)
    return RegisterReport(missing=missing, **counts)


def _list_batch(
    session: Session,
    root: _Root,
    batch: Sequence[FoundFile],
    seen: set[int],
    counts: dict[str, int],
) -> None:
    """Bring the rows of some files up to date; ``seen`` and ``counts`` are added to."""
    statement = select(Sample.id, Sample.path, Sample.size, Sample.mtime_ns, Sample.missing).where(
        Sample.path.in_([file.path for file in batch])
    )
    known = {row.path: row for row in session.execute(statement)}
    new: list[FoundFile] = []
    changes: list[dict[str, Any]] = []
    for file in batch:
        row = known.get(file.path)
        if row is None:
            new.append(file)
        elif row.id not in seen:  # two roots may reach the same file
            seen.add(row.id)
            same = (row.size, row.mtime_ns) == (file.size, file.mtime_ns)
            counts["unchanged" if same else "changed"] += 1
            if not same:
                changes.append({"id": row.id, **_as_listed(file)})
            elif row.missing:
                changes.append({"id": row.id, "missing": False})
    moves = moved_from(session, new, seen)
    for file in new:
        if file.path in moves:
            sample_id = moves[file.path]
            seen.add(sample_id)
            lies = {**_place(root, file), **where_it_lies(category_in_root(root.path, file.path))}
            changes.append({"id": sample_id, "missing": False, **lies})
    added = [
        {"added_at": now(), **_as_listed(file), **_place(root, file), **_category(root, file)}
        for file in new
        if file.path not in moves
    ]
    counts["moved"] += len(moves)
    counts["new"] += len(added)
    for change in changes:
        sample_id = change.pop("id")
        session.execute(update(Sample).where(Sample.id == sample_id).values(**change))
    if added:
        session.execute(insert(Sample), added)
        paths = [row["path"] for row in added]
        seen.update(session.scalars(select(Sample.id).where(Sample.path.in_(paths))))


def _as_listed(file: FoundFile) -> dict[str, Any]:
    """Return the columns of a file that waits for analysis."""
    return {
        "size": file.size,
        "mtime_ns": file.mtime_ns,
        "state": LISTED,
        "reason": "",
        "note": "",
        "missing": False,
    }


def _place(root: _Root, file: FoundFile) -> dict[str, Any]:
    """Return the columns that follow from where a file lies."""
    path = Path(file.path)
    inside = path.relative_to(root.path)
    name = displayable(path.name)
    folder = displayable((Path(Path(root.path).name) / inside.parent).as_posix())
    return {
        "root_id": root.id,
        "path": file.path,
        "size": file.size,
        "mtime_ns": file.mtime_ns,
        "name": name,
        "folder": folder,
        "search_text": folded(f"{folder}\n{name}"),
    }


def _category(root: _Root, file: FoundFile) -> dict[str, Any]:
    """Return the columns of a new file's category."""
    category, source = category_in_root(root.path, file.path)
    return {"category": category, "category_source": source}


def _mark_missing(engine: Engine, root: _Root, seen: set[int]) -> int:
    """Mark the samples of a root that were not seen; return how many there are."""
    with writing(engine) as session:
        rows = session.execute(
            select(Sample.id, Sample.missing).where(Sample.root_id == root.id)
        ).all()
        gone = [row for row in rows if row.id not in seen]
        newly = [row.id for row in gone if not row.missing]
        for start in range(0, len(newly), _BATCH):
            chunk = newly[start : start + _BATCH]
            session.execute(update(Sample).where(Sample.id.in_(chunk)).values(missing=True))
        return len(gone)
