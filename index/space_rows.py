"""Spaces as rows: what can be told of them without loading a model."""

from __future__ import annotations

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from index.answers import SpaceRow
from library.database import reading, writing
from library.errors import LibraryError
from library.tables import Setting
from library.tables import Space as SpaceTable

HOUSE = "house"
IN_USE = "space in use"


def name_in_use(engine: Engine) -> str:
    """Return the name of the space that search and the map use."""
    with reading(engine) as session:
        return _name_in_use(session)


def _name_in_use(session: Session) -> str:
    setting = session.get(Setting, IN_USE)
    return str(setting.value) if setting is not None else HOUSE


def use(engine: Engine, name: str) -> None:
    """Make a space the one in use.

    Raises:
        LibraryError: There is no such space.
    """
    with writing(engine) as session:
        if named(session, name) is None:
            raise no_space(name)
        session.merge(Setting(key=IN_USE, value=name))


def leave(session: Session, name: str) -> bool:
    """Use the house space where a space is in use; return whether it was."""
    setting = session.get(Setting, IN_USE)
    if setting is None or setting.value != name:
        return False
    session.delete(setting)
    return True


def named(session: Session, name: str) -> SpaceTable | None:
    """Return the row of a space, to be changed; None where there is none."""
    return session.scalar(select(SpaceTable).where(SpaceTable.name == name))


def no_space(name: str) -> LibraryError:
    """Return the error that says that there is no such space."""
    return LibraryError(f"there is no space {name!r}", "crate spaces lists them")


def index_file(digest: str) -> str:
    """Return under which name the cache has the search index of a space, by the space's digest."""
    return f"vectors-{digest}.faiss"


def list_spaces(engine: Engine) -> list[SpaceRow]:
    """Return every space of the library, the house space first."""
    chosen = name_in_use(engine)
    with reading(engine) as session:
        rows = session.scalars(select(SpaceTable).order_by(SpaceTable.id)).all()
        return [
            SpaceRow(
                name=row.name,
                samples=int(row.report.get("samples", 0)),
                attributes=tuple(row.attributes),
                in_use=row.name == chosen,
                created_at=row.created_at.isoformat(timespec="seconds"),
                report=dict(row.report),
            )
            for row in sorted(rows, key=lambda row: row.name != HOUSE)
        ]


def find_space(engine: Engine, name: str | None) -> SpaceTable:
    """Return the row of a space, detached; the one in use where no name is given.

    Raises:
        LibraryError: There is no such space.
    """
    with reading(engine) as session:  # one state of the library: none is forgotten in between
        wanted = name if name is not None else _name_in_use(session)
        row = named(session, wanted)
        if row is None:
            raise no_space(wanted)
        session.expunge(row)
        return row
