"""Examples of words: one saying for a sample, the last one counts, and they stay with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, select

from library.database import writing
from library.errors import LibraryError, UserError
from library.progress import drive
from library.register import register
from library.tables import Sample
from library.word_examples import Examples, checked, examples, forget, teach


@pytest.fixture
def filled(engine: Engine, tmp_path: Path) -> Engine:
    for number in range(6):
        path = tmp_path / "mine" / f"{number}.wav"
        path.parent.mkdir(exist_ok=True)
        path.write_text("sound" * (number + 1))
    drive(register(engine, [tmp_path / "mine"]))
    return engine


def test_examples_are_kept_and_the_last_word_counts(filled: Engine) -> None:
    assert examples(filled) == []
    teach(filled, "warm", [3, 1], [2])
    teach(filled, "dusty", [], [5, 4])
    assert examples(filled) == [Examples("dusty", (), (4, 5)), Examples("warm", (1, 3), (2,))]
    teach(filled, "warm", [2], [1])
    assert examples(filled)[1] == Examples("warm", (2, 3), (1,))


def test_examples_are_taken_back(filled: Engine) -> None:
    teach(filled, "warm", [1, 2, 3], [4])
    teach(filled, "dusty", [1], [4])
    assert forget(filled, "warm", [1, 4, 5]) == 2
    assert examples(filled) == [Examples("dusty", (1,), (4,)), Examples("warm", (2, 3), ())]
    assert forget(filled, "warm", []) == 2
    assert forget(filled, "warm", []) == 0
    assert examples(filled) == [Examples("dusty", (1,), (4,))]


def test_a_sample_that_is_gone_is_no_example(filled: Engine) -> None:
    teach(filled, "warm", [1, 2], [3])
    with writing(filled) as session:
        session.execute(delete(Sample).where(Sample.id == session.scalar(select(Sample.id))))
    assert examples(filled) == [Examples("warm", (2,), (3,))]


def test_what_cannot_be_said_changes_nothing(filled: Engine) -> None:
    teach(filled, "warm", [1], [])
    with pytest.raises(LibraryError, match="sample 2 cannot be 'warm' and not be it"):
        teach(filled, "warm", [1, 2], [2, 3])
    with pytest.raises(LibraryError, match="no example"):
        teach(filled, "warm", [], [])
    assert examples(filled) == [Examples("warm", (1,), ())]


def test_words_are_written_one_way() -> None:
    assert checked("  Crunchy ") == "crunchy"
    assert checked("lo fi") == "lo fi"
    for word in ("", "  ", "a=b", "1st", "x,y", "a:b", "-dark", "a+b", "w" * 41, "a\nb"):
        with pytest.raises(UserError, match="no word to teach"):
            checked(word)
