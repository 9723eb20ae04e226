"""Who says of what category a sample is: the user before the name, the folder and the sound."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from library import catalog
from library.category import SOUND
from library.category_rows import forget_sound
from library.database import writing
from library.errors import LibraryError
from library.labels import set_category
from library.progress import drive
from library.register import refresh, register
from library.tables import Sample

Said = tuple[str | None, str | None, float | None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound that its name tells, one that its folder tells, and one that nothing tells."""
    for number, name in enumerate(("a/kick.wav", "Claps/01.wav", "a/02.wav")):
        path = tmp_path / "mine" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("sound" * (number + 1))
    return tmp_path / "mine"


def said(engine: Engine, path: Path) -> Said:
    row = catalog.find(engine, str(path))
    return row.category, row.category_source, row.category_probability


def heard(engine: Engine, path: Path, category: str, probability: float) -> None:
    """Do to a row what hearing its sound does."""
    with writing(engine) as session:
        session.execute(
            update(Sample)
            .where(Sample.path == str(path))
            .values(category=category, category_source=SOUND, category_probability=probability)
        )


def say(engine: Engine, path: Path, word: str | None) -> None:
    set_category(engine, [catalog.find(engine, str(path)).id], word)


def test_a_new_sample_says_who_told_its_category(filled: Engine, folder: Path) -> None:
    assert said(filled, folder / "a/kick.wav") == ("kick", "name", None)
    assert said(filled, folder / "Claps/01.wav") == ("clap", "folder", None)
    assert said(filled, folder / "a/02.wav") == (None, None, None)


@pytest.mark.parametrize("name", ["a/kick.wav", "Claps/01.wav", "a/02.wav"])
def test_the_user_is_believed_before_all_others_until_the_word_is_taken_back(
    filled: Engine, folder: Path, name: str
) -> None:
    before = said(filled, folder / name)
    say(filled, folder / name, " Snare ")
    assert said(filled, folder / name) == ("snare", "user", None)
    say(filled, folder / name, None)
    assert said(filled, folder / name) == before


def test_a_word_takes_the_place_of_what_the_sound_told(filled: Engine, folder: Path) -> None:
    heard(filled, folder / "a/02.wav", "hat", 0.9)
    say(filled, folder / "a/02.wav", "tom")
    assert said(filled, folder / "a/02.wav") == ("tom", "user", None)


def test_taking_back_what_was_never_said_changes_nothing(filled: Engine, folder: Path) -> None:
    heard(filled, folder / "a/02.wav", "hat", 0.9)
    set_category(filled, catalog.ids(filled), None)
    assert said(filled, folder / "a/02.wav") == ("hat", "sound", 0.9)
    assert said(filled, folder / "a/kick.wav") == ("kick", "name", None)


def test_an_unknown_category_changes_nothing(filled: Engine, folder: Path) -> None:
    with pytest.raises(LibraryError, match="bass, clap, cymbal"):
        set_category(filled, catalog.ids(filled), "drumm")
    assert said(filled, folder / "a/kick.wav") == ("kick", "name", None)


def test_many_samples_at_once(engine: Engine, tmp_path: Path) -> None:
    for number in range(1_100):
        (tmp_path / f"{number}.wav").write_text("x")
    drive(register(engine, [tmp_path]))
    set_category(engine, catalog.ids(engine), "foley")
    assert len(catalog.ids(engine, "category:foley category_by:user")) == 1_100
    set_category(engine, catalog.ids(engine), None)
    assert len(catalog.ids(engine, "category_by:none")) == 1_100


def test_the_users_word_survives_a_rescan_a_move_and_another_content(
    filled: Engine, folder: Path
) -> None:
    say(filled, folder / "a/kick.wav", "snare")
    drive(refresh(filled))
    assert said(filled, folder / "a/kick.wav") == ("snare", "user", None)
    (folder / "Claps/hat.wav").hardlink_to(folder / "a/kick.wav")
    (folder / "a/kick.wav").unlink()
    assert drive(refresh(filled)).moved == 1
    assert said(filled, folder / "Claps/hat.wav") == ("snare", "user", None)
    (folder / "Claps/hat.wav").write_text("another sound altogether")
    assert drive(refresh(filled)).changed == 1
    with writing(filled) as session:
        forget_sound(session, catalog.ids(filled).tolist())
    assert said(filled, folder / "Claps/hat.wav") == ("snare", "user", None)
    say(filled, folder / "Claps/hat.wav", None)
    assert said(filled, folder / "Claps/hat.wav") == ("hat", "name", None)


def test_the_users_word_survives_a_file_that_was_away(filled: Engine, folder: Path) -> None:
    say(filled, folder / "a/02.wav", "fx")
    (folder / "a/02.wav").rename(folder.parent / "away")
    assert drive(refresh(filled)).missing == 1
    (folder.parent / "away").rename(folder / "a/02.wav")
    assert drive(refresh(filled)).missing == 0
    assert said(filled, folder / "a/02.wav") == ("fx", "user", None)


@pytest.mark.parametrize(
    ("name", "to", "expected"),
    [
        ("a/kick.wav", "a/snare.wav", ("snare", "name", None)),
        ("a/kick.wav", "Claps/x.wav", ("clap", "folder", None)),
        ("a/kick.wav", "a/x.wav", (None, None, None)),
        ("a/02.wav", "a/x.wav", ("hat", "sound", 0.75)),
        ("a/02.wav", "a/tom.wav", ("tom", "name", None)),
    ],
)
def test_a_move_follows_the_path_where_it_tells_something(
    filled: Engine, folder: Path, name: str, to: str, expected: Said
) -> None:
    heard(filled, folder / "a/02.wav", "hat", 0.75)
    os.rename(folder / name, folder / to)  # noqa: PTH104 - as a file manager does
    assert drive(refresh(filled)).moved == 1
    assert said(filled, folder / to) == expected


def test_what_the_sound_told_goes_with_the_sound(filled: Engine, folder: Path) -> None:
    heard(filled, folder / "a/02.wav", "hat", 0.75)
    with writing(filled) as session:
        forget_sound(session, catalog.ids(filled).tolist())
    assert said(filled, folder / "a/02.wav") == (None, None, None)
    assert said(filled, folder / "Claps/01.wav") == ("clap", "folder", None)
