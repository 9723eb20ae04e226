"""Encoding: files to the latents of a codec, for samples that are analysed and lack them.

Analysis makes those of the house codec. This makes those of any other, and of the house codec again
where an update has changed it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, select

from index import codec_rows
from index.analyse import ANALYSED_SECONDS, BATCH, in_threads
from index.answers import EncodeReport
from index.refusals import refused, remember
from library.content import content_hash
from library.database import reading, writing
from library.decode import read
from library.errors import ModelError, UserError
from library.progress import Job, Progress
from library.tables import ANALYSED, Sample
from library.tables import Latents as LatentsRow
from vae.codec import BaseCodec
from vae.latents import Latents
from vae.onset import from_onset

CHANGED = "its content has changed: crate scan"


class Refusal(str):
    """Why a codec refuses a sound; it will again."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sample without latents of a codec.

    Attributes:
        sample_id: Its row.
        path: Its file.
        content: Digest of the content that was analysed.
    """

    sample_id: int
    path: Path
    content: str


def encode_file(path: Path, codec: BaseCodec) -> Latents:
    """Return the latents of a file: of its first two minutes, from the onset on.

    Raises:
        UserError: It cannot be read, or the codec fails on it.
    """
    return codec.encode(from_onset(read(path, ANALYSED_SECONDS)))


def lacking_latents(
    engine: Engine, digest: str, sample_ids: Collection[int] | None = None, again: bool = False
) -> list[Waiting]:
    """Return the samples that are analysed and there, and have no latents of a codec.

    Args:
        engine: The library.
        digest: Of the codec.
        sample_ids: Only these are looked at; None for all.
        again: Also those whose content the codec has refused.
    """
    encoded = select(LatentsRow.sample_id).where(LatentsRow.codec == digest)
    statement = (
        select(Sample.id, Sample.path, Sample.content_hash)
        .where(Sample.state == ANALYSED, Sample.missing.is_(False), Sample.id.not_in(encoded))
        .order_by(Sample.folder, Sample.name)
    )
    chosen = None if sample_ids is None else set(sample_ids)
    with reading(engine) as session:
        hopeless = frozenset() if again else refused(session, digest)
        return [
            Waiting(sample_id, Path(path), content or "")
            for sample_id, path, content in session.execute(statement)
            if (chosen is None or sample_id in chosen) and content not in hopeless
        ]


def _encoded(codec: BaseCodec, sample: Waiting) -> tuple[Waiting, Latents | str]:
    """Return the latents of a sample, or why there are none."""
    made: Latents | Refusal
    try:
        try:
            made = encode_file(sample.path, codec)
        except ModelError as error:
            made = Refusal(error)
        # Latents of another content than the one that was measured would belong to no sample.
        return sample, made if content_hash(sample.path) == sample.content else CHANGED
    except UserError as error:
        return sample, str(error)
    except OSError as error:
        return sample, f"cannot be opened ({error.strerror})"


def _write(
    engine: Engine,
    batch: Sequence[tuple[Waiting, Latents]],
    codec: BaseCodec,
    refusals: Collection[str],
) -> int:
    """Keep latents, but for samples whose content has changed in the meantime.

    Nor are any kept of a codec that has been given another sample rate.
    """
    ids = [sample.sample_id for sample, _ in batch]
    with writing(engine) as session:
        row = codec_rows.of_digest(session, codec.digest)
        if row is not None and not codec_rows.is_at_rate(row, codec.sample_rate):
            return 0
        remember(session, codec.digest, refusals)
        hashes = select(Sample.id, Sample.content_hash).where(Sample.id.in_(ids))
        known = dict(session.execute(hashes).all())
        kept = [pair for pair in batch if known.get(pair[0].sample_id) == pair[0].content]
        for sample, latents in kept:
            session.merge(
                LatentsRow(
                    sample_id=sample.sample_id,
                    codec=codec.digest,
                    steps=latents.steps,
                    dims=latents.dims,
                    data=latents.to_bytes(),
                )
            )
    return len(kept)


def encode(
    engine: Engine,
    codec: BaseCodec,
    sample_ids: Collection[int] | None = None,
    again: bool = False,
) -> Job[EncodeReport]:
    """Make the latents that samples lack; a job. One that is stopped goes on where it was.

    Args:
        engine: The library.
        codec: Makes the latents.
        sample_ids: Only of these; None for all. Those whose file is not there are left out.
        again: Also try those that the codec has refused before.
    """
    pending = lacking_latents(engine, codec.digest, sample_ids, again)
    encoded = 0
    failed: list[tuple[int, Path, str]] = []
    batch: list[tuple[Waiting, Latents]] = []
    refusals: set[str] = set()
    if pending:
        yield Progress("encode", 0, len(pending))
    try:
        # Where threads would wait for each other, stopping would have to wait for all of them.
        at_once = 1 if codec.one_at_a_time else 8
        each = in_threads(pending, partial(_encoded, codec), "encode", at_once)
        for done, (sample, made) in enumerate(each, start=1):
            if isinstance(made, str):
                failed.append((sample.sample_id, sample.path, made))
                if isinstance(made, Refusal):
                    refusals.add(sample.content)
            else:
                batch.append((sample, made))
            if len(batch) >= BATCH:
                encoded += _write(engine, batch, codec, refusals)
                batch = []
            yield Progress("encode", done, len(pending), sample.path.name)
    finally:
        if batch or refusals:
            encoded += _write(engine, batch, codec, refusals)
    return EncodeReport(encoded, tuple(failed))
