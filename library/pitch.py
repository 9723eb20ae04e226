"""The fundamental frequency of a sound, or the finding that it has none."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LOWEST_HZ = 27.0
HIGHEST_HZ = 4200.0
CLEAR = 0.15
"""How much of a window may differ from itself a period later, of one that has a pitch."""

_LOWEST_RATE_HZ = 8000
_WINDOWS = 12
_LOUD = 0.1  # windows below this share of the loudest one's energy are not asked
_AGREEMENT = 0.5
_SAME_NOTE = 0.7  # semitones


@dataclass(frozen=True, slots=True, eq=False)
class PitchCourse:
    """What pitch a sound has in windows of it, 83 ms at 44.1 kHz.

    Attributes:
        starts: The first frame of each, rising, int64, (n,).
        notes: MIDI note numbers, NaN where there is no clear pitch, float64, (n,).
        energy: Of each window, float64, (n,).
    """

    starts: NDArray[np.int64]
    notes: NDArray[np.float64]
    energy: NDArray[np.float64]


def pitch_course(
    signal: NDArray[np.float32],
    sample_rate: int,
    most: int = _WINDOWS,
    clear: float = CLEAR,
    starts: NDArray[np.int64] | None = None,
) -> PitchCourse | None:
    """Return the pitch in windows spread over the loud part of a sound, each by itself.

    Args:
        signal: float32, shape (t,), t >= 1, without a constant part.
        sample_rate: Hz.
        most: How many windows, at most.
        clear: How much of a window may be anything but its period, 0 to 1.
        starts: Where they begin instead, as in the course of a sound of the same length.

    Returns:
        None for a sound too short to have a pitch, and below a sample rate of 8 kHz, where a
        period has too few frames.

    Source:
        de Cheveigné and Kawahara, YIN, a fundamental frequency estimator for speech and music
        (2002), steps 1 to 5.
    """
    if sample_rate < _LOWEST_RATE_HZ:
        return None
    longest = int(sample_rate / LOWEST_HZ) + 2
    span = max(longest, round(0.046 * sample_rate))
    if len(signal) < span // 8:
        return None
    if len(signal) < span + longest:
        signal = np.pad(signal, (0, span + longest - len(signal)))
    energies = _energies(signal, span + longest)
    if starts is None:
        starts = _loud_starts(energies, span + longest, most)
    windows = np.lib.stride_tricks.sliding_window_view(signal, span + longest)[starts]
    differences = _normalised_differences(windows, span, longest)
    notes = np.full(len(windows), np.nan)
    for row, difference in enumerate(differences):
        lag = _best_lag(difference, max(2, int(sample_rate / HIGHEST_HZ)), clear)
        if lag is not None:
            notes[row] = 69.0 + 12.0 * math.log2(sample_rate / lag / 440.0)
    return PitchCourse(starts, notes, energies[starts])


def pitch_of(signal: NDArray[np.float32], sample_rate: int, clear: float = CLEAR) -> float | None:
    """Return the pitch over the loud part of a sound.

    Up to twelve windows are asked by YIN; the answer is the note that most of their energy
    agrees on.

    Args:
        signal: float32, shape (t,), t >= 1, without a constant part.
        sample_rate: Hz.
        clear: How much of a window may differ from itself a period later.

    Returns:
        A MIDI note number with its fraction, 69.0 for 440 Hz; None for noise, for a sound whose
        pitch does not hold, for one too short to have any, and below a sample rate of 8 kHz,
        where a period has too few frames.
    """
    course = pitch_course(signal, sample_rate, clear=clear)
    return None if course is None else _agreed(course.notes, course.energy)


def _energies(signal: NDArray[np.float32], size: int) -> NDArray[np.float64]:
    """Return the energy of the window that begins at each frame, (t - size + 1,)."""
    total = np.concatenate([[0.0], np.cumsum(np.square(signal), dtype=np.float64)])
    energies: NDArray[np.float64] = total[size:] - total[:-size]
    return energies


def _loud_starts(energies: NDArray[np.float64], size: int, most: int) -> NDArray[np.int64]:
    """Return where windows begin that are spread over the loud part, (n,)."""
    starts = np.arange(0, len(energies), max(1, size // 4))
    energy = energies[starts]
    loud = np.flatnonzero(energy >= _LOUD * energy.max())
    chosen = loud[np.unique(np.linspace(0, len(loud) - 1, most).astype(np.int64))]
    return starts[chosen]


def _normalised_differences(
    windows: NDArray[np.float32], span: int, longest: int
) -> NDArray[np.float64]:
    """Return YIN's cumulative mean normalised difference, shape (n, longest), 1.0 at lag 0."""
    size = 2 ** math.ceil(math.log2(span + longest))
    import scipy.fft  # NumPy's takes twice as long for rows

    whole = scipy.fft.rfft(windows, size, axis=1)
    start = scipy.fft.rfft(windows[:, :span], size, axis=1)
    correlation = scipy.fft.irfft(whole * start.conj(), size, axis=1)[:, :longest]
    squares = np.cumsum(np.square(windows, dtype=np.float64), axis=1)
    squares = np.pad(squares, ((0, 0), (1, 0)))
    energies = squares[:, span : span + longest] - squares[:, :longest]
    difference = np.maximum(energies[:, :1] + energies - 2.0 * correlation, 0.0)
    difference[:, 0] = 0.0
    mean = np.cumsum(difference, axis=1) / np.maximum(np.arange(longest), 1)
    normalised: NDArray[np.float64] = np.ones_like(difference)
    np.divide(difference, mean, out=normalised, where=mean > 0.0)
    return normalised


def _best_lag(difference: NDArray[np.float64], shortest: int, clear: float) -> float | None:
    """Return the period in frames, between frames too; None where no lag is clear."""
    inner = difference[1:-1]
    dips = np.flatnonzero((inner <= difference[:-2]) & (inner < difference[2:])) + 1
    dips = dips[dips >= shortest]
    if not len(dips):
        return None
    depths = difference[dips]
    if depths.min() > clear:
        return None
    # The first dip about as deep as the deepest is the period; later ones are its multiples.
    lag = int(dips[np.argmax(depths <= depths.min() + 0.05)])
    before, at, after = difference[lag - 1 : lag + 2]
    bend = before - 2.0 * at + after
    return lag + (0.5 * float(before - after) / float(bend) if bend > 0.0 else 0.0)


def _agreed(notes: NDArray[np.float64], energy: NDArray[np.float64]) -> float | None:
    """Return the note that at least half of the energy agrees on."""
    clear = ~np.isnan(notes)
    if not clear.any():
        return None
    order = np.argsort(notes[clear])
    sorted_notes, weights = notes[clear][order], energy[clear][order]
    middle = sorted_notes[np.searchsorted(np.cumsum(weights), 0.5 * weights.sum())]
    near = np.abs(sorted_notes - middle) <= _SAME_NOTE
    if weights[near].sum() < _AGREEMENT * energy.sum():
        return None
    return float(np.average(sorted_notes[near], weights=weights[near]))
