"""A hit played softer is quieter, darker and slower; played harder, the other way round."""

from __future__ import annotations

import numpy as np
import pytest

from library.clip import Clip
from library.descriptors import describe, loudness_db
from tests.audio_cases import click, constant, noise, pluck, seconds, silence
from tests.audio_cases import clip as audio
from vae.played_softer import BRIGHTNESS_OCTAVES, played, velocity_db

LEVELS = (-14.0, -8.0, -4.0, 0.0, 3.0)


def burst(channels: int = 1) -> Clip:
    """Noise that dies away."""
    t = seconds(0.5)
    return audio(noise(0.5, channels=channels).frames * np.exp(-t / 0.08))


def dull_burst() -> Clip:
    """Noise that falls by 6 dB an octave from 500 Hz on, and dies away."""
    rng, t = np.random.default_rng(0), seconds(0.5)
    spectrum = np.fft.rfft(rng.normal(0, 0.1, len(t)))
    hz = np.fft.rfftfreq(len(t), 1 / 44_100)
    return audio(np.fft.irfft(spectrum / (1 + hz / 500), len(t)) * np.exp(-t / 0.08))


@pytest.mark.parametrize("hit", [burst(), burst(2), pluck(220), pluck(110, tau=0.4)])
def test_softer_is_quieter_by_so_much_and_darker(hit: Clip) -> None:
    own = loudness_db(hit.frames, hit.sample_rate)
    made = [played(hit, level) for level in LEVELS]
    levels = [loudness_db(each.frames, each.sample_rate) - own for each in made]
    assert levels == pytest.approx(LEVELS, abs=0.1)
    brightness = [describe(each).brightness for each in made]
    assert brightness == sorted(brightness)  # type: ignore[type-var]
    assert brightness[0] < 0.97 * brightness[3]  # type: ignore[operator]
    assert {each.length for each in made} == {hit.length}


def test_brightness_falls_as_far_as_that_of_real_layers() -> None:
    hit = dull_burst()
    fallen = np.log2(describe(hit).brightness / describe(played(hit, -10.0)).brightness)  # type: ignore[operator]
    assert fallen == pytest.approx(10 * BRIGHTNESS_OCTAVES, abs=0.08)


def test_softer_comes_slower() -> None:
    hit = pluck(220)
    attacks = [describe(played(hit, level)).attack for level in (-14.0, -8.0, 0.0)]
    assert attacks[0] > attacks[1] > attacks[2]  # type: ignore[operator]


def test_no_step_is_the_hit_itself() -> None:
    hit = burst()
    assert played(hit, 0.0) is hit
    assert velocity_db(127) == 0.0
    assert velocity_db(64, 64) == 0.0
    assert velocity_db(32, 64) == pytest.approx(-6.02, abs=0.01)


@pytest.mark.parametrize(
    "odd", [silence(), constant(), click(), audio([0.5]), Clip(np.zeros((1, 0), np.float32), 44100)]
)
@pytest.mark.parametrize("level", [-14.0, 3.0])
def test_odd_sounds_are_played(odd: Clip, level: float) -> None:
    made = played(odd, level)
    assert made.frames.shape == odd.frames.shape
    assert np.isfinite(made.frames).all()
