"""The pitch of a sound kept under another timbre, as it goes: what glides has one as well."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from library.clip import Clip
from library.pitch import PitchCourse, pitch_course
from vae.timbre import with_timbre_of

# How much of the new timbre a sound gets: the first that keeps its pitch.
_SHARES = (1.0, 0.7, 0.5, 0.35, 0.2, 0.1)
_SAME_PITCH = 0.3  # semitones
# A breathy voice has a pitch.
_CLEAR = 0.35
# What has a pitch in so much of it is pitched, what keeps it in so much of that has kept it.
_PITCHED, _KEPT = 0.4, 0.8
_WINDOWS = 24


def with_pitch_kept(clip: Clip, new: Clip) -> Clip:
    """Return a sound with as much of the timbre of another as leaves its pitch.

    Args:
        clip: The sound.
        new: Of the same length, rate and channels.

    Returns:
        The other itself where the sound has no pitch.
    """
    course = course_of(clip)
    if course is None:
        return new
    for share in _SHARES:
        made = with_timbre_of(clip, new, share)
        if keeps(course, made):
            return made
    return clip


def course_of(clip: Clip) -> PitchCourse | None:
    """Return the pitch of a sound over time; None for one that hardly has any."""
    course = pitch_course(clip.mono(), clip.sample_rate, _WINDOWS, _CLEAR)
    if course is None:
        return None
    pitched = ~np.isnan(course.notes)
    return course if _share(np.sqrt(course.energy), pitched) >= _PITCHED else None


def keeps(course: PitchCourse, made: Clip) -> bool:
    """Return whether what was made of a sound has the same pitch at the same times.

    Most of the time, that is, and where it is loudest.
    """
    other = pitch_course(made.mono(), made.sample_rate, _WINDOWS, _CLEAR, course.starts)
    if other is None:
        return False
    pitched = ~np.isnan(course.notes)
    # NaN, which is never near, where there is no pitch.
    same = np.abs(other.notes - course.notes)[pitched] <= _SAME_PITCH
    energy = course.energy[pitched]
    return min(_share(energy, same), _share(np.ones_like(energy), same)) >= _KEPT


def _share(weights: NDArray[np.float64], chosen: NDArray[np.bool_]) -> float:
    """Return the share of the weights that are chosen; 0 of nothing."""
    return float(weights[chosen].sum() / max(float(weights.sum()), 1e-12))
