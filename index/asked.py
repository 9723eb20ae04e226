"""What settings ask of a sound's attributes, to be told beside what came of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from index.answers import Asked
from library.clip import Clip
from library.descriptors import SILENCE_DB, describe
from vae.attributes import ATTRIBUTES
from vae.space import Space


def asked_of(
    clip: Clip, space: Space, shift: NDArray[np.float32], names: Collection[str]
) -> dict[str, tuple[float, float]]:
    """Return what a shift asks of the attributes that were set and can be measured.

    Args:
        clip: The sound that steps are counted from.
        space: Of the shift.
        shift: Standard deviations, (dims,).
        names: Of the attributes that were set.

    Returns:
        Attribute to what the sound has and what it is to have.
    """
    found = {}
    own = asdict(describe(clip))
    if "pitch" in names:
        # A speed is exact, and comes last: it moves the others along, and what was asked of them
        # cannot be told apart.
        names = [name for name in names if name == "loudness"]
    if own["loudness"] <= SILENCE_DB:
        return {}
    for at, attribute in enumerate(space.attributes):
        name = attribute.name
        if not shift[at] or name not in names or own.get(name) is None:
            continue
        step = float(shift[at]) * float(space.deviation[at])
        wanted = attribute.from_scale(attribute.to_scale(own[name]) + step)
        # Nothing is shorter, or less, than nothing; a level in dB has no such end.
        found[name] = (own[name], wanted if name == "loudness" else max(0.0, wanted))
    return found


def answered(
    asked: Mapping[str, tuple[float, float]], reached: Mapping[str, float | None]
) -> tuple[Asked, ...]:
    """Return what came of what was asked, of the attributes that can be measured still."""
    found = []
    for name, (was, wanted) in asked.items():
        scale, now = ATTRIBUTES[name].to_scale, reached.get(name)
        step = scale(wanted) - scale(was)
        if now is not None and step:
            share = (scale(now) - scale(was)) / step
            found.append(Asked(name, ATTRIBUTES[name].unit, was, wanted, now, share))
    return tuple(found)
