"""The amplitude envelope of a sound: how fast it comes, how long it stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_FAST_MS = 1.0
_SLOW_MS = 10.0
_CUT_MS = 20.0


@dataclass(frozen=True, slots=True, eq=False)
class Spectrum:
    """The spectrum of a whole sound with silence after it, which keeps its end from its start.

    Attributes:
        bins: complex64, shape (size // 2 + 1,).
        size: Frames that were transformed.
        length: Frames of the sound.
    """

    bins: NDArray[np.complex64]
    size: int
    length: int


def spectrum_of(signal: NDArray[np.float32]) -> Spectrum:
    """Return the spectrum of a signal, float32, shape (t,), t >= 1."""
    import scipy.fft  # three times as fast as NumPy's

    size = fast_size(len(signal) + min(len(signal), 4096))
    bins = scipy.fft.rfft(signal, size).astype(np.complex64, copy=False)
    return Spectrum(bins, size, len(signal))


def attack_and_decay(signal: NDArray[np.float32], sample_rate: int) -> tuple[float, float]:
    """Return how long a sound takes to rise, and to fall.

    Args:
        signal: float32, shape (t,), t >= 1, not silent, without a constant part.
        sample_rate: Hz.

    Returns:
        As `attack_and_decay_of`.
    """
    return attack_and_decay_of(spectrum_of(signal), sample_rate)


def attack_and_decay_of(spectrum: Spectrum, sample_rate: int) -> tuple[float, float]:
    """Return how long a sound takes to rise, and to fall, read off its spectrum.

    The envelope is the magnitude of the analytic signal, smoothed over 1 ms. Its peak is read
    after smoothing over 10 ms, so that a single spike inside noise is not taken for it.

    Args:
        spectrum: Of the sound, not silent, without a constant part.
        sample_rate: Hz.

    Returns:
        The attack in ms, from the first time at 10 % of the peak to the first at 90 %, and the
        decay in seconds, from the peak to the last time above -40 dB of it. The peak of a steady
        sound is where it is first within 3 % of its highest.
    """
    envelope = _analytic_magnitude(spectrum)
    fast, slow = _moving_means(envelope, [sample_rate * ms / 1000 for ms in (_FAST_MS, _SLOW_MS)])
    # Where a sound is cut off at its end, the analytic signal overshoots.
    uncut = max(len(slow) - int(sample_rate * _CUT_MS / 1000.0), (len(slow) + 1) // 2)
    peak = float(slow[:uncut].max())
    # No mean over 10 ms exceeds the highest over 1 ms by 10 %, so every level below is reached.
    reached = int(np.argmax(fast >= 0.9 * peak))
    begun = int(np.argmax(fast >= 0.1 * peak))
    last = len(fast) - 1 - int(np.argmax(fast[::-1] >= 0.01 * peak))
    attack_ms = max(0.0, _crossing(fast, reached, 0.9 * peak) - _crossing(fast, begun, 0.1 * peak))
    decay = max(0, last - int(np.argmax(slow >= 0.97 * peak)))
    return attack_ms * 1000.0 / sample_rate, decay / sample_rate


def analytic_magnitude(signal: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the magnitude of the analytic signal, float32, shape (t,).

    Source:
        Marple, Computing the discrete-time analytic signal via FFT (1999).
    """
    return _analytic_magnitude(spectrum_of(signal))


def _analytic_magnitude(spectrum: Spectrum) -> NDArray[np.float32]:
    import scipy.fft

    # The analytic signal's imaginary part is its Hilbert transform: two real transforms take half
    # as long as one complex one.
    quarter_later = -1j * spectrum.bins
    quarter_later[0] = 0
    parts = (scipy.fft.irfft(bins, spectrum.size) for bins in (spectrum.bins, quarter_later))
    real, imaginary = (part[: spectrum.length] for part in parts)
    magnitude: NDArray[np.float32] = np.hypot(real, imaginary).astype(np.float32, copy=False)
    return magnitude


def fast_size(length: int) -> int:
    """Return the next length whose factors are small: up to 16 times a power of two."""
    unit = 1 << max(0, length.bit_length() - 4)
    return -(-length // unit) * unit


def smoothed(envelope: NDArray[np.float32], width: float) -> NDArray[np.float64]:
    """Return the centred moving mean over a width in frames; zeros surround the signal."""
    return _moving_means(envelope, [width])[0]


def _moving_means(
    envelope: NDArray[np.float32], widths: Sequence[float]
) -> list[NDArray[np.float64]]:
    frames = [max(1, round(width)) for width in widths]
    reach, length = max(frames), len(envelope)
    total = np.cumsum(np.pad(envelope, (reach + 1, reach)), dtype=np.float64)
    means = []
    for count in frames:
        first = reach - count // 2
        inside = total[first + count : first + count + length] - total[first : first + length]
        means.append(inside / count)
    return means


def _crossing(envelope: NDArray[np.float64], index: int, level: float) -> float:
    """Return where, between two frames, the envelope crosses a level upward."""
    if index == 0:
        return 0.0
    low, high = float(envelope[index - 1]), float(envelope[index])
    return index - (high - level) / (high - low) if high > low else float(index)
