"""Opening a library file: its settings, its schema, the backup before a change."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from library.backups import back_up, backups_folder
from library.errors import LibraryError
from library.names import displayable

SCHEMA_HEAD = "0013"
"""The revision of the newest migration; an older library is brought up to it on opening."""

_MAGIC = b"SQLite format 3\0"
_BUSY_MS = 30_000
_AGAIN_S = 0.01
# After a long reader, the log is cut back to this: SQLite itself would leave it as it is.
_LOG_BYTES = 2**24

_FILE = "the file that was opened"
_DAMAGED = "crate doctor --mend puts what can be read of it, or its newest copy, in its place"
_ADVICE = {
    sqlite3.SQLITE_BUSY: "another program writes to it: wait until it is done, or close it",
    sqlite3.SQLITE_LOCKED: "another program writes to it: wait until it is done, or close it",
    sqlite3.SQLITE_FULL: "make room on its disk; what was written before is kept",
    sqlite3.SQLITE_IOERR: "check its disk, and make room on it; what was written before is kept",
    sqlite3.SQLITE_READONLY: "you may not write to it, to its folder, or to what lies beside it",
    sqlite3.SQLITE_CANTOPEN: "you may not write to it, to its folder, or to what lies beside it",
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
}
"""What to do, by what SQLite says is wrong."""


def open_database(path: Path) -> Engine:
    """Open a library, making it or bringing it up to date first where needed.

    Args:
        path: The library file; it and its folder are made when they are not there.

    Returns:
        An engine with foreign keys enforced, in write-ahead mode.

    Raises:
        LibraryError: The file is something else, is newer than this program, or the disk
            refuses.
    """
    shown = displayable(str(path))
    _check_kind(path, shown)
    engine = _engine(path, foreign_keys=True)
    try:
        revision = _stored_revision(engine, shown)
        if revision != SCHEMA_HEAD:
            _upgrade(path, revision, shown)
    except exc.DatabaseError as error:
        engine.dispose()
        raise LibraryError(
            f"cannot open the library {shown} ({error.orig})",
            _advice(error, "check the file and its folder, or name another with --library"),
        ) from error
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Give a session that sees one state of the library."""
    try:
        with Session(engine) as session:
            yield session
    except exc.DatabaseError as error:
        raise LibraryError(
            f"cannot read the library ({error.orig})", _advice(error, "crate doctor tells more")
        ) from error


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """Give a session that holds the write lock from its start and commits at its end.

    A transaction that reads first and writes later could otherwise fail when another process
    wrote in between.
    """
    locking = engine.execution_options(begin="IMMEDIATE")
    try:
        with Session(locking) as session, session.begin():
            yield session
    except exc.DatabaseError as error:  # a full disk, a lock held too long, a damaged page
        raise LibraryError(
            f"cannot write to the library ({error.orig})",
            _advice(error, "close what else uses it, or make room on its disk"),
        ) from error


def _advice(error: exc.DatabaseError, otherwise: str) -> str:
    """Return what to do about an error; its lowest byte is the kind."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return otherwise if code is None else _ADVICE.get(code & 0xFF, otherwise)


def _check_kind(path: Path, shown: str) -> None:
    """Refuse what is no database, and make the folder for a new one."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            return
        with path.open("rb") as file:
            head = file.read(len(_MAGIC))
    except OSError as error:
        raise LibraryError(
            f"cannot open the library {shown} ({error.strerror})", "name another with --library"
        ) from error
    if not head and backups_folder(path).exists():
        raise LibraryError(
            f"the library {shown} is empty, though it was in use",
            "crate doctor --mend puts its newest copy in its place; or delete it to begin anew",
        )
    if head and head != _MAGIC:
        raise LibraryError(f"{shown} is not a library", "name another with --library")


def _engine(path: Path, *, foreign_keys: bool, lasting: bool = True) -> Engine:
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url) if lasting else create_engine(url, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def configure(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        # Left to itself, sqlite3 begins transactions late and none for DDL.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        _log_ahead(cursor)
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute(f"PRAGMA journal_size_limit = {_LOG_BYTES}")
        cursor.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        cursor.close()
        entry.info[_FILE] = _identity(path)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        kind = connection.get_execution_options().get("begin", "DEFERRED")
        # What is written to a file that has no name any more is lost when it is closed.
        if kind == "IMMEDIATE" and connection.info.get(_FILE) != _identity(path):
            raise LibraryError(
                "the library file was moved or deleted while it was open, and nothing is written",
                f"put it back, or open another: {displayable(str(path))}",
            )
        connection.exec_driver_sql(f"BEGIN {kind}")

    return engine


def _log_ahead(cursor: DBAPICursor) -> None:
    """Put a library into write-ahead mode.

    Where several make one library at once, SQLite refuses all but one at once: it does not wait
    where two readers that both want to write would wait for each other.
    """
    deadline = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > deadline:
                raise
        time.sleep(_AGAIN_S)


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another that has got its name; None where none is there."""
    try:
        found = os.stat(path)  # noqa: PTH116 - the system's own, for every write
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _stored_revision(engine: Engine, shown: str) -> str | None:
    """Return the schema revision of a library; None for a file without any table."""
    with engine.connect() as connection:
        # Counted first: what follows then sees the same state, whoever makes the tables meanwhile.
        if not connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one():
            return None
        try:
            revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
            return str(revision.scalar_one())
        except (exc.OperationalError, exc.NoResultFound) as error:
            raise LibraryError(
                f"{shown} is a database of another program", "name another with --library"
            ) from error


def _upgrade(path: Path, revision: str | None, shown: str) -> None:
    """Run the migrations, all in one transaction, after a copy of what is there."""
    from alembic import command
    from alembic.script import ScriptDirectory

    from migrations.configuration import configuration

    config = configuration()
    if revision is not None:
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if revision not in known:
            raise LibraryError(
                f"the library {shown} was made by a newer version", "update latentcrate"
            )
        back_up(path, revision)
    # Rebuilding a table drops it, which with foreign keys on would delete the rows below it.
    engine = _engine(path, foreign_keys=False, lasting=False)
    with engine.execution_options(begin="IMMEDIATE").connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, SCHEMA_HEAD)
