"""The one pass over files: file to clip to descriptors, latents and hearing to rows.

Files are decoded, described, encoded and heard by a few threads at once; rows are written by the
one that drives the job, in batches, so that a job that is stopped keeps what it has done.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine, delete, or_, select, update
from sqlalchemy.orm import Session

from index.attention import Attention, Waiting, in_order_of_attention
from index.hearings import write_hearings
from library.category_rows import forget_sound
from library.clip import Clip
from library.content import audio_digest, content_hash
from library.database import reading, writing
from library.decode import decode
from library.descriptors import DESCRIPTORS_VERSION, Descriptors, describe
from library.errors import DecodeError
from library.foreign_formats import NEEDS_FFMPEG, installed
from library.musical_facts import MusicalFacts, musical_facts
from library.musical_rows import settle
from library.progress import Job, Progress
from library.tables import ANALYSED, FAILED, LISTED, Descriptor, MapPoint, Sample, Vector
from library.tables import Hearing as HearingRow
from library.tables import Latents as LatentsRow
from vae.auditory_image import SAMPLE_RATE
from vae.codec import BaseCodec
from vae.ear_file import house_ear
from vae.hearing import Hearing
from vae.latents import Latents
from vae.on_threads import on_threads
from vae.onset import from_onset

ANALYSED_SECONDS = 120.0
BATCH = 64
UNOPENED = "cannot be opened"

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in one file.

    Attributes:
        sample_id: The row it belongs to.
        path: The file.
        facts: Columns of the sample's row.
        descriptors: None where the file failed.
        musical: None where the file failed.
        latents: None where the file failed.
        hearing: None where the file failed.
        opened: Whether the file could be opened; if not, nothing is known of what it holds now.
        listed: Size and time of the file as they were listed when the sample's turn came.
    """

    sample_id: int
    path: Path
    facts: dict[str, object]
    descriptors: Descriptors | None = None
    latents: Latents | None = None
    hearing: Hearing | None = None
    musical: MusicalFacts | None = None
    opened: bool = True
    listed: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class AnalysisReport:
    """What an analysis did.

    Attributes:
        analysed: Files analysed.
        failed: Path and reason of those that could not be.
    """

    analysed: int
    failed: tuple[tuple[Path, str], ...]


def analyse_file(sample_id: int, path: Path, codec: BaseCodec) -> Found:
    """Decode, describe and encode one file; a file that cannot be read is found with a reason."""
    try:
        decoded = decode(path, ANALYSED_SECONDS)
        digest = content_hash(path)
        musical = musical_facts(path, decoded.clip, decoded.duration)
    except DecodeError as error:
        return _failure(sample_id, path, str(error))
    except OSError as error:
        return _failure(sample_id, path, f"{UNOPENED} ({error.strerror})")
    clip = decoded.clip
    facts: dict[str, object] = {
        "state": ANALYSED,
        "reason": "",
        "note": decoded.note,
        "content_hash": digest,
        # The same beginning is not the same sound.
        "audio_hash": audio_digest(clip) if decoded.duration <= ANALYSED_SECONDS else None,
        "duration": decoded.duration,
        "sample_rate": clip.sample_rate,
        "channels": clip.channels,
        "format": f"{decoded.format} {decoded.subtype}".strip(),
    }
    described = describe(clip)
    # Both listen in mono at one rate: to resample once is enough.
    sound = from_onset(clip)
    sound = Clip(sound.mono()[None], sound.sample_rate).at_rate(SAMPLE_RATE)
    heard = house_ear().hear(sound, described.pitch)
    return Found(sample_id, path, facts, described, codec.encode(sound), heard, musical)


def _failure(sample_id: int, path: Path, reason: str) -> Found:
    """Return that a file cannot be read; what an earlier content was is forgotten.

    Not so where it could not even be opened: its disk may have been unplugged meanwhile, or the
    program that reads it is not to be found today.
    """
    failed: dict[str, object] = {"state": FAILED, "reason": reason}
    if reason.startswith((UNOPENED, NEEDS_FFMPEG)):
        return Found(sample_id, path, failed, opened=False)
    unknown = ("content_hash", "audio_hash", "duration", "sample_rate", "channels", "format")
    facts: dict[str, object] = dict.fromkeys(unknown)
    return Found(sample_id, path, {**facts, **failed, "note": ""})


def _pending(engine: Engine, codec: BaseCodec) -> list[int]:
    """Return the samples to analyse: not analysed yet, not encoded, described or heard as now.

    A file that could not even be opened is tried again: its disk may have been unplugged. So is
    one that needed an ffmpeg, where there is one now.
    """
    mended = [UNOPENED, NEEDS_FFMPEG] if installed() else [UNOPENED]
    again = (Sample.state == FAILED) & or_(*(Sample.reason.startswith(why) for why in mended))
    encoded = select(LatentsRow.sample_id).where(LatentsRow.codec == codec.digest)
    heard = select(HearingRow.sample_id).where(HearingRow.ear == house_ear().digest)
    described = select(Descriptor.sample_id).where(Descriptor.version == DESCRIPTORS_VERSION)
    unheard = Sample.audio_hash.is_(None) & (Sample.duration <= ANALYSED_SECONDS)
    lacking = or_(unheard, *(Sample.id.not_in(having) for having in (encoded, heard, described)))
    wanted = (
        select(Sample.id)
        .where(
            Sample.missing.is_(False),
            (Sample.state == LISTED) | again | ((Sample.state == ANALYSED) & lacking),
        )
        .order_by(Sample.search_text, Sample.id)
    )
    with reading(engine) as session:
        return list(session.scalars(wanted))


def in_threads(
    pending: Iterable[T], work: Callable[[T], R], name: str, at_once: int = 8
) -> Iterator[R]:
    """Yield what comes of each, in order, with only a few clips in memory at a time.

    What is under way when the iterator is closed is finished first, and lost.

    Args:
        pending: What is to be done.
        work: Does one of it, in one of a few threads.
        name: Of the threads.
        at_once: How many of it may be under way, at most.
    """
    workers = max(1, min(at_once, os.cpu_count() or 1))
    waiting: deque[Future[R]] = deque()
    # Threads that each call for more threads wait for each other.
    each_on = on_threads(1) if workers > 1 else nullcontext()
    with each_on, ThreadPoolExecutor(workers, thread_name_prefix=name) as pool:
        try:
            for each in pending:
                waiting.append(pool.submit(work, each))
                if len(waiting) > 2 * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _as_they_were(session: Session, looked_at: Sequence[Found]) -> list[Found]:
    """Return what was found in files that are still those of their samples.

    Another process may have given a sample another file meanwhile, or its number to another sample.
    """
    columns = (Sample.id, Sample.path, Sample.size, Sample.mtime_ns)
    ids = [found.sample_id for found in looked_at]
    rows = session.execute(select(*columns).where(Sample.id.in_(ids)))
    known = {row.id: (Path(row.path), (row.size, row.mtime_ns)) for row in rows}
    return [each for each in looked_at if known.get(each.sample_id) == (each.path, each.listed)]


def _write(engine: Engine, done: Sequence[Found], codec: BaseCodec) -> None:
    with writing(engine) as session:
        looked_at = _as_they_were(session, done)
        batch = [found for found in looked_at if found.opened]
        ids = [found.sample_id for found in batch]
        for found in looked_at:
            if not found.opened:
                _write_unopened(session, found)
        hashes = select(Sample.id, Sample.content_hash).where(Sample.id.in_(ids))
        known = dict(session.execute(hashes).all())
        changed = [
            found.sample_id
            for found in batch
            if known.get(found.sample_id) != (found.facts["content_hash"] or "")
        ]
        for table in (LatentsRow, HearingRow, Vector, MapPoint):
            # All that was derived from an earlier content is out of date.
            session.execute(delete(table).where(table.sample_id.in_(changed)))
        forget_sound(session, changed)
        session.execute(delete(Descriptor).where(Descriptor.sample_id.in_(ids)))
        heard = {f.sample_id: f.hearing for f in batch if f.hearing is not None}
        write_hearings(session, house_ear().digest, heard)
        for found in batch:
            session.execute(
                update(Sample).where(Sample.id == found.sample_id).values(**found.facts)
            )
            if found.descriptors is not None and found.latents is not None and found.musical:
                facts = {**asdict(found.descriptors), **asdict(found.musical)}
                session.add(Descriptor(sample_id=found.sample_id, **facts))
                session.merge(
                    LatentsRow(
                        sample_id=found.sample_id,
                        codec=codec.digest,
                        steps=found.latents.steps,
                        dims=found.latents.dims,
                        data=found.latents.to_bytes(),
                    )
                )
        settle(session, ids)


def _write_unopened(session: Session, found: Found) -> None:
    """Write that a file could not be opened; what is known of it stays."""
    row = update(Sample).where(Sample.id == found.sample_id)
    if not os.path.lexists(found.path):
        session.execute(row.values(missing=True))
    else:
        session.execute(row.where(Sample.state != ANALYSED).values(**found.facts))


def analyse(
    engine: Engine, codec: BaseCodec, attention: Attention | None = None
) -> Job[AnalysisReport]:
    """Analyse every sample that waits for it; a job.

    Args:
        engine: The library.
        codec: Makes the latents.
        attention: Of the user: what is looked at comes first.
    """
    pending = _pending(engine, codec)
    samples = in_order_of_attention(engine, pending, attention or Attention())
    analysed = 0
    failed: list[tuple[Path, str]] = []
    batch: list[Found] = []
    yield Progress("analyse", 0, len(pending))

    def look(sample: Waiting) -> Found:
        found = analyse_file(sample.sample_id, sample.path, codec)
        return replace(found, listed=(sample.size, sample.mtime_ns))

    try:
        for done, found in enumerate(in_threads(samples, look, "analyse"), start=1):
            batch.append(found)
            if found.descriptors is None:
                failed.append((found.path, str(found.facts["reason"])))
            else:
                analysed += 1
            if len(batch) >= BATCH:
                _write(engine, batch, codec)
                batch = []
            yield Progress("analyse", done, len(pending), found.path.name)
    finally:
        if batch:
            _write(engine, batch, codec)
    return AnalysisReport(analysed, tuple(failed))
