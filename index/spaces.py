"""Spaces as rows and files: the house space, and the ones that the user trained."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Engine, select

from index.answers import SpaceRow
from library.database import reading, writing
from library.errors import LibraryError, UserError
from library.tables import Setting
from library.tables import Space as SpaceTable
from vae.space import Space, from_bytes, house_space

HOUSE = "house"
IN_USE = "space in use"


def ensure_house_space(engine: Engine) -> None:
    """Make the row of the house space where the library has none, or an older one."""
    space = house_space()
    with writing(engine) as session:
        row = session.scalar(select(SpaceTable).where(SpaceTable.name == HOUSE))
        if row is not None and row.digest == space.digest:
            return
        if row is not None:
            session.delete(row)  # and with it the vectors of the older weights
            session.flush()
        session.add(
            SpaceTable(
                name=HOUSE,
                codec=space.codec_digest,
                digest=space.digest,
                file=None,
                attributes=[a.name for a in space.attributes],
                report={"samples": space.samples},
            )
        )


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


def load_space(row: SpaceTable, folder: Path) -> Space:
    """Return the space of a row.

    Args:
        row: Of the table of spaces.
        folder: Where the files of spaces lie.

    Raises:
        LibraryError: Its file is not there.
    """
    if row.file is None:
        return house_space()
    try:
        return from_bytes((folder / row.file).read_bytes())
    except OSError as error:
        raise LibraryError(
            f"the file of the space {row.name!r} is not there",
            f"train it again: {folder / row.file}",
        ) from error


def check_name(engine: Engine, name: str) -> None:
    """Refuse a name that a new space cannot have.

    Raises:
        UserError: The name is empty, reserved, too long, or has odd characters.
    """
    if name == HOUSE:
        raise UserError("the house space cannot be trained", "choose another name")
    plain = name.replace("-", "").replace("_", "").replace(" ", "")
    if not plain.isalnum() or len(name) > 60:
        raise UserError(
            f"{name!r} cannot be the name of a space", "use letters, digits, blanks, - and _"
        )


def store_space(
    engine: Engine, name: str, data: bytes, report: Mapping[str, object], folder: Path
) -> None:
    """Keep a trained space; one of the same name is replaced, with its vectors and map.

    Args:
        engine: The library.
        name: Of the space.
        data: The space as `vae.space.to_bytes` writes it.
        report: What training measured.
        folder: Where the files of spaces lie.
    """
    space = from_bytes(data)
    folder.mkdir(parents=True, exist_ok=True)
    file = f"{name.replace(' ', '_')}-{space.digest[:12]}.safetensors"
    part = folder / f"{file}.{os.getpid()}.part"
    part.write_bytes(data)
    part.replace(folder / file)
    with writing(engine) as session:
        old = session.scalar(select(SpaceTable).where(SpaceTable.name == name))
        if old is not None:
            session.delete(old)
            session.flush()
        session.add(
            SpaceTable(
                name=name,
                codec=space.codec_digest,
                digest=space.digest,
                file=file,
                attributes=[a.name for a in space.attributes],
                report=dict(report),
            )
        )
