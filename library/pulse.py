"""The tempo of a loop, heard: where its hits lie, and how long it is. NumPy only.

A loop is cut to whole bars, so that its length alone leaves few tempi; which of them it is, and
whether it is a loop at all, its onsets tell. docs/tempo-and-key.md has what was measured.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SURE = 10.0
"""Three in two thousand sounds that are no loops have so clear a pulse."""

SURE_OF_A_LOOP = 5.0
"""So clear a pulse is enough where a name says that the sound is a loop."""

SECONDS_AT_MOST = 30.0
"""How much of a sound is listened to, from its start."""

LONGEST_S = 65.0
"""Sixteen bars at the slowest tempo; what is longer is no loop."""

_SHORTEST_S = 0.8
_FEWEST_ONSETS = 4
_SLOWEST, _FASTEST = 60.0, 185.0
_USUAL = 115.0

# What speaks for a tempo: that onsets lie on its sixteenths, eighths, and no triplets; that the
# sound is like itself one, two and four beats later; that it is near the usual; that the sound is
# whole bars long, and as many of them as halves and doubles are.
_SIXTEENTHS, _EIGHTHS, _BEATS, _TRIPLETS = 6.0, 1.5, -1.0, -1.0
_AFTER_BEATS = ((1, 2.0), (2, 3.0), (4, 3.0))
_PER_OCTAVE = 3.3
_WHOLE_BARS, _POWER_OF_TWO = 2.0, 3.0

_NEAR = np.array([0.985, 0.9925, 1.0, 1.0075, 1.015])
_WHOLE_NUMBER = 0.002  # tempi are set in whole numbers; a file may be a few frames too long


class Pulse(NamedTuple):
    """The tempo of a sound.

    Attributes:
        tempo: Beats a minute, 60 to 185.
        clearness: How clear it is; :data:`SURE` and :data:`SURE_OF_A_LOOP` say what is enough.
    """

    tempo: float
    clearness: float


def pulse_of(signal: NDArray[np.float32], sample_rate: int, seconds: float) -> Pulse | None:
    """Return the most likely tempo of a sound, however unlikely that is.

    Args:
        signal: float32, shape (t,), the sound from its start, not silent.
        sample_rate: Hz.
        seconds: How long the whole sound is.

    Returns:
        None for what is too short, too long, or has too few onsets to be a loop.
    """
    if not _SHORTEST_S <= seconds <= LONGEST_S:
        return None
    strength, rate = onset_strength(signal[: math.ceil(SECONDS_AT_MOST * sample_rate)], sample_rate)
    at, weight = onsets(strength, rate)
    if len(at) < _FEWEST_ONSETS:
        return None
    tempi, beats = _candidates(seconds)
    clearness = (
        _on_the_grid(at, weight, tempi)
        + _like_itself(strength, rate, tempi)
        - _PER_OCTAVE * np.log2(tempi / _USUAL) ** 2
        + _WHOLE_BARS * ((beats > 0) & (beats % 4 == 0))
        + _POWER_OF_TWO * ((beats > 0) & (beats & (beats - 1) == 0))
    )
    best = int(np.argmax(clearness))
    tempo = float(tempi[best])
    if not beats[best]:
        near = tempo * np.linspace(0.99, 1.01, 21)
        tempo = round(float(near[np.argmax(_resonance(at, weight, 15.0 / near))]), 1)
    if abs(tempo - round(tempo)) < _WHOLE_NUMBER * tempo:
        tempo = round(tempo)
    return Pulse(round(float(tempo), 2), round(float(clearness[best]), 2))


def onset_strength(
    signal: NDArray[np.float32], sample_rate: int
) -> tuple[NDArray[np.float64], float]:
    """Return how much louder a sound gets in each step, and how many steps a second has.

    Args:
        signal: float32, shape (t,), not silent.
        sample_rate: Hz.

    Returns:
        The mean rise of the level over bands of a third to half an octave, float64, (n,), and the
        rate in Hz, about 172. A level counts down to 40 dB below the loudest.
    """
    import scipy.fft  # NumPy's own transform of many short rows takes five times as long

    size = 1 << max(5, round(math.log2(0.023 * sample_rate)))
    hop = size // 4
    padded = np.pad(signal, (size // 2, size // 2 + hop))
    windows = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
    hann = np.hanning(size + 1)[:-1].astype(np.float32)
    spectra = scipy.fft.rfft(windows * hann, axis=1)
    power = np.square(spectra.real) + np.square(spectra.imag)
    edges = np.geomspace(40.0, min(16_000.0, sample_rate / 2), 17) * size / sample_rate
    bands = np.add.reduceat(power, np.unique(edges.astype(np.int64))[:-1], axis=1)
    levels = np.log10(1e-4 + bands / max(float(bands.max()), 1e-30))
    rises = np.maximum(np.diff(levels, axis=0, prepend=-4.0), 0.0)
    return rises.mean(axis=1).astype(np.float64), sample_rate / hop


def onsets(
    strength: NDArray[np.float64], rate: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return when onsets are, in seconds, float64, (n,), and how strong, (n,)."""

    def around(seconds: float) -> NDArray[np.float64]:
        reach = max(1, int(seconds * rate))
        padded = np.pad(strength, reach)
        return np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)

    highest = float(strength.max(initial=0.0))
    peaks = np.flatnonzero(
        (strength == around(0.03).max(axis=1))
        & (strength > around(0.1).mean(axis=1) + 0.08 * highest)
        & (strength > 0.12 * highest)
    )
    return peaks / rate, strength[peaks]


def _candidates(seconds: float) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return tempi, (n,), and how many beats the sound then has; 0 where that is not asked."""
    most = int(_FASTEST * seconds / 60)
    whole = np.array([n for n in range(1, most + 1) if n % 4 == 0 or n < 4], np.int64)
    by_length = 60.0 * whole / seconds
    inside = by_length >= _SLOWEST
    anyhow = np.geomspace(_SLOWEST, _FASTEST, 122)
    tempi = np.concatenate([by_length[inside], anyhow])
    return tempi, np.concatenate([whole[inside], np.zeros(len(anyhow), np.int64)])


def _on_the_grid(
    at: NDArray[np.float64], weight: NDArray[np.float64], tempi: NDArray[np.float64]
) -> NDArray[np.float64]:
    beat = 60.0 / tempi
    parts = ((4, _SIXTEENTHS), (2, _EIGHTHS), (1, _BEATS), (3, _TRIPLETS))
    return sum(  # type: ignore[return-value]
        factor * _resonance(at, weight, beat / part) for part, factor in parts
    )


def _resonance(
    at: NDArray[np.float64], weight: NDArray[np.float64], periods: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how far onsets lie at multiples of periods: 1 for all of them, 0 for anywhere."""
    turns = np.exp(2j * np.pi * at / periods[:, None])
    found: NDArray[np.float64] = np.abs(turns @ weight) / weight.sum()
    return found


def _like_itself(
    strength: NDArray[np.float64], rate: float, tempi: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how like its later self the strength is, by tempo, weighted."""
    import scipy.fft

    count = len(strength)
    spectrum = scipy.fft.rfft(strength - strength.mean(), 2 * count)
    alike = scipy.fft.irfft(np.abs(spectrum) ** 2)[:count]
    lags = np.arange(count)
    alike = alike / max(float(alike[0]), 1e-12) * count / np.maximum(count - lags, count / 4)
    total = np.zeros(len(tempi))
    for beats, factor in _AFTER_BEATS:
        lag = beats * 60.0 / tempi * rate
        heard = np.interp(lag[:, None] * _NEAR, lags, alike, right=0.0).max(axis=1)
        total += factor * np.where((beats == 1) | (lag < 0.8 * count), heard, 0.0)
    return total
