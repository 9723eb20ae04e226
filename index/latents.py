"""Cached latents: rows to arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Engine, select

from library.catalog import chunks
from library.database import reading
from library.tables import Latents as LatentsRow
from vae.latents import Latents


def read_latents(
    engine: Engine, codec_digest: str, sample_ids: Sequence[int]
) -> Iterator[tuple[int, Latents]]:
    """Yield the cached latents of samples, in the order asked for; those without are left out.

    Args:
        engine: The library.
        codec_digest: Whose latents.
        sample_ids: Of which samples.
    """
    for chunk in chunks(sample_ids):
        statement = select(LatentsRow.sample_id, LatentsRow.dims, LatentsRow.data).where(
            LatentsRow.codec == codec_digest, LatentsRow.sample_id.in_(chunk)
        )
        with reading(engine) as session:
            found = {
                sample_id: Latents.from_bytes(data, dims)
                for sample_id, dims, data in session.execute(statement)
            }
        for sample_id in chunk:
            if sample_id in found:
                yield sample_id, found[sample_id]
