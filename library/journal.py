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

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from library.database import reading, writing
from library.journal_kinds import KEEP, LISTEN, STOP_LISTENING, restoring
from library.tables import JournalEntry, JournalRow, Sample

MOST_ENTRIES = 500
"""The newest entries that are kept."""

MOST_ROWS = 1_000_000
"""Rows that the entries may hold together, at about 100 bytes each; the newest may hold more."""

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
        _run(session, LISTEN)
        yield session
        session.flush()
        _keep(session, about)
        _run(session, STOP_LISTENING)


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


def _run(session: Session, statements: tuple[str, ...]) -> None:
    # Many small ones for each thing said, so past what SQLAlchemy does for each.
    cursor = session.connection().connection.cursor()
    for statement in statements:
        cursor.execute(statement)
    cursor.close()


def _keep(session: Session, about: Callable[[str], str]) -> None:
    entry = JournalEntry(about="", size=0)
    session.add(entry)
    session.flush()
    kept = session.connection().exec_driver_sql(KEEP, (entry.id,))
    if not kept.rowcount:
        session.delete(entry)
        return
    entry.size = kept.rowcount
    entry.about = about(_samples(session, entry.id))
    # What was taken back before cannot be done again over what is said now.
    session.execute(delete(JournalEntry).where(JournalEntry.undone))
    session.flush()
    _forget_oldest(session)


def _samples(session: Session, entry_id: int) -> str:
    """Return a sample's name or how many there are."""
    of_entry = JournalRow.entry_id == entry_id
    both = (
        select(JournalRow.sample_id.label("id"))
        .where(of_entry, JournalRow.sample_id.is_not(None))
        .union(select(JournalRow.other_id).where(of_entry, JournalRow.other_id.is_not(None)))
    ).subquery()
    count, some = session.execute(select(func.count(), func.max(both.c.id))).one()
    if count == 1:
        return session.scalars(select(Sample.name).where(Sample.id == some)).one()
    return f"{count:,} samples"


def _forget_oldest(session: Session) -> None:
    newest_first = JournalEntry.id.desc()
    entries = select(
        JournalEntry.id,
        func.row_number().over(order_by=newest_first).label("place"),
        func.sum(JournalEntry.size).over(order_by=newest_first).label("rows"),
    ).subquery()
    too_many = (entries.c.place > MOST_ENTRIES) | (entries.c.rows > MOST_ROWS)
    old = select(entries.c.id).where(too_many, entries.c.place > 1)
    session.execute(delete(JournalEntry).where(JournalEntry.id.in_(old)))


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
