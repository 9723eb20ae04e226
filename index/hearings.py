"""What the ear keeps of samples: rows to arrays, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, delete, func, insert, select
from sqlalchemy.orm import Session

from index.categories import FeaturesOf
from library.catalog import chunks
from library.database import reading
from library.tables import ANALYSED, MapPoint, Sample, Vector
from library.tables import Hearing as HearingRow
from vae.ear import BLOCKS
from vae.ear_file import house_ear
from vae.hearing import Hearing


def write_hearings(session: Session, ear: str, heard: Mapping[int, Hearing]) -> None:
    """Keep what an ear keeps of samples; vectors made from anything else go.

    Args:
        session: Writing.
        ear: Digest of the ear.
        heard: By sample.
    """
    for chunk in chunks(list(heard)):
        stored = select(HearingRow.sample_id).where(
            HearingRow.sample_id.in_(chunk), HearingRow.ear == ear
        )
        known = set(session.scalars(stored))
        stale = [i for i in chunk if i not in known]
        for table in (Vector, MapPoint):
            session.execute(delete(table).where(table.sample_id.in_(stale)))
        rows = []
        for sample_id in chunk:
            whole, windows = heard[sample_id].to_bytes()
            rows.append({"sample_id": sample_id, "ear": ear, "whole": whole, "windows": windows})
        session.execute(insert(HearingRow).prefix_with("OR REPLACE"), rows)


def wholes_of(
    session: Session, ear: str, sample_ids: Sequence[int]
) -> dict[int, NDArray[np.float32]]:
    """Return what an ear keeps of whole samples, by id; those without are left out."""
    found: dict[int, NDArray[np.float32]] = {}
    for chunk in chunks(sample_ids):
        statement = select(HearingRow.sample_id, HearingRow.whole).where(
            HearingRow.sample_id.in_(chunk), HearingRow.ear == ear
        )
        for sample_id, data in session.execute(statement):
            found[sample_id] = np.frombuffer(data, "<f2").astype(np.float32)
    return found


def features_of(engine: Engine) -> FeaturesOf:
    """Return what gives the features of samples that a head of categories takes."""
    ear = house_ear()

    def features(sample_ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        with reading(engine) as session:
            found = wholes_of(session, ear.digest, sample_ids.tolist())
        if not found:
            return np.zeros(0, np.int64), np.zeros((0, sum(BLOCKS.values())), np.float32)
        return np.fromiter(found, np.int64), np.stack(list(found.values()))

    return features


def unheard(session: Session, ear: str) -> int:
    """Return how many analysed samples that are there the ear has not heard."""
    heard = select(HearingRow.sample_id).where(HearingRow.ear == ear)
    return (
        session.scalar(
            select(func.count())
            .select_from(Sample)
            .where(Sample.state == ANALYSED, Sample.missing.is_(False), Sample.id.not_in(heard))
        )
        or 0
    )
