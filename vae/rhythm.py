"""Rhythm: the pattern of a loop's onsets, whatever its tempo.

The scale transform of an autocorrelation does not change when time is stretched, as a shift leaves
the magnitudes of a Fourier transform: on a logarithmic lag axis another tempo is a shift.

Source: Holzapfel and Stylianou (2011), Scale Transform in Rhythmic Similarity of Music.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vae.auditory_image import BANDS, HOP, SAMPLE_RATE, band_centres

RHYTHM = 48
LEAST_ONSETS = 4
LEAST_S = 1.0
_COEFFICIENTS = 24
_SPLIT_HZ = 500.0
_LONGEST_S = 12.0
_LAGS_S = (0.08, 4.0)
_LAG_STEPS = 96
_RISE_DB = 3.0
_RATE = SAMPLE_RATE / HOP


def rhythm(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the pattern of the onsets in low and in high bands.

    Args:
        image: The whole sound, float32, shape (columns, BANDS), dB.

    Returns:
        float32, shape (RHYTHM,), of length 1; zero for a sound without a rhythm, which is one of
        under a second or under four onsets.
    """
    none = np.zeros(RHYTHM, np.float32)
    image = image[: int(_LONGEST_S * _RATE)]
    if len(image) < LEAST_S * _RATE:
        return none
    strengths = onset_strength(image)
    if len(onsets(strengths.sum(axis=1))) < LEAST_ONSETS:
        return none
    pattern = np.concatenate([_scale_transform(_autocorrelation(s)) for s in strengths.T])
    length = float(np.linalg.norm(pattern))
    return (pattern / length).astype(np.float32) if length > 0 else none


def onset_strength(image: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return how much the level rises at each instant in low and in high bands.

    Args:
        image: float32, shape (columns, BANDS), dB.

    Returns:
        Mean rise over 12 ms in dB, shape (columns, 2).
    """
    heard = np.maximum(image, image.max() - 50.0).astype(np.float64)
    rise = np.zeros_like(heard)
    rise[2:] = np.maximum(heard[2:] - heard[:-2], 0.0)
    rise[0] = heard[0] - heard.min()
    split = [int(np.searchsorted(band_centres(), _SPLIT_HZ))]
    parts = np.split(np.arange(BANDS), split)
    return np.stack([rise[:, part].mean(axis=1) for part in parts], axis=1)


def onsets(strength: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the columns where a sound begins: peaks that stand out within 60 ms on both sides."""
    reach = round(0.06 * _RATE)
    padded = np.pad(strength, reach)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    peaks = (strength >= around.max(axis=1)) & (
        strength > np.maximum(2 * _RISE_DB, 0.25 * strength.max())
    )
    return np.flatnonzero(peaks)


def _autocorrelation(strength: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the autocorrelation on a logarithmic lag axis, shape (_LAG_STEPS,)."""
    centred = strength - strength.mean()
    size = 1 << (2 * len(centred) - 1).bit_length()
    spectrum = np.fft.rfft(centred, size)
    raw = np.fft.irfft(np.square(np.abs(spectrum)))[: len(centred)]
    if raw[0] <= 0:
        return np.zeros(_LAG_STEPS)
    # Fewer pairs are that far apart, which says nothing of the rhythm.
    raw /= raw[0] * (1.0 - np.arange(len(raw)) / (len(raw) + 1))
    lags = np.geomspace(*_LAGS_S, _LAG_STEPS) * _RATE
    found: NDArray[np.float64] = np.interp(lags, np.arange(len(raw)), raw, right=0.0)
    return found.clip(-1.0, 1.0)


def _scale_transform(correlation: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return magnitudes over the first scales, shape (_COEFFICIENTS,)."""
    window = np.hanning(_LAG_STEPS)
    magnitudes: NDArray[np.float64] = np.abs(np.fft.rfft(correlation * window))
    return magnitudes[1 : _COEFFICIENTS + 1]
