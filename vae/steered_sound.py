"""A sound whose brightness, noisiness and low end are steered, and measured when it is done.

What `vae.steering` measures while it solves is not quite what the descriptors say of the finished
sound: its windows are shorter, and phases are borrowed. So the sound is made, measured, and steered
once more by what was missed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from library.clip import Clip
from library.descriptors import describe
from vae.attributes import ATTRIBUTES, scaled
from vae.codec import BaseCodec
from vae.latents import Latents
from vae.resynthesis import changed
from vae.soft_descriptors import STEERED
from vae.space import Space
from vae.steering import Steering

_TRIES = 3
_ENOUGH = 0.1
_MOST_MORE = 2.0
_HELD = 0.25
"""How much the square of a change that nobody asked for counts against what was asked."""


def steered(
    clip: Clip,
    latents: Latents,
    space: Space,
    codec: BaseCodec,
    wanted: Mapping[str, float],
    like: Clip | None = None,
) -> Clip:
    """Return a sound with its attributes moved, and the others of `STEERED` held.

    Args:
        clip: The sound, from its onset on, not empty.
        latents: Of it.
        space: Whose directions.
        codec: What made the latents.
        wanted: Attribute to standard deviations of the space.
        like: The sound that steps are counted from; the sound itself where None.

    Returns:
        The nearest of three tries; the sound itself where none is nearer.
    """
    steering = Steering(clip, latents, space, codec, like)
    steps = np.array([float(wanted.get(name, 0.0)) for name in STEERED])
    start = _measured(like or clip) / steering.deviations

    weights = np.where(steps != 0, 1.0, _HELD) if steps.any() else np.ones(len(STEERED))

    def missed(sound: Clip) -> NDArray[np.float64]:
        return np.nan_to_num(start + steps - _measured(sound) / steering.deviations)

    best, least = clip, float(weights @ np.square(missed(clip)))
    more = np.zeros(len(STEERED))
    for _ in range(_TRIES):
        made = changed(clip, codec, steering.change(wanted, more))
        short = missed(made)
        if (miss := float(weights @ np.square(short))) < least:
            best, least = made, miss
        if np.abs(short).max() < _ENOUGH:
            break
        more = (more + short).clip(-_MOST_MORE, _MOST_MORE)
    return best


def _measured(clip: Clip) -> NDArray[np.float64]:
    """Return the descriptors of `STEERED` on their even scales, (3,), NaN where not defined."""
    attributes = tuple(ATTRIBUTES[name] for name in STEERED)
    return scaled(attributes, [asdict(describe(clip))])[0].astype(np.float64)
