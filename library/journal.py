"""The journal: what the user says is written down as it is said, and can be taken back.

An entry holds the rows that changed as they were and as they became, not what was asked: to take
back the tagging of a sample that had the tag leaves it there. It lies in the library, so a restart
forgets nothing. Triggers that last for one transaction write it, so no verb can leave a row out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.orm import Session

from library.database import reading, writing
from library.journal_kinds import KEEP, LISTEN, STOP_LISTENING, restoring
from library.tables import JournalEntry, JournalRow, now

MOST_ENTRIES = 500
"""The newest entries that are kept."""

MOST_ROWS = 1_000_000
"""Rows that the entries may hold together, at about 100 bytes each; the newest may hold more."""

_ENTER = "INSERT INTO journal_entry (made_at, about, size) VALUES (?, '', 0)"
_SAMPLES = """
SELECT count(*), min(name) FROM sample WHERE id IN (
    SELECT sample_id FROM journal_row WHERE entry_id = ?
    UNION SELECT other_id FROM journal_row WHERE entry_id = ?
)"""
_FORGET_OLDEST = """
DELETE FROM journal_entry WHERE id IN (
    SELECT id FROM (
        SELECT id, row_number() OVER newest_first AS place, sum(size) OVER newest_first AS rows
        FROM journal_entry WINDOW newest_first AS (ORDER BY id DESC)
    ) WHERE place > 1 AND (place > ? OR rows > ?)
)"""
_RESTORING = {state: tuple(restoring(state)) for state in ("before", "after")}


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of the journal.

    Attributes:
        id: Its number, rising.
        made_at: When it was said.
        about: What was said, in a short line.
        undone: Whether it was taken back, and can be done again.
    """

    id: int
    made_at: datetime
    about: str
    undone: bool


@dataclass(frozen=True, slots=True)
class Retraced:
    """What was taken back, or done again.

    Attributes:
        about: What had been said, in a short line.
        kinds: What the rows are about, of :data:`library.journal_kinds.KINDS`.
    """

    about: str
    kinds: frozenset[str]


@contextmanager
def changing(engine: Engine, about: Callable[[str], str]) -> Iterator[Session]:
    """Give a session as `writing` does, and keep in the journal what it changed, if anything.

    Args:
        engine: The library.
        about: Makes a short line of the samples that changed, named as "kick.wav" or "12 samples".
    """
    with writing(engine) as session:
        cursor = session.connection().connection.cursor()
        for statement in LISTEN:
            cursor.execute(statement)
        yield session
        session.flush()
        _keep(cursor, about)
        for statement in STOP_LISTENING:
            cursor.execute(statement)
        cursor.close()


def undo(engine: Engine) -> Retraced | None:
    """Take back what was said last; return what it was, None where there is nothing.

    A sample that has gone since is passed over.
    """
    return _retrace(engine, "before")


def redo(engine: Engine) -> Retraced | None:
    """Do again what was taken back last; return what it was, None where there is nothing."""
    return _retrace(engine, "after")


def history(engine: Engine) -> list[Change]:
    """Return what was said, the newest first."""
    columns = (JournalEntry.id, JournalEntry.made_at, JournalEntry.about, JournalEntry.undone)
    with reading(engine) as session:
        rows = session.execute(select(*columns).order_by(JournalEntry.id.desc()))
        return [Change(*row) for row in rows]


def _keep(cursor: DBAPICursor, about: Callable[[str], str]) -> None:
    # Each key of the user's comes through here, so past what SQLAlchemy does for a statement.
    cursor.execute(_ENTER, (f"{now():%Y-%m-%d %H:%M:%S.%f}",))
    entry = cursor.lastrowid
    cursor.execute(KEEP, (entry,))
    size = cursor.rowcount
    if not size:
        cursor.execute("DELETE FROM journal_entry WHERE id = ?", (entry,))
        return
    cursor.execute(_SAMPLES, (entry, entry))
    count, name = cursor.fetchone() or (0, "")
    line = about(name if count == 1 else f"{count:,} samples")
    cursor.execute("UPDATE journal_entry SET about = ?, size = ? WHERE id = ?", (line, size, entry))
    # What was taken back before cannot be said again over what is said now.
    cursor.execute("DELETE FROM journal_entry WHERE undone")
    cursor.execute(_FORGET_OLDEST, (MOST_ENTRIES, MOST_ROWS))


def _retrace(engine: Engine, state: str) -> Retraced | None:
    back = state == "before"
    order = JournalEntry.id.desc() if back else JournalEntry.id.asc()
    entries = select(JournalEntry).where(JournalEntry.undone.is_(not back)).order_by(order)
    with writing(engine) as session:
        while (entry := session.scalars(entries.limit(1)).first()) is not None:
            kinds = session.scalars(
                select(JournalRow.kind).where(JournalRow.entry_id == entry.id).distinct()
            ).all()
            if not kinds:  # all its samples are gone
                session.delete(entry)
                continue
            run = session.connection().exec_driver_sql
            for kind, statement in _RESTORING[state]:
                if kind in kinds:
                    run(statement, (entry.id,))
            entry.undone = back
            return Retraced(entry.about, frozenset(kinds))
    return None
