"""Steps of a path that sound evenly far apart.

How far apart two sounds are is the mean difference of their auditory images, level included. Where
on the path each step must lie for that is found by rendering the steps and moving them, a few
times over.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from library.clip import Clip
from library.progress import Job, Progress
from vae.auditory_image import image_and_level
from vae.morph import Morph, Place, place_on_path
from vae.onset import attack_start

ROUNDS = 4
MOST_PIECES = 12
"""For each leg of a path: longer ones are evened out by pieces, and read off in between."""

_RANGE_DB = 70.0
_LONGEST_S = 20.0
_EVEN = 0.1
_NOTHING_DB = 0.05
_SILENT_DB = -200.0
_HASTE = 0.7
_LEAST = 1e-4

Array = NDArray[np.float64]


def evenly(mixer: Morph, steps: int) -> Job[list[Place]]:
    """Return places on a morph's path whose sounds are evenly far apart; a job.

    The spectra are mixed as evenness asks; what lies on the straight line between the ends, such
    as pitch and brightness, goes on evenly from corner to corner.

    Args:
        mixer: The morph.
        steps: Places wanted, >= 2; the first and the last are ends of the path.
    """
    legs = len(mixer.parents) - 1
    pieces = min(steps - 1, MOST_PIECES * legs)
    plain = np.linspace(0.0, 1.0, pieces + 1)
    at, best, least = plain, plain, np.inf
    total = ROUNDS * (pieces + 1)
    for number in range(ROUNDS if pieces > 1 else 0):
        images = []
        for place in _places(at, pieces + 1, legs):
            images.append(_image(mixer.mix(place.weights, place.line)))
            yield Progress("measure", number * (pieces + 1) + len(images), total)
        apart = _distances(images)
        mean = float(apart.mean())
        if mean <= _NOTHING_DB:
            break
        uneven = float(apart.std()) / mean
        if uneven < least:
            best, least = at, uneven
        if uneven < _EVEN:
            break
        moved = np.diff(at) * (mean / np.maximum(apart, 0.05 * mean)) ** _HASTE
        reached = np.cumsum(np.maximum(moved, _LEAST))
        at = np.concatenate([[0.0], reached / reached[-1]])
    return _places(best, steps, legs)


def _places(at: Array, steps: int, legs: int) -> list[Place]:
    """Return as many places, read off a path that was measured at evenly spread ones.

    Args:
        at: Where on the path the mixtures lie, rising from 0 to 1.
        steps: Places wanted.
        legs: Of the path.
    """
    along = np.linspace(0.0, 1.0, len(at))
    wanted = np.linspace(0.0, 1.0, steps)
    mixed = np.interp(wanted, along, at)
    corners = np.linspace(0.0, 1.0, legs + 1)
    # A corner is one sound in every respect: the line bends where the mixture passes it.
    line = np.interp(wanted, np.interp(corners, at, along), corners)
    pairs = zip(mixed.tolist(), line.tolist(), strict=True)
    return [place_on_path(legs + 1, *each) for each in pairs]


def _image(clip: Clip) -> NDArray[np.float32]:
    """Return what is heard of a clip, dB, (columns, bands), level included."""
    start = attack_start(clip)
    end = start + round(_LONGEST_S * clip.sample_rate)
    heard = Clip(clip.frames[:, start:end], clip.sample_rate)
    image, level = image_and_level(heard)
    return image + np.float32(max(level, _SILENT_DB))


def _distances(images: Sequence[NDArray[np.float32]]) -> Array:
    """Return the mean difference between each image and the next, dB, (n - 1,)."""
    floor = max(float(image.max()) for image in images) - _RANGE_DB
    longest = max(len(image) for image in images)
    filled = [
        np.maximum(np.pad(i, ((0, longest - len(i)), (0, 0)), constant_values=_SILENT_DB), floor)
        for i in images
    ]
    return np.array([float(np.abs(a - b).mean()) for a, b in pairwise(filled)])
