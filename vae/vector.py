"""Vectors: what search compares. Plain L2 between them is how unlike two sounds are.

A vector is three blocks, each scaled to a mean square of its weight over the sounds of the space:
the timbre, the attributes of the space, and its free dimensions. The level is in none of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from vae.codec import BaseCodec
from vae.latents import Latents
from vae.space import Space
from vae.timbre import timbre

# Measured by benchmarks/retrieval.py; docs/decisions/0002-vector.md has the figures.
WEIGHTS: Mapping[str, float] = {"timbre": 1.0, "attributes": 1.0, "free": 0.1}
TYPICAL_DISTANCE = 0.9
MOST_DEVIATIONS = 5.0


def blocks(space: Space) -> dict[str, slice]:
    """Return where each block of a space's vectors lies."""
    sizes = {
        "timbre": len(space.timbre_centre),
        "attributes": len(_quality_dimensions(space)),
        "free": space.net.config.free,
    }
    found: dict[str, slice] = {}
    start = 0
    for name, size in sizes.items():
        found[name] = slice(start, start + size)
        start += size
    return found


def _quality_dimensions(space: Space) -> list[int]:
    """Return the attribute dimensions other than loudness, which must not change what is near."""
    return [i for i, a in enumerate(space.attributes) if a.name != "loudness"]


def vectors(space: Space, sounds: Sequence[Latents], codec: BaseCodec) -> NDArray[np.float32]:
    """Return the vectors of sounds.

    Args:
        space: Its personal encoder makes the attribute and free blocks.
        sounds: Base latents of clips from their onset on (`vae.onset`), so that silence before a
            sound changes no vector.
        codec: What made them.

    Returns:
        float32, shape (n, d).
    """
    z = space.encode([_at_common_level(space, latents, codec) for latents in sounds], codec)
    parts = {
        "timbre": (timbre(sounds, codec) - space.timbre_centre) / space.timbre_deviation,
        "attributes": z[:, _quality_dimensions(space)],
        "free": z[:, len(space.attributes) :],
    }
    scaled = [
        # An outlier in one number must not hide all others.
        part.clip(-MOST_DEVIATIONS, MOST_DEVIATIONS)
        * np.sqrt(WEIGHTS[name] / max(part.shape[1], 1))
        for name, part in parts.items()
    ]
    return np.concatenate(scaled, axis=1).astype(np.float32)


def _at_common_level(space: Space, latents: Latents, codec: BaseCodec) -> Latents:
    """Return latents at the mean level of the space, so that a gain changes no vector."""
    values = latents.values.copy()
    values[:, : codec.level_dims] = space.mean_step[: codec.level_dims]
    return Latents(values)


def score(distance: float) -> float:
    """Return a distance as a grade in (0, 1]: 1 for the sound itself, 0.5 for a near sound."""
    return float(2.0 ** -(distance / TYPICAL_DISTANCE))
