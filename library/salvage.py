"""What the user said, read out of a damaged library as far as it can be read.

Nearly all of a library is what was made from sounds, and so is nearly all that a damage can meet.
That is made again by a scan, and not taken over: of a number nobody could tell whether it is right.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from library.database import SCHEMA_HEAD, open_database
from library.errors import LibraryError
from library.names import displayable
from library.orphans import delete_orphans
from library.tables import (
    Base,
    Codec,
    Collection,
    CollectionSample,
    Root,
    Sample,
    SamplePair,
    SampleTag,
    SavedSearch,
    Setting,
    Space,
    Tag,
    Take,
    TakeParent,
    WordExample,
)

_SAID: tuple[type[Base], ...] = (
    Root, Sample, Tag, SampleTag, SamplePair, WordExample, Collection, CollectionSample,
    SavedSearch, Codec, Space, Take, TakeParent, Setting,
)  # fmt: skip


_USERS_OWN = (
    "SELECT count(*) FROM sample_tag",
    "SELECT count(*) FROM sample WHERE rating IS NOT NULL",
    "SELECT count(*) FROM sample WHERE tempo_source = 'user'",
    "SELECT count(*) FROM sample WHERE key_source = 'user'",
    "SELECT count(*) FROM sample_pair",
    "SELECT count(*) FROM word_example",
    "SELECT count(*) FROM sample WHERE used_at IS NOT NULL",
    "SELECT count(*) FROM collection_sample",
    "SELECT count(*) FROM saved_search",
)


def salvage(path: Path, target: Path) -> tuple[int, bool]:
    """Write a new library of what can be read of a damaged one, of whichever revision.

    Args:
        path: The damaged library; it is only read.
        target: A file that is not there.

    Returns:
        How many samples could be read, and whether nothing is known to be lost of the tables that
        are taken over.

    Raises:
        LibraryError: The disk refuses, or the library was made by a newer version.
    """
    open_database(target).dispose()
    whole = True
    try:
        with (
            closing(sqlite3.connect(path)) as damaged,
            closing(sqlite3.connect(target, isolation_level=None)) as kept,
        ):
            _check_age(damaged)
            kept.execute("PRAGMA foreign_keys = OFF")
            kept.execute("BEGIN")
            for table in _SAID:
                whole = _copied(damaged, kept, table.__tablename__) and whole
            whole = delete_orphans(kept) == 0 and whole
            (samples,) = kept.execute("SELECT count(*) FROM sample").fetchone()
            kept.execute("COMMIT")
            kept.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:  # of writing: what cannot be read raises nothing
        raise LibraryError(
            f"what can be read of the library cannot be kept ({error})",
            f"make room in {displayable(str(target.parent))}; the library is as it was",
        ) from error
    return int(samples), whole


def said(path: Path) -> tuple[int, int]:
    """Return how many things the user said in a library, and how many samples it has.

    Args:
        path: A library that can be read; an older one may lack some of the tables.
    """
    with closing(sqlite3.connect(path)) as library:
        own = sum(_count(library, query) for query in _USERS_OWN)
        return own, _count(library, "SELECT count(*) FROM sample")


def _count(library: sqlite3.Connection, query: str) -> int:
    with suppress(sqlite3.DatabaseError):
        return int(library.execute(query).fetchone()[0])
    return 0


def _check_age(damaged: sqlite3.Connection) -> None:
    """Refuse a library with tables and columns that only a newer version knows."""
    for row in _readable(damaged, "SELECT version_num FROM alembic_version"):
        revision = "" if row is None else str(row[0])
        if revision.isdecimal() and revision > SCHEMA_HEAD:
            raise LibraryError("the library was made by a newer version", "update latentcrate")


def _copied(damaged: sqlite3.Connection, kept: sqlite3.Connection, table: str) -> bool:
    """Copy the rows of a table from both its ends; return whether none is known to be lost."""
    theirs = list(_readable(damaged, f"PRAGMA table_info({table})"))
    if None in theirs:
        return False
    known = {column[1] for column in theirs if column is not None}
    ours = [column[1] for column in kept.execute(f"PRAGMA table_info({table})")]
    columns = [column for column in ours if column in known]
    if not columns:
        return True  # an older library has fewer tables
    names = ", ".join(columns)
    insert = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"
    for order in ("ASC", "DESC"):
        whole, before = True, None
        # By the order of the table itself: an index may be damaged, too.
        query = f"SELECT rowid, {names} FROM {table} ORDER BY rowid {order}"
        for row in _readable(damaged, query):
            if row is None:
                break
            # A page in the place of another gives its rows twice, and those of the other never.
            inserted = kept.execute(insert, row[1:]).rowcount == 1
            whole = whole and inserted and (before is None or row[0] > before)
            before = row[0]
        else:
            return whole and order == "ASC"
    return False


def _readable(damaged: sqlite3.Connection, query: str) -> Iterator[tuple[Any, ...] | None]:
    """Give rows as far as they can be read, and None in the place of those that cannot."""
    try:
        yield from damaged.execute(query)
    except sqlite3.DatabaseError:
        yield None
