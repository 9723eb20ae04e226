"""Of files that hold the same: which to keep, and how much room the others take."""

from __future__ import annotations

from collections.abc import Container, Sequence

from sqlalchemy import Engine, select

from index.answers import DuplicateGroup
from library import catalog
from library.catalog import SampleRow, chunks
from library.database import reading
from library.tables import Sample

LOSSLESS = frozenset(
    {"PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ALAC_16", "ALAC_20", "ALAC_24", "ALAC_32"}
    | {"alac", "ape", "flac", "shorten", "tak", "tta", "wmalossless"}
)
"""The codings, as libsndfile or ffmpeg names them, that keep what they are given."""


def is_lossless(row: SampleRow) -> bool:
    """Tell whether a sample's file holds all that it was given."""
    return (row.format or "").split(" ")[-1] in LOSSLESS


def group_of(
    engine: Engine, same: str, sample_ids: Sequence[int], said: Container[int]
) -> DuplicateGroup:
    """Return a group of samples that are the same, with the one to keep.

    That is one of which the user has said something; then one that lost nothing in its coding, of
    the higher sample rate, of more channels; then the one that the library has had for longest.

    Args:
        engine: The library.
        same: What is the same of them, see `DuplicateGroup`.
        sample_ids: Two or more.
        said: The samples of which something was said, see `library.said`.
    """
    rows = tuple(catalog.rows(engine, sorted(sample_ids)))
    sizes: dict[int, int] = {}
    with reading(engine) as session:
        for chunk in chunks([row.id for row in rows]):
            statement = select(Sample.id, Sample.size).where(Sample.id.in_(chunk))
            sizes.update(session.execute(statement).all())
    kept = max(rows, key=lambda row: (row.id in said, *_quality(row)))
    return DuplicateGroup(
        same,
        rows,
        keep=kept.id,
        sizes=tuple(sizes[row.id] for row in rows),
        spare=sum(sizes[row.id] for row in rows if row.id != kept.id),
    )


def _quality(row: SampleRow) -> tuple[bool, int, int, int]:
    return is_lossless(row), row.sample_rate or 0, row.channels or 0, -row.id
