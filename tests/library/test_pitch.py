from __future__ import annotations

import math

import numpy as np
import pytest

from library.descriptors import describe
from tests import audio_cases
from tests.audio_cases import clip, seconds


def note(hz: float) -> float:
    return 69.0 + 12.0 * math.log2(hz / 440.0)


@pytest.mark.parametrize("hz", [27.5, 41.2, 55.0, 110.0, 261.63, 440.0, 1046.5, 2093.0, 4150.0])
def test_a_tone_has_its_pitch(hz: float) -> None:
    assert describe(audio_cases.tone(hz)).pitch == pytest.approx(note(hz), abs=0.1)


@pytest.mark.parametrize("hz", [32.7, 55.0, 110.0, 220.0, 440.0, 880.0])
def test_a_pluck_with_harmonics_has_the_pitch_of_the_lowest(hz: float) -> None:
    assert describe(audio_cases.pluck(hz)).pitch == pytest.approx(note(hz), abs=0.2)


def test_a_fundamental_that_is_missing_is_still_the_pitch() -> None:
    t = seconds(1.0)
    sound = clip(sum(np.sin(2 * np.pi * 110 * n * t) for n in (2, 3, 4, 5)) / 8)
    assert describe(sound).pitch == pytest.approx(45.0, abs=0.1)


def test_a_tone_under_some_noise_keeps_its_pitch() -> None:
    sound = clip(audio_cases.tone(220).frames + 0.5 * audio_cases.noise().frames)
    assert describe(sound).pitch == pytest.approx(57.0, abs=0.2)


@pytest.mark.parametrize("seed", range(5))
def test_noise_has_none(seed: int) -> None:
    assert describe(audio_cases.noise(seed=seed)).pitch is None


def test_noise_from_6_khz_up_has_none() -> None:
    spectrum = np.fft.rfft(audio_cases.noise(0.5).frames[0])
    hz = np.fft.rfftfreq(22_050, 1 / 44_100)
    fade = np.exp(-20 * seconds(0.5))
    assert describe(clip(fade * np.fft.irfft(spectrum * (hz > 6000)))).pitch is None


def test_a_click_has_none() -> None:
    assert describe(audio_cases.click()).pitch is None


def test_a_pitch_that_does_not_hold_is_none() -> None:
    t = seconds(1.0)
    sweep = np.sin(2 * np.pi * (100 * t + 1500 * t**2))
    assert describe(clip(sweep)).pitch is None
