"""The course of loudness: how loud a sound is at each instant, and one sound following another's.

A gain that follows closely and far would be a vocoder: it would raise the noise under a sound that
is over. So what is raised is raised a little, and what is lowered, further, as a fade is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from library.clip import Clip
from library.envelope import smoothed

RAISED_DB, LOWERED_DB = 12.0, 36.0
"""How far a sound may be from its mean gain, to follow another."""

_WINDOW_MS, _STEP_MS = 10.0, 2.0
_GREAT_STEP = 10.0  # 20 dB
_FLOOR_DB = -60.0
_MOST_GAIN_DB = 18.0


def power_course(clip: Clip, begun: Sequence[int] = (0,)) -> NDArray[np.float64]:
    """Return the power of a sound at each instant, mean of its channels, (t,).

    Args:
        clip: Any.
        begun: Frames, rising, the first 0, over which the window does not reach: what begins there
            is not heard before.
    """
    width = clip.sample_rate * _WINDOW_MS / 1000
    power = np.square(clip.frames).mean(axis=0)

    def smooth(part: NDArray[np.float32]) -> NDArray[np.float64]:
        # Twice, for a course without corners; over what there is, at the ends.
        once = smoothed(smoothed(part, width).astype(np.float32), width)
        share = smoothed(smoothed(np.ones_like(part), width).astype(np.float32), width)
        return np.maximum(once / share, 0)

    return np.concatenate([smooth(part) for part in np.split(power, begun[1:])])


def without_steps(
    gain: NDArray[np.float32], begun: Sequence[int], sample_rate: int
) -> NDArray[np.float32]:
    """Return a gain that goes evenly to where something begins, as a step in it would click.

    A great step up stays: an attack covers it, and nothing is to be heard before that.

    Args:
        gain: (t,).
        begun: Frames at which it may step, rising.
        sample_rate: Hz.
    """
    even = gain.copy()
    width = round(sample_rate * _STEP_MS / 1000)
    for frame in begun:
        first = max(0, frame - width)
        if first < frame < len(gain) and gain[frame] <= _GREAT_STEP * gain[first]:
            ramp = np.linspace(gain[first], gain[frame], frame - first, endpoint=False)
            even[first:frame] = ramp
    return even


def following_gain(has: Clip, wanted: Clip, begun: Sequence[int] = (0,)) -> NDArray[np.float32]:
    """Return the gain at each instant that makes a sound follow another, within bounds.

    Args:
        has: The sound.
        wanted: Of the same length and rate.
        begun: As `power_course` has it.

    Returns:
        float32, shape (t,), >= 0; 0 where the sound is silent throughout.
    """
    here, there = power_course(has, begun), power_course(wanted, begun)
    if not here.any():
        return np.zeros(has.length, np.float32)
    base = min(there.mean() / here.mean(), 10 ** (_MOST_GAIN_DB / 10))
    raised = base * here
    floor = max(float(there.max()), float(raised.max()), 1e-20) * 10 ** (_FLOOR_DB / 10)
    shape = 10 * np.log10((there + floor) / (raised + floor))
    shape = shape.clip(-LOWERED_DB, RAISED_DB)
    gain = (np.sqrt(base) * 10 ** (shape / 20)).astype(np.float32)
    return without_steps(gain, begun, has.sample_rate)


def course_of(image: NDArray[np.float32], clip: Clip) -> NDArray[np.float64]:
    """Return the level of a clip over time, dB under full scale, (columns,).

    Args:
        image: Its auditory image, which says how it goes.
        clip: Which says how loud it is.
    """
    power = np.power(10.0, image.astype(np.float64) / 10).sum(axis=1)
    whole = float(np.square(clip.frames, dtype=np.float64).mean())
    return np.asarray(10 * np.log10(np.maximum(power / power.mean() * whole, 1e-20)))


def shaping_needed(
    wanted: NDArray[np.float64], has: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how far a course must be bent to follow another, and what is lacking after that.

    Args:
        wanted: Levels in dB, (columns,), columns >= 1.
        has: The same; where it is shorter it is over.

    Returns:
        Both in dB, >= 0, of the shape of `wanted`, after the one gain that makes both as loud.
    """
    floor = float(wanted.max()) + _FLOOR_DB
    there = np.full(len(wanted), -np.inf)
    there[: len(has)] = has[: len(wanted)]
    means = [np.power(10.0, each / 10).mean() for each in (wanted, there)]
    gain = min(10 * np.log10(means[0] / max(float(means[1]), 1e-20)), _MOST_GAIN_DB)
    needed = np.maximum(wanted, floor) - np.maximum(there + gain, floor)
    used = needed.clip(-LOWERED_DB, RAISED_DB)
    return np.abs(used), np.abs(needed - used)
