"""Where in a sound a piece of it is: the two are laid over each other wherever they fit.

Two sounds can be alike in every number that an ear keeps and be different audio. Audio that is the
same, at any level, rate or in other channels, follows the same curve, and no other audio does.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from library.clip import Clip

Signal = NDArray[np.float32]

RATE_HZ = 22_050
SECONDS_AT_MOST = 8.0
"""How much of a piece is compared."""

_PEAKS = 4
_BESIDE = 3
_SINC = 64
_LEAST_SHARE = 1e-4  # of the piece's energy: 40 dB under it nothing is compared


class Match(NamedTuple):
    """Where a piece fits best.

    Attributes:
        start: Seconds from the beginning of the sound; below 0 where the piece begins earlier.
        correlation: Of the piece with what is there, in [0, 1]; 1 for the same audio.
    """

    start: float
    correlation: float


def prepared(clip: Clip) -> Signal:
    """Return a clip as it is compared, float32, shape (t,), at RATE_HZ.

    It is the difference from frame to frame, which evens out spectra: else any two low notes would
    follow nearly the same curve.
    """
    signal = Clip(clip.mono()[None], clip.sample_rate).at_rate(RATE_HZ).frames[0]
    difference: Signal = np.diff(signal, prepend=np.float32(0))
    return difference


def find_piece(piece: Signal, sound: Signal) -> Match:
    """Return where a piece fits best into a sound; either may hang over at the end.

    Args:
        piece: As `prepared`; its first 8 s are compared.
        sound: As `prepared`.

    Returns:
        The place of the greatest normalised correlation. Its sign does not count.

    Source:
        Lewis, Fast normalized cross-correlation (1995).
    """
    from scipy.fft import irfft, next_fast_len, rfft

    x = piece[: round(SECONDS_AT_MOST * RATE_HZ)].astype(np.float64)
    energy = float(np.square(x).sum())
    if energy == 0.0 or not len(sound):
        return Match(0.0, 0.0)
    # Past its end the sound is silent, so that a piece with a longer tail fits, too.
    padded = np.pad(sound.astype(np.float64), len(x) // 2)
    size = next_fast_len(len(padded) + len(x), real=True)
    cross = irfft(rfft(padded, size) * rfft(x, size).conj(), size)
    sums = np.concatenate([[0.0], np.cumsum(np.square(padded))])
    there = sums[len(x) :] - sums[: len(sums) - len(x)]
    heard = np.maximum(there, _LEAST_SHARE * max(float(there.max()), 1e-30))
    correlation = np.abs(cross[: len(heard)]) / np.sqrt(energy * heard)
    best = Match(0.0, 0.0)
    for _ in range(_PEAKS):
        peak = int(correlation.argmax())
        moved, value = _between_frames(cross, peak)
        start = (peak + moved - len(x) // 2) / RATE_HZ
        found = Match(start, min(value / np.sqrt(energy * float(heard[peak])), 1.0))
        best = max(best, found, key=lambda match: match.correlation)
        correlation[max(0, peak - _BESIDE) : peak + _BESIDE + 1] = 0.0
    return best


def _between_frames(cross: NDArray[np.float64], peak: int) -> tuple[float, float]:
    """Return how far from a frame the correlation is greatest, and how great it is there.

    Where the correlation of a high sound lies between two frames, neither may be the highest near.
    """
    near = np.arange(-_SINC, _SINC + 1)
    around = cross[(peak + near) % len(cross)]
    moved = np.linspace(-_BESIDE, _BESIDE, 32 * _BESIDE + 1)
    values = np.abs(np.sinc(moved[:, None] - near) @ around)
    best = int(values.argmax())
    return float(moved[best]), float(values[best])
