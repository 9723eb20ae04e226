"""Timbre: what a whole sound is like on average, and how much it moves, read off its latents.

Latents step by step are a poor measure of what sounds alike, since they tie a sound to its
instants: averages over it, in which its loud parts count more, are a better one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vae.codec import BaseCodec
from vae.latents import Latents


def timbre(sounds: Sequence[Latents], codec: BaseCodec) -> NDArray[np.float32]:
    """Return mean and deviation over time of each dimension that does not say the level.

    A step counts by its squared distance from silence.

    Args:
        sounds: Base latents.
        codec: What made them.

    Returns:
        float32, shape (n, 2 * (dims - level_dims)).
    """
    found = [_timbre(latents, codec) for latents in sounds]
    return np.stack(found) if found else np.zeros((0, 2 * (codec.dims - codec.level_dims)), "f4")


def _timbre(latents: Latents, codec: BaseCodec) -> NDArray[np.float32]:
    steps = latents.values[:, codec.level_dims :]
    silence = codec.silence_after(latents)[codec.level_dims :]
    weight = np.square(steps - silence).sum(axis=1) + 1e-6
    weight = (weight / weight.sum())[:, None]
    mean = (weight * steps).sum(axis=0)
    deviation = np.sqrt((weight * np.square(steps - mean)).sum(axis=0))
    return np.concatenate([mean, deviation]).astype(np.float32)
