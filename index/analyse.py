"""The one pass over files: file to clip to descriptors, latents and hearing to rows.

Files are decoded, described, encoded and heard by a few threads at once; rows are written by the
one that drives the job, in batches, so that a job that is stopped keeps what it has done.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine, delete, or_, select, update

from index.hearings import write_hearings
from library.category_rows import forget_sound
from library.content import content_hash
from library.database import reading, writing
from library.decode import decode
from library.descriptors import DESCRIPTORS_VERSION, Descriptors, describe
from library.errors import DecodeError
from library.progress import Job, Progress
from library.tables import ANALYSED, FAILED, LISTED, Descriptor, MapPoint, Sample, Vector
from library.tables import Hearing as HearingRow
from library.tables import Latents as LatentsRow
from vae.codec import BaseCodec
from vae.ear_file import house_ear
from vae.hearing import Hearing
from vae.latents import Latents
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
        latents: None where the file failed.
        hearing: None where the file failed.
    """

    sample_id: int
    path: Path
    facts: dict[str, object]
    descriptors: Descriptors | None = None
    latents: Latents | None = None
    hearing: Hearing | None = None


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
        "duration": decoded.duration,
        "sample_rate": clip.sample_rate,
        "channels": clip.channels,
        "format": f"{decoded.format} {decoded.subtype}".strip(),
    }
    described, sound = describe(clip), from_onset(clip)
    heard = house_ear().hear(sound, described.pitch)
    return Found(sample_id, path, facts, described, codec.encode(sound), heard)


def _failure(sample_id: int, path: Path, reason: str) -> Found:
    """Return that a file cannot be read; what an earlier content was is forgotten."""
    unknown = ("content_hash", "duration", "sample_rate", "channels", "format")
    facts: dict[str, object] = dict.fromkeys(unknown)
    return Found(sample_id, path, {**facts, "state": FAILED, "reason": reason, "note": ""})


def _pending(engine: Engine, codec: BaseCodec) -> list[tuple[int, Path]]:
    """Return the samples to analyse: not analysed yet, not encoded, described or heard as now.

    A file that could not even be opened is tried again: its disk may have been unplugged.
    """
    unopened = (Sample.state == FAILED) & Sample.reason.startswith(UNOPENED)
    encoded = select(LatentsRow.sample_id).where(LatentsRow.codec == codec.digest)
    heard = select(HearingRow.sample_id).where(HearingRow.ear == house_ear().digest)
    described = select(Descriptor.sample_id).where(Descriptor.version == DESCRIPTORS_VERSION)
    lacking = or_(*(Sample.id.not_in(having) for having in (encoded, heard, described)))
    wanted = (
        select(Sample.id, Sample.path)
        .where(
            Sample.missing.is_(False),
            (Sample.state == LISTED) | unopened | ((Sample.state == ANALYSED) & lacking),
        )
        .order_by(Sample.folder, Sample.name)
    )
    with reading(engine) as session:
        return [(sample_id, Path(path)) for sample_id, path in session.execute(wanted)]


def in_threads(
    pending: Sequence[T], work: Callable[[T], R], name: str, at_once: int = 8
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
    with ThreadPoolExecutor(workers, thread_name_prefix=name) as pool:
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


def _write(engine: Engine, batch: Sequence[Found], codec: BaseCodec) -> None:
    ids = [found.sample_id for found in batch]
    with writing(engine) as session:
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
            if found.descriptors is not None and found.latents is not None:
                session.add(Descriptor(sample_id=found.sample_id, **asdict(found.descriptors)))
                session.merge(
                    LatentsRow(
                        sample_id=found.sample_id,
                        codec=codec.digest,
                        steps=found.latents.steps,
                        dims=found.latents.dims,
                        data=found.latents.to_bytes(),
                    )
                )


def analyse(engine: Engine, codec: BaseCodec) -> Job[AnalysisReport]:
    """Analyse every sample that waits for it; a job.

    Args:
        engine: The library.
        codec: Makes the latents.
    """
    pending = _pending(engine, codec)
    analysed = 0
    failed: list[tuple[Path, str]] = []
    batch: list[Found] = []
    yield Progress("analyse", 0, len(pending))

    def look(sample: tuple[int, Path]) -> Found:
        return analyse_file(*sample, codec)

    try:
        for done, found in enumerate(in_threads(pending, look, "analyse"), start=1):
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
