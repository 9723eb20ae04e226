"""Trusting codecs: a program runs for the first time, and what comes of it is kept in its row."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from index import codec_files, codec_rows
from library.database import writing
from library.errors import LibraryError, UserError
from library.trusted import add_trusted

if TYPE_CHECKING:
    from library.tables import Codec as CodecTable
    from vae.codec import BaseCodec


def trust_program(
    engine: Engine, row: CodecTable, files: Path, sample_rate: int | None = None
) -> BaseCodec:
    """Run a program on a short sound, and trust it if it does well.

    With another sample rate it makes other latents of the same sounds: those that it has made go.

    Args:
        engine: The library.
        row: Of the table of codecs, detached.
        files: Where the files of codecs lie.
        sample_rate: Hz, for a codec that does not say it; what it says where None.

    Raises:
        LibraryError: Its file is lost, the codec was forgotten in the meantime, a space needs it
            at its sample rate, or the disk refuses.
        ModelError: The codec fails on the sound; it stays as it was.
    """
    try:
        codec = codec_files.read_codec(row, files, sample_rate)
        codec_files.try_out(codec)
    except UserError as error:
        _keep_failure(engine, row.digest, str(error))
        raise
    given = {} if sample_rate is None else {"given_rate": sample_rate}
    _keep_trust(engine, codec, {**given, **codec_files.facts_of(codec)})
    add_trusted(row.digest)
    return codec


def _keep_failure(engine: Engine, digest: str, reason: str) -> None:
    with writing(engine) as session:
        if (row := codec_rows.of_digest(session, digest)) is not None:
            row.report = {"failed": reason}


def _keep_trust(engine: Engine, codec: BaseCodec, facts: Mapping[str, object]) -> None:
    """Trust a codec, by its digest: by its row's id another one could be meant by now.

    Raises:
        LibraryError: The library has it no more, or a space needs it at another sample rate.
    """
    with writing(engine) as session:
        row = codec_rows.of_digest(session, codec.digest)
        if row is None:
            raise LibraryError("the codec was forgotten in the meantime", "crate codec add FILE")
        if not codec_rows.is_at_rate(row, codec.sample_rate):
            known = row.facts["sample_rate"]
            hint = f"train that space again on another codec first, or keep to {known} Hz"
            codec_rows.check_free(session, row, hint)
            codec_rows.drop_latents(session, row)
        row.trusted, row.facts, row.report = True, {**row.facts, **facts}, {}
