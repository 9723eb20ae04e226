"""Spaces as files: the house space, and the ones that the user trained."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from index import space_rows
from index.codec_rows import check_kept, check_plain
from index.map_rows import drop_map
from index.space_rows import HOUSE
from library import kept_files
from library.database import reading, writing
from library.errors import LibraryError, ModelError, UserError
from library.tables import Space as SpaceTable
from library.tables import Vector, now
from vae.space import Space
from vae.space_file import from_bytes, house_space


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
        LibraryError: Its file is lost, damaged, another one by now, or no file of the library.
    """
    if row.file is None:
        return house_space()
    path = kept_files.path_of(folder, row.file)
    hint = f"train it again, or crate space import puts its file back: {path}"
    try:
        space = from_bytes(path.read_bytes())
    except OSError as error:
        raise LibraryError(
            f"the file of the space {row.name!r} cannot be read ({error.strerror})", hint
        ) from error
    except ModelError as error:
        raise LibraryError(f"the file of the space {row.name!r} is damaged", hint) from error
    if space.digest != row.digest:
        raise LibraryError(f"the file of the space {row.name!r} has changed", hint)
    return space


def check_name(name: str) -> None:
    """Refuse a name that a new space cannot have.

    Raises:
        UserError: The name is empty, reserved, too long, or has odd characters.
    """
    if name == HOUSE:
        raise UserError("there is one house space only", "choose another name")
    check_plain(name, "a space")


def store_space(
    engine: Engine,
    name: str,
    data: bytes,
    report: Mapping[str, object],
    folder: Path,
    sample_rate: int | None = None,
    replace: bool = True,
) -> None:
    """Keep a space; one of the same name is replaced, with its vectors.

    Args:
        engine: The library.
        name: Of the space.
        data: The space as `vae.space.to_bytes` writes it.
        report: What training measured.
        folder: Where the files of spaces lie.
        sample_rate: Hz, of the codec as it was learned on; not looked at where None.
        replace: Whether there may be one of the same name.

    Raises:
        UserError: There is one of the same name, which should stay.
        LibraryError: The library has its codec no more, or at another rate; or the disk refuses.
    """
    space = from_bytes(data)
    file = kept_files.file_name(name, space.digest, ".safetensors")
    with kept_files.keeping(folder, "the space") as part:
        part.write_bytes(data)
        with writing(engine) as session:
            check_kept(session, space.codec_digest, sample_rate)
            if not replace and space_rows.named(session, name) is not None:
                raise UserError(
                    f"there is a space {name!r} already",
                    f"give another name with --name, or crate forget {shlex.quote(name)} first",
                )
            row = _renewed(session, name, space)
            old, row.file = row.file, file
            row.report = dict(report)
            row.created_at = now()
            kept_files.into_place(part, folder / file)
    tidy(engine, folder, old)


def forget_space(engine: Engine, name: str, folder: Path, cache: Path) -> bool:
    """Forget a space: its row, its vectors, its map and its files. Samples lose nothing.

    Args:
        engine: The library.
        name: Of the space.
        folder: Where the files of spaces lie.
        cache: Where search indexes lie.

    Returns:
        Whether it was the one in use; the house space is, from now on.

    Raises:
        UserError: It is the house space.
        LibraryError: There is no such space.
    """
    if name == HOUSE:
        raise UserError("the house space cannot be forgotten", "it belongs to the program")
    with writing(engine) as session:
        row = space_rows.named(session, name)
        if row is None:
            raise space_rows.no_space(name)
        file, digest = row.file, row.digest
        drop_map(session, row.id)
        session.delete(row)  # and with it, its vectors
        was_in_use = space_rows.leave(session, name)
    tidy(engine, folder, file)
    with suppress(LibraryError), reading(engine) as session:
        left = session.scalars(select(SpaceTable.digest)).all()
        kept_files.sweep(cache, [*map(space_rows.index_file, left)], space_rows.index_file(digest))
    return was_in_use


def tidy(engine: Engine, folder: Path, gone: str | None = None) -> None:
    """Delete files of spaces that the library has no more; one too many does no harm.

    Args:
        engine: The library.
        folder: Where the files of spaces lie.
        gone: The file of a space that was just forgotten or replaced; others must be old.
    """
    with suppress(LibraryError), writing(engine) as session:
        files = session.scalars(select(SpaceTable.file).where(SpaceTable.file.is_not(None)))
        kept_files.sweep(folder, [file for file in files if file is not None], gone)


def _renewed(session: Session, name: str, space: Space) -> SpaceTable:
    """Return the row of a name, of this space from now on, without vectors of an older one.

    The points of its map stay, for the next map to follow. A row that is there is kept: what is
    written for the older space in the meantime then meets another digest, and is refused.
    """
    row = space_rows.named(session, name)
    if row is None:
        row = SpaceTable(name=name)
        session.add(row)
    else:
        session.execute(delete(Vector).where(Vector.space_id == row.id))
        session.refresh(row)
    row.codec, row.digest = space.codec_digest, space.digest
    row.attributes = [a.name for a in space.attributes]
    return row
