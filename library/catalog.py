"""The catalogue: samples found and shown."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, Row, Select, func, select
from sqlalchemy.orm import Session

from library.database import reading
from library.descriptors import DESCRIPTORS
from library.errors import LibraryError, QueryError
from library.musical_key import KEYS
from library.names import displayable
from library.query import Query, parse
from library.query_terms import folded
from library.tables import (
    ANALYSED,
    FAILED,
    LISTED,
    Collection,
    Descriptor,
    Root,
    Sample,
    SampleTag,
    Tag,
)

Ids = Sequence[int] | NDArray[np.int64]

_CHUNK = 500  # SQLite bounds the parameters of a statement
_COLUMNS = (
    "id",
    "path",
    "name",
    "folder",
    "state",
    "reason",
    "note",
    "missing",
    "duration",
    "sample_rate",
    "channels",
    "format",
    "category",
    "rating",
    "category_source",
    "category_probability",
    "added_at",
    "tempo",
    "tempo_source",
    "key",
    "key_source",
    "used",
)
_ATTRIBUTES = tuple(fact.name for fact in DESCRIPTORS)
_SHOWN: tuple[Any, ...] = (
    *(getattr(Sample, name) for name in _COLUMNS[:-1]),
    Sample.used_at.is_not(None),
    *(getattr(Descriptor, name) for name in _ATTRIBUTES),
)
_FACTS = select(*_SHOWN).outerjoin(Descriptor, Descriptor.sample_id == Sample.id)


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A sample, as the front ends see it.

    Attributes:
        id: Its number in the library.
        path: Where it lies.
        name: The file's name, safe to show.
        folder: Its folder from the name of the root on, safe to show.
        state: ``listed``, ``analysed`` or ``failed``.
        reason: Why it failed.
        note: What was odd about it.
        missing: True when the file was not there at the last scan.
        duration: Seconds; None until analysed, as all that follows but the category.
        sample_rate: Hz.
        channels: How many.
        format: Container and coding, such as ``WAV PCM_24``.
        category: The kind that it is of.
        rating: 1 to 5.
        tags: The user's words, sorted.
        attributes: The descriptors by name.
        category_source: Who says of what category it is: ``user``, ``name``, ``folder``, ``sound``.
        category_probability: How sure the sound is of it, in [0, 1]; None where another says it.
        added_at: When the library first saw it.
        tempo: Beats a minute; None of what is no loop.
        tempo_source: Who says so: ``user``, ``name``, ``chunk``, which is the file, or ``sound``.
        key: Such as ``Am`` or ``F#``, with sharps.
        key_source: Who says so, as of the tempo.
        used: Whether the user said that it is used in a piece.
    """

    id: int
    path: Path
    name: str
    folder: str
    state: str
    reason: str
    note: str
    missing: bool
    duration: float | None
    sample_rate: int | None
    channels: int | None
    format: str | None
    category: str | None
    rating: int | None
    tags: tuple[str, ...]
    attributes: dict[str, float | None]
    category_source: str | None = None
    category_probability: float | None = None
    added_at: datetime | None = None
    tempo: float | None = None
    tempo_source: str | None = None
    key: str | None = None
    key_source: str | None = None
    used: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """What is in a library.

    Attributes:
        samples: How many samples, those missing among them.
        listed: How many wait for analysis.
        analysed: How many are analysed.
        failed: Those that cannot be decoded: path and reason.
        missing: How many files were not there at the last scan.
        roots: The folders that the user added.
        duration: Seconds of all analysed samples together.
        tags: How many samples have each word.
    """

    samples: int
    listed: int
    analysed: int
    failed: tuple[tuple[Path, str], ...]
    missing: int
    roots: tuple[Path, ...]
    duration: float
    tags: dict[str, int]


def ids(engine: Engine, query: str = "") -> NDArray[np.int64]:
    """Return the ids of the samples that a query selects, in its order, int64, shape (n,).

    Raises:
        QueryError: The query is wrong.
    """
    with reading(engine) as session:
        return all_numbers(session, _understood(session, query).selection())


def id_set(engine: Engine, query: str = "") -> NDArray[np.int64]:
    """Return the ids of the samples that a query selects, in no order, int64, shape (n,).

    Half a million take a tenth of a second, and three where they must be in order.

    Raises:
        QueryError: The query is wrong.
    """
    with reading(engine) as session:
        return all_numbers(session, _understood(session, query).selection().order_by(None))


def scope(engine: Engine, query: str) -> NDArray[np.int64] | None:
    """Return the ids to which a query narrows a search, in no order; None for all samples."""
    # A query leaves out what is missing, and so does no query.
    everything = not query.strip() and not len(id_set(engine, "is:missing"))
    return None if everything else id_set(engine, query)


def check(engine: Engine, query: str) -> None:
    """Check a query, and select nothing.

    Raises:
        QueryError: The query is wrong.
    """
    with reading(engine) as session:
        _understood(session, query)


def _understood(session: Session, query: str) -> Query:
    """Return a query whose collections are all there."""
    understood = parse(query)
    for name in understood.collections:
        if not session.scalar(select(Collection.id).where(Collection.folded == folded(name))):
            names = session.scalars(select(Collection.name).order_by(Collection.folded).limit(9))
            shown = ", ".join(f'in:"{each}"' if " " in each else f"in:{each}" for each in names)
            hint = f"use {shown}" if shown else "crate collect makes one"
            raise QueryError(f"there is no collection {displayable(name)}", hint)
    return understood


def rows(engine: Engine, sample_ids: Ids) -> list[SampleRow]:
    """Return samples in the order of their ids; an id that is not there is left out."""
    wanted = [int(i) for i in sample_ids]
    found: dict[int, SampleRow] = {}
    with reading(engine) as session:
        for chunk in chunks(wanted):
            tags: dict[int, list[str]] = defaultdict(list)
            words = (
                select(SampleTag.sample_id, Tag.word)
                .join(Tag, Tag.id == SampleTag.tag_id)
                .where(SampleTag.sample_id.in_(chunk))
                .order_by(Tag.word)
            )
            for sample_id, word in session.execute(words):
                tags[sample_id].append(word)
            for row in session.execute(_FACTS.where(Sample.id.in_(chunk))):
                found[row[0]] = _row(row, tuple(tags.get(row[0], ())))
    return [found[i] for i in wanted if i in found]


def find(engine: Engine, sound: str) -> SampleRow:
    """Return the sample of an id or a path.

    Args:
        engine: The library.
        sound: A number, or a path, which may be relative.

    Raises:
        LibraryError: The library has no such sample.
    """
    with reading(engine) as session:
        found = None
        if sound.isascii() and sound.isdecimal() and len(sound) < 19:
            found = session.scalar(select(Sample.id).where(Sample.id == int(sound)))
        if found is None:
            # The path as it is written comes first: a sample may be reached through a link.
            absolute = Path(os.path.expanduser(sound)).absolute()  # noqa: PTH111 - which never raises
            paths = {str(absolute), str(absolute.resolve())}
            found = session.scalar(select(Sample.id).where(Sample.path.in_(paths)))
    if found is None:
        raise LibraryError(
            f"there is no sample {displayable(sound)} in the library",
            "give an id or a path that crate ls shows, or add its folder with crate add",
        )
    return rows(engine, [found])[0]


def status(engine: Engine) -> Status:
    """Return what is in the library."""
    with reading(engine) as session:
        by_state = session.execute(
            select(Sample.state, func.count(), func.total(Sample.duration)).group_by(Sample.state)
        ).all()
        states = {state: count for state, count, _ in by_state}
        failed = session.execute(
            select(Sample.path, Sample.reason).where(Sample.state == FAILED).order_by(Sample.path)
        )
        words = session.execute(
            select(Tag.word, func.count())
            .join(SampleTag, SampleTag.tag_id == Tag.id)
            .group_by(Tag.word)
            .order_by(Tag.word)
        )
        return Status(
            samples=sum(states.values()),
            listed=states.get(LISTED, 0),
            analysed=states.get(ANALYSED, 0),
            failed=tuple((Path(path), reason) for path, reason in failed),
            missing=_count_missing(session),
            roots=tuple(Path(p) for p in session.scalars(select(Root.path).order_by(Root.id))),
            duration=sum(seconds for _, _, seconds in by_state),
            tags=dict(words.all()),
        )


def _count_missing(session: Session) -> int:
    count = session.scalar(select(func.count()).where(Sample.missing.is_(True)))
    return count or 0


def all_numbers(session: Session, statement: Select[int]) -> NDArray[np.int64]:
    """Return the one column that a statement selects, in its order, int64, shape (n,)."""
    column = statement.subquery().c[0]
    # As one text, since a row for each number takes times as long. For group_concat SQLite keeps
    # the order of a subquery: https://sqlite.org/optoverview.html, "omit ORDER BY on subqueries".
    text = session.scalar(select(func.group_concat(column)))
    return np.fromstring(text or "", np.int64, sep=",")


def chunks(wanted: Ids) -> Iterator[list[int]]:
    """Cut ids into lists that one statement may name."""
    wanted = [int(i) for i in wanted]
    for start in range(0, len(wanted), _CHUNK):
        yield wanted[start : start + _CHUNK]


def _row(row: Row[Any], tags: tuple[str, ...]) -> SampleRow:
    facts = dict(zip(_COLUMNS, row, strict=False))
    facts["path"] = Path(facts["path"])
    facts["key"] = None if facts["key"] is None else KEYS[facts["key"]]
    attributes = dict(zip(_ATTRIBUTES, row[len(_COLUMNS) :], strict=True))
    return SampleRow(**facts, tags=tags, attributes=attributes)
