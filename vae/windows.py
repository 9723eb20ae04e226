"""Windows: the fixed number of steps that a personal encoder sees.

A sound shorter than the window is followed by the codec's own silence; a longer one is several
windows, of which the first, where the attack is, speaks for the whole.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vae.codec import BaseCodec
from vae.latents import Latents

WINDOW_STEPS = 64


def windows(latents: Latents, codec: BaseCodec) -> NDArray[np.float32]:
    """Cut latents into windows, the last one padded with silence.

    Args:
        latents: Any number of steps.
        codec: What made them.

    Returns:
        float32, shape (n, WINDOW_STEPS, dims), n >= 1.
    """
    spare = -latents.steps % WINDOW_STEPS
    padding = np.repeat(codec.silence_after(latents)[None], spare, axis=0)
    padded = np.concatenate([latents.values, padding])
    return padded.reshape(-1, WINDOW_STEPS, latents.dims)


def first_windows(sounds: Sequence[Latents], codec: BaseCodec) -> NDArray[np.float32]:
    """Return the first windows of many sounds, float32, shape (n, WINDOW_STEPS, dims)."""
    firsts = [windows(Latents(latents.values[:WINDOW_STEPS]), codec)[0] for latents in sounds]
    return np.stack(firsts)
