"""Collections: samples under a name, in an order, asked for by a query."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, delete

from library import catalog
from library.collecting import (
    collect,
    collections,
    collections_of,
    forget_collection,
    rename_collection,
    uncollect,
)
from library.database import writing
from library.errors import LibraryError, QueryError
from library.tables import Sample
from tests.library.organised import state, with_samples


@pytest.fixture
def filled(engine: Engine) -> Engine:
    return with_samples(engine, 9)


def counts(engine: Engine) -> dict[str, int]:
    return {each.name: each.samples for each in collections(engine)}


def test_samples_are_collected_and_taken_out(filled: Engine) -> None:
    assert collect(filled, [3, 1, 3, 99], "Night Drums") == 2
    assert collect(filled, [1, 2], "  night drums ") == 1
    assert collect(filled, [7], "A") == 1
    assert counts(filled) == {"A": 1, "Night Drums": 3}
    assert uncollect(filled, [1, 8], "NIGHT DRUMS") == 1
    assert counts(filled) == {"A": 1, "Night Drums": 2}
    assert uncollect(filled, [7], "a") == 1
    assert counts(filled) == {"A": 0, "Night Drums": 2}, "an empty one stays"


def test_a_sample_tells_its_collections(filled: Engine) -> None:
    for name in ("b", "A", "C"):
        collect(filled, [1], name)
    collect(filled, [2], "D")
    assert collections_of(filled, 1) == ["A", "b", "C"]
    assert collections_of(filled, 3) == []


def test_a_sample_that_goes_leaves_its_collections(filled: Engine) -> None:
    collect(filled, [1, 2], "a")
    with writing(filled) as session:
        session.execute(delete(Sample).where(Sample.id == 1))
    assert counts(filled) == {"a": 1}


def test_a_collection_is_renamed_and_forgotten(filled: Engine) -> None:
    collect(filled, [1, 2], "a")
    collect(filled, [3], "Other")
    rename_collection(filled, "A", "Beats")
    rename_collection(filled, "beats", "BEATS")
    assert counts(filled) == {"BEATS": 2, "Other": 1}
    with pytest.raises(LibraryError, match="there is a collection Other already"):
        rename_collection(filled, "beats", "OTHER")
    assert forget_collection(filled, "beats") == 2
    assert counts(filled) == {"Other": 1}
    assert catalog.status(filled).samples == 9


@pytest.mark.parametrize("verb", [
    lambda e: uncollect(e, [1], "nowhere"),
    lambda e: rename_collection(e, "nowhere", "b"),
    lambda e: forget_collection(e, "nowhere"),
])  # fmt: skip
def test_a_collection_that_is_not_there_is_told(filled: Engine, verb: object) -> None:
    with pytest.raises(LibraryError, match="there is no collection nowhere"):
        verb(filled)  # type: ignore[operator]


@pytest.mark.parametrize("name", ["", "  ", 'a"b', "a\nb", "a\x1bb", "\u202ea", "x" * 81])
def test_a_name_that_cannot_be_is_refused(filled: Engine, name: str) -> None:
    collect(filled, [1], "a")
    before = state(filled)
    for verb in (lambda: collect(filled, [1], name), lambda: rename_collection(filled, "a", name)):
        with pytest.raises(LibraryError) as failure:
            verb()
        assert "\n" not in str(failure.value)
        assert "\x1b" not in str(failure.value)
    assert state(filled) == before


def test_a_query_asks_for_what_is_in_a_collection_in_its_order(filled: Engine) -> None:
    collect(filled, [5, 2, 8], "Night Drums")
    collect(filled, [2, 3], "b")
    found = {
        query: catalog.ids(filled, query).tolist()
        for query in (
            "in:b", "IN:B", 'in:"night drums"', '"in:b"', "-in:b sort:-name",
            'in:b -in:"night drums"',
            'in:"night drums" in:b', 'in:"night drums" sort:name', '-in:"NIGHT DRUMS" -in:b',
        )
    }  # fmt: skip
    assert found == {
        "in:b": [2, 3],
        "IN:B": [2, 3],
        'in:"night drums"': [5, 2, 8],
        '"in:b"': [],
        "-in:b sort:-name": [9, 8, 7, 6, 5, 4, 1],
        'in:b -in:"night drums"': [3],
        'in:"night drums" in:b': [2],
        'in:"night drums" sort:name': [2, 5, 8],
        '-in:"NIGHT DRUMS" -in:b': [1, 4, 6, 7, 9],
    }
    assert sorted(catalog.id_set(filled, 'in:"night drums"')) == [2, 5, 8]


def test_a_query_for_a_collection_that_is_not_there_tells_which_there_are(filled: Engine) -> None:
    with pytest.raises(QueryError, match="there is no collection a: crate collect makes one"):
        catalog.ids(filled, "in:a")
    collect(filled, [1], "Night Drums")
    collect(filled, [1], "b")
    for ask in (catalog.ids, catalog.id_set, catalog.check):
        with pytest.raises(QueryError, match='no collection night: use in:b, in:"Night Drums"'):
            ask(filled, "kick -in:night")
    with pytest.raises(QueryError, match="in: has nothing after it"):
        catalog.ids(filled, "in:")
