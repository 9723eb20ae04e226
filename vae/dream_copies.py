"""Is a drawn sound one that exists? Latents tell, before anything is decoded.

What a codec loses can make the copy of a sound less like it than another take is: by ear alone, one
that the prior has learned by heart would pass for new.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vae.dream_prior import DreamPrior
from vae.latents import Latents

COMPARED_STEPS = 32
SAME = 0.02
"""Closer than this are copies in the library itself: they do not tell how near takes are."""

_ASKED = 400


def copy_limit(nearest: NDArray[np.float32]) -> float:
    """Return the distance under which a sound is a near-copy of another.

    That is what only one in a hundred sounds of the library has to its nearest; but where the
    library is full of near-copies itself, a quarter of what is usual in it.

    Args:
        nearest: From each sound of a library to its nearest that is another, (n,); infinite where
            there is none.
    """
    told = nearest[np.isfinite(nearest)]
    if not len(told):
        return SAME
    return max(SAME, float(np.percentile(told, 1)), 0.25 * float(np.median(told)))


def _beginnings(prior: DreamPrior, sounds: Sequence[Latents]) -> tuple[Tensor, Tensor]:
    """Return the first steps of sounds, nought after their end, (n, f), and how many (n,)."""
    net = prior.net
    rows = torch.zeros(len(sounds), COMPARED_STEPS, net.config.components)
    for row, sound in zip(rows, sounds, strict=True):
        first = net.components_of(torch.from_numpy(sound.values[:COMPARED_STEPS]))
        row[: len(first)] = first
    counts = torch.tensor([min(sound.steps, COMPARED_STEPS) for sound in sounds])
    return rows.flatten(1), counts


def _distances(a: tuple[Tensor, Tensor], b: tuple[Tensor, Tensor], dims: int) -> Tensor:
    """Return root mean squares of the difference, over the steps of the longer one, (n, m)."""
    squared = a[0].square().sum(1)[:, None] + b[0].square().sum(1) - 2 * a[0] @ b[0].T
    counts = torch.maximum(a[1][:, None], b[1])
    return (squared.clamp_min(0) / (counts * dims)).sqrt()


@torch.inference_mode()
def copies(
    prior: DreamPrior, drawn: Sequence[Latents], known: Sequence[Latents]
) -> NDArray[np.bool_]:
    """Return which of the drawn sounds are near-copies of sounds that the prior learned from.

    Args:
        prior: By whose components they are compared.
        drawn: At least one.
        known: At least two.
    """
    dims = prior.net.config.components
    there, new = _beginnings(prior, known), _beginnings(prior, drawn)
    some = torch.from_numpy(np.random.default_rng(0).permutation(len(known))[:_ASKED])
    own = _distances((there[0][some], there[1][some]), there, dims)
    own[torch.arange(len(some)), some] = torch.inf
    own[own < SAME] = torch.inf
    limit = copy_limit(own.amin(dim=1).numpy())
    found: NDArray[np.bool_] = (_distances(new, there, dims).amin(dim=1) < limit).numpy()
    return found
