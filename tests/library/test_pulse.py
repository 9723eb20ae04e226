"""Tempo and key, heard."""

from __future__ import annotations

import numpy as np
import pytest

from library.musical_key import KEYS
from library.pulse import SURE, SURE_OF_A_LOOP, onset_strength, onsets, pulse_of
from library.tonality import key_of
from tests.loops import RATE, Sound, groove, hit, played


@pytest.mark.parametrize("tempo", [92, 97, 120, 126.5, 140])
@pytest.mark.parametrize("bars", [1, 2, 4])
def test_a_loop_has_the_tempo_that_it_was_played_at(tempo: float, bars: int) -> None:
    sound = groove(tempo, bars)
    pulse = pulse_of(sound, RATE, len(sound) / RATE)
    assert pulse is not None
    assert pulse.tempo == pytest.approx(tempo, rel=1e-3)
    assert pulse.clearness > SURE


def test_a_tempo_in_whole_numbers_is_told_in_whole_numbers() -> None:
    sound = groove(120)
    pulse = pulse_of(sound, RATE, len(sound) / RATE + 0.005)
    assert pulse is not None
    assert pulse.tempo == 120


def test_a_loop_that_rings_on_has_its_tempo_by_its_hits() -> None:
    sound = groove(112, bars=4, tail=0.77)
    pulse = pulse_of(sound, RATE, len(sound) / RATE)
    assert pulse is not None
    assert pulse.tempo == pytest.approx(112, rel=0.01)
    assert pulse.clearness > SURE_OF_A_LOOP


def test_hits_at_any_time_have_no_clear_pulse() -> None:
    rng = np.random.default_rng(3)
    for _ in range(5):
        at = np.sort(rng.uniform(0, 8, 14))
        sound = played(60, [(float(when), hit(150)) for when in at], 8, tail=0.31)
        pulse = pulse_of(sound, RATE, len(sound) / RATE)
        assert pulse is None or pulse.clearness < SURE


@pytest.mark.parametrize(
    ("sound", "seconds"),
    [
        (hit(60), len(hit(60)) / RATE),
        (played(60, [(0, hit(60))], 2), 2.0),
        (played(60, [(0, hit(60)), (1, hit(60))], 2), 2.0),
        (groove(120), 3600.0),
        (groove(200, bars=1)[: RATE // 2], 0.5),
    ],
    ids=["a hit", "a hit with silence after it", "two hits", "an hour", "too short"],
)
def test_what_is_no_loop_has_no_pulse(sound: Sound, seconds: float) -> None:
    assert pulse_of(sound, RATE, seconds) is None


def test_onsets_are_where_hits_are() -> None:
    strength, rate = onset_strength(played(120, [(b, hit(200)) for b in range(8)], 8), RATE)
    at, weight = onsets(strength, rate)
    assert at == pytest.approx(np.arange(8) / 2, abs=0.02)
    assert (weight > 0).all()


def chord(*semitones: int) -> Sound:
    at = np.arange(RATE) / RATE
    tones = [
        np.sin(2 * np.pi * 261.626 * 2 ** (s / 12) * overtone * at) / overtone
        for s in semitones
        for overtone in (1, 2)
    ]
    sound: Sound = (np.sum(tones, axis=0) * np.exp(-2 * at)).astype(np.float32)
    return sound


@pytest.mark.parametrize("tonic", [0, 3, 8, 11])
@pytest.mark.parametrize("minor", [False, True])
def test_a_cadence_has_its_key(tonic: int, minor: bool) -> None:
    third, seventh = (3, 10) if minor else (4, 11)
    home = (0, third, 7)
    triads = (home, home, (5, 5 + third, 12), home, (7, seventh, 14), home)
    sound = np.concatenate([chord(*(tonic + note for note in triad)) for triad in triads])
    found = key_of(sound, RATE)
    assert found is not None
    assert KEYS[found] == KEYS[tonic + 12 * minor]


@pytest.mark.parametrize("kind", ["hiss", "every note", "a low rate"])
def test_what_has_no_clear_key_has_none(kind: str) -> None:
    noise = np.random.default_rng(1).standard_normal(2 * RATE).astype(np.float32)
    sounds = {
        "hiss": (noise, RATE),
        "every note": (np.concatenate([chord(note) for note in range(12)]), RATE),
        "a low rate": (chord(0, 4, 7), 4000),
    }
    assert key_of(*sounds[kind]) is None
