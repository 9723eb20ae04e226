"""Who says what tempo and key a sample has: the user, the name, the file, the sound."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from library import catalog
from library.database import reading, writing
from library.errors import LibraryError, QueryError
from library.journal import history, redo, undo
from library.labels import set_category
from library.musical_rows import multiply_tempo, set_key, set_tempo, settle
from library.progress import drive
from library.register import refresh, register
from library.relinking import plan_relinking, relink
from library.tables import Descriptor, Sample

Said = tuple[float | None, str | None, str | None, str | None]
NAMES = ("loop 120bpm Am.wav", "beat 120.wav", "thing.wav", "kick.wav")
NOTHING: Said = (None, None, None, None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, name in enumerate(NAMES):
        path = tmp_path / "mine" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("sound" * (number + 1))
    return tmp_path / "mine"


def found(engine: Engine, path: Path, **facts: Any) -> None:
    """Do to a row what analysis does."""
    with writing(engine) as session:
        sample = session.scalars(select(Sample).where(Sample.path == str(path))).one()
        sample.duration = 8.0
        session.merge(Descriptor(sample_id=sample.id, **facts))
        session.flush()
        settle(session, [sample.id])


def said(engine: Engine, path: Path) -> Said:
    row = catalog.find(engine, str(path))
    return row.tempo, row.tempo_source, row.key, row.key_source


def number(engine: Engine, path: Path) -> int:
    return catalog.find(engine, str(path)).id


HEARD: dict[str, Any] = {"sound_tempo": 90.0, "sound_clearness": 12.0, "sound_key": 2}
WRITTEN: dict[str, Any] = {"chunk_tempo": 100.0, "chunk_key": 9}


@pytest.mark.parametrize(
    ("name", "facts", "expected"),
    [
        ("loop 120bpm Am.wav", {**WRITTEN, **HEARD}, (120.0, "name", "Am", "name")),
        ("beat 120.wav", {**WRITTEN, **HEARD}, (120.0, "name", "A", "chunk")),
        ("thing.wav", {**WRITTEN, **HEARD}, (100.0, "chunk", "A", "chunk")),
        ("thing.wav", HEARD, (90.0, "sound", "D", "sound")),
        ("thing.wav", {"sound_key": 2}, NOTHING),
        ("thing.wav", {**HEARD, "sound_clearness": 7.0}, NOTHING),
        ("thing.wav", {"chunk_tempo": 100.0, "sound_key": 2}, (100.0, "chunk", "D", "sound")),
        ("thing.wav", {}, NOTHING),
    ],
)
def test_each_is_believed_before_those_behind_it(
    filled: Engine, folder: Path, name: str, facts: dict[str, Any], expected: Said
) -> None:
    found(filled, folder / name, **facts)
    assert said(filled, folder / name) == expected


def test_nothing_is_said_of_what_is_only_listed(filled: Engine, folder: Path) -> None:
    assert said(filled, folder / NAMES[0]) == NOTHING


def test_a_sound_is_believed_more_of_what_is_said_to_be_a_loop(
    filled: Engine, folder: Path
) -> None:
    path = folder / "thing.wav"
    found(filled, path, sound_tempo=90.0, sound_clearness=7.0)
    assert said(filled, path) == NOTHING
    set_category(filled, [number(filled, path)], "loop")
    assert said(filled, path) == (90.0, "sound", None, None)
    set_category(filled, [number(filled, path)], None)
    assert said(filled, path) == NOTHING


def test_the_user_is_believed_until_it_is_taken_back(filled: Engine, folder: Path) -> None:
    path = folder / NAMES[0]
    found(filled, path, **HEARD)
    before = said(filled, path)
    ids = [number(filled, path)]
    set_tempo(filled, ids, 60)
    set_key(filled, ids, "Bbm")
    assert said(filled, path) == (60.0, "user", "A#m", "user")
    found(filled, path, chunk_tempo=100.0)
    assert said(filled, path) == (60.0, "user", "A#m", "user")
    set_tempo(filled, ids, None)
    assert said(filled, path) == (120.0, "name", "A#m", "user")
    set_key(filled, ids, None)
    assert said(filled, path) == before


def test_taking_back_what_was_never_said_changes_nothing(filled: Engine, folder: Path) -> None:
    path = folder / NAMES[0]
    found(filled, path, **HEARD)
    before = said(filled, path)
    set_tempo(filled, catalog.ids(filled), None)
    set_key(filled, catalog.ids(filled), None)
    assert said(filled, path) == before


def test_a_multiple_is_the_users_word(filled: Engine, folder: Path) -> None:
    path = folder / NAMES[0]
    found(filled, path)
    multiply_tempo(filled, catalog.ids(filled), 2)
    assert said(filled, path)[:2] == (240.0, "user")
    assert said(filled, folder / "thing.wav") == NOTHING, "it had none"
    multiply_tempo(filled, catalog.ids(filled), 0.5)
    assert said(filled, path)[:2] == (120.0, "user")


def test_what_cannot_be_a_tempo_changes_nothing(filled: Engine, folder: Path) -> None:
    path = folder / NAMES[0]
    found(filled, path)
    before = said(filled, path)
    for tempo in (0.0, 19.9, 1000.0, float("nan"), float("inf")):
        with pytest.raises(LibraryError, match="is not a tempo"):
            set_tempo(filled, catalog.ids(filled), tempo)
    set_tempo(filled, [number(filled, folder / "thing.wav")], 600)
    with pytest.raises(LibraryError, match="1200 is not a tempo"):
        multiply_tempo(filled, catalog.ids(filled), 2)
    assert said(filled, path) == before
    with pytest.raises(LibraryError, match="H is not a key"):
        set_key(filled, catalog.ids(filled), "H")


def test_what_the_user_said_survives_scans_moves_and_changes(filled: Engine, folder: Path) -> None:
    path = folder / NAMES[0]
    found(filled, path)
    sample = number(filled, path)
    set_tempo(filled, [sample], 60)
    moved = folder / "elsewhere" / "beat 140bpm Cm.wav"
    moved.parent.mkdir()
    path.rename(moved)
    drive(refresh(filled))
    assert number(filled, moved) == sample
    assert said(filled, moved) == (60.0, "user", "Cm", "name"), "the name is another one"
    moved.write_text("another sound")
    drive(refresh(filled))
    assert said(filled, moved)[:2] == (60.0, "user")


def test_what_was_said_of_either_stays_when_two_become_one(
    filled: Engine, folder: Path, tmp_path: Path
) -> None:
    path = folder / NAMES[0]
    set_tempo(filled, [number(filled, path)], 60)
    other = tmp_path / "copy"
    shutil.copytree(folder, other, copy_function=shutil.copy2)
    drive(register(filled, [other]))
    set_key(filled, [number(filled, other / path.name)], "Dm")
    set_tempo(filled, [number(filled, other / path.name)], 70)
    shutil.rmtree(folder)
    drive(refresh(filled))
    drive(relink(filled, drive(plan_relinking(filled, folder, other))))
    assert said(filled, other / path.name) == (60.0, "user", "Dm", "user")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("bpm:110..130", {0}),
        ("bpm<100", {2}),
        ("tempo:90", {2}),
        ("-bpm<100", {0}),
        ("key:Am", {0}),
        ('key:"A minor"', {0}),
        ("key:Bbm", {2}),
        ("key:a#M", {2}),
        ("-key:Am", {1, 2, 3}),
        ("bpm_by:name", {0}),
        ("bpm_by:none", {1, 3}),
        ("key_by:user", {2}),
    ],
)
def test_tempo_and_key_are_asked_for(
    filled: Engine, folder: Path, query: str, names: set[int]
) -> None:
    found(filled, folder / NAMES[0])
    set_tempo(filled, [number(filled, folder / NAMES[2])], 90)
    set_key(filled, [number(filled, folder / NAMES[2])], "A#m")
    rows = catalog.rows(filled, catalog.ids(filled, query))
    assert {row.name for row in rows} == {NAMES[place] for place in names}


def test_tempo_and_key_are_orders(filled: Engine, folder: Path) -> None:
    for place, tempo, key in ((0, 140, "C"), (1, 90, "E"), (2, 120, "Am")):
        set_tempo(filled, [number(filled, folder / NAMES[place])], tempo)
        set_key(filled, [number(filled, folder / NAMES[place])], key)

    def order(query: str) -> list[int]:
        return [NAMES.index(r.name) for r in catalog.rows(filled, catalog.ids(filled, query))]

    assert order("sort:bpm") == [1, 2, 0, 3]
    assert order("sort:-tempo") == [0, 2, 1, 3]
    assert order("sort:key") == [0, 1, 2, 3]


@pytest.mark.parametrize("query", ["key:H", "bpm:fast", "bpm_by:me", "key_by:folder", "key:"])
def test_what_cannot_be_asked_is_said(filled: Engine, query: str) -> None:
    with pytest.raises(QueryError):
        catalog.ids(filled, query)


def test_only_who_can_say_a_tempo_is_its_source(filled: Engine) -> None:
    for values in ({"tempo_source": "nobody"}, {"key_source": ""}, {"tempo": 0}, {"key": 24}):
        with pytest.raises(LibraryError, match="ck_sample"), writing(filled) as session:
            session.execute(update(Sample).values(**values))
    with reading(filled) as session:
        assert session.scalar(select(Sample.tempo).limit(1)) is None


def test_what_was_said_is_taken_back_and_said_again(filled: Engine, folder: Path) -> None:
    path = folder / NAMES[0]
    found(filled, path)
    before = said(filled, path)
    ids = [number(filled, path)]
    multiply_tempo(filled, ids, 2)
    set_key(filled, ids, "Bb")
    after = said(filled, path)
    assert after == (240.0, "user", "A#", "user")
    assert [change.about for change in history(filled)] == [
        f"gave {path.name} the key A#",
        f"took 2 times the tempo of {path.name}",
    ]
    undo(filled)
    undo(filled)
    assert said(filled, path) == before
    redo(filled)
    redo(filled)
    assert said(filled, path) == after


def test_a_tempo_that_is_taken_back_takes_the_key_along_that_follows_from_it(
    filled: Engine, folder: Path
) -> None:
    path = folder / "thing.wav"
    found(filled, path, sound_key=2)
    set_tempo(filled, [number(filled, path)], 90)
    assert said(filled, path) == (90.0, "user", "D", "sound")
    undo(filled)
    assert said(filled, path) == NOTHING
