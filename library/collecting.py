"""Collections: samples that the user has put together under a name, in an order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, func, insert, select
from sqlalchemy.orm import Session

from library.catalog import Ids, chunks
from library.database import reading
from library.errors import LibraryError
from library.journal import changing
from library.names import displayable
from library.own_names import find_named, own_name, rename
from library.query_terms import folded
from library.tables import Collection, CollectionSample, Sample

_WHAT = "collection"


@dataclass(frozen=True, slots=True)
class CollectionRow:
    """A collection.

    Attributes:
        name: As the user wrote it.
        samples: How many are in it, those missing among them.
        made_at: When it was begun.
    """

    name: str
    samples: int
    made_at: datetime


def collect(engine: Engine, sample_ids: Ids, name: str) -> int:
    """Put samples at the end of a collection, making it where there is none.

    Args:
        engine: The library.
        sample_ids: In the order wanted; what is in it stays at its place, what is nowhere is left
            out.
        name: Of the collection, in any case.

    Returns:
        How many samples are new in it.

    Raises:
        LibraryError: The name cannot be one.
    """
    name = own_name(name, _WHAT)
    with changing(engine, lambda samples: f"put {samples} into {name}") as session:
        found = find_named(session, Collection, name)
        wanted = dict.fromkeys(int(i) for i in sample_ids)
        there = {
            sample_id
            for chunk in chunks(list(wanted))
            for sample_id in session.scalars(select(Sample.id).where(Sample.id.in_(chunk)))
        }
        if found is None:
            found = Collection(name=name, folded=folded(name))
            session.add(found)
            session.flush()
        members = select(CollectionSample.sample_id, CollectionSample.place).where(
            CollectionSample.collection_id == found.id
        )
        places = dict(session.execute(members).all())
        new = [i for i in wanted if i in there and i not in places]
        first = max(places.values(), default=0) + 1
        rows = [
            {"collection_id": found.id, "sample_id": sample_id, "place": place}
            for place, sample_id in enumerate(new, start=first)
        ]
        if rows:
            session.execute(insert(CollectionSample), rows)
        return len(rows)


def uncollect(engine: Engine, sample_ids: Ids, name: str) -> int:
    """Take samples out of a collection, which stays, even when it is empty; return how many.

    Raises:
        LibraryError: There is no such collection.
    """
    with changing(engine, lambda samples: f"took {samples} out of {name.strip()}") as session:
        found = _known(session, name)
        count = 0
        for chunk in chunks(sample_ids):
            gone = delete(CollectionSample).where(
                CollectionSample.collection_id == found.id, CollectionSample.sample_id.in_(chunk)
            )
            count += len(session.scalars(gone.returning(CollectionSample.sample_id)).all())
        return count


def collections(engine: Engine) -> list[CollectionRow]:
    """Return the collections, by name."""
    columns = (Collection.name, func.count(CollectionSample.sample_id), Collection.made_at)
    joined = select(*columns).outerjoin(
        CollectionSample, CollectionSample.collection_id == Collection.id
    )
    with reading(engine) as session:
        rows = session.execute(joined.group_by(Collection.id).order_by(Collection.folded))
        return [CollectionRow(*row) for row in rows]


def collections_of(engine: Engine, sample_id: int) -> list[str]:
    """Return the names of the collections that a sample is in, sorted."""
    names = select(Collection.name).join(
        CollectionSample, CollectionSample.collection_id == Collection.id
    )
    with reading(engine) as session:
        of_sample = names.where(CollectionSample.sample_id == sample_id)
        return list(session.scalars(of_sample.order_by(Collection.folded)))


def rename_collection(engine: Engine, old: str, new: str) -> None:
    """Give a collection another name.

    Raises:
        LibraryError: There is no such collection, another has the new name, or it cannot be one.
    """
    new = own_name(new, _WHAT)
    with changing(engine, lambda _: f"renamed the collection {was} to {new}") as session:
        found = _known(session, old)
        was = found.name
        rename(session, found, new, _WHAT)


def forget_collection(engine: Engine, name: str) -> int:
    """Forget a collection; its samples stay in the library. Return how many were in it.

    Raises:
        LibraryError: There is no such collection.
    """
    with changing(engine, lambda _: f"deleted the collection {was}") as session:
        found = _known(session, name)
        was = found.name
        members = delete(CollectionSample).where(CollectionSample.collection_id == found.id)
        count = len(session.scalars(members.returning(CollectionSample.sample_id)).all())
        session.delete(found)
        return count


def _known(session: Session, name: str) -> Collection:
    found = find_named(session, Collection, name.strip())
    if found is None:
        raise LibraryError(
            f"there is no collection {displayable(name) or 'without a name'}",
            "crate collections lists them",
        )
    return found
