"""Weights of a morph over time, for one sound that goes through others while it plays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vae.morph import path_weights
from vae.trajectory import Drawn

Array = NDArray[np.float64]

WeightsAt = Callable[[Array, float], Array]
"""From seconds (n,), and the seconds that the whole lasts, to weights (parents, n)."""


def along_path(parents: int, course: Drawn) -> WeightsAt:
    """Return the weights of a course along the path through all parents.

    Args:
        parents: How many.
        course: As `vae.morph_over_time.position_course` returns it.
    """

    def at(seconds: Array, duration: float) -> Array:
        positions = course.at(seconds, duration)
        return np.array([path_weights(parents, float(each)) for each in positions]).T

    return at


def through_points(points: Array) -> WeightsAt:
    """Return weights that go evenly from point to point, and stay before and after.

    Args:
        points: float64, shape (points, 1 + parents): a share of the whole, never falling, then the
            weights.
    """

    def at(seconds: Array, duration: float) -> Array:
        places = points[:, 0] * duration
        return np.array([np.interp(seconds, places, column) for column in points[:, 1:].T])

    return at
