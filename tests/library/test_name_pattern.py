"""Names made from patterns: plain names on every system, whatever a sample is called."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.catalog import SampleRow
from library.errors import UserError
from library.name_pattern import FIELDS, parse_pattern
from library.names import displayable

ROW = SampleRow(
    id=7, path=Path("/s/Kits/808/Deep kick.WAV"), name="Deep kick.WAV", folder="s/Kits/808",
    state="analysed", reason="", note="", missing=False, duration=1.0, sample_rate=44_100,
    channels=1, format="WAV", category="kick", rating=4, tags=("dark", "low"), attributes={},
)  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("{name}", "Deep kick.WAV"),
        ("{stem}", "Deep kick.WAV"),
        ("{stem}.{ext}", "Deep kick.WAV"),
        ("{stem}.wav", "Deep kick.WAV"),
        ("{n:03}_{category}_{name}", "012_kick_Deep kick.WAV"),
        ("{n}", "12.WAV"),
        ("{folder}/{rating}/{tags}", "808/4/dark low.WAV"),
        ("x {{{n:2}}}", "x {12}.WAV"),
        ("a:b?\\c", "a_b__c.WAV"),
        (" . {n} ", "_ 12.WAV"),
    ],
)
def test_a_pattern_names_a_file(pattern: str, name: str) -> None:
    assert parse_pattern(pattern).name(ROW, 12) == PurePosixPath(name)


def test_what_a_sample_lacks_is_told() -> None:
    row = replace(ROW, category=None, rating=None, tags=())
    name = parse_pattern("{category}-{rating}-{tags}-{n:03}").name(row, 1_234)
    assert name == PurePosixPath("none-0--1234.WAV")


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("../../etc/passwd.wav", "_._.._etc_passwd.wav"),
        (".hidden.wav", "_hidden.wav"),
        ("con.wav", "_con.wav"),
        ("LPT1.drum.wav", "_LPT1.drum.wav"),
        ("console.wav", "console.wav"),
        ("a\\x1b[2J.wav", "a_x1b[2J.wav"),
        ("a\x1b[2J\u202e.wav", "a_[2J_.wav"),
        ("C:kick.wav", "C_kick.wav"),
        ("  kick  .wav", "kick.wav"),
        ("k" * 300 + ".wav", "k" * 196 + ".wav"),
        ("é" * 150 + ".flac", "é" * 97 + ".flac"),
    ],
)
def test_a_name_is_made_harmless(name: str, made: str) -> None:
    assert parse_pattern("{name}").name(replace(ROW, name=name), 1) == PurePosixPath(made)


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("", "names no file"),
        ("/{name}", "names no file"),
        ("../{name}", "names no file"),
        ("a/./{name}", "names no file"),
        ("{name}/", "names no file"),
        ("{name", "open brace"),
        ("name}", "open brace"),
        ("{nam}", "there is no field {nam}: use {n}, {name}"),
        ("{}", "there is no field {}"),
        ("{name.__class__}", "there is no field {name.__class__}"),
        ("{name[0]}", "there is no field"),
        ("{n!r}", "cannot be written that way"),
        ("{n:>99999999}", "cannot be written that way"),
        ("{n:{rating}}", "cannot be written that way"),
        ("{name:03}", "cannot be written that way"),
        ("{\x1b}", "there is no field {\\x1b}"),
    ],
)
def test_a_pattern_that_is_wrong_is_told(pattern: str, says: str) -> None:
    with pytest.raises(UserError) as failure:
        parse_pattern(pattern)
    assert says in str(failure.value)
    assert "\n" not in str(failure.value)


@given(
    name=st.text(max_size=300),
    folder=st.text(max_size=20),
    tag=st.text(max_size=20),
    pattern=st.sampled_from(["{name}", "{folder}/{tags}", "{tags}", "{stem}", "{ext}/{n}"]),
)
def test_no_name_leaves_the_folder(name: str, folder: str, tag: str, pattern: str) -> None:
    row = replace(ROW, name=displayable(name), folder=displayable(folder), tags=(tag,))
    made = parse_pattern(pattern).name(row, 3)
    assert not made.is_absolute()
    assert len(made.parts) == pattern.count("/") + 1
    for part in made.parts:
        assert displayable(part) == part
        assert not set(part) & set('<>:"/\\|?*')
        assert not part.startswith(".")
        assert 0 < len(part.encode()) <= 210


def test_every_field_can_be_asked_for() -> None:
    for field in FIELDS:
        assert parse_pattern(f"{{{field}}}").name(ROW, 1).name
