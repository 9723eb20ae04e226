"""Other ways to make sounds of nothing: the rivals of the prior, and what must fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from vae.dream_prior import DreamPrior, PriorNet
from vae.latents import Latents
from vae.space import Space
from vae.windows import WINDOW_STEPS


def _decoded(space: Space, z: NDArray[np.float32], level: NDArray[np.float32]) -> list[Latents]:
    """Return what a space says of places in it, at a level."""
    with torch.inference_mode():
        said = space.net.decode(torch.from_numpy(z)).numpy()
    made = []
    for values in said.reshape(len(z), WINDOW_STEPS, -1):
        steps = values.astype(np.float32)
        steps[:, : len(level)] = level
        made.append(Latents(steps))
    return made


def from_normal(
    space: Space, level: NDArray[np.float32], n: int, rng: np.random.Generator
) -> list[Latents]:
    """Return sounds at z from N(0, I), as MidiMe samples."""
    z = rng.standard_normal((n, space.dims), dtype=np.float32)
    return _decoded(space, z, level)


def from_aggregate(
    space: Space, level: NDArray[np.float32], n: int, rng: np.random.Generator
) -> list[Latents]:
    """Return sounds at z from the normal distribution that the user's own sounds have."""
    if space.usual is None:
        raise ValueError("the space does not say where its sounds lie")
    variance, axes = np.linalg.eigh(space.usual.covariance.astype(np.float64))
    drawn = rng.standard_normal((n, space.dims)) * np.sqrt(variance.clip(0))
    return _decoded(space, (space.usual.mean + drawn @ axes.T).astype(np.float32), level)


def shuffled(sounds: Sequence[Latents], n: int, rng: np.random.Generator) -> list[Latents]:
    """Return sounds whose steps are in random order."""
    some = [sounds[i] for i in rng.permutation(len(sounds))[:n]]
    return [Latents(rng.permutation(each.values)) for each in some]


def untrained(prior: DreamPrior) -> DreamPrior:
    """Return a prior that knows nothing but the scales."""
    with torch.random.fork_rng():
        torch.manual_seed(1)
        net = PriorNet(prior.net.config)
    net.load_state_dict(dict(prior.net.named_buffers()), strict=False)
    return replace(prior, net=net.eval().requires_grad_(False))
