"""Spaces as files: the house space, and the ones that the user trained."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from index.codec_rows import check_kept, check_plain
from index.space_rows import HOUSE
from library import kept_files
from library.database import reading, writing
from library.errors import LibraryError, UserError
from library.tables import Space as SpaceTable
from library.tables import Vector, now
from vae.space import Space, from_bytes, house_space


def ensure_house_space(engine: Engine) -> None:
    """Make the row of the house space where the library has none, or an older one."""
    space = house_space()
    with reading(engine) as session:  # which does not wait for a job that writes
        known = select(SpaceTable.digest).where(SpaceTable.name == HOUSE)
        if session.scalar(known) == space.digest:
            return
    with writing(engine) as session:
        _renewed(session, HOUSE, space).report = {"samples": space.samples}


def load_space(row: SpaceTable, folder: Path) -> Space:
    """Return the space of a row.

    Args:
        row: Of the table of spaces.
        folder: Where the files of spaces lie.

    Raises:
        LibraryError: Its file is not there, or no file of the library.
    """
    if row.file is None:
        return house_space()
    path = kept_files.path_of(folder, row.file)
    try:
        return from_bytes(path.read_bytes())
    except OSError as error:
        raise LibraryError(
            f"the file of the space {row.name!r} is not there",
            f"train it again: {path}",
        ) from error


def check_name(name: str) -> None:
    """Refuse a name that a new space cannot have.

    Raises:
        UserError: The name is empty, reserved, too long, or has odd characters.
    """
    if name == HOUSE:
        raise UserError("the house space cannot be trained", "choose another name")
    check_plain(name, "a space")


def store_space(
    engine: Engine,
    name: str,
    data: bytes,
    report: Mapping[str, object],
    folder: Path,
    sample_rate: int | None = None,
) -> None:
    """Keep a trained space; one of the same name is replaced, with its vectors.

    Args:
        engine: The library.
        name: Of the space.
        data: The space as `vae.space.to_bytes` writes it.
        report: What training measured.
        folder: Where the files of spaces lie.
        sample_rate: Hz, of the codec as it was learned on; not looked at where None.

    Raises:
        LibraryError: The library has its codec no more, or at another rate; or the disk refuses.
    """
    space = from_bytes(data)
    file = f"{name.replace(' ', '_')}-{space.digest[:12]}.safetensors"
    with kept_files.keeping(folder, "the space") as part:
        part.write_bytes(data)
        with writing(engine) as session:
            check_kept(session, space.codec_digest, sample_rate)
            row = _renewed(session, name, space)
            old, row.file = row.file, file
            row.report = dict(report)
            row.created_at = now()
            part.replace(folder / file)
    if old is not None and old != file:
        kept_files.delete(folder, old)


def _renewed(session: Session, name: str, space: Space) -> SpaceTable:
    """Return the row of a name, of this space from now on, without vectors of an older one.

    The points of its map stay, for the next map to follow. A row that is there is kept: what is
    written for the older space in the meantime then meets another digest, and is refused.
    """
    row = session.scalar(select(SpaceTable).where(SpaceTable.name == name))
    if row is None:
        row = SpaceTable(name=name)
        session.add(row)
    else:
        session.execute(delete(Vector).where(Vector.space_id == row.id))
        session.refresh(row)
    row.codec, row.digest = space.codec_digest, space.digest
    row.attributes = [a.name for a in space.attributes]
    return row
