"""The spectrum of a clip over time, for drawing: few columns, quickly. NumPy only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LOWEST_HZ, HIGHEST_HZ = 40.0, 20_000.0
RANGE_DB = 72.0
"""How far below the loudest band another one is still told from silence."""

_WINDOWS = (256, 2048)
_PER_COLUMN = 4


def spectrogram(
    frames: NDArray[np.float32], sample_rate: int, start: int, end: int, columns: int, bands: int
) -> NDArray[np.float32]:
    """Return the level of bands that are equally wide on a logarithmic scale.

    Args:
        frames: float32, shape (t, c); the mean of the channels is looked at.
        sample_rate: Hz.
        start: First frame of the piece; at least 0.
        end: The frame after its last one; above `start`. What lies beyond t is silent.
        columns: Into how many equal stretches the piece is divided; at least 1.
        bands: From `LOWEST_HZ` to `HIGHEST_HZ`, or to half the sample rate; at least 1.

    Returns:
        float32, shape (bands, columns), the lowest band first: 1 for the loudest, 0 for what is
        `RANGE_DB` below it, or silent.
    """
    span = (end - start) / columns
    size = _WINDOWS[0]
    while size < min(_WINDOWS[1], 2 * span):
        size *= 2
    each = max(1, min(_PER_COLUMN, round(span / size)))
    # The middles of the windows are spread evenly over the piece.
    middles = start + (np.arange(columns * each) + 0.5) * (end - start) / (columns * each)
    places = np.round(middles).astype(np.int64)[:, None] + np.arange(size) - size // 2
    there = (places >= 0) & (places < len(frames))
    windows = np.zeros(places.shape, np.float32)
    windows[there] = frames[places[there]].mean(axis=1)
    power = np.abs(np.fft.rfft(windows * np.hanning(size).astype(np.float32), axis=1)) ** 2
    power = power.reshape(columns, each, -1).mean(axis=1)
    levels = 10 * np.log10(_in_bands(power, sample_rate, size, bands).T + 1e-12)
    loudest = float(levels.max())
    if loudest <= -100:  # rounding
        return np.zeros((bands, columns), np.float32)
    return np.clip(1 + (levels - loudest) / RANGE_DB, 0, 1).astype(np.float32)


def _in_bands(
    power: NDArray[np.float32], sample_rate: int, size: int, bands: int
) -> NDArray[np.float64]:
    """Return the power of bands, shape (columns, bands); a narrow one gets its part of a bin."""
    high = min(HIGHEST_HZ, sample_rate / 2)
    edges = np.geomspace(min(LOWEST_HZ, high / 2), high, bands + 1) * size / sample_rate
    edges = np.minimum(edges + 0.5, power.shape[1] - 1e-6)  # bin n reaches from n - 0.5 to n + 0.5
    bins = edges.astype(np.int64)
    below = np.cumsum(power, axis=1, dtype=np.float64) - power
    reached: NDArray[np.float64] = below[:, bins] + power[:, bins] * (edges - bins)
    return np.maximum(reached[:, 1:] - reached[:, :-1], 0.0)
