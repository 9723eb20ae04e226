"""A sound along courses over time: the last thing that is done to a variation."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from library.clip import Clip
from vae.codec import BaseCodec
from vae.courses import Course, split_at_ends
from vae.level import as_loud_as
from vae.own_course import level_course, pitch_course
from vae.soft_descriptors import STEERED
from vae.space import Space
from vae.steered_course import steered_over_time
from vae.trajectory import Drawn
from vae.varispeed import at_speeds

Array = NDArray[np.float64]


def over_time(clip: Clip, space: Space, codec: BaseCodec, courses: Mapping[str, Course]) -> Clip:
    """Return a clip whose attributes change over time.

    Times are those of the sound as it was given, from its onset to its end. Brightness, noisiness
    and low end are steered at an unchanged level, loudness is a gain, and pitch the speed at which
    the sound is played, which comes last.

    Args:
        clip: Any clip; one in which nothing sounds is returned as it is.
        space: Whose directions and standard deviations.
        codec: Of the space.
        courses: Attribute to its course; of `vae.courses.COURSED`.

    Raises:
        UserError: The pitch's own course is to be changed, and there is no pitch.
    """
    if not courses or not clip.length or not clip.frames.any():
        return clip
    lead, sound, rest = split_at_ends(clip)
    steered = {name: course for name, course in courses.items() if name in STEERED}
    if steered:
        made = steered_over_time(sound, codec.encode(sound), space, codec, steered)
        sound = as_loud_as(made, sound)
    moved = Clip(np.concatenate([lead.frames, sound.frames, rest.frames], axis=1), clip.sample_rate)
    for name, follow, apply in (
        ("loudness", level_course, _gained_over_time),
        ("pitch", pitch_course, at_speeds),
    ):
        if (course := courses.get(name)) is None:
            continue
        if isinstance(course, Drawn):
            places = course.places(sound.duration)
            values = course.steps * float(space.deviation[space.position(name)])
        else:
            places, own = follow(sound)
            values = (course.factor - 1.0) * own
        moved = apply(moved, places + lead.duration, values)
    return moved


def _gained_over_time(clip: Clip, places: Array, gains_db: Array) -> Clip:
    """Return a clip with a gain that goes evenly in dB from one place to the next.

    Args:
        clip: Any clip.
        places: Seconds, never falling, (n,).
        gains_db: At each, (n,).
    """
    seconds = np.arange(clip.length) / clip.sample_rate
    gain = 10 ** (np.interp(seconds, places, gains_db) / 20)
    return Clip((clip.frames * gain.astype(np.float32)).astype(np.float32), clip.sample_rate)
