"""Copies of a library: made before an upgrade, and put back where the library is damaged.

A copy is never deleted, and nor is a damaged library: both are the user's only way back.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from library.errors import LibraryError
from library.kept_files import into_place, keeping
from library.locations import library_folder
from library.names import displayable
from library.tables import now


def backups_folder(path: Path) -> Path:
    """Return where the copies of a library lie. It need not exist."""
    return library_folder(path) / "backups"


def back_up(path: Path, revision: str) -> Path:
    """Copy a library, also one in use, into its folder of backups, whole or not at all.

    Args:
        path: The library.
        revision: Of its schema.

    Raises:
        LibraryError: The disk refuses, or the library cannot be read to its end.
    """
    folder = backups_folder(path)
    copy = folder / f"{path.stem}-{revision}-{now():%Y%m%dT%H%M%S%f}.sqlite"
    try:
        with keeping(folder, "a copy of the library") as part:
            _copy(path, part)
            into_place(part, copy)
    except sqlite3.Error as error:
        raise LibraryError(
            f"the library cannot be copied before it is brought up to date ({error})",
            f"make room in {displayable(str(folder))}; it is as it was",
        ) from error
    return copy


def _copy(path: Path, target: Path) -> None:
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as made:
        source.backup(made)
        # A copy must not need files beside it.
        made.execute("PRAGMA journal_mode = DELETE")


def copies(path: Path) -> list[Path]:
    """Return the copies that `back_up` made of a library, the newest first."""
    # Of a file that a user has put there, nobody knows what it is and how old.
    ours = re.compile(rf"{re.escape(path.stem)}-\w+-\d{{8}}T\d{{12}}\.sqlite")
    found = []
    with suppress(OSError):
        found = [each for each in backups_folder(path).iterdir() if ours.fullmatch(each.name)]
    # The name ends with when it was made.
    return sorted(found, key=lambda each: each.stem.rpartition("-")[2], reverse=True)


def identity(path: Path) -> tuple[int, int]:
    """Return what tells a library from another that has taken its place.

    Its size would not: SQLite itself changes it, where it takes over the log of a program that was
    killed.

    Raises:
        OSError: It is not there.
    """
    found = path.stat()
    return found.st_dev, found.st_ino


def damage(path: Path) -> str:
    """Return what SQLite finds wrong with a library; empty where it finds nothing.

    Looks at every page: a large library takes a while.

    Raises:
        LibraryError: It cannot be looked at, because of a lock or of rights.
    """
    try:
        if not path.stat().st_size:
            return "it is empty"
        with closing(sqlite3.connect(path)) as database:
            found = database.execute("PRAGMA quick_check(1)").fetchone()[0]
            database.execute("SELECT version_num FROM alembic_version").fetchone()
    except (OSError, sqlite3.OperationalError) as error:
        raise LibraryError(
            f"{displayable(path.name)} cannot be looked at ({error})",
            "close what else uses it, and check your rights to it",
        ) from error
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if found == "ok" else str(found).splitlines()[-1]


def newest_good(path: Path) -> Path | None:
    """Return the newest copy of a library that SQLite finds nothing wrong with."""
    for copy in copies(path):
        with suppress(LibraryError):
            if not damage(copy):
                return copy
    return None


def restore(path: Path, copy: Path, seen: tuple[int, int] | None = None) -> Path:
    """Put a copy in the place of a library; see `put_in_place`. The copy stays where it is."""
    try:
        with keeping(backups_folder(path), "the library") as part:
            _copy(copy, part)
            return put_in_place(path, part, seen)
    except sqlite3.Error as error:
        raise LibraryError(
            f"the copy {displayable(str(copy))} cannot be put back ({error})",
            f"make room in {displayable(str(path.parent))}",
        ) from error


def put_in_place(path: Path, part: Path, seen: tuple[int, int] | None = None) -> Path:
    """Put a database in the place of a library, which is moved aside with the files beside it.

    Args:
        path: The library. Nothing may have it open.
        part: The database, whole; it is moved.
        seen: The `identity` of the library that is to be replaced; None where any may be.

    Returns:
        Where the library lies now.

    Raises:
        LibraryError: Another program has put another library there meanwhile.
        OSError: The disk refuses.
    """
    if seen is not None and identity(path) != seen:
        raise LibraryError(
            f"{displayable(path.name)} was replaced by another program, and is left as it is",
            "crate doctor tells how it is now",
        )
    aside = path.with_name(f"{path.name}.damaged-{now():%Y%m%dT%H%M%S%f}")
    # At no moment is there no library: the next program would begin one anew.
    try:
        os.link(path, aside)
    except OSError:  # a disk without hard links
        shutil.copyfile(path, aside)
    # A log without its database is ignored; left where it is, it would be played into the new one.
    moved = []
    try:
        for ending in ("-wal", "-shm"):
            beside = path.with_name(path.name + ending)
            if beside.exists():
                moved.append((beside, beside.rename(aside.with_name(aside.name + ending))))
        into_place(part, path)
    except OSError:
        for beside, away in moved:
            away.rename(beside)
        aside.unlink()
        raise
    return aside
