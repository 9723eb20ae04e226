"""Vectors as rows: made from cached latents and hearing, read as one matrix."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, Select, func, insert, select
from sqlalchemy.orm import Session

from index.hearings import wholes_of
from index.latents import read_latents
from library.catalog import all_numbers, chunks
from library.database import reading, writing
from library.errors import LibraryError
from library.progress import Job, Progress
from library.tables import ANALYSED, Sample, Vector
from library.tables import Hearing as HearingRow
from library.tables import Latents as LatentsRow
from library.tables import Space as SpaceTable
from vae.codec import BaseCodec
from vae.ear_file import house_ear
from vae.space import Space
from vae.vector import vectors

_BATCH = 256
_ROWS = 4096


def lacking(engine: Engine, space_id: int, codec: BaseCodec) -> list[int]:
    """Return the samples that are encoded and heard, and have no vector in a space."""
    encoded = select(LatentsRow.sample_id).where(LatentsRow.codec == codec.digest)
    heard = select(HearingRow.sample_id).where(HearingRow.ear == house_ear().digest)
    known = select(Vector.sample_id).where(Vector.space_id == space_id)
    with reading(engine) as session:
        # SQLite itself would take ten times as long to compare half a million.
        ready = np.intersect1d(
            all_numbers(session, encoded), all_numbers(session, heard), assume_unique=True
        )
        left = np.setdiff1d(ready, all_numbers(session, known), assume_unique=True)
    return [int(i) for i in left]


def count_lacking(engine: Engine, space_id: int) -> int:
    """Return how many analysed samples that are there have no vector in a space, for any reason."""
    there = select(Sample.id).where(Sample.state == ANALYSED, Sample.missing.is_(False))
    known = select(Vector.sample_id).where(Vector.space_id == space_id)
    with reading(engine) as session:
        return len(np.setdiff1d(all_numbers(session, there), all_numbers(session, known)))


def check_digest(session: Session, space_id: int, digest: str) -> None:
    """Refuse to write for a space that was trained again or forgotten in the meantime.

    Raises:
        LibraryError: The space is not what it was.
    """
    stored = select(SpaceTable.digest).where(SpaceTable.id == space_id)
    if session.scalar(stored) != digest:
        raise LibraryError("the space was trained again in the meantime", "run the command again")


def embed(engine: Engine, space_id: int, space: Space, codec: BaseCodec) -> Job[int]:
    """Make the vectors that a space lacks, from what is cached; a job.

    Returns:
        How many were made.
    """
    ids = lacking(engine, space_id, codec)
    for start in range(0, len(ids), _BATCH):
        # Read and written under one lock, so that no vector is of a content that has changed.
        with writing(engine) as session:
            check_digest(session, space_id, space.digest)
            wholes = wholes_of(session, house_ear().digest, ids[start : start + _BATCH])
            pairs = list(read_latents(engine, codec.digest, list(wholes)))
            if not pairs:
                continue
            heard = np.stack([wholes[sample_id] for sample_id, _ in pairs])
            sounds = [latents for _, latents in pairs]
            matrix = vectors(space, sounds, heard, codec).astype("<f4")
            session.execute(
                insert(Vector).prefix_with("OR REPLACE"),
                [
                    {"sample_id": sample_id, "space_id": space_id, "data": row.tobytes()}
                    for (sample_id, _), row in zip(pairs, matrix, strict=True)
                ],
            )
        yield Progress("embed", min(start + _BATCH, len(ids)), len(ids))
    return len(ids)


def read_vectors(engine: Engine, space_id: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return all vectors of a space.

    Returns:
        Ids, int64, shape (n,), rising; and the matrix, float32, shape (n, d).
    """
    with reading(engine) as session:
        return all_vectors(session, space_id)


def all_vectors(session: Session, space_id: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return all vectors of a space, as `read_vectors` does, as one session sees them."""
    of_space = Vector.space_id == space_id
    n = session.scalar(select(func.count()).where(of_space)) or 0
    statement = select(Vector.sample_id, Vector.data).where(of_space).order_by(Vector.sample_id)
    return _collected(session, statement, n)


def vectors_of(
    session: Session, space_id: int, sample_ids: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the vectors of some samples in a space; those without are left out.

    Returns:
        Ids, int64, shape (n,); and the matrix, float32, shape (n, d).
    """
    found = [
        _collected(
            session,
            select(Vector.sample_id, Vector.data).where(
                Vector.space_id == space_id, Vector.sample_id.in_(chunk)
            ),
            len(chunk),
        )
        for chunk in chunks(sample_ids)
    ]
    found = [each for each in found if len(each[0])]
    if not found:
        return np.zeros(0, np.int64), np.zeros((0, 0), np.float32)
    return np.concatenate([ids for ids, _ in found]), np.concatenate([rows for _, rows in found])


def _collected(
    session: Session, statement: Select[int, bytes], n: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return rows of ids and vectors, at most n, holding them once."""
    ids, matrix = np.zeros(n, np.int64), np.zeros((0, 0), np.float32)
    at = 0
    # The driver's own rows: SQLAlchemy's take five times as long, and these need no conversion.
    cursor = session.connection().execute(statement).cursor
    while part := cursor.fetchmany(_ROWS):
        some, data = zip(*part, strict=True)
        values = np.frombuffer(b"".join(data), "<f4").reshape(len(part), -1)
        if not at:
            matrix = np.empty((n, values.shape[1]), np.float32)
        ids[at : at + len(part)] = some
        matrix[at : at + len(part)] = values
        at += len(part)
    return ids[:at], matrix[:at]
