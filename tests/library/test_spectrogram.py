"""The drawn spectrum is right where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from library.spectrogram import HIGHEST_HZ, LOWEST_HZ, spectrogram

RATE = 48_000
BANDS = 16


def _tone(hz: float, seconds: float = 1.0) -> np.ndarray:
    wave = 0.5 * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)
    return np.stack([wave, wave], axis=1).astype(np.float32)


def _band_of(hz: float) -> int:
    return int(np.log(hz / LOWEST_HZ) / np.log(HIGHEST_HZ / LOWEST_HZ) * BANDS)


@pytest.mark.parametrize("hz", [110.0, 1000.0, 9000.0])
def test_a_tone_is_in_its_band(hz: float) -> None:
    levels = spectrogram(_tone(hz), RATE, 0, RATE, 20, BANDS)
    assert levels.shape == (BANDS, 20)
    assert (levels[:, 1:-1].argmax(axis=0) == _band_of(hz)).all()
    assert levels.max() == 1.0
    assert levels[_band_of(hz) - 4, 10] < 0.5


def test_a_tone_is_in_its_columns() -> None:
    frames = np.concatenate([np.zeros((RATE, 2), np.float32), _tone(1000.0)])
    levels = spectrogram(frames, RATE, 0, 2 * RATE, 20, BANDS)
    assert not levels[:, :9].any()
    assert (levels[_band_of(1000.0), 11:19] > 0.9).all()


def test_a_view_is_of_its_own_frames() -> None:
    frames = np.concatenate([_tone(200.0), _tone(5000.0)])
    levels = spectrogram(frames, RATE, RATE + 4000, RATE + 4400, 10, BANDS)
    assert (levels.argmax(axis=0) == _band_of(5000.0)).all()


def test_silence_and_what_is_not_there_are_dark() -> None:
    assert not spectrogram(np.zeros((RATE, 2), np.float32), RATE, 0, RATE, 4, 4).any()
    assert not spectrogram(np.zeros((0, 2), np.float32), RATE, 0, RATE, 4, 4).any()


def test_low_rates_reach_to_half_of_them() -> None:
    wave = np.random.default_rng(1).normal(0, 0.1, (1000, 2)).astype(np.float32)
    assert (spectrogram(wave, 1000, 0, 1000, 4, 6)[:, 1:3] > 0.3).all()
