"""What the user says of two samples: that they belong together, or that they do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from sqlalchemy import Engine, delete, select
from sqlalchemy.dialects.sqlite import insert

from library.database import reading
from library.errors import LibraryError
from library.journal import changing
from library.tables import SamplePair, now

MOST_TOGETHER = 100
"""Samples that one saying may name: every two of them are a pair."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two samples, and what was said of them.

    Attributes:
        first: The smaller of the ids.
        second: The other.
        alike: Whether they belong together.
        said_at: When it was last said.
    """

    first: int
    second: int
    alike: bool
    said_at: datetime


def say(engine: Engine, sample_ids: Sequence[int], alike: bool) -> list[Pair]:
    """Say of every two of some samples whether they belong together; what was said before goes.

    Args:
        engine: The library.
        sample_ids: Of samples that are there.
        alike: Whether they do.

    Returns:
        The pairs, by id.

    Raises:
        LibraryError: They are fewer than two, or more than a hundred.
    """
    ids = sorted(set(sample_ids))
    if len(ids) < 2:
        raise LibraryError("that is not said of one sound alone", "name two sounds or more")
    if len(ids) > MOST_TOGETHER:
        raise LibraryError(
            f"{len(ids)} sounds at once are too many", f"name {MOST_TOGETHER} at most, or tag them"
        )
    moment = now()
    said = [Pair(first, second, alike, moment) for first, second in combinations(ids, 2)]
    rows = [
        {"sample_id": p.first, "other_id": p.second, "alike": alike, "said_at": moment}
        for p in said
    ]
    # A row that is replaced would not tell that it goes.
    saying = insert(SamplePair)
    newer = {"alike": saying.excluded.alike, "said_at": saying.excluded.said_at}
    upsert = saying.on_conflict_do_update(index_elements=["sample_id", "other_id"], set_=newer)
    about = "said that {} belong together" if alike else "said that {} do not belong together"
    with changing(engine, about.format) as session:
        session.execute(upsert, rows)
    return said


def forget(engine: Engine, sample_ids: Sequence[int]) -> list[Pair]:
    """Take back what was said of every two of some samples, or all that was said of a single one.

    Returns:
        What was taken back, by id.
    """
    ids = set(sample_ids)
    said = [(pair, {pair.first, pair.second}) for pair in pairs(engine)]
    gone = [pair for pair, both in said if (ids <= both if len(ids) == 1 else both <= ids)]
    with changing(engine, "took back how {} belong together".format) as session:
        for pair in gone:
            session.execute(
                delete(SamplePair).where(
                    SamplePair.sample_id == pair.first, SamplePair.other_id == pair.second
                )
            )
    return gone


def pairs(engine: Engine) -> list[Pair]:
    """Return all that was said, by id."""
    columns = select(
        SamplePair.sample_id, SamplePair.other_id, SamplePair.alike, SamplePair.said_at
    )
    with reading(engine) as session:
        rows = session.execute(columns.order_by(SamplePair.sample_id, SamplePair.other_id))
        return [Pair(*row) for row in rows]
