"""All that was said of samples: the user's words, ratings, collections; takes made from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    union,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from library.category import USER
from library.tables import (
    CollectionSample,
    Sample,
    SamplePair,
    SampleTag,
    TakeParent,
    WordExample,
)

_COLUMNS: tuple[InstrumentedAttribute[Any], ...] = (
    SampleTag.sample_id,
    SamplePair.sample_id,
    SamplePair.other_id,
    WordExample.sample_id,
    CollectionSample.sample_id,
    TakeParent.sample_id,
)
_SOURCES = (Sample.category_source, Sample.tempo_source, Sample.key_source)


def nothing_said() -> tuple[ColumnElement[bool], ...]:
    """Return what holds of samples of which nothing was said."""
    return (
        Sample.rating.is_(None),
        Sample.used_at.is_(None),
        *(func.coalesce(source, "") != USER for source in _SOURCES),
        *(~select(1).where(column == Sample.id).exists() for column in _COLUMNS),
    )


def said_of(session: Session) -> set[int]:
    """Return the ids of the samples of which something was said."""
    by_user = (source == USER for source in _SOURCES)
    own = select(Sample.id).where(
        or_(Sample.rating.is_not(None), Sample.used_at.is_not(None), *by_user)
    )
    said = (select(column).where(column.is_not(None)) for column in _COLUMNS)
    return set(session.scalars(union(own, *cast("list[Select[int]]", list(said)))))


def hand_over(session: Session, given: int, taker: int) -> None:
    """Give a sample all that was said of another, and take that one out of the library.

    Where both have a rating, a mark of use, a category, tempo or key of the user's or a place in a
    collection, the taker keeps its own.

    Args:
        session: Holds the write lock.
        given: The sample that goes.
        taker: The one that stays.
    """
    for table, rest in (
        (SampleTag, ("tag_id",)),
        (WordExample, ("word", "fits", "said_at")),
        (CollectionSample, ("collection_id", "place")),
    ):
        _copy(session, cast(Table, table.__table__), rest, given, taker)
    pairs = select(SamplePair).where(
        (SamplePair.sample_id == given) | (SamplePair.other_id == given)
    )
    for pair in session.scalars(pairs).all():
        other = pair.other_id if pair.sample_id == given else pair.sample_id
        if other != taker:
            low, high = sorted((taker, other))
            facts = {"sample_id": low, "other_id": high, "alike": pair.alike}
            statement = insert(SamplePair).prefix_with("OR IGNORE")
            session.execute(statement.values(**facts, said_at=pair.said_at))
    session.execute(update(TakeParent).where(TakeParent.sample_id == given).values(sample_id=taker))
    row, kept = session.get_one(Sample, given), session.get_one(Sample, taker)
    if kept.rating is None:
        kept.rating = row.rating
    if kept.used_at is None:
        kept.used_at = row.used_at
    if row.category_source == USER and kept.category_source != USER:
        kept.category, kept.category_source = row.category, USER
        kept.category_probability = None
    if row.tempo_source == USER and kept.tempo_source != USER:
        kept.tempo, kept.tempo_source = row.tempo, USER
    if row.key_source == USER and kept.key_source != USER:
        kept.key, kept.key_source = row.key, USER
    session.flush()
    session.expunge(row)
    session.execute(delete(Sample).where(Sample.id == given))


def _copy(session: Session, table: Table, rest: Sequence[str], given: int, taker: int) -> None:
    columns = [table.c[name] for name in rest]
    values = select(literal(taker), *columns).where(table.c.sample_id == given)
    statement = insert(table).prefix_with("OR IGNORE")
    session.execute(statement.from_select(["sample_id", *rest], values))
