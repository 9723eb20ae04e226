"""Rows that belong to nothing: SQLite lets no program of ours write one, but others can."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, text

from library.backups import back_up
from library.database import SCHEMA_HEAD, reading
from library.errors import LibraryError
from library.names import displayable
from library.tables import now


def count_orphans(engine: Engine) -> int:
    """Return how many references of rows lead nowhere."""
    with reading(engine) as session:
        return len(session.execute(text("PRAGMA foreign_key_check")).all())


def remove_orphans(path: Path) -> Path:
    """Delete the rows that belong to nothing, after a copy of the library, as their tables say.

    Where a table says that a reference may be empty, the row stays without it; see
    `delete_orphans`.

    Returns:
        The copy.

    Raises:
        LibraryError: The disk refuses, or another program writes.
    """
    copy = back_up(path, SCHEMA_HEAD)
    try:
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as library:
            library.execute("BEGIN IMMEDIATE")
            delete_orphans(library)
            library.execute("COMMIT")
    except sqlite3.Error as error:
        raise LibraryError(
            f"rows that belong to nothing cannot be deleted ({error})", f"a copy lies at {copy}"
        ) from error
    return copy


def delete_orphans(library: sqlite3.Connection) -> int:
    """Delete the rows that belong to nothing, in the transaction that a connection is in.

    A root that is lacking is made again, as with it would go all that was said of its samples.

    Returns:
        How many rows were made, emptied of a reference, or deleted.
    """
    count = _make_roots_again(library)
    while found := library.execute("PRAGMA foreign_key_check").fetchall():
        count += len(found)
        for table, row, _, key in found:
            keys = library.execute(f'PRAGMA foreign_key_list("{table}")').fetchall()
            column, on_delete = next((k[3], k[6]) for k in keys if k[0] == key)
            if on_delete == "SET NULL":
                library.execute(f'UPDATE "{table}" SET "{column}" = NULL WHERE rowid = ?', (row,))
            else:
                library.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (row,))
    return count


def _make_roots_again(library: sqlite3.Connection) -> int:
    """Make the roots that samples name and that are lacking; return how many those are."""
    told: defaultdict[int, Counter[bytes]] = defaultdict(Counter)
    for root_id, path, folder in library.execute(
        "SELECT root_id, path, folder FROM sample WHERE root_id NOT IN (SELECT id FROM root)"
    ):
        if isinstance(root_id, int) and isinstance(path, bytes) and isinstance(folder, str):
            told[root_id][os.fsencode(_root_of(os.fsdecode(path), folder))] += 1
    for root_id, roots in told.items():
        # A row that is odd must not make all of a disk a root.
        ((root, _),) = roots.most_common(1)
        there = library.execute("SELECT id FROM root WHERE path = ?", (root,)).fetchone()
        if there:
            library.execute("UPDATE sample SET root_id = ? WHERE root_id = ?", (*there, root_id))
        else:
            library.execute(
                "INSERT INTO root (id, path, excludes, added_at) VALUES (?, ?, '[]', ?)",
                (root_id, root, f"{now():%Y-%m-%d %H:%M:%S.%f}"),
            )
    return len(told)


def _root_of(path: str, folder: str) -> str:
    """Return of which root a sample is: its `folder` is the root's name and what is below it.

    Where that does not fit its path, the folder of the file.
    """
    above = Path(path).parent
    names = folder.split("/")
    root = above
    for _ in names[1:]:
        root = root.parent
    return str(root if displayable(root.name) == names[0] else above)
