"""Dreaming: latents of sounds that nobody made, drawn from a prior, and the audio of them."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from vae.dream_prior import MOST_STEPS, DreamPrior, clock
from vae.latents import Latents
from vae.on_threads import on_threads
from vae.temperature import Temperature

_AT_ONCE = 128
_LENGTH_DEVIATION = 0.1
_NEAR = 8


@torch.inference_mode()
def dream(
    prior: DreamPrior,
    steps: NDArray[np.int64],
    temperature: Temperature,
    seed: int,
    places: NDArray[np.float32] | None = None,
) -> list[Latents]:
    """Draw sounds.

    Args:
        prior: What steps follow one another.
        steps: How long the sounds are to be, (n,), 1 to MOST_STEPS.
        temperature: Over each sound.
        seed: Of the chance.
        places: z where they are to lie, float32, (n, dims); anywhere where None.

    Returns:
        Latents at the median level of the sounds that the prior learned from.
    """
    generator = torch.Generator().manual_seed(seed)
    lengths = torch.from_numpy(steps).clamp(1, MOST_STEPS)
    order = torch.argsort(lengths, stable=True)  # those that are drawn together end together
    made: dict[int, Latents] = {}
    for rows in order.split(_AT_ONCE):
        some = None if places is None else torch.from_numpy(places)[rows]
        with on_threads(1):
            drawn = _drawn(prior, lengths[rows], temperature, generator, some)
        made.update(zip(rows.tolist(), drawn, strict=True))
    return [made[row] for row in range(len(steps))]


def _drawn(
    prior: DreamPrior,
    lengths: torch.Tensor,
    temperature: Temperature,
    generator: torch.Generator,
    places: torch.Tensor | None,
) -> list[Latents]:
    net = prior.net
    n = len(lengths)
    told = torch.full((n, 1), 0.0 if places is None else 1.0)
    nowhere = net.place_centre.expand(n, -1)
    placed = net.placed(nowhere if places is None else places, told)
    before, memory = torch.zeros(n, net.config.components), None
    drawn = []
    for position in range(int(lengths.max())):
        clocks = clock(torch.full((n,), float(position)), lengths.float())
        state, memory = net.next_state(before, clocks, placed, memory)
        share = (position / (lengths - 1).clamp_min(1)).clamp(max=1.0)
        heat = temperature.first + (temperature.last - temperature.first) * share
        before = net.head.draw(state, heat[:, None].clamp_min(1e-3), net.bounds, generator)
        drawn.append(before)
    shape = net.shape_of(torch.stack(drawn, dim=1))
    values = torch.cat([prior.level.expand(n, shape.shape[1], -1), shape], dim=2)
    return [
        Latents(np.ascontiguousarray(each[:count].numpy()))
        for each, count in zip(values, lengths.tolist(), strict=True)
    ]


def lengths_like(steps: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Return lengths that are about those of sounds, int64, (n,).

    Args:
        steps: Of the sounds, (n,).
        rng: Of the chance.
    """
    drawn = steps * np.exp(rng.normal(0, _LENGTH_DEVIATION, len(steps)))
    found: NDArray[np.int64] = np.rint(drawn).clip(1, MOST_STEPS).astype(np.int64)
    return found


def between(
    z: NDArray[np.float32], steps: NDArray[np.int64], count: int, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return places in a space between sounds that are near each other, and lengths.

    Between sounds that are far from each other there may be nothing.

    Args:
        z: Of the sounds, (n, dims), n >= 1.
        steps: How long they are, (n,).
        count: How many are wanted.
        rng: Of the choice.

    Returns:
        Places between a sound and one of its `_NEAR` nearest, nearer to the first, float32,
        (count, dims); and the length of the first, int64, (count,).
    """
    first = rng.integers(len(z), size=count)
    scaled = z / z.std(axis=0).clip(1e-3)
    squares = np.square(scaled).sum(axis=1)
    apart = squares - 2 * scaled[first] @ scaled.T  # and the first's own, which orders nothing
    apart[np.arange(count), first] = np.inf
    near = np.argsort(apart, axis=1, kind="stable")[:, : max(1, min(_NEAR, len(z) - 1))]
    second = near[np.arange(count), rng.integers(near.shape[1], size=count)]
    share = rng.uniform(0, 0.5, (count, 1)).astype(np.float32)
    return (1 - share) * z[first] + share * z[second], steps[first]
