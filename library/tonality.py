"""The key of a sound of several notes, heard: which notes there are, and what key has them.

Source:
    Krumhansl, Cognitive Foundations of Musical Pitch (1990), the profiles of Krumhansl and Kessler.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from library.pulse import SECONDS_AT_MOST

_MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
_MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])

_WINDOW_S = 0.18
_LOWEST_HZ, _HIGHEST_HZ = 60.0, 2000.0
_LOWEST_RATE_HZ = 8000
_AROUND_HZ, _ABOVE_AROUND = 40.0, 2.5
_OUT_OF_TUNE = 0.25  # semitones

# What is given must be tonal, like a key, and less like every other one.
_TONAL, _LIKE, _LESS_LIKE = 0.4, 0.7, 0.13


def key_of(signal: NDArray[np.float32], sample_rate: int) -> int | None:
    """Return the key of a sound.

    Args:
        signal: float32, shape (t,), not silent.
        sample_rate: Hz.

    Returns:
        A number of `library.musical_key.KEYS`; None where it is not clear.
    """
    if sample_rate < _LOWEST_RATE_HZ:
        return None
    notes, tonal = _notes(signal[: math.ceil(SECONDS_AT_MOST * sample_rate)], sample_rate)
    if tonal < _TONAL or not notes.std() > 0.0:
        return None
    heard = (notes - notes.mean()) / notes.std()
    likeness = np.concatenate([_turned(profile) @ heard / 12 for profile in (_MAJOR, _MINOR)])
    second, first = np.sort(likeness)[-2:]
    if first < _LIKE or first - second < _LESS_LIKE:
        return None
    return int(np.argmax(likeness))


def _turned(profile: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a profile on each of the twelve tonics, without its mean, (12, 12)."""
    even = (profile - profile.mean()) / profile.std()
    return np.stack([np.roll(even, tonic) for tonic in range(12)])


def _notes(signal: NDArray[np.float32], sample_rate: int) -> tuple[NDArray[np.float64], float]:
    """Return how much there is of each of the twelve notes, (12,), and the share that is tones."""
    import scipy.fft

    size = 1 << round(math.log2(_WINDOW_S * sample_rate))
    hop = size // 4
    padded = np.pad(signal, (size // 2, size // 2 + hop))
    windows = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
    spectra = np.abs(scipy.fft.rfft(windows * np.hanning(size).astype(np.float32), axis=1))
    width = sample_rate / size
    first, last = int(_LOWEST_HZ / width), int(_HIGHEST_HZ / width)
    inside = spectra[:, first:last]
    reach = max(4, int(_AROUND_HZ / width))
    sums = np.cumsum(np.pad(spectra, ((0, 0), (reach + 1, reach))), axis=1)
    around = (sums[:, 2 * reach + 1 :] - sums[:, : -2 * reach - 1]) / (2 * reach + 1)
    peaks = (
        (inside > spectra[:, first - 1 : last - 1])
        & (inside >= spectra[:, first + 1 : last + 1])
        & (inside > _ABOVE_AROUND * around[:, first:last])
    )
    frame, place = np.nonzero(peaks)
    place += first
    strength = spectra[frame, place]
    total = float(np.square(inside, dtype=np.float64).sum())
    if not len(place) or total == 0.0:
        return np.zeros(12), 0.0
    below, at, above = (np.log(spectra[frame, place + step] + 1e-9) for step in (-1, 0, 1))
    between = np.clip(0.5 * (below - above) / (below - 2 * at + above - 1e-12), -0.5, 0.5)
    pitch = 69 + 12 * np.log2((place + between) * width / 440)
    tuning = np.angle((strength * np.exp(2j * np.pi * pitch)).sum()) / (2 * np.pi)
    nearest = np.round(pitch - tuning)
    off = (pitch - tuning - nearest) / _OUT_OF_TUNE
    weight = strength * np.exp(-(off**2) / 2)
    notes = np.bincount(nearest.astype(np.int64) % 12, weights=weight, minlength=12)
    return notes.astype(np.float64), float(np.square(strength, dtype=np.float64).sum()) / total
