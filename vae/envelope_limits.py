"""The envelope of a moved sound, held near that of the sound it came from.

A move of free dimensions changes levels over time by as much as the decoder says, up to 40 dB: a
hit would rise to its end and be cut off there. What such a move may do to the envelope is limited.
"""

from __future__ import annotations

import numpy as np

from library.clip import Clip
from vae.level import faded_out
from vae.loudness_course import power_course

MOST_DB = 1.5
"""How far a level may go from what it was, beside the mean of all: more moves the attack."""

ENDED_DB = -40.0
"""What is as far under the peak at a sound's end has faded out."""

_RAISED_DB = 36.0
"""What a move has taken away comes back by no more."""

_FLOOR_DB = -60.0
_END_S, _FADE_S = 0.005, 0.03


def with_envelope_near(made: Clip, given: Clip) -> Clip:
    """Return a moved sound whose level over time is at most a little off that of the given one.

    Args:
        made: The moved sound.
        given: What it came from, of the same length and rate, not silent.
    """
    power, there = power_course(made), power_course(given)
    if not power.any() or not there.any():
        return made
    floor = 10 ** (_FLOOR_DB / 10)
    here, there = power + floor * power.max(), there + floor * there.max()
    moved_db = 10 * np.log10(here / there)
    moved_db -= np.average(moved_db, weights=there)
    gain_db = (MOST_DB * np.tanh(moved_db / MOST_DB) - moved_db).clip(max=_RAISED_DB)
    return Clip(made.frames * (10 ** (gain_db / 20)).astype(np.float32), made.sample_rate)


def with_end_faded_as(made: Clip, given: Clip) -> Clip:
    """Return a sound that fades out at its end where the given one had faded out and it has not.

    Args:
        made: Any clip.
        given: What it came from, of any length.
    """
    if _end_db(given) > ENDED_DB or _end_db(made) <= ENDED_DB:
        return made
    frames = min(made.length, max(1, round(_FADE_S * made.sample_rate)))
    return faded_out(made, frames)


def _end_db(clip: Clip) -> float:
    """Return the peak at the end of a clip beside that of all, in dB; that of silence is least."""
    loud = np.abs(clip.frames).max(axis=0, initial=0.0)
    peak = float(loud.max(initial=0.0))
    end = float(loud[-max(1, round(_END_S * clip.sample_rate)) :].max(initial=0.0))
    return float(20 * np.log10(end / peak + 1e-9)) if peak > 0 else -180.0
