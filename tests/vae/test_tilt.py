"""A spectrum given another brightness and low end."""

from __future__ import annotations

import numpy as np
import pytest

from vae.attributes import ATTRIBUTES
from vae.tilt import MOST_DB, brightness_and_low_end, tilt_towards

HZ = np.arange(513) * (44_100 / 1024)


def pink(slope_db: float = -3.0) -> np.ndarray:
    return 10 ** (slope_db * np.log2(np.maximum(HZ, 40) / 1000) / 10)


def test_silence_has_neither() -> None:
    assert brightness_and_low_end(np.zeros(513), HZ) is None


def test_both_are_read_on_their_even_scales() -> None:
    power = np.zeros(513)
    power[2], power[46] = 1.0, 3.0
    brightness, low_end = brightness_and_low_end(power, HZ) or (0.0, 0.0)
    mean_hz = (HZ[2] + 3 * HZ[46]) / 4
    assert brightness == pytest.approx(ATTRIBUTES["brightness"].to_scale(mean_hz))
    assert low_end == pytest.approx(ATTRIBUTES["low_end"].to_scale(0.25))


@pytest.mark.parametrize(("octaves", "odds"), [(0.5, 0.0), (-0.5, 0.0), (0.3, -0.5), (-0.3, 0.5)])
def test_what_is_wanted_is_reached(octaves: float, odds: float) -> None:
    power = pink()
    brightness, low_end = brightness_and_low_end(power, HZ) or (0.0, 0.0)
    gain = tilt_towards(power, HZ, brightness + octaves, low_end + odds)
    reached = brightness_and_low_end(power * 10 ** (gain / 10), HZ)
    assert reached == pytest.approx((brightness + octaves, low_end + odds), abs=0.05)


def test_nothing_is_asked_nothing_is_done() -> None:
    power = pink()
    gain = tilt_towards(power, HZ, *(brightness_and_low_end(power, HZ) or (0.0, 0.0)))
    assert np.abs(gain).max() < 0.05


def test_a_gain_has_a_limit() -> None:
    gain = tilt_towards(pink(-20), HZ, 20.0, -20.0)
    assert np.abs(gain).max() <= 2 * MOST_DB
