"""What was said is taken back exactly: whole tables before and after."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, text, update

from library import collecting, journal, labels, musical_rows, pairs, saved_searches, word_examples
from library.catalog import rows
from library.category import USER
from library.database import open_database, reading, writing
from library.errors import LibraryError, UserError
from library.journal import history, redo, undo
from library.journal_kinds import KINDS
from library.said import hand_over
from library.tables import Sample
from tests.library.organised import path_of, state, with_samples

SAMPLES = 6
Verb = Callable[[Engine], object]


@pytest.fixture
def filled(engine: Engine) -> Engine:
    with_samples(engine, SAMPLES)
    labels.tag(engine, [1], ["dark"])
    labels.rate(engine, [2], 3)
    musical_rows.set_tempo(engine, [2], 120)
    musical_rows.set_key(engine, [2], "Am")
    with writing(engine) as session:
        session.execute(
            update(Sample)
            .where(Sample.id == 3)
            .values(category="kick", category_source="sound", category_probability=0.8125)
        )
    word_examples.teach(engine, "warm", [1], [2])
    pairs.say(engine, [1, 2], alike=True)
    collecting.collect(engine, [2, 1], "Kit")
    saved_searches.save_search(engine, "Old", "tag:dark")
    return engine


VERBS: dict[str, tuple[Verb, str]] = {
    "tag": (lambda e: labels.tag(e, [1, 2, 3], ["dark", "new"]), "tagged 3 samples: dark, new"),
    "tag one": (lambda e: labels.tag(e, [1, 2], ["dark"]), "tagged 2.wav: dark"),
    "untag": (lambda e: labels.untag(e, [1, 2], ["dark"]), "took dark off 1.wav"),
    "rate": (lambda e: labels.rate(e, [1, 2], 4), "rated 2 samples 4"),
    "unrate": (lambda e: labels.rate(e, [1, 2], None), "took the rating off 2.wav"),
    "used": (lambda e: labels.mark_used(e, [4], True), "marked 4.wav as used"),
    "category": (lambda e: labels.set_category(e, [3, 4], "snare"), "called 2 samples snare"),
    "tempo": (lambda e: musical_rows.set_tempo(e, [1, 4], 92.5), "gave 2 samples the tempo 92.5"),
    "tempo back": (
        lambda e: musical_rows.set_tempo(e, [1, 2], None),
        "took back the tempo of 2.wav",
    ),
    "double": (
        lambda e: musical_rows.multiply_tempo(e, [1, 2], 2),
        "took 2 times the tempo of 2.wav",
    ),
    "key": (lambda e: musical_rows.set_key(e, [2, 3], "Bbm"), "gave 2 samples the key A#m"),
    "key back": (lambda e: musical_rows.set_key(e, [2, 3], None), "took back the key of 2.wav"),
    "teach": (lambda e: word_examples.teach(e, "warm", [2, 3], [1]), "taught warm with 3 samples"),
    "unteach": (
        lambda e: word_examples.forget(e, "warm", []),
        "untaught warm with 2 samples",
    ),
    "alike": (lambda e: pairs.say(e, [1, 2], False), "said that 2 samples do not belong together"),
    "together": (lambda e: pairs.say(e, [2, 3, 4], True), "said that 3 samples belong together"),
    "unalike": (lambda e: pairs.forget(e, [1]), "took back how 2 samples belong together"),
    "collect": (lambda e: collecting.collect(e, [1, 5, 4], "kit"), "put 2 samples into kit"),
    "collect new": (lambda e: collecting.collect(e, [3], " Other "), "put 3.wav into Other"),
    "uncollect": (lambda e: collecting.uncollect(e, [1, 3], "KIT"), "took 1.wav out of KIT"),
    "rename": (
        lambda e: collecting.rename_collection(e, "kit", "KIT"),
        "renamed the collection Kit to KIT",
    ),
    "forget": (lambda e: collecting.forget_collection(e, "kit"), "deleted the collection Kit"),
    "save": (lambda e: saved_searches.save_search(e, "New", "kick"), "saved the search New"),
    "save again": (lambda e: saved_searches.save_search(e, "old", "kick"), "saved the search old"),
    "rename search": (
        lambda e: saved_searches.rename_search(e, "old", "New"),
        "renamed the search Old to New",
    ),
    "forget search": (
        lambda e: saved_searches.forget_search(e, "OLD"),
        "deleted the search Old",
    ),
}


@pytest.mark.parametrize("name", VERBS)
def test_each_verb_is_taken_back_and_said_again(filled: Engine, name: str) -> None:
    verb, about = VERBS[name]
    before, entries = state(filled), len(history(filled))
    verb(filled)
    after = state(filled)
    assert after != before
    newest, *older = history(filled)
    assert (newest.about, newest.undone, len(older)) == (about, False, entries)
    taken = undo(filled)
    assert taken is not None
    assert taken.about == about
    assert state(filled) == before
    assert history(filled)[0].undone
    assert redo(filled) == taken
    assert state(filled) == after
    assert redo(filled) is None


def test_what_changes_nothing_is_no_entry(filled: Engine) -> None:
    labels.rate(filled, [5], 2)
    undo(filled)
    before = history(filled)
    labels.tag(filled, [1], ["dark"])
    labels.rate(filled, [2], 3)
    labels.mark_used(filled, [1], False)
    labels.untag(filled, [5], ["dark"])
    labels.tag(filled, [99], ["nowhere"])
    collecting.collect(filled, [1, 2], "kit")
    saved_searches.save_search(filled, "Old", "tag:dark")
    word_examples.forget(filled, "never taught", [])
    assert history(filled) == before
    assert redo(filled) is not None, "and what was taken back can still be said again"


def test_a_category_that_is_taken_back_is_as_sure_as_it_was(filled: Engine) -> None:
    labels.set_category(filled, [3], "snare")
    assert rows(filled, [3])[0].category_source == USER
    undo(filled)
    row = rows(filled, [3])[0]
    assert (row.category, row.category_source, row.category_probability) == (
        "kick",
        "sound",
        0.8125,
    )


def test_a_mark_keeps_its_time(filled: Engine) -> None:
    labels.mark_used(filled, [1], True)
    before = state(filled)
    labels.mark_used(filled, [1, 2], True)
    assert [row.used for row in rows(filled, [1, 2, 3])] == [True, True, False]
    assert history(filled)[0].about == "marked 2.wav as used"
    undo(filled)
    assert state(filled) == before
    labels.mark_used(filled, [1], False)
    assert history(filled)[0].about == "marked 1.wav as not used"
    assert not rows(filled, [1])[0].used


def test_what_is_said_anew_cannot_be_said_over_again(filled: Engine) -> None:
    labels.rate(filled, [4], 1)
    labels.rate(filled, [5], 2)
    undo(filled)
    labels.rate(filled, [6], 3)
    assert redo(filled) is None
    assert [each.about for each in history(filled)[:2]] == ["rated 6.wav 3", "rated 4.wav 1"]


def test_it_survives_a_restart(filled: Engine) -> None:
    before = state(filled)
    labels.rate(filled, [4], 1)
    labels.tag(filled, [4], ["late"])
    path = path_of(filled)
    filled.dispose()
    again = open_database(path)
    assert (undo(again), undo(again)) != (None, None)
    assert state(again) == before
    again.dispose()


def test_a_sample_that_has_gone_is_passed_over(filled: Engine) -> None:
    labels.rate(filled, [5, 6], 5)
    labels.rate(filled, [6], 4)
    pairs.say(filled, [1, 6], alike=True)
    with writing(filled) as session:
        session.execute(delete(Sample).where(Sample.id == 6))
        # SQLite gives the number to the next file.
        session.execute(
            text(
                "INSERT INTO sample (root_id, path, name, folder, search_text, size, mtime_ns, "
                "rating, added_at) VALUES (1, x'61', 'a', '', '', 1, 1, 2, '2024-01-01')"
            )
        )
    assert rows(filled, [6])[0].rating == 2
    taken = undo(filled)
    assert taken is not None
    assert taken.about == "rated 2 samples 5", "what was said of it alone is no entry any more"
    assert [row.rating for row in rows(filled, [5, 6])] == [None, 2]
    redo(filled)
    assert [row.rating for row in rows(filled, [5, 6])] == [5, 2]


def test_what_another_sample_was_given_meanwhile_stays(filled: Engine) -> None:
    labels.tag(filled, [5], ["fresh"])
    collecting.collect(filled, [5], "Fresh")
    with writing(filled) as session:
        hand_over(session, 5, 4)
    assert undo(filled) is not None
    assert undo(filled) is not None
    assert rows(filled, [4])[0].tags == ("fresh",)
    assert collecting.collections_of(filled, 4) == ["Fresh"]


def test_what_fails_leaves_nothing_behind(filled: Engine) -> None:
    before, entries = state(filled), history(filled)
    for _ in range(2):
        with pytest.raises(LibraryError):
            word_examples.teach(filled, "warm", [3, 99], [])
    assert state(filled) == before
    assert history(filled) == entries
    with reading(filled) as session:
        left = session.execute(text("SELECT name FROM sqlite_temp_master")).all()
    assert left == []


def test_only_what_the_user_says_is_written_down(filled: Engine) -> None:
    entries = history(filled)
    labels.rate(filled, [1], 1)
    with writing(filled) as session:
        session.execute(update(Sample).values(rating=5, category="hat"))
    assert len(history(filled)) == len(entries) + 1


def test_the_newest_entries_are_kept(filled: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "MOST_ENTRIES", 3)
    for rating in (1, 2, 3, 4, 5):
        labels.rate(filled, [4], rating)
    assert [each.about[-1] for each in history(filled)] == ["5", "4", "3"]
    monkeypatch.setattr(journal, "MOST_ROWS", 2)
    labels.tag(filled, [1, 2, 3, 4], ["many"])
    assert len(history(filled)) == 1, "the newest, which alone has more rows"
    undo(filled)
    assert undo(filled) is None
    with reading(filled) as session:
        assert session.scalar(text("SELECT count(DISTINCT entry_id) FROM journal_row")) == 1


def test_many_samples_at_once(engine: Engine) -> None:
    with_samples(engine, 1_203)
    before = state(engine)
    everything = list(range(1, 1_204))
    labels.tag(engine, everything, ["dark", "deep"])
    labels.set_category(engine, everything, "kick")
    labels.set_category(engine, everything, None)
    collecting.collect(engine, everything[::-1], "All")
    assert history(engine)[0].about == "put 1,203 samples into All"
    while undo(engine):
        pass
    assert state(engine) == before


def test_the_kinds_are_all_that_a_user_says() -> None:
    """A table or column that is new among these needs a verb that is tested above."""
    assert {kind.name for kind in KINDS} == {
        "rating", "category", "tempo", "key", "used", "tag", "sample_tag", "sample_pair",
        "word_example", "collection", "collection_sample", "saved_search",
    }  # fmt: skip


IDS = st.lists(st.integers(1, SAMPLES + 1), max_size=4)
WORDS = st.sampled_from(["a", "b"])
NAMES = st.sampled_from(["X", "x", "Y"])
SAYING = st.one_of(
    st.builds(lambda ids, word: lambda e: labels.tag(e, ids, [word]), IDS, WORDS),
    st.builds(lambda ids, word: lambda e: labels.untag(e, ids, [word]), IDS, WORDS),
    st.builds(lambda ids, n: lambda e: labels.rate(e, ids, n), IDS, st.none() | st.integers(1, 5)),
    st.builds(lambda ids, used: lambda e: labels.mark_used(e, ids, used), IDS, st.booleans()),
    st.builds(
        lambda ids, word: lambda e: labels.set_category(e, ids, word),
        IDS,
        st.sampled_from([None, "kick", "hat"]),
    ),
    st.builds(
        lambda ids, bpm: lambda e: musical_rows.set_tempo(e, ids, bpm),
        IDS,
        st.sampled_from([None, 90.0, 120.0]),
    ),
    st.builds(
        lambda ids, key: lambda e: musical_rows.set_key(e, ids, key),
        IDS,
        st.sampled_from([None, "C", "F#m"]),
    ),
    st.builds(
        lambda yes, no, word: lambda e: word_examples.teach(e, word, yes, no), IDS, IDS, WORDS
    ),
    st.builds(lambda ids, word: lambda e: word_examples.forget(e, word, ids), IDS, WORDS),
    st.builds(lambda ids, alike: lambda e: pairs.say(e, ids, alike), IDS, st.booleans()),
    st.builds(lambda ids: lambda e: pairs.forget(e, ids), IDS),
    st.builds(lambda ids, name: lambda e: collecting.collect(e, ids, name), IDS, NAMES),
    st.builds(lambda ids, name: lambda e: collecting.uncollect(e, ids, name), IDS, NAMES),
    st.builds(lambda a, b: lambda e: collecting.rename_collection(e, a, b), NAMES, NAMES),
    st.builds(lambda name: lambda e: collecting.forget_collection(e, name), NAMES),
    st.builds(lambda name, q: lambda e: saved_searches.save_search(e, name, q), NAMES, WORDS),
    st.builds(lambda a, b: lambda e: saved_searches.rename_search(e, a, b), NAMES, NAMES),
    st.builds(lambda name: lambda e: saved_searches.forget_search(e, name), NAMES),
)
STEPS = st.lists(st.one_of(SAYING, SAYING, SAYING, st.just(undo), st.just(redo)), max_size=25)


@contextmanager
def copy_of(path: Path) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(path, Path(folder) / "library.sqlite")
        opened = open_database(Path(folder) / "library.sqlite")
        yield opened
        opened.dispose()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "library.sqlite"
    with_samples(open_database(path), SAMPLES).dispose()
    return path


@settings(max_examples=30, deadline=None)
@given(steps=STEPS)
def test_whatever_was_said_can_be_taken_back_step_by_step(
    template: Path, steps: list[Verb]
) -> None:
    with copy_of(template) as engine:
        states = [state(engine)]
        at = 0
        for step in steps:
            if step is undo or step is redo:
                wanted = at - 1 if step is undo else at + 1
                there = 0 <= wanted < len(states)
                assert (step(engine) is not None) == there
                at = wanted if there else at
                assert state(engine) == states[at]
                continue
            with suppress(UserError):
                step(engine)
            now = state(engine)
            if now != states[at]:
                at += 1
                states[at:] = [now]
        for expected in states[at - 1 :: -1] if at else []:
            assert undo(engine) is not None
            assert state(engine) == expected
        assert undo(engine) is None
        for expected in states[1:]:
            assert redo(engine) is not None
            assert state(engine) == expected
        assert redo(engine) is None
