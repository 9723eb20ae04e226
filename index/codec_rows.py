"""Codecs as rows: what can be told of them without loading a model."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from index import refusals
from index.answers import CodecRow
from library.content import content_hash
from library.database import reading, writing
from library.errors import LibraryError, UserError
from library.tables import TUNED, Setting
from library.tables import Codec as CodecTable
from library.tables import Latents as LatentsRow
from library.tables import Space as SpaceTable
from library.trusted import trusted_digests

HOUSE = "house"
IN_USE = "codec in use"
# Of a digest, in hexadecimal: fewer could be those of another file by intent.
FEWEST_DIGITS = 8


def _house_file() -> Path:
    return Path(str(resources.files("vae").joinpath("weights", "house-codec.safetensors")))


@cache
def house_digest() -> str:
    """Return the digest of the house codec."""
    return content_hash(_house_file())


@cache
def house_facts() -> dict[str, object]:
    """Return the sizes of the house codec, from the head of its file."""
    with _house_file().open("rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    shape_dims = json.loads(header["__metadata__"]["config"])["dims"]
    return {
        "sample_rate": 44100,
        "channels": 1,
        "dims": shape_dims + 1,
        "hop": 2048,
        "discrete": False,
        "random": False,
    }


def check_plain(name: str, what: str) -> None:
    """Refuse a name that would not do for a file, a table and a command line.

    Args:
        name: As the user gave it.
        what: What is to have it, such as "a space".

    Raises:
        UserError: The name is empty, too long, or has odd characters.
    """
    plain = name.replace("-", "").replace("_", "").replace(" ", "")
    if not plain.isalnum() or len(name) > 60:
        raise UserError(
            f"{name!r} cannot be the name of {what}", "use letters, digits, blanks, - and _"
        )


def check_name(name: str) -> None:
    """Refuse a name that a new codec cannot have.

    Raises:
        UserError: The name is reserved, or one that `check_plain` refuses.
    """
    if name == HOUSE:
        raise UserError("there is one house codec only", "choose another name")
    check_plain(name, "a codec")


def name_in_use(engine: Engine) -> str:
    """Return the name of the codec that new spaces are learned on."""
    with reading(engine) as session:
        return _name_in_use(session)


def _name_in_use(session: Session) -> str:
    setting = session.get(Setting, IN_USE)
    wanted = str(setting.value) if setting is not None else HOUSE
    known = session.scalar(select(CodecTable.id).where(CodecTable.name == wanted))
    return wanted if known is not None else HOUSE


def use(engine: Engine, name: str) -> None:
    """Make a codec the one that new spaces are learned on.

    Raises:
        LibraryError: There is no such codec.
    """
    if name != HOUSE:
        find_codec(engine, name)
    with writing(engine) as session:
        session.merge(Setting(key=IN_USE, value=name))


def may_run(row: CodecTable, trusted: Collection[str]) -> bool:
    """Return whether a codec may be loaded.

    Args:
        row: Of the table of codecs. What it says of trust alone proves nothing: the library may
            have been made by somebody else.
        trusted: The digests that the user trusts.
    """
    return row.kind == TUNED or (row.trusted and row.digest in trusted)


def list_codecs(engine: Engine) -> list[CodecRow]:
    """Return every codec of the library, the house codec first."""
    trusted = trusted_digests()
    counting = select(LatentsRow.codec, func.count()).group_by(LatentsRow.codec)
    with reading(engine) as session:
        samples: dict[str, int] = dict(session.execute(counting).all())
        chosen = _name_in_use(session)
        added = [
            CodecRow(
                name=row.name,
                kind=row.kind,
                digest=row.digest,
                trusted=may_run(row, trusted),
                in_use=row.name == chosen,
                samples=samples.get(row.digest, 0),
                facts=dict(row.facts),
                report=dict(row.report),
                created_at=row.created_at.isoformat(timespec="seconds"),
            )
            for row in session.scalars(select(CodecTable).order_by(CodecTable.id))
        ]
    house = CodecRow(
        name=HOUSE,
        kind=HOUSE,
        digest=house_digest(),
        trusted=True,
        in_use=chosen == HOUSE,
        samples=samples.get(house_digest(), 0),
        facts=house_facts(),
        report={},
        created_at="",
    )
    return [house, *added]


def _found(engine: Engine, *where: Any) -> list[CodecTable]:
    """Return rows, detached."""
    with reading(engine) as session:
        rows = session.scalars(select(CodecTable).where(*where).order_by(CodecTable.id)).all()
        session.expunge_all()
        return list(rows)


def no_codec(name: str) -> LibraryError:
    """Return the error that says that there is no such codec."""
    return LibraryError(f"there is no codec {name!r}", "crate codec list names them")


def find_codec(engine: Engine, name: str) -> CodecTable:
    """Return the row of a codec, detached.

    Raises:
        LibraryError: There is no such codec; the house codec has no row.
    """
    for row in _found(engine, CodecTable.name == name):
        return row
    raise no_codec(name)


def find_digest(engine: Engine, digest: str) -> CodecTable | None:
    """Return the row of the codec with a digest, detached; None where there is none."""
    return next(iter(_found(engine, CodecTable.digest == digest)), None)


def find_beginning(engine: Engine, beginning: str) -> CodecTable:
    """Return the row of the one codec whose digest begins so, detached.

    Raises:
        UserError: These are no digits, too few, or the beginning of several.
        LibraryError: There is no such codec.
    """
    digits = beginning.strip().lower()
    if len(digits) < FEWEST_DIGITS or not set(digits) <= set("0123456789abcdef"):
        raise UserError(
            f"{beginning!r} is not the beginning of a digest",
            f"give at least {FEWEST_DIGITS} digits of one that crate codec list shows",
        )
    rows = _found(engine, CodecTable.digest.startswith(digits))
    if not rows:
        raise LibraryError(
            f"there is no codec with the digest {digits}", "crate codec list shows them"
        )
    if len(rows) > 1:
        raise UserError(f"{len(rows)} codecs have a digest that begins so", "give more of it")
    return rows[0]


def named(session: Session, name: str) -> CodecTable | None:
    """Return the row of a codec, to be changed; None where there is none."""
    return session.scalar(select(CodecTable).where(CodecTable.name == name))


def of_digest(session: Session, digest: str) -> CodecTable | None:
    """Return the row of the codec with a digest, to be changed; None where there is none."""
    return session.scalar(select(CodecTable).where(CodecTable.digest == digest))


def check_free(session: Session, row: CodecTable, hint: str) -> None:
    """Refuse to touch a codec that a space needs.

    Args:
        session: Of the library.
        row: The codec.
        hint: What to do then.

    Raises:
        LibraryError: One does; its name is told.
    """
    needing = select(SpaceTable.name).where(SpaceTable.codec == row.digest).order_by(SpaceTable.id)
    if (space := session.scalar(needing.limit(1))) is not None:
        raise LibraryError(f"the space {space!r} uses the codec {row.name!r}", hint)


def is_at_rate(row: CodecTable, sample_rate: int) -> bool:
    """Return whether a codec works at a sample rate in Hz; one that says none, at any."""
    return bool(row.facts.get("sample_rate", sample_rate) == sample_rate)


def check_kept(session: Session, digest: str, sample_rate: int | None = None) -> None:
    """Refuse to keep what was learned on a codec that the library has no more.

    Args:
        session: Of the library, writing: nobody can forget the codec before it ends.
        digest: Of the codec.
        sample_rate: Hz, at which its latents were made; not looked at where None.

    Raises:
        LibraryError: The codec was forgotten or replaced, or has another sample rate by now.
    """
    if digest == house_digest():
        return
    row = of_digest(session, digest)
    if row is None:
        raise LibraryError(
            "the codec was forgotten in the meantime", "add it again, or use another"
        )
    if sample_rate is not None and not is_at_rate(row, sample_rate):
        raise LibraryError(
            f"the codec {row.name!r} was given another sample rate in the meantime", "train again"
        )


def drop_latents(session: Session, row: CodecTable) -> None:
    """Delete the latents of a codec, and what it has refused."""
    refusals.drop(session, row.digest)
    session.execute(delete(LatentsRow).where(LatentsRow.codec == row.digest))


def codecs_of_spaces(engine: Engine) -> dict[str, str | None]:
    """Return the name of each space's codec; None where the library has it no more."""
    with reading(engine) as session:
        names = dict(session.execute(select(CodecTable.digest, CodecTable.name)).all())
        names[house_digest()] = HOUSE
        spaces = session.execute(select(SpaceTable.name, SpaceTable.codec)).all()
        return {name: names.get(digest) for name, digest in spaces}


def drop_unknown_latents(engine: Engine) -> None:
    """Delete the latents of codecs that the library has no more, such as an older house codec."""
    with reading(engine) as session:
        known = {house_digest(), *session.scalars(select(CodecTable.digest))}
        unknown = set(session.scalars(select(LatentsRow.codec).distinct())) - known
    if unknown:
        with writing(engine) as session:
            session.execute(delete(LatentsRow).where(LatentsRow.codec.in_(unknown)))
