"""What a setting asks of an attribute over time: a line that is drawn, or more of its own course.

`-1:+2` moves evenly, `0@0,+2@50%,0@100%` through points, and `depth2` makes twice as much of what
the attribute does by itself. A step that is the same at all times is no matter of this module.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from library.errors import UserError

FARTHEST_DEPTH = 8.0

_DEPTH = re.compile(r"depth(?P<factor>\d+(?:\.\d+)?)\Z")
_TIME = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>%|s|)\Z")


@dataclass(frozen=True, slots=True)
class Point:
    """A point that is gone through.

    Attributes:
        at: A share of the sound, or seconds.
        in_seconds: Which of the two.
        step: The step as it was written, one that a whole sound could be moved by.
    """

    at: float
    in_seconds: bool
    step: str


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A line through points, and level before the first and after the last.

    Attributes:
        points: At least two, in the order of time where the sound is long enough.
        steps: Standard deviations at each, float64, (points,).
    """

    points: tuple[Point, ...]
    steps: NDArray[np.float64]

    def places(self, duration_s: float) -> NDArray[np.float64]:
        """Return the seconds at which its points lie in a sound, never falling, (points,)."""
        return np.maximum.accumulate(
            [point.at if point.in_seconds else point.at * duration_s for point in self.points]
        )

    def at(self, seconds: NDArray[np.float64], duration_s: float) -> NDArray[np.float64]:
        """Return the standard deviations asked for at some times, the shape of `seconds`."""
        values: NDArray[np.float64] = np.interp(seconds, self.places(duration_s), self.steps)
        return values

    def mean(self, duration_s: float) -> float:
        """Return the mean over a sound, in standard deviations."""
        places = self.places(duration_s)
        corners = np.unique(np.clip(np.append(places, (0.0, duration_s)), 0.0, duration_s))
        values = self.at(corners, duration_s)
        if duration_s <= 0.0:
            return float(values.mean())
        return float(np.trapezoid(values, corners) / duration_s)


@dataclass(frozen=True, slots=True)
class Depth:
    """More or less of an attribute's own course around its mean.

    Attributes:
        factor: 0 flattens it, 1 leaves it, 2 makes twice as much of it.
    """

    factor: float


def depth_of(name: str, text: str) -> Depth | None:
    """Return what a text such as `depth0.5` asks for; None where it is no depth.

    Raises:
        UserError: It is too much of one.
    """
    match = _DEPTH.match(text.strip())
    if match is None:
        if text.strip().startswith("depth"):
            raise UserError(f"{name}={text} is not a depth", f"write it like {name}=depth0.5")
        return None
    factor = float(match["factor"])
    if factor > FARTHEST_DEPTH:
        raise UserError(f"{name}={text} is too deep", f"choose 0 to {FARTHEST_DEPTH:g}")
    return Depth(factor)


def points_of(name: str, text: str) -> tuple[Point, ...] | None:
    """Return the points of a line such as `-1:+2` or `0@0,+2@50%,0@1.5s`; None for another text.

    Args:
        name: Of the attribute, for errors.
        text: Steps between colons, evenly spread over the sound; or steps with times between
            commas.

    Raises:
        UserError: A time is missing or cannot be read, or times do not rise.
    """
    if "@" not in text and "," not in text:
        steps = [step.strip() for step in text.split(":")]
        if len(steps) == 1:
            return None
        return tuple(Point(i / (len(steps) - 1), False, step) for i, step in enumerate(steps))
    points = tuple(_point(name, each) for each in text.split(","))
    if len(points) < 2:
        raise UserError(f"{name}={text} is a single point", f"write {name}={points[0].step} alone")
    for in_seconds in (False, True):
        times = [point.at for point in points if point.in_seconds == in_seconds or not point.at]
        if any(late <= early for early, late in pairwise(times)):
            raise UserError(
                f"the times of {name}={text} do not rise", "name each time once, in order"
            )
    return points


def _point(name: str, text: str) -> Point:
    step, _, time = text.partition("@")
    match = _TIME.match(time.strip())
    if match is None or not (match["unit"] or float(match["number"]) == 0.0):
        raise UserError(
            f"{name}: {text.strip()!r} has no time that can be read",
            "write it like +2@50% or +2@0.5s",
        )
    at = float(match["number"])
    if match["unit"] == "s":
        return Point(at, True, step.strip())
    if at > 100.0:
        raise UserError(f"{name}: {text.strip()!r} is after the sound's end", "stay within 100%")
    return Point(at / 100.0, False, step.strip())


def is_level(steps: NDArray[np.float64]) -> bool:
    """Tell whether a line has the same step at all of its points."""
    return all(math.isclose(step, float(steps[0])) for step in steps.tolist())
