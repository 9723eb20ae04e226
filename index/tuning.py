"""Tuning the house codec on samples of the library: rows to files to a codec of their own."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from index import codec_files, codec_rows
from index.answers import TuningReport
from library import catalog, kept_files
from library.database import reading, writing
from library.errors import UserError
from library.progress import Job
from library.tables import TUNED, now
from library.tables import Codec as CodecTable
from vae.house_codec import from_bytes
from vae.house_tuning import TuneReport, tune


def tune_codec(
    engine: Engine, files: Path, name: str, where: str, minutes: float
) -> Job[TuningReport]:
    """Adapt the house codec to the samples that match, and keep it; a job.

    Each better codec is kept as soon as it is found, so that a job that is stopped keeps the best
    it had.

    Args:
        engine: The library.
        files: Where the files of codecs lie.
        name: Of the tuned codec; an earlier one of this name is replaced.
        where: A query.
        minutes: Time to spend.

    Raises:
        UserError: The name is taken or odd, or there is too little sound or time.
        LibraryError: A space needs the earlier codec of this name, or the disk refuses.
    """
    codec_rows.check_name(name)
    with reading(engine) as session:
        if (known := codec_rows.named(session, name)) is not None:
            _check_replaceable(session, known)
    rows = catalog.rows(engine, catalog.ids(engine, where))
    paths = [row.path for row in rows if row.duration is not None and not row.missing]
    # Of more sound than there is time for, some of everything is heard.
    random.Random(0).shuffle(paths)

    def keep(found: TuneReport) -> None:
        told = {key: value for key, value in asdict(found).items() if key != "data"}
        keep_tuned(engine, files, name, found.data, {**told, "where": where})

    done = yield from tune(paths, minutes, keep=keep)
    return TuningReport(
        codec=name if done.improved else None,
        before_db=done.before_db if done.steps else None,
        after_db=done.after_db if done.steps else None,
        sounds=done.sounds if done.steps else 0,
        held_out=done.held_out,
        seconds=done.seconds,
        steps=done.steps,
    )


def _check_replaceable(session: Session, row: CodecTable) -> None:
    if row.kind != TUNED:
        raise UserError(f"there is a codec {row.name!r} that was not tuned", "choose another name")
    codec_rows.check_free(session, row, "choose another name")


def keep_tuned(
    engine: Engine, files: Path, name: str, data: bytes, report: Mapping[str, object]
) -> None:
    """Keep a tuned codec; an earlier one of the same name is replaced, with its latents.

    Args:
        engine: The library.
        files: Where the files of codecs lie.
        name: Of the codec.
        data: Its weights as safetensors.
        report: What tuning measured.

    Raises:
        UserError: The name is that of a codec that was not tuned, or there is the same codec.
        LibraryError: A space needs the earlier one, or the disk refuses.
    """
    codec = from_bytes(data)
    file = codec_files.file_name(name, TUNED, codec.digest)
    with kept_files.keeping(files, "the codec") as part:
        part.write_bytes(data)
        with writing(engine) as session:
            row = codec_rows.named(session, name)
            same = codec_rows.of_digest(session, codec.digest)
            if same is not None and same is not row:
                raise UserError(f"the codec {same.name!r} is the same", "use that")
            if row is None:
                row = CodecTable(name=name, kind=TUNED, trusted=True, file=file)
                session.add(row)
            else:
                _check_replaceable(session, row)
                if row.digest != codec.digest:
                    codec_rows.drop_latents(session, row)
            old = row.file
            row.digest, row.file, row.created_at = codec.digest, file, now()
            row.facts, row.report = codec_files.facts_of(codec), dict(report)
            kept_files.into_place(part, files / file)
    codec_files.tidy(engine, files, old)
