"""What names tell of tempo and key, and what they do not."""

from __future__ import annotations

import pytest

from library.errors import LibraryError
from library.musical_key import KEYS, key_number, known_key
from library.name_key import key_in_name
from library.name_tempo import tempo_in_name

BARS_AT_120 = 8.0  # four of them


@pytest.mark.parametrize(
    ("stem", "seconds", "tempo"),
    [
        ("loop_120bpm", 8.0, 120.0),
        ("Loop 120 BPM", 7.3, 120.0),
        ("120BPM loop", 8.0, 120.0),
        ("bpm120 loop", 8.0, 120.0),
        ("Loop BPM_93.5", 8.0, 93.5),
        ("loop 92,5 bpm", 8.0, 92.5),
        ("Bass_Loop_128_Am", 7.5, 128.0),
        ("Bass_Loop_128_Am", 7.55, 128.0),
        ("(140) Break [full]", 24 * 60 / 140, 140.0),
        ("90 drums", 16 * 60 / 90, 90.0),
        ("01 drums 120 bpm", 8.0, 120.0),
        # Rather none:
        ("loop_120bpm", 0.9, None),
        ("Bass_Loop_128_Am", 7.0, None),
        ("drums 88", 24 * 60 / 88, None),
        ("Bass 128", 0.47, None),
        ("808 loop", 8.0, None),
        ("loop 1999", 8.0, None),
        ("loop 44100 24bit 96k", 8.0, None),
        ("120-125 bpm", 8.0, None),
        ("120bpm to 140bpm", 8.0, None),
        ("loop 1000bpm", 8.0, None),
        ("loop 12bpm", 8.0, None),
        ("loop 120bpmish", 8.0, None),
        ("loop_v120", 8.0, None),
        ("120 and 60 and 30", 8.0, None),
        ("loop 060", 16.0, None),
    ],
)
def test_the_tempo_of_a_name(stem: str, seconds: float, tempo: float | None) -> None:
    assert tempo_in_name(stem, ["Loops"], seconds, "loop") == tempo


@pytest.mark.parametrize(
    ("stem", "seconds", "tempo"),
    [
        ("Kick 128bpm", 0.5, None),
        ("Kick 120bpm", 1.9, None),
        ("Kick 120", BARS_AT_120, None),
        ("Kick 120bpm", BARS_AT_120, 120.0),
    ],
)
def test_a_single_hit_has_the_tempo_of_its_kit_only_where_it_is_whole_bars(
    stem: str, seconds: float, tempo: float | None
) -> None:
    assert tempo_in_name(stem, [], seconds, "kick") == tempo


@pytest.mark.parametrize(
    ("folders", "seconds", "tempo"),
    [
        (["Pack 140bpm", "Loops 120 BPM"], BARS_AT_120, 120.0),
        (["Pack 120bpm", "Loops"], BARS_AT_120, 120.0),
        (["Loops 120 BPM"], BARS_AT_120 + 0.3, None),
        (["120"], BARS_AT_120, None),
    ],
)
def test_a_folder_tells_the_tempo_of_what_is_whole_bars(
    folders: list[str], seconds: float, tempo: float | None
) -> None:
    assert tempo_in_name("drums a", folders, seconds, None) == tempo


@pytest.mark.parametrize(
    ("stem", "key"),
    [
        ("Bass_Loop_128_Am", "Am"),
        ("Pad Cmin", "Cm"),
        ("pad cmin", "Cm"),
        ("Pad C minor", "Cm"),
        ("Pad_C_Min_02", "Cm"),
        ("Bb maj strings", "A#"),
        ("B flat major strings", "A#"),
        ("Strings (F#m)", "F#m"),
        ("strings f#m", "F#m"),
        ("F♯minor", "F#m"),
        ("808 C#", "C#"),
        ("808_Eb", "D#"),
        ("lead [A#]", "A#"),
        ("Key of D", "D"),
        ("Loop 120 key_F#m", "F#m"),
        ("EMaj", "E"),
        ("Cb", "B"),
        ("Fm and again Fm", "Fm"),
        # Rather none:
        ("Kick_A", None),
        ("Beat_120_B", None),
        ("C3", None),
        ("A#3", None),
        ("Here I Am", None),
        ("i am here", None),
        ("am radio", None),
        ("FM bass", None),
        ("EBM kick", None),
        ("ebm kick", None),
        ("a minor hit", None),
        ("a major hit", None),
        ("admin", None),
        ("Dmitri", None),
        ("Emajor7 Fmin9", None),
        ("Am F C G", "Am"),
        ("Am-Fm", None),
        ("flat a", None),
    ],
)
def test_the_key_of_a_name(stem: str, key: str | None) -> None:
    found = key_in_name(stem, [])
    assert (None if found is None else KEYS[found]) == key


def test_the_name_comes_before_the_nearest_folder() -> None:
    assert key_in_name("pad Am", ["Cmin"]) == KEYS.index("Am")
    assert key_in_name("pad", ["Dm", "Cmin"]) == KEYS.index("Cm")
    assert key_in_name("pad", ["Dm", "Cmin and Fmin"]) is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Am", "Am"), ("am", "Am"), (" A minor ", "Am"), ("bbm", "A#m"), ("A#m", "A#m"),
        ("F#", "F#"), ("Gb", "F#"), ("b", "B"), ("bb", "A#"), ("B flat min", "A#m"), ("e♭", "D#"),
        ("C maj", "C"), ("Fb", "E"), ("B#", "C"),
    ],
)  # fmt: skip
def test_a_key_is_read_as_it_is_written(text: str, key: str) -> None:
    number = key_number(text)
    assert number is not None
    assert KEYS[number] == key
    assert key_number(key) == number


@pytest.mark.parametrize("text", ["", "H", "A7", "Amm", "major", "A##"])
def test_what_is_no_key_is_refused(text: str) -> None:
    assert key_number(text) is None
    with pytest.raises(LibraryError, match="is not a key"):
        known_key(text)
