"""Varispeed: pitch where it is asked, time integrated exactly, and nothing folds back."""

from __future__ import annotations

import math

import numpy as np
import pytest

from library.clip import Clip
from library.pitch import pitch_of
from tests.audio_cases import clip as audio
from tests.audio_cases import noise, pluck, seconds, tone
from vae.varispeed import at_speeds
from vae.vary import at_speed


def played(clip: Clip, *semitones: float) -> Clip:
    places = np.linspace(0, clip.duration, len(semitones))
    return at_speeds(clip, places, np.array(semitones, np.float64))


def level_db(clip: Clip) -> float:
    return 10 * math.log10(float(np.square(clip.frames[:, 1000:-1000]).mean()) + 1e-20)


@pytest.mark.parametrize("semitones", [-24, -7, 0, 5, 12, 30])
def test_an_even_speed_is_that_of_a_sampler(semitones: float) -> None:
    clip = tone(1_000, 1.0)
    ours, other = played(clip, semitones, semitones), at_speed(clip, 2 ** (semitones / 12))
    assert ours.length == pytest.approx(other.length, abs=1)
    inner = slice(500, min(ours.length, other.length) - 500)
    assert np.abs(ours.frames[:, inner] - other.frames[:, inner]).max() < 1e-4


def test_pitch_goes_from_the_first_step_to_the_last() -> None:
    t = seconds(2.0)
    saw = audio(0.3 * sum(np.sin(2 * np.pi * 220 * n * t) / n for n in range(1, 60)))
    plain = pitch_of(saw.mono(), saw.sample_rate)
    made = played(saw, 0, -12).mono()
    ends = [pitch_of(part, saw.sample_rate) for part in (made[:4_000], made[-4_000:])]
    assert plain == pytest.approx(57, abs=0.05)
    assert ends == pytest.approx([57, 45], abs=0.5)


@pytest.mark.parametrize(("first", "last"), [(0, -12), (-12, 12), (7, 7), (0, 1e-6)])
def test_it_lasts_as_long_as_one_over_its_speed_sums_up_to(first: float, last: float) -> None:
    clip = noise(1.0)
    steps = np.linspace(first, last, 100_001)
    whole = np.trapezoid(2.0 ** (-steps / 12), dx=1e-5)
    assert played(clip, first, last).duration == pytest.approx(whole, abs=2e-5)


def test_no_speed_is_no_change_but_of_the_highest_octave() -> None:
    clip = pluck(220, 0.5)
    same = played(clip, 0, 0)
    assert same.length == clip.length
    assert np.abs(same.frames - clip.frames).max() < 2e-3  # at the start, which is sharp
    assert np.abs(same.frames - clip.frames)[:, 100:-100].max() < 2e-4


@pytest.mark.parametrize("hz", [13_000, 17_000, 21_000])
def test_nothing_folds_back(hz: float) -> None:
    clip = tone(hz, 0.5)
    assert level_db(played(clip, 12, 24)) < level_db(clip) - 80


def test_a_tone_that_glides_has_no_noise_between() -> None:
    # Its own phase, read off where the sound is: the difference is all that is wrong.
    clip = tone(500, 1.0)
    made = played(clip, -5, 5)
    slope = 10 / 12 * math.log(2)
    start = 2 ** (-5 / 12)
    now = np.arange(made.length) / clip.sample_rate
    position = -np.log1p(-slope * start * now) / slope
    wanted = 0.5 * np.sin(2 * np.pi * 500 * position)
    assert np.abs(made.frames[0] - wanted)[500:-500].max() < 1e-4


@pytest.mark.parametrize("length", [0, 1, 2, 3, 101])
@pytest.mark.parametrize("semitones", [(-48, 48), (48, 48), (0, 0)])
def test_any_length_any_channels_any_rate(length: int, semitones: tuple[float, ...]) -> None:
    clip = Clip(np.full((2, length), 0.5, np.float32), 11_025)
    made = played(clip, *semitones)
    assert made.sample_rate == 11_025
    assert made.channels == 2
    assert (made.length >= 1) == (length >= 1)
    assert np.isfinite(made.frames).all()
    assert np.array_equal(made.frames[0], made.frames[1])


def test_speed_stays_before_the_first_place_and_after_the_last() -> None:
    clip = noise(1.0)
    made = at_speeds(clip, np.array([0.4, 0.6]), np.array([0.0, -12.0]))
    glide = 0.2 * (2 - 1) / math.log(2)
    assert made.duration == pytest.approx(0.4 + glide + 2 * 0.4, abs=1e-4)
    # Where it is played as it is, it is as it was.
    before = slice(1_000, round(0.35 * 44_100))
    low = np.convolve(made.frames[0, before] - clip.frames[0, before], np.ones(8) / 8, "valid")
    assert np.abs(low).max() < 0.02
