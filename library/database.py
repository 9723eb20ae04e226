"""Opening a library file: its settings, its schema, the backup before a change."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from library.errors import LibraryError
from library.locations import library_folder
from library.names import displayable
from library.tables import now

SCHEMA_HEAD = "0009"
"""The revision of the newest migration; an older library is brought up to it on opening."""

_MAGIC = b"SQLite format 3\0"
_BUSY_MS = 30_000


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
            "check the file and its folder, or name another with --library",
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
            f"cannot read the library ({error.orig})", "crate doctor tells more"
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
            "close what else uses it, or make room on its disk",
        ) from error


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
    if head and head != _MAGIC:
        raise LibraryError(f"{shown} is not a library", "name another with --library")


def _engine(path: Path, *, foreign_keys: bool, lasting: bool = True) -> Engine:
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url) if lasting else create_engine(url, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def configure(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # Left to itself, sqlite3 begins transactions late and none for DDL.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        kind = connection.get_execution_options().get("begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {kind}")

    return engine


def _stored_revision(engine: Engine, shown: str) -> str | None:
    """Return the schema revision of a library; None for a file without any table."""
    with engine.connect() as connection:
        try:
            revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
            return str(revision.scalar_one())
        except (exc.OperationalError, exc.NoResultFound) as error:
            count = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
            if count:
                raise LibraryError(
                    f"{shown} is a database of another program", "name another with --library"
                ) from error
            return None


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
        _back_up(path, revision)
    # Rebuilding a table drops it, which with foreign keys on would delete the rows below it.
    engine = _engine(path, foreign_keys=False, lasting=False)
    with engine.execution_options(begin="IMMEDIATE").connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, SCHEMA_HEAD)


def _back_up(path: Path, revision: str) -> Path:
    """Copy a library, also one in use, into its folder of backups."""
    folder = library_folder(path) / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / f"{path.stem}-{revision}-{now():%Y%m%dT%H%M%S%f}.sqlite"
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy
