"""Categories by sound: of the samples of which neither the user nor the path says one.

What the user says of other samples corrects the head first; see :mod:`vae.category_head`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from library.catalog import chunks
from library.category import CATEGORY_NAMES, SOUND, USER
from library.category_rows import BY_SOUND
from library.database import reading, writing
from library.progress import Job, Progress
from library.tables import ANALYSED, Sample
from vae.category_head import CategoryHead, Features, teach

SURE = 0.5
"""A category whose probability is less is not told: it would be wrong more often than right."""

FeaturesOf = Callable[[NDArray[np.int64]], tuple[NDArray[np.int64], Features]]
"""Returns of some samples the ids of those that have features, int64 (m,), and these, (m, d)."""

_BATCH = 2_048
_OF_LIBRARY = 2_000  # sounds over which features are standardised


@dataclass(frozen=True, slots=True)
class CategoryReport:
    """What the sounds were asked.

    Attributes:
        heard: Samples that were asked: those that neither the user nor the path says anything of.
        told: How many of them have a category now.
        changed: How many have another one than before, or none any more.
        taught_by: Samples from whose words of the user's the head learned.
    """

    heard: int
    told: int
    changed: int
    taught_by: int


def categorise(engine: Engine, head: CategoryHead, features: FeaturesOf) -> Job[CategoryReport]:
    """Tell categories from sounds; a job. The same library, head and words give the same ones.

    Args:
        engine: The library.
        head: Hears categories.
        features: Of samples; what the head takes.
    """
    yield Progress("categories", 0, None)
    taught, taught_by = taught_head(engine, head, features)
    with reading(engine) as session:
        ids = _ids(session, BY_SOUND, Sample.state == ANALYSED)
    heard = told = changed = 0
    for start in range(0, len(ids), _BATCH):
        # Read and written under one lock, so that nothing is said of a content that has changed,
        # and nothing over a word that the user has said meanwhile.
        with writing(engine) as session:
            some, matrix = features(ids[start : start + _BATCH])
            if len(some):
                probabilities = taught.probabilities(matrix)
                counts = _write(session, some, probabilities)
                heard, told, changed = heard + len(some), told + counts[0], changed + counts[1]
        yield Progress("categories", min(start + _BATCH, len(ids)), len(ids))
    return CategoryReport(heard, told, changed, taught_by)


def taught_head(
    engine: Engine, head: CategoryHead, features: FeaturesOf
) -> tuple[CategoryHead, int]:
    """Return a head corrected by the user's words, and by how many sounds it was."""
    with reading(engine) as session:
        mine = select(Sample.id, Sample.category).where(Sample.category_source == USER)
        said = dict(session.execute(mine).all())
        if not said:
            return head, 0
        analysed = _ids(session, Sample.state == ANALYSED)
    ids, matrix = features(np.array(sorted(said), np.int64))
    if not len(ids):
        return head, 0
    places = np.array([CATEGORY_NAMES.index(said[int(i)] or "") for i in ids], np.int64)
    some = analysed[:: -(-len(analysed) // _OF_LIBRARY)]
    return teach(head, matrix, places, features(some)[1]), len(ids)


def _ids(session: Session, *where: object) -> NDArray[np.int64]:
    statement = select(Sample.id).where(*where).order_by(Sample.id)  # type: ignore[arg-type]
    return np.fromiter(session.scalars(statement), np.int64)


def _write(session: Session, ids: NDArray[np.int64], probabilities: Features) -> tuple[int, int]:
    """Write what the sounds tell; return how many are told something, and how many another."""
    before = _before(session, ids)
    best = probabilities.argmax(axis=1)
    changes = []
    told = changed = 0
    for sample_id, place, row in zip(ids.tolist(), best.tolist(), probabilities, strict=True):
        if sample_id not in before:
            continue
        sure = round(float(row[place]), 4)
        now = (CATEGORY_NAMES[place], sure) if sure >= SURE else (None, None)
        told += now[0] is not None
        changed += now[0] != before[sample_id][0]
        if now != before[sample_id]:
            changes.append(
                {
                    "id": sample_id,
                    "category": now[0],
                    "category_source": SOUND if now[0] is not None else None,
                    "category_probability": now[1],
                }
            )
    if changes:
        session.execute(update(Sample), changes)
    return told, changed


def _before(session: Session, ids: NDArray[np.int64]) -> dict[int, tuple[str | None, float | None]]:
    """Return category and probability of those samples that only the sound may say it of."""
    columns = select(Sample.id, Sample.category, Sample.category_probability)
    return {
        sample_id: (category, sure)
        for chunk in chunks(ids)
        for sample_id, category, sure in session.execute(
            columns.where(Sample.id.in_(chunk), BY_SOUND)
        )
    }
