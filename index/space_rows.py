"""Spaces as rows: what can be told of them without loading a model."""

from __future__ import annotations

from sqlalchemy import Engine, select

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
        setting = session.get(Setting, IN_USE)
        return str(setting.value) if setting is not None else HOUSE


def use(engine: Engine, name: str) -> None:
    """Make a space the one in use.

    Raises:
        LibraryError: There is no such space.
    """
    find_space(engine, name)
    with writing(engine) as session:
        session.merge(Setting(key=IN_USE, value=name))


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
    wanted = name if name is not None else name_in_use(engine)
    with reading(engine) as session:
        row = session.scalar(select(SpaceTable).where(SpaceTable.name == wanted))
        if row is None:
            raise LibraryError(f"there is no space {wanted!r}", "crate spaces lists them")
        session.expunge(row)
        return row
