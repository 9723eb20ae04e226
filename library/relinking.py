"""Relinking: samples whose files were moved, told by the user where they lie now.

A scan finds a file that was moved by itself, where its content says which one it is. This is for
what a scan cannot know: a tree that was copied and whose old place is gone, a disk that has another
name, a file of which there are several. No file is moved or written; only rows are.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Engine, Table, bindparam, case, delete, select, update
from sqlalchemy.orm import Session, aliased

from library.category import Told
from library.category_rows import where_it_lies
from library.content import content_hash
from library.database import reading, writing
from library.errors import LibraryError
from library.musical_rows import settle
from library.names import displayable
from library.progress import Job, Progress
from library.roots import add_root, as_spelled
from library.said import hand_over
from library.sample_rows import columns_of_place, lies_below
from library.tables import ANALYSED, Root, Sample

_BATCH = 500

_TABLE = cast(Table, Sample.__table__)


class Moved(NamedTuple):
    """A sample, where the library has it, and where its file lies now."""

    sample_id: int
    old: Path
    new: Path


@dataclass(frozen=True, slots=True)
class Relinking:
    """What there is to relink.

    Attributes:
        old: The folder or file as the library has it.
        new: The one that there is.
        found: Samples whose file is there.
        lacking: Samples whose file is not there.
        other: Samples in whose new place lies a file with another content.
        still_there: Samples whose file lies where the library has it; they stay.
    """

    old: Path
    new: Path
    found: tuple[Moved, ...]
    lacking: tuple[Path, ...]
    other: tuple[Path, ...]
    still_there: tuple[Path, ...]


def plan_relinking(engine: Engine, old: Path, new: Path) -> Job[Relinking]:
    """Return what can be relinked from one folder to another, or one file; a job that only reads.

    A file of the same name below the folder is the sample's if it has the same content. It is read
    only where size and time do not tell.

    Args:
        engine: The library.
        old: As the library has it; nothing need be there.
        new: Where that lies now.

    Raises:
        LibraryError: Nothing of the library lies at the old place, or nothing at all at the new.
    """
    before, after = os.path.abspath(old), os.path.abspath(new)
    if not os.path.exists(after):
        raise LibraryError(f"{displayable(after)} is not there", "name where the files lie now")
    if not _has_samples_at(engine, after):  # else the library has a spelling of its own for it
        after = as_spelled(os.path.realpath(after))
    rows = _samples_at(engine, before)
    if not rows:
        raise LibraryError(
            f"the library has nothing at {displayable(before)}", "crate status lists its folders"
        )
    found: list[Moved] = []
    lacking: list[Path] = []
    other: list[Path] = []
    still_there: list[Path] = []
    for done, row in enumerate(rows, start=1):
        path, place = row.path, _elsewhere(row.path, before, after)
        if path != place and os.path.lexists(path):
            still_there.append(Path(path))
        elif not os.path.isfile(place):
            lacking.append(Path(path))
        elif _is_file_of(row, place):
            found.append(Moved(row.id, Path(path), Path(place)))
        else:
            other.append(Path(path))
        if done % _BATCH == 0 or done == len(rows):
            yield Progress("comparing", done, len(rows), displayable(os.path.basename(path)))
    return Relinking(
        Path(before), Path(after), tuple(found), tuple(lacking), tuple(other), tuple(still_there)
    )


def _elsewhere(path: str, before: str, after: str) -> str:
    """Return where a path in one folder, or of one file, lies in another."""
    return after if path == before else os.path.join(after, path[len(os.path.join(before, "")) :])


class _Row(NamedTuple):
    id: int
    path: str
    size: int
    mtime_ns: int
    content_hash: str | None


def _at(path: str) -> ColumnElement[bool]:
    return (Sample.path == path) | lies_below(path)


def _has_samples_at(engine: Engine, path: str) -> bool:
    with reading(engine) as session:
        return session.scalar(select(Sample.id).where(_at(path)).limit(1)) is not None


def _samples_at(engine: Engine, path: str) -> list[_Row]:
    # Of a file that has changed since its analysis, the digest tells what it was.
    content = case((Sample.state == ANALYSED, Sample.content_hash))
    columns = (Sample.id, Sample.path, Sample.size, Sample.mtime_ns, content)
    with reading(engine) as session:
        return [_Row(*row) for row in session.execute(select(*columns).where(_at(path)))]


def _is_file_of(row: _Row, place: str) -> bool:
    try:
        facts = os.stat(place)
        if facts.st_size != row.size:
            return False
        if facts.st_mtime_ns == row.mtime_ns or row.content_hash is None:
            return True
        return content_hash(Path(place)) == row.content_hash
    except OSError:
        return False


def relink(engine: Engine, relinking: Relinking) -> Job[int]:
    """Give samples their files at the new place; a job. One that is stopped keeps what is done.

    A sample that the library already has at a new place gives what was said of it to the one that
    was missing, and goes.

    Args:
        engine: The library.
        relinking: What was planned.

    Returns:
        How many samples were relinked.
    """
    if not relinking.found:
        return 0
    with writing(engine) as session:
        _move_roots(session, relinking)
        roots = _roots(session)
    done = 0
    for start in range(0, len(relinking.found), _BATCH):
        batch = relinking.found[start : start + _BATCH]
        for each in batch:
            if _root_of(roots, str(each.new)) is None:
                folder = relinking.new if relinking.new.is_dir() else relinking.new.parent
                added = add_root(engine, folder, ())
                roots[added.path] = added.id
        with writing(engine) as session:
            done += _relink(session, batch, roots)
        yield Progress("relinking", start + len(batch), len(relinking.found))
    return done


def _move_roots(session: Session, relinking: Relinking) -> None:
    """Move the roots that lay in the old place, are there no more, and leave nothing behind."""
    old, new = str(relinking.old), str(relinking.new)
    left = [str(each) for each in (*relinking.lacking, *relinking.other, *relinking.still_there)]
    known = _roots(session)
    for path, root_id in known.items():
        below = os.path.join(path, "")
        if not (path == old or path.startswith(os.path.join(old, ""))):
            continue
        place = _elsewhere(path, old, new)
        if os.path.lexists(path) or not os.path.isdir(place):
            continue
        if any(each.startswith(below) for each in left):
            continue  # what it lacks may come back there
        if place not in known:
            session.execute(update(Root).where(Root.id == root_id).values(path=place))
        else:  # the library has the new place already: that root takes the samples
            there = update(Sample).where(Sample.root_id == root_id)
            session.execute(there.values(root_id=known[place]))
            session.execute(delete(Root).where(Root.id == root_id))


def _roots(session: Session) -> dict[str, int]:
    return dict(session.execute(select(Root.path, Root.id)).all())


def _root_of(roots: dict[str, int], path: str) -> tuple[str, int] | None:
    """Return the innermost root that a path lies in."""
    inside = [each for each in roots if path.startswith(os.path.join(each, ""))]
    if not inside:
        return None
    innermost = max(inside, key=len)
    return innermost, roots[innermost]


def _relink(session: Session, batch: Sequence[Moved], roots: dict[str, int]) -> int:
    """Move some rows; return how many were still as planned."""
    ids = [each.sample_id for each in batch]
    paths = dict(session.execute(select(Sample.id, Sample.path).where(Sample.id.in_(ids))).all())
    places = [str(each.new) for each in batch]
    taken = dict(
        session.execute(select(Sample.path, Sample.id).where(Sample.path.in_(places))).all()
    )
    changes: dict[Told, list[dict[str, Any]]] = defaultdict(list)
    for each in batch:
        place = str(each.new)
        root = _root_of(roots, place)
        if paths.get(each.sample_id) != str(each.old) or root is None:
            continue
        try:
            facts = os.stat(place)
        except OSError:
            continue
        there = taken.get(place, each.sample_id)
        if there != each.sample_id:
            hand_over(session, there, each.sample_id)
        name, folder, search_text, category, source = columns_of_place(root[0], place)
        changes[Told(category, source)].append(
            {
                "sample": each.sample_id,
                "root_id": root[1],
                "path": place,
                "name": name,
                "folder": folder,
                "search_text": search_text,
                "size": facts.st_size,
                "mtime_ns": facts.st_mtime_ns,
            }
        )
    for told, rows in changes.items():
        values: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "sample"}
        statement = update(_TABLE).where(_TABLE.c.id == bindparam("sample"))
        session.connection().execute(
            statement.values(missing=False, **values, **where_it_lies(told)), rows
        )
        settle(session, [row["sample"] for row in rows])
    return sum(map(len, changes.values()))


def doubtful(engine: Engine) -> list[tuple[Path, Path]]:
    """Return the samples that are missing, each with files that are there and hold the same.

    A scan makes such a file the sample's where there is no doubt; the rest is for the user to say.
    """
    lost, there = aliased(Sample), aliased(Sample)
    statement = (
        select(lost.path, there.path)
        .join(there, there.content_hash == lost.content_hash)
        .where(lost.missing.is_(True), there.missing.is_(False))
        .order_by(lost.path, there.path)
    )
    with reading(engine) as session:
        return [(Path(old), Path(new)) for old, new in session.execute(statement)]
