from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from library.category import (
    CATEGORIES,
    CATEGORY_NAMES,
    category_from_name,
    category_in_root,
    known_category,
)
from library.errors import LibraryError


@pytest.mark.parametrize(
    ("path", "category", "source"),
    [
        ("BD0025.WAV", "kick", "name"),
        ("Drums/Kick 808.wav", "kick", "name"),
        ("bass drum 3.wav", "kick", "name"),
        ("HiHat_3.wav", "hat", "name"),
        ("closedHH-02.wav", "hat", "name"),
        ("SideStick-soft.wav", "snare", "name"),
        ("Snare Loop 120.wav", "loop", "name"),
        ("bass-clarinet_F4.mp3", "instrument", "name"),
        ("Deep Bass A1.wav", "bass", "name"),
        ("hand clap.wav", "clap", "name"),
        ("Claps/01.wav", "clap", "folder"),
        ("Vocals/Kicks/take 1.wav", "kick", "folder"),
        ("Kicks/Vox 1.wav", "voice", "name"),
        ("kickstart.wav", None, None),
        ("that.wav", None, None),
        ("0001.wav", None, None),
    ],
)
def test_whole_words_of_the_name_then_of_the_folders_decide(
    path: str, category: str | None, source: str | None
) -> None:
    assert category_from_name(PurePosixPath(path)) == (category, source)


def test_a_folder_counts_from_the_root_on() -> None:
    assert category_in_root("/kicks/Claps", "/kicks/Claps/a/1.wav") == ("clap", "folder")
    assert category_in_root("/kicks", "/kicks/Claps/kick.wav") == ("kick", "name")
    assert category_in_root("/kicks/mine", "/kicks/mine/1.wav") == (None, None)
    assert category_in_root("/", "/snare/1.wav") == ("snare", "folder")


def test_a_name_and_a_folder_that_read_the_same_are_told_apart() -> None:
    assert category_from_name(PurePosixPath("kick/1.wav")) == ("kick", "folder")
    assert category_from_name(PurePosixPath("kick/kick.wav")) == ("kick", "name")


def test_the_names_are_all_the_categories_in_order() -> None:
    assert sorted(name for name, _ in CATEGORIES) == list(CATEGORY_NAMES)
    assert len(set(CATEGORY_NAMES)) == 14


@pytest.mark.parametrize("word", ["kick", " KICK "])
def test_a_category_is_known_however_it_is_written(word: str) -> None:
    assert known_category(word) == "kick"


@pytest.mark.parametrize("word", ["", "kicks", "kick\x1b"])
def test_an_unknown_category_is_refused_with_those_that_there_are(word: str) -> None:
    with pytest.raises(LibraryError) as refused:
        known_category(word)
    assert refused.value.hint == "use one of " + ", ".join(CATEGORY_NAMES)
    assert "\x1b" not in str(refused.value)
