from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from library import catalog
from library.database import writing
from library.errors import LibraryError
from library.labels import mark_used, rate, tag, untag
from library.tables import Descriptor, Root, Sample


@pytest.fixture
def filled(engine: Engine, tmp_path: Path) -> Engine:
    with writing(engine) as session:
        session.add(Root(id=1, path=str(tmp_path)))
        session.flush()
        for number in range(1, 1204):
            session.add(
                Sample(
                    id=number,
                    root_id=1,
                    path=str(tmp_path / f"{number}.wav"),
                    name=f"{number}.wav",
                    folder="r",
                    search_text=f"r\n{number}.wav",
                    size=1,
                    mtime_ns=1,
                    duration=0.5,
                    state="analysed" if number > 3 else "listed",
                )
            )
        session.flush()
        session.add(Descriptor(sample_id=7, brightness=1234.5, loudness=-6.0))
    return engine


def test_rows_come_in_the_order_asked_for(filled: Engine) -> None:
    order = np.random.default_rng(0).permutation(np.arange(1, 1204))
    assert [row.id for row in catalog.rows(filled, order)] == order.tolist()


def test_an_id_that_is_not_there_is_left_out(filled: Engine) -> None:
    assert [row.id for row in catalog.rows(filled, [5, 99_999, 4])] == [5, 4]
    assert catalog.rows(filled, []) == []


def test_a_row_tells_all(filled: Engine) -> None:
    tag(filled, [7], ["z", "a"])
    rate(filled, [7], 3)
    (row,) = catalog.rows(filled, [7])
    assert row.attributes["brightness"] == 1234.5
    assert row.attributes["pitch"] is None
    assert (row.tags, row.rating, row.duration) == (("a", "z"), 3, 0.5)
    (other,) = catalog.rows(filled, [8])
    assert set(other.attributes.values()) == {None}
    assert other.tags == ()
    assert not other.used
    mark_used(filled, [8], True)
    assert catalog.rows(filled, [8])[0].used
    assert catalog.ids(filled, "is:used").tolist() == [8]
    assert len(catalog.ids(filled, "-is:used")) == 1202


def test_a_sample_is_found_by_id_and_by_path(
    filled: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for sound in ("7", str(tmp_path / "7.wav"), "7.wav", "./x/../7.wav"):
        assert catalog.find(filled, sound).id == 7


@pytest.mark.parametrize("sound", ["99999", "gone.wav", "", "9" * 40, "a\x1bb"])
def test_a_sample_that_is_not_there_is_one_line_with_a_hint(filled: Engine, sound: str) -> None:
    with pytest.raises(LibraryError) as caught:
        catalog.find(filled, sound)
    assert caught.value.hint
    assert "\x1b" not in str(caught.value)


def test_tags_go_on_once_and_come_off(filled: Engine) -> None:
    everything = catalog.ids(filled)
    tag(filled, everything, [" Dark ", "dark", "used"])
    tag(filled, [7], ["DARK"])
    assert catalog.status(filled).tags == {"dark": 1203, "used": 1203}
    untag(filled, everything[:1200], ["Dark"])
    untag(filled, everything, ["used", "never"])
    assert catalog.status(filled).tags == {"dark": 3}
    assert len(catalog.ids(filled, "tag:dark")) == 3


def test_an_id_that_is_not_there_gets_no_tag(filled: Engine) -> None:
    tag(filled, [7, 99_999], ["dark"])
    assert catalog.status(filled).tags == {"dark": 1}


@pytest.mark.parametrize("word", ["", "  ", 'a"b', "a\x1bb", "a\nb"])
def test_a_word_that_no_query_could_name_is_refused(filled: Engine, word: str) -> None:
    with pytest.raises(LibraryError, match="cannot be a tag"):
        tag(filled, [7], ["fine", word])
    assert catalog.status(filled).tags == {}


def test_ratings_are_set_and_taken_away(filled: Engine) -> None:
    rate(filled, [7, 8], 5)
    assert catalog.ids(filled, "rating:5").tolist() == [7, 8]
    rate(filled, [7], None)
    rate(filled, [8], 0)
    assert catalog.ids(filled, "rating>0").tolist() == []
    for rating in (-1, 6):
        with pytest.raises(LibraryError, match="not a rating"):
            rate(filled, [7], rating)


def test_status_counts(filled: Engine, tmp_path: Path) -> None:
    with writing(filled) as session:
        failed = session.get_one(Sample, 1)
        failed.state, failed.reason = "failed", "is empty (0 bytes)"
        session.get_one(Sample, 9).missing = True
    status = catalog.status(filled)
    assert (status.samples, status.listed, status.analysed) == (1203, 2, 1200)
    assert status.failed == ((tmp_path / "1.wav", "is empty (0 bytes)"),)
    assert (status.missing, status.roots) == (1, (tmp_path,))
    assert status.duration == pytest.approx(1203 * 0.5)


def test_an_empty_library_has_nothing(engine: Engine) -> None:
    assert len(catalog.ids(engine)) == 0
    assert catalog.status(engine) == catalog.Status(0, 0, 0, (), 0, (), 0.0, {})


@pytest.mark.parametrize("query", ["", "is:missing", "tag:dark", "-tag:dark bright>0 sort:bright"])
def test_a_set_of_ids_has_the_same_ids(filled: Engine, query: str) -> None:
    found = catalog.id_set(filled, query)
    assert found.dtype == np.int64
    assert sorted(found.tolist()) == sorted(catalog.ids(filled, query).tolist())
