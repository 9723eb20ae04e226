"""A spectrum given another brightness and low end: tilted, and its lows raised or lowered.

Two broad curves and nothing narrower, so that a sound keeps its own detail.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vae.attributes import ATTRIBUTES

LOW_END_HZ = 150.0
MOST_DB = 12.0
_STEEPEST = 12.0  # dB an octave
_PIVOT_HZ, _LEVEL_UNDER_HZ = 1000.0, 40.0
_ROUNDS, _HALVINGS = 6, 12

Array = NDArray[np.float64]


def brightness_and_low_end(power: Array, hz: Array) -> tuple[float, float] | None:
    """Return the brightness and the low end of a spectrum, on their even scales.

    Args:
        power: Of each bin, summed over time, (bins,).
        hz: Of each bin.

    Returns:
        As `library.descriptors` has them, read through this spectrum's window; None for silence.
    """
    total = float(power.sum())
    if total <= 0.0:
        return None
    low = float(power[hz < LOW_END_HZ].sum()) / total
    brightness = float(hz @ power) / total
    return ATTRIBUTES["brightness"].to_scale(brightness), ATTRIBUTES["low_end"].to_scale(low)


def tilt_towards(power: Array, hz: Array, brightness: float, low_end: float) -> Array:
    """Return the gain in dB that brings a spectrum as near to a brightness and a low end as it can.

    Args:
        power: Of each bin, not all 0, (bins,).
        hz: Of each bin.
        brightness: Wanted, on the even scale.
        low_end: Wanted, on the even scale.

    Returns:
        Shape (bins,): a slope of at most MOST_DB both ways, and a shelf under LOW_END_HZ of as
        much again.
    """
    octaves = np.log2(np.maximum(hz, _LEVEL_UNDER_HZ) / _PIVOT_HZ)
    under = 1.0 / (1.0 + (hz / LOW_END_HZ) ** 4)

    def slope_of(steepness: float) -> Array:
        return np.asarray(np.clip(_STEEPEST * steepness * octaves, -MOST_DB, MOST_DB))

    def shelf_of(height: float) -> Array:
        return np.asarray(MOST_DB * height * under)

    slope = shelf = np.zeros(len(hz))
    # Each moves the other: some rounds bring both there, where both can be.
    for _ in range(_ROUNDS):
        slope = _reaching(brightness, 0, power * 10 ** (shelf / 10), hz, slope_of)
        shelf = _reaching(low_end, 1, power * 10 ** (slope / 10), hz, shelf_of)
    return slope + shelf


def _reaching(
    wanted: float, of: int, power: Array, hz: Array, curve: Callable[[float], Array]
) -> Array:
    """Return the curve, of those from -1 to 1, with which a measure is nearest to what is wanted.

    Args:
        wanted: Brightness or low end, which rises with the curve.
        of: Which of the two, 0 or 1.
        power: That the curve is laid on.
        hz: Of each bin.
        curve: dB of each bin.
    """
    low, high = -1.0, 1.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        reached = brightness_and_low_end(power * 10 ** (curve(middle) / 10), hz)
        if reached is not None and reached[of] < wanted:
            low = middle
        else:
            high = middle
    return curve(0.5 * (low + high))
