"""Spaces that travel: exported as one file, and imported where their codec is."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine, select

from index import codec_rows, space_rows
from index.codec_files import name_of
from index.spaces import check_name, load_space, store_space
from library import kept_files
from library.database import reading
from library.errors import LibraryError, ModelError, UserError
from library.new_file import new_file
from library.tables import Space as SpaceTable
from vae.space import Space
from vae.space_export import ExportedSpace, pack, unpack
from vae.space_file import from_bytes
from vae.windows import WINDOW_STEPS

MOST_BYTES = 2**26
"""A space of the house codec takes 2**19; what is larger than this is another file."""


def export_space(engine: Engine, name: str, folder: Path, out: Path) -> None:
    """Write a space, with its name and its report, to one file that another library can open.

    Args:
        engine: The library.
        name: Of the space.
        folder: Where the files of spaces lie.
        out: The file; one that is there is left alone.

    Raises:
        UserError: It is the house space, or the file is there already or cannot be written.
        LibraryError: There is no such space, or its file is lost or damaged.
    """
    if name == space_rows.HOUSE:
        raise UserError(
            "the house space is in every library", "export one that crate train has made"
        )
    row = space_rows.find_space(engine, name)
    load_space(row, folder)  # tells what is wrong with it
    data = kept_files.path_of(folder, str(row.file)).read_bytes()
    _write(out, pack(data, name, row.report))


def _write(out: Path, data: bytes) -> None:
    try:
        with new_file(out) as part:
            part.write_bytes(data)
    except FileExistsError as error:
        raise UserError(f"{out} is there already", "choose another name") from error
    except OSError as error:
        raise UserError(
            f"cannot write {out} ({error.strerror})", "choose another folder"
        ) from error


def import_space(engine: Engine, path: Path, folder: Path, name: str | None = None) -> str:
    """Keep the space of an exported file, or of a copy of a library's own; return its name.

    The file of a space that the library has, but lost or damaged, is put back.

    Args:
        engine: The library; it must have the codec that the space was learned on.
        path: The file.
        folder: Where the files of spaces lie.
        name: For the space; that in the file where None.

    Raises:
        UserError: The file cannot be read, or the name cannot be or is taken, or the library has
            this space.
        ModelError: The file is no space, or a damaged one.
        LibraryError: The library lacks the codec, or the disk refuses.
    """
    exported, space = _read(path)
    with reading(engine) as session:
        same = select(SpaceTable).where(SpaceTable.digest == space.digest)
        known = session.scalars(same.order_by(SpaceTable.id)).all()
        session.expunge_all()
    if known:
        return _put_back(known, folder, exported.data)
    codec = _codec_of(engine, space, exported.report.get("codec"))
    own = exported.name if exported.name is not None else _bare_name(path, space)
    wanted = name if name is not None else own
    check_name(wanted)
    report = {**exported.report, "codec": codec, "samples": space.samples}
    store_space(engine, wanted, exported.data, report, folder, replace=False)
    return wanted


def _read(path: Path) -> tuple[ExportedSpace, Space]:
    try:
        # Opening a pipe would wait, and reading a device may never end.
        if not stat.S_ISREG(path.stat().st_mode):
            raise UserError(f"{path} is not a file", "give one that crate space export has made")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror})", "check the path") from error
    try:
        if len(data) > MOST_BYTES:
            raise ModelError("too large for a space", "")
        exported = unpack(data)
        return exported, from_bytes(exported.data)
    except ModelError as error:
        raise ModelError(
            f"{path.name} is no space, or a damaged one",
            "give a file that crate space export has made, or export it again",
        ) from error


def _bare_name(path: Path, space: Space) -> str:
    """Return the name of a space whose file says none: the library's own file, copied."""
    return name_of(path).removesuffix(f"-{space.digest[:12]}")


def _put_back(known: Sequence[SpaceTable], folder: Path, data: bytes) -> str:
    for row in known:
        try:
            load_space(row, folder)
        except LibraryError:
            # Where the row names no file of the library's folder, this refuses.
            path = kept_files.path_of(folder, str(row.file))
            with kept_files.keeping(folder, "the space") as part:
                part.write_bytes(data)
                kept_files.into_place(part, path)
            return row.name
    raise UserError(f"the library has this space, as {known[0].name!r}", "crate spaces lists it")


def _codec_of(engine: Engine, space: Space, named: object) -> str:
    """Return the name of the codec that a space was learned on.

    Args:
        engine: The library.
        space: What was read.
        named: The codec's name where the space was learned.

    Raises:
        LibraryError: The library does not have it.
        ModelError: The space is of another size than the codec's latents.
    """
    digest = space.codec_digest
    if digest == codec_rows.house_digest():
        name, facts = codec_rows.HOUSE, codec_rows.house_facts()
    elif (row := codec_rows.find_digest(engine, digest)) is not None:
        name, facts = row.name, row.facts
    elif named == codec_rows.HOUSE:
        raise LibraryError(
            f"the space was learned on another version's house codec ({digest[:12]})",
            "use the same version of latentcrate in both places, or train it again here",
        )
    else:
        which = f"the codec {named[:60]!r}" if isinstance(named, str) else "a codec"
        raise LibraryError(
            f"the space was learned on {which} ({digest[:12]}), which this library does not have",
            "crate codec add its file, and import the space again",
        )
    dims = space.net.config.window // WINDOW_STEPS
    if facts.get("dims", dims) != dims:
        raise ModelError(
            f"the space does not fit the codec {name!r}, on which it says it was learned",
            "export it again",
        )
    return name
