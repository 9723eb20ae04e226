"""Settings of attributes over time: which can have a course, and what a sound's span is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from library.clip import Clip
from library.errors import UserError
from vae.onset import split_at_onset
from vae.soft_descriptors import STEERED
from vae.space import Space
from vae.trajectory import Depth, Drawn, Point, depth_of, is_level, points_of
from vae.vary import settings_shift

COURSED = (*STEERED, "loudness", "pitch")
"""What can change over time: an attack and a decay are one event, and a word takes a second."""

_SILENT_SHARE = 1e-3
"""60 dB under the peak a sound has ended."""

Course = Drawn | Depth


def without_courses(
    space: Space, settings: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, Course]]:
    """Divide settings into those of a whole sound and those over time.

    A line that is level is a plain step, and a depth of 1 is nothing at all.

    Returns:
        Attribute to relative step, for `settings_shift`; attribute to course.

    Raises:
        UserError: A course, or a step in it, cannot be read; or the attribute can have none.
    """
    plain: dict[str, str] = {}
    courses: dict[str, Course] = {}
    for name, text in settings.items():
        depth, points = depth_of(name, text), points_of(name, text)
        if depth is None and points is None:
            plain[name] = text
            continue
        if name not in COURSED:
            raise UserError(
                f"{name} has no course over time",
                f"set it once, like {name}=+1; over time go {', '.join(COURSED)}",
            )
        settings_shift(space, {name: "0"})  # tells what the space does not know
        if points is not None:
            drawn = _drawn(space, name, points)
            if is_level(drawn.steps):
                plain[name] = points[0].step
            else:
                courses[name] = drawn
        elif depth is not None and depth.factor != 1.0:
            courses[name] = depth
    return plain, courses


def _drawn(space: Space, name: str, points: tuple[Point, ...]) -> Drawn:
    at = space.position(name)
    steps = [settings_shift(space, {name: point.step})[at] for point in points]
    return Drawn(points, np.array(steps, np.float64))


def mean_shift(
    space: Space, courses: Mapping[str, Course], duration_s: float
) -> NDArray[np.float32]:
    """Return by how much courses move a sound in the mean, float32, shape (dims,)."""
    shift = np.zeros(space.dims, np.float32)
    for name, course in courses.items():
        if isinstance(course, Drawn):
            shift[space.position(name)] = course.mean(duration_s)
    return shift


def name_of(settings: Mapping[str, str]) -> str:
    """Return settings as part of a file's name, of characters that every file system takes."""
    spelled = "_".join(f"{name}{text}" for name, text in settings.items())
    for character, safe in ((":", "_to_"), (",", "_"), ("@", "at"), ("%", "pc"), (" ", "")):
        spelled = spelled.replace(character, safe)
    return spelled


def split_at_ends(clip: Clip) -> tuple[Clip, Clip, Clip]:
    """Return what comes before a sound, the sound, and what follows when it has ended.

    A sound begins at its onset, and ends where it stays 60 dB under its peak.
    """
    lead, sound = split_at_onset(clip)
    loud = np.abs(sound.frames).max(axis=0, initial=0.0)
    heard = np.flatnonzero(loud > _SILENT_SHARE * loud.max(initial=0.0))
    end = int(heard[-1]) + 1 if len(heard) else sound.length
    rest = Clip(np.ascontiguousarray(sound.frames[:, end:]), clip.sample_rate)
    return lead, Clip(np.ascontiguousarray(sound.frames[:, :end]), clip.sample_rate), rest
