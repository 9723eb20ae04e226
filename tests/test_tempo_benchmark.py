"""The benchmark of tempo and key: its loops are what they are said to be, its shares add up."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import tempo
from benchmarks.made_loops import TEMPI, VOICES, Players, made_loop, players
from benchmarks.manifest import read_manifest
from benchmarks.tempo import judged, judged_key
from library.clip import Clip
from library.musical_key import KEYS
from library.pulse import Pulse, onset_strength, onsets
from library.wav import write_wav
from tests.loops import RATE, groove, hit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A hit of every voice, a note and a loop, with a manifest."""
    made = {voice: hit(80 + 60 * place) for place, voice in enumerate(VOICES)}
    made["bass"] = hit(220, 1.0)
    made["loop"] = groove(120)
    with (tmp_path / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["path", "label", "source", "family", "detail"])
        for label, sound in made.items():
            write_wav(Clip(sound[None] * np.float32(0.4), RATE), tmp_path / f"{label}.wav")
            rows.writerow([f"{label}.wav", label, "made", label, ""])
    return tmp_path


@pytest.fixture
def by(folder: Path) -> Players:
    return players(read_manifest(folder), np.random.default_rng(1))


def test_loops_have_the_tempo_they_are_said_to_have(by: Players) -> None:
    rng = np.random.default_rng(2)
    loops = [made_loop(by, rng) for _ in range(30)]
    assert {loop.kind for loop in loops} == {"drums", "bass", "chords", "melody"}
    for loop in loops:
        assert TEMPI[0] <= loop.tempo <= TEMPI[1]
        beats = loop.clip.duration * loop.tempo / 60
        assert (abs(beats - 4 * round(beats / 4)) < 0.001) is loop.cut
        assert (loop.key is None) is (loop.kind == "drums")
    straight = next(loop for loop in loops if loop.kind == "drums" and loop.cut)
    at, _ = onsets(*onset_strength(straight.clip.mono(), straight.clip.sample_rate))
    sixteenths = at * straight.tempo / 15
    assert np.abs(sixteenths - np.round(sixteenths)).mean() < 0.2


def test_the_same_chance_makes_the_same_loop(by: Players) -> None:
    first, second = (made_loop(by, np.random.default_rng(9)) for _ in range(2))
    assert (first.tempo, first.key) == (second.tempo, second.key)
    assert np.array_equal(first.clip.frames, second.clip.frames)


@pytest.mark.parametrize(
    ("found", "clearness", "judgement"),
    [
        (120.0, 9.0, "right"),
        (124.0, 9.0, "right"),
        (126.0, 9.0, "other"),
        (60.0, 9.0, "half or double"),
        (240.0, 9.0, "half or double"),
        (120.0, 4.9, "none"),
    ],
)
def test_a_tempo_is_judged(found: float, clearness: float, judgement: str) -> None:
    assert judged(Pulse(found, clearness), 120.0, 5.0) == judgement
    assert judged(None, 120.0, 5.0) == "none"


@pytest.mark.parametrize(
    ("found", "key", "judgement"),
    [
        ("Am", "Am", "right"),
        ("C", "Am", "near"),
        ("Am", "C", "near"),
        ("Em", "Am", "near"),
        ("A", "Am", "near"),
        ("F#", "Am", "other"),
        ("Bm", "Am", "other"),
    ],
)
def test_a_key_is_judged(found: str, key: str, judgement: str) -> None:
    assert judged_key(KEYS.index(found), KEYS.index(key)) == judgement
    assert judged_key(None, KEYS.index(key)) == "none"


def test_what_is_printed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["tempo", "--sounds", str(folder), "--loops", "8"])
    tempo.main()
    printed = capsys.readouterr().out
    assert printed.startswith("8 loops, ")
    assert "120.00" in next(line for line in printed.splitlines() if "loop.wav" in line)
    assert "nothing is known: 0 of 8 that are no loops get a tempo, 0.00%" in printed
