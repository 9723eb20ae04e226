"""How rough a sound is: how deep the envelopes of its critical bands dip, many times a second.

A dip is what lies between two peaks less than 30 ms apart. An attack, a decay and a single hit have
none, however fast they are; a tone that beats with another, a rattle and noise are full of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from library.envelope import Spectrum, fast_size

SHORTEST_S = 0.06
"""A sound that is shorter has no roughness: two dips would not fit into it."""

BANDS = 21
"""One a Bark, centred on 100 Hz to 9 kHz."""

_RATE_HZ = 600.0
_SMOOTH_S = 0.0067  # passes a fluctuation of 70 Hz to 90 %, one of 150 Hz by half, 300 Hz not
_DIP_S = 0.03


def roughness_of(spectrum: Spectrum, sample_rate: int) -> float | None:
    """Return the share of the energy that dips take from the envelopes of the critical bands.

    The envelopes have more energy with their dips filled than without: the share that is missing,
    over all bands and the whole sound, is the roughness. So loud bands and instants count more,
    and gain does not matter.

    Args:
        spectrum: Of the sound.
        sample_rate: Hz.

    Returns:
        0 to 1: 0 for a tone, about 0.4 for white noise, 0.5 for a tone that beats; None where the
        sound is shorter than SHORTEST_S, or silent in the bands.

    Source:
        Zwicker and Fastl, Psychoacoustics (2007), chapter 11: roughness is heard where the
        envelope of a critical band fluctuates 15 to 300 times a second, most at 70. Dips are found
        by morphological closing (Serra 1982); band-pass filters, as Daniel and Weber (1997) have
        them, take an attack for roughness.
    """
    if spectrum.length < SHORTEST_S * sample_rate:
        return None
    envelopes, rate = band_envelopes(spectrum, sample_rate)
    filled = dips_filled(envelopes, rate)
    whole = float(np.einsum("bt,bt->", filled, filled))
    if not whole > 0.0:
        return None
    return min(1.0, max(0.0, 1.0 - float(np.einsum("bt,bt->", envelopes, envelopes)) / whole))


def band_envelopes(spectrum: Spectrum, sample_rate: int) -> tuple[NDArray[np.float32], float]:
    """Return the envelopes of the critical bands, as far as roughness goes by them.

    Args:
        spectrum: Of the sound.
        sample_rate: Hz.

    Returns:
        float32, shape (bands, n), at least 0, and their rate in Hz, about 600. A low sample rate
        has fewer than BANDS.
    """
    size = spectrum.size
    columns = fast_size(round(size / sample_rate * _RATE_HZ))
    rate = columns * sample_rate / size
    edges, rising = band_edges(size, sample_rate)
    bins = spectrum.bins[1 : edges[-1]]
    upper = bins * rising
    lower = bins - upper
    reach = max(1, round(0.5 * _SMOOTH_S * rate) - 1)
    envelopes = np.zeros((len(edges) - 2, columns + 2 * reach), np.float32)
    for bands, finer in _of_like_width(edges, columns):
        # With the negative frequencies gone the magnitude is the envelope, wherever its bins are.
        rows = np.zeros((len(bands), columns * finer), bins.dtype)
        for row, band in zip(rows, bands, strict=True):
            first, centre, last = edges[band : band + 3] - 1
            row[: centre - first] = upper[first:centre]
            row[centre - first : last - first] = lower[centre:last]
        magnitude = np.abs(np.fft.ifft(rows))
        inside = envelopes[bands.start : bands.stop, reach : reach + columns]
        for first in range(finer):
            inside += magnitude[:, first::finer]
    return _smoothed(envelopes, reach), rate


def band_edges(size: int, sample_rate: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return where the critical bands lie in a spectrum: each rises to its centre, and falls again.

    Args:
        size: Frames that the spectrum is of.
        sample_rate: Hz.

    Returns:
        Bins, shape (bands + 2,): band b rises from edge b to b + 1 and falls up to b + 2. And how
        much of each bin, from bin 1 to the last edge, goes to the band that rises there, in [0, 1];
        the rest goes to the one that falls. The lowest band has all that is below its centre.

    Source:
        Traunmüller, Analytical expressions for the tonotopic sensory scale (1990).
    """
    bark = np.arange(BANDS + 2)
    edges = np.ceil(1960 * (bark + 0.53) / (26.28 - bark) * (size / sample_rate)).astype(np.int64)
    edges[0] = 1
    edges = np.unique(edges.clip(1, size // 2 + 1))
    hz = np.arange(1, edges[-1], dtype=np.float32) * np.float32(sample_rate / size)
    at = 26.81 * hz / (1960 + hz) - np.float32(0.53)
    at -= np.repeat(np.arange(len(edges) - 1, dtype=np.float32), np.diff(edges))
    rising = np.square(np.sin(np.float32(np.pi / 2) * at.clip(0.0, 1.0)))
    rising[: edges[1] - 1] = 1.0
    return edges, rising


def _of_like_width(edges: NDArray[np.int64], columns: int) -> list[tuple[range, int]]:
    """Return runs of bands, and how many times finer than columns their rate must be."""
    finer = [int(-(-width // columns)) for width in edges[2:] - edges[:-2]]
    starts = [i for i in range(len(finer)) if i == 0 or finer[i] != finer[i - 1]]
    return [(range(a, b), finer[a]) for a, b in zip(starts, [*starts[1:], len(finer)], strict=True)]


def _smoothed(padded: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """Return the mean over a Hann window; `reach` columns on both sides go."""
    window = np.hanning(2 * reach + 3)[1:-1].astype(np.float32)
    window /= window.sum()
    columns = padded.shape[1] - 2 * reach
    smooth = np.zeros((len(padded), columns), np.float32)
    for first, weight in enumerate(window):
        smooth += weight * padded[:, first : first + columns]
    return smooth


def dips_filled(envelopes: NDArray[np.float32], rate: float) -> NDArray[np.float32]:
    """Return envelopes whose dips are filled up to the lower of the two peaks beside them.

    Args:
        envelopes: float32, shape (bands, n).
        rate: Hz, of them.
    """
    width = 1 + 2 * round(0.5 * _DIP_S * rate)
    padded = np.pad(envelopes, ((0, 0), (width - 1, width - 1)))
    return _running(np.minimum, _running(np.maximum, padded, width), width)


def _running(choose: np.ufunc, values: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    """Return the highest, or the lowest, of each `width` values in a row."""
    reach = 1
    while reach < width:
        step = min(reach, width - reach)
        values = choose(values[:, :-step], values[:, step:])
        reach += step
    return values
