"""What is said of two samples: one row for both orders, the last word counts, and it stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, delete

from library import catalog
from library.database import writing
from library.errors import LibraryError
from library.pairs import MOST_TOGETHER, forget, pairs, say
from library.progress import drive
from library.register import refresh
from library.tables import Sample, SamplePair


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(5):
        path = tmp_path / "mine" / f"{number}.wav"
        path.parent.mkdir(exist_ok=True)
        path.write_text("sound" * (number + 1))
    return tmp_path / "mine"


def said(engine: Engine) -> list[tuple[int, int, bool]]:
    return [(pair.first, pair.second, pair.alike) for pair in pairs(engine)]


def test_every_two_are_a_pair_whatever_their_order(filled: Engine) -> None:
    assert [(p.first, p.second) for p in say(filled, [4, 2, 3, 2], alike=True)] == [
        (2, 3),
        (2, 4),
        (3, 4),
    ]
    assert said(filled) == [(2, 3, True), (2, 4, True), (3, 4, True)]


def test_the_last_word_counts(filled: Engine) -> None:
    say(filled, [1, 2, 3], alike=True)
    say(filled, [3, 1], alike=False)
    assert said(filled) == [(1, 2, True), (1, 3, False), (2, 3, True)]


@pytest.mark.parametrize(
    ("of", "left"),
    [
        ([1, 2], [(1, 3, True), (2, 3, True), (4, 5, False)]),
        ([3], [(1, 2, True), (4, 5, False)]),
        ([3, 2, 1, 4], [(4, 5, False)]),
        ([1, 4], [(1, 2, True), (1, 3, True), (2, 3, True), (4, 5, False)]),
        ([], [(1, 2, True), (1, 3, True), (2, 3, True), (4, 5, False)]),
    ],
)
def test_it_is_taken_back(filled: Engine, of: list[int], left: list[tuple[int, int, bool]]) -> None:
    say(filled, [1, 2, 3], alike=True)
    say(filled, [4, 5], alike=False)
    before = pairs(filled)
    gone = forget(filled, of)
    assert said(filled) == left
    assert {*gone, *pairs(filled)} == {*before}
    assert len(gone) == len(before) - len(left)


def test_one_sound_or_too_many_are_refused(filled: Engine) -> None:
    with pytest.raises(LibraryError, match="of one sound alone: name two"):
        say(filled, [3, 3], alike=True)
    with pytest.raises(LibraryError, match="at once are too many: name 100 at most"):
        say(filled, range(1, MOST_TOGETHER + 2), alike=False)
    assert pairs(filled) == []


def test_it_survives_a_rescan_a_move_and_a_file_that_was_away(filled: Engine, folder: Path) -> None:
    one, other = (catalog.find(filled, str(folder / name)).id for name in ("0.wav", "1.wav"))
    say(filled, [one, other], alike=True)
    expected = pairs(filled)
    drive(refresh(filled))
    assert pairs(filled) == expected
    (folder / "elsewhere").mkdir()
    (folder / "0.wav").rename(folder / "elsewhere" / "new name.wav")
    assert drive(refresh(filled)).moved == 1
    assert pairs(filled) == expected
    assert catalog.find(filled, str(folder / "elsewhere" / "new name.wav")).id == one
    (folder / "1.wav").rename(folder.parent / "away")
    assert drive(refresh(filled)).missing == 1
    assert pairs(filled) == expected


def test_it_goes_with_a_sample(filled: Engine) -> None:
    say(filled, [1, 2, 3], alike=True)
    with writing(filled) as session:
        session.execute(delete(Sample).where(Sample.id == 2))
    assert said(filled) == [(1, 3, True)]


def test_no_pair_is_there_twice(filled: Engine) -> None:
    with pytest.raises(LibraryError, match="ck_sample_pair_order"), writing(filled) as session:
        session.add(SamplePair(sample_id=3, other_id=2, alike=True))
