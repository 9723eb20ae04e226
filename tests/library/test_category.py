from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from library.category import category_from_name


@pytest.mark.parametrize(
    ("path", "category"),
    [
        ("BD0025.WAV", "kick"),
        ("Drums/Kick 808.wav", "kick"),
        ("bass drum 3.wav", "kick"),
        ("HiHat_3.wav", "hat"),
        ("closedHH-02.wav", "hat"),
        ("SideStick-soft.wav", "snare"),
        ("Snare Loop 120.wav", "loop"),
        ("bass-clarinet_F4.mp3", "instrument"),
        ("Deep Bass A1.wav", "bass"),
        ("hand clap.wav", "clap"),
        ("Claps/01.wav", "clap"),
        ("Vocals/Kicks/take 1.wav", "kick"),
        ("Kicks/Vox 1.wav", "voice"),
        ("kickstart.wav", None),
        ("that.wav", None),
        ("0001.wav", None),
    ],
)
def test_whole_words_of_the_name_then_of_the_folders_decide(
    path: str, category: str | None
) -> None:
    assert category_from_name(PurePosixPath(path)) == category
