"""Whether two clips are the same audio: at another level or rate, later, in other channels, coded.

Both are cut to their sound, brought to one rate and level, and laid over each other where they
correlate best. The same audio then differs by next to nothing; a second take of the same drum
agrees in its low end and its level, and nowhere in its noise. What a lossy codec adds is as large
as the difference of close takes, so that copies in lossless files are held to a much smaller one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from library.clip import Clip

RATE_HZ = 22_050
SECONDS_AT_MOST = 30.0
"""How much of a sound is compared, from its onset."""

# Measured by benchmarks/duplicates.py; docs/find-by-sound.md tells what they mean.
MOST_RESIDUAL_DB = -37.0
LEAST_COHERENCE = 0.955
LEAST_IN_MOST_BANDS = 0.9
_MOST_LEVEL_APART_DB = 1.0

_ONSET_SHARE = 0.02
_BEFORE_ONSET_S = 0.02
_MOST_LAG_S = 0.5
_FINER = 4
_WINDOW = 1024
_BANDS = 24
_HEARD_SHARE = 1e-4  # 40 dB under the loudest band
_CUT_DB = 12.0


@dataclass(frozen=True, slots=True, eq=False)
class Comparable:
    """A sound, ready to be compared with others.

    Attributes:
        signal: float32, shape (t,), RATE_HZ, from just before its onset on, with a peak of 1.
        lossless: Whether its file keeps what it was given.
    """

    signal: NDArray[np.float32]
    lossless: bool


@dataclass(frozen=True, slots=True)
class Likeness:
    """How far two sounds agree, laid over each other.

    Attributes:
        residual_db: What is left of one when the other is taken away, against the one; below 0.
        coherence: Normalised correlation in a band, mean over the bands that are heard, in which a
            louder band counts more; at most 1.
        in_most_bands: The same, reached in four of five bands.
        level_apart_db: Difference of level in a band, the median of the bands.
    """

    residual_db: float
    coherence: float
    in_most_bands: float
    level_apart_db: float

    def tells_same(self, *, lossless: bool) -> bool:
        """Return whether this is the likeness of the same audio.

        Args:
            lossless: Whether both files keep what they were given.
        """
        if self.in_most_bands < LEAST_IN_MOST_BANDS or self.coherence < LEAST_COHERENCE:
            return False
        if lossless:
            return self.residual_db <= MOST_RESIDUAL_DB
        return self.level_apart_db <= _MOST_LEVEL_APART_DB


def comparable(clip: Clip, *, lossless: bool) -> Comparable | None:
    """Return a clip as it is compared; None for silence."""
    start = Clip(clip.frames[:, : round(2 * SECONDS_AT_MOST * clip.sample_rate)], clip.sample_rate)
    signal = Clip(start.mono()[None], clip.sample_rate).at_rate(RATE_HZ).frames[0]
    peak = float(np.abs(signal).max(initial=0.0))
    if peak == 0.0:
        return None
    onset = int(np.argmax(np.abs(signal) >= _ONSET_SHARE * peak))
    first = max(0, onset - round(_BEFORE_ONSET_S * RATE_HZ))
    cut = signal[first : first + round(SECONDS_AT_MOST * RATE_HZ)]
    return Comparable((cut / np.float32(peak)).astype(np.float32), lossless)


def is_same(a: Comparable, b: Comparable) -> bool:
    """Return whether two sounds are the same audio."""
    return likeness(a, b).tells_same(lossless=a.lossless and b.lossless)


def likeness(a: Comparable, b: Comparable) -> Likeness:
    """Lay two sounds over each other and return how far they agree.

    What one of them has in the highest bands and the other has not is left out: a lower sample rate
    and most codecs take that away. The polarity may be either.
    """
    x, y = (_spectra(signal) for signal in _laid_over(a.signal, b.signal))
    energies = [float(np.square(np.abs(each)).sum()) for each in (x, y)]
    correlation = float((x * y.conj()).real.sum()) / np.sqrt(energies[0] * energies[1])
    y *= np.copysign(np.sqrt(energies[0] / energies[1]), correlation)
    power_x, power_y = _by_band(np.square(np.abs(x))), _by_band(np.square(np.abs(y)))
    floor = 1e-12 * energies[0]
    level_db = 10 * np.log10((power_y + floor) / (power_x + floor))
    counted = _counted(power_x, power_y, level_db)
    if not counted.any():
        return Likeness(0.0, 0.0, 0.0, np.inf)
    coherence = _by_band((x * y.conj()).real) / np.sqrt(power_x * power_y + floor**2)
    louder = np.maximum(power_x, power_y)[counted]
    weight = np.log10(louder / louder.max()) - np.log10(_HEARD_SHARE)
    return Likeness(
        residual_db=10 * float(np.log10(max(1 - correlation**2, 1e-12))),
        coherence=float(np.average(coherence[counted], weights=weight.clip(1e-3))),
        in_most_bands=float(np.quantile(coherence[counted], 0.2)),
        level_apart_db=float(np.median(np.abs(level_db[counted]))),
    )


def _laid_over(
    a: NDArray[np.float32], b: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return two signals, of one length, moved to where they correlate best.

    The lag is found to a fraction of a frame, which high bands need.
    """
    most = round(_MOST_LAG_S * RATE_HZ)
    # Room for either to be moved past the ends of the other, without coming round.
    size = 1 << int(np.ceil(np.log2(max(len(a), len(b)) + 2 * most)))
    # The difference of frames evens out spectra, so that the bass does not decide alone.
    spectrum_a, spectrum_b = (np.fft.rfft(np.diff(each, prepend=0.0), size) for each in (a, b))
    cross = spectrum_a * spectrum_b.conj()
    # Between two frames the correlation of a high sound can fall away, and even change its sign.
    correlation = np.fft.irfft(cross, _FINER * size)
    lags = np.arange(-most * _FINER, most * _FINER)
    lag = lags[np.argmax(np.abs(correlation[lags]))]
    turns = (2j * np.pi * np.arange(size // 2 + 1) / size).astype(np.complex128)
    exact = _uphill(cross * np.sign(correlation[lag]), turns, lag / _FINER)
    moved = np.fft.irfft(np.fft.rfft(b, size) * np.exp(-turns * exact), size)
    return np.roll(np.pad(a.astype(np.float64), (0, size - len(a))), most), np.roll(moved, most)


def _uphill(cross: NDArray[np.complex128], turns: NDArray[np.complex128], lag: float) -> float:
    """Return the lag of the correlation's peak that is next to one, by Newton's method."""
    exact = lag
    for _ in range(4):
        terms = cross * np.exp(turns * exact)
        slope = float((turns * terms).real.sum())
        bend = float((turns**2 * terms).real.sum())
        if bend >= 0:
            return lag
        exact = float(np.clip(exact - slope / bend, lag - 1 / _FINER, lag + 1 / _FINER))
    return exact


def _spectra(signal: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Return spectra of overlapping windows, complex, shape (windows, bins)."""
    windows = np.lib.stride_tricks.sliding_window_view(signal, _WINDOW)[:: _WINDOW // 2]
    return np.fft.rfft(windows * np.hanning(_WINDOW + 1)[:-1], axis=1)


def _by_band(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return sums over time and over bands of even width on a logarithmic scale, shape (bands,)."""
    edges = np.round(np.geomspace(4, _WINDOW // 2 + 1, _BANDS)).astype(int)
    edges[0] = 0
    sums: NDArray[np.float64] = np.add.reduceat(values.sum(axis=0), edges[:-1])
    return sums


def _counted(
    power_x: NDArray[np.float64], power_y: NDArray[np.float64], level_db: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return which bands are heard, but for the highest ones that one of the sounds lacks."""
    heard: NDArray[np.bool_] = (power_x > power_x.max() * _HEARD_SHARE) | (
        power_y > power_y.max() * _HEARD_SHARE
    )
    for band in np.flatnonzero(heard)[::-1]:
        if abs(level_db[band]) <= _CUT_DB:
            break
        heard[band] = False
    return heard
