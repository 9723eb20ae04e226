"""Vectors as rows: made from cached latents, read as one matrix."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from index.latents import read_latents
from library.database import reading, writing
from library.errors import LibraryError
from library.progress import Job, Progress
from library.tables import Latents as LatentsRow
from library.tables import Space as SpaceTable
from library.tables import Vector
from vae.codec import BaseCodec
from vae.space import Space
from vae.vector import vectors

_BATCH = 256


def lacking(engine: Engine, space_id: int, codec: BaseCodec) -> list[int]:
    """Return the samples that are encoded and have no vector in a space."""
    known = select(Vector.sample_id).where(Vector.space_id == space_id)
    statement = select(LatentsRow.sample_id).where(
        LatentsRow.codec == codec.digest, LatentsRow.sample_id.not_in(known)
    )
    with reading(engine) as session:
        return list(session.scalars(statement))


def check_digest(session: Session, space_id: int, digest: str) -> None:
    """Refuse to write for a space that was trained again or forgotten in the meantime.

    Raises:
        LibraryError: The space is not what it was.
    """
    stored = select(SpaceTable.digest).where(SpaceTable.id == space_id)
    if session.scalar(stored) != digest:
        raise LibraryError("the space was trained again in the meantime", "run the command again")


def embed(engine: Engine, space_id: int, space: Space, codec: BaseCodec) -> Job[int]:
    """Make the vectors that a space lacks, from cached latents; a job.

    Returns:
        How many were made.
    """
    ids = lacking(engine, space_id, codec)
    for start in range(0, len(ids), _BATCH):
        # Read and written under one lock, so that no vector is of a content that has changed.
        with writing(engine) as session:
            check_digest(session, space_id, space.digest)
            pairs = list(read_latents(engine, codec.digest, ids[start : start + _BATCH]))
            if not pairs:
                continue
            matrix = vectors(space, [latents for _, latents in pairs], codec).astype("<f4")
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
    statement = (
        select(Vector.sample_id, Vector.data)
        .where(Vector.space_id == space_id)
        .order_by(Vector.sample_id)
    )
    with reading(engine) as session:
        rows = session.execute(statement).all()
    ids = np.array([sample_id for sample_id, _ in rows], np.int64)
    joined = b"".join(data for _, data in rows)
    matrix = np.frombuffer(joined, "<f4").reshape(len(ids), -1) if rows else np.zeros((0, 0), "<f4")
    return ids, matrix.astype(np.float32)
