"""What a sound's loudness and pitch do over time by themselves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from library.clip import Clip
from library.errors import UserError
from library.pitch import pitch_of

_LEVEL_S, _LEVEL_HOP_S = 0.05, 0.01
_SHORTEST_SHARE = 0.1
_FAINTEST_DB = -30.0
"""What is fainter than this goes along: a noise floor is neither raised further nor lowered."""
_PITCH_S, _PITCH_HOP_S = 0.09, 0.025
_SAME_SOUND_ST = 9.0
_FEWEST = 0.5

Array = NDArray[np.float64]


def level_course(clip: Clip) -> tuple[Array, Array]:
    """Return the level over time.

    Args:
        clip: From its onset to its end, not silent.

    Returns:
        Seconds, rising, and the root mean square around each in dB under the loudest, (n,).
    """
    long = max(1, round(min(_LEVEL_S, _SHORTEST_SHARE * clip.duration) * clip.sample_rate))
    hop = max(1, round(long * _LEVEL_HOP_S / _LEVEL_S))
    power = np.square(clip.frames, dtype=np.float64).mean(axis=0)
    energy = np.concatenate([[0.0], np.cumsum(power)])
    starts = np.arange(0, clip.length - long + 1, hop)
    level = 10 * np.log10(np.maximum(energy[starts + long] - energy[starts], 1e-30))
    under = np.maximum(level - level.max(), _FAINTEST_DB)
    return (starts + 0.5 * long) / clip.sample_rate, under


def pitch_course(clip: Clip) -> tuple[Array, Array]:
    """Return the pitch over time.

    Args:
        clip: From its onset to its end, not silent.

    Returns:
        Seconds, rising, and semitones around the mean, (n,).

    Raises:
        UserError: Less than half of what is loud has a clear pitch.
    """
    signal = clip.mono()
    long = min(clip.length, round(_PITCH_S * clip.sample_rate))
    starts = np.arange(0, clip.length - long + 1, max(1, round(_PITCH_HOP_S * clip.sample_rate)))
    pieces = [signal[start : start + long] for start in starts]
    energy = np.array([float(np.square(piece, dtype=np.float64).sum()) for piece in pieces])
    loud = energy >= energy.max() * 10 ** (_FAINTEST_DB / 10)
    notes = np.full(len(pieces), np.nan)
    for i in np.flatnonzero(loud):
        found = pitch_of(np.asarray(pieces[i] - pieces[i].mean(), np.float32), clip.sample_rate)
        notes[i] = np.nan if found is None else found
    clear = ~np.isnan(notes)
    if clear.any():
        clear &= np.abs(notes - np.median(notes[clear])) <= _SAME_SOUND_ST
    if clear.sum() < max(1.0, _FEWEST * loud.sum()):
        raise UserError(
            "the sound has no clear pitch of its own over time", "draw one: --set pitch=0st:-12st"
        )
    return (starts[clear] + 0.5 * long) / clip.sample_rate, notes[clear] - notes[clear].mean()
