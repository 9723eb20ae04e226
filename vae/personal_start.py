"""Where training begins: a network in closed form, which follows what it can be shown to follow."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vae.personal_base import Base, stand_on
from vae.personal_model import PersonalNet
from vae.personal_skeleton import skeleton
from vae.ridge import left_out

LEAST_RANK = 0.2
_ERRORS = 2.6  # one attribute in 200 that has no order at all is taken to have one
_FEWEST_TO_RANK = 5


@dataclass(frozen=True, slots=True, eq=False)
class Attributes:
    """The attributes of the sounds to learn from.

    Attributes:
        scores: In standard deviations, (n, attributes), NaN where unknown.
        centre: On the even scales, (attributes,).
        deviation: Standard deviation of the same, (attributes,).
    """

    scores: Tensor
    centre: NDArray[np.float32]
    deviation: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How big a network is made.

    Attributes:
        components: Principal components, at most, where there is no base.
        free: Free dimensions, at most; on a base: of the user's own.
        ridge: Regularisation of the regressions, as a share of the data.
    """

    components: int
    free: int
    ridge: float


@torch.no_grad()
def start(
    windows: Tensor, attributes: Attributes, kept: Tensor, base: Base | None, sizes: Sizes
) -> tuple[PersonalNet, NDArray[np.float32]]:
    """Return a network to begin with, and how well it orders each attribute.

    Args:
        windows: Of all sounds, (n, window).
        attributes: Of all sounds.
        kept: Which of them to learn from, the others being held out, (k,).
        base: What the network stands on; on nothing where None.
        sizes: Of the network.

    Returns:
        The network, and Spearman's rank correlation of each attribute with what is read of sounds
        that the reading was not learned from. An attribute whose rank may be chance is not read.
    """

    def made(scores: Tensor) -> PersonalNet:
        if base is None:
            most, free = sizes.components, sizes.free
            return skeleton(windows[kept], scores[kept], most, free, sizes.ridge)
        centre, deviation = attributes.centre.tolist(), attributes.deviation.tolist()
        mine = windows[kept], scores[kept]
        return stand_on(base, *mine, centre, deviation, sizes.free, sizes.ridge)

    scores = attributes.scores
    net = made(scores)
    components = net.components_of(windows)
    read = net.encode_components(components)[0][:, : scores.shape[1]]
    for i, column in enumerate(scores.T):
        rows = kept[~column[kept].isnan()]
        if len(rows) and (base is None or base.places[i] is None):
            read[rows, i] = left_out(components[rows], column[rows], sizes.ridge)
    found = ranks(read, scores)
    chance = [
        not _is_more_than_chance(*each) for each in zip(found, ~scores.isnan().T, strict=True)
    ]
    if any(chance):
        scores = scores.clone()
        scores[:, chance] = torch.nan
        net = made(scores)
    return net, found


def ranks(read: Tensor, scores: Tensor) -> NDArray[np.float32]:
    """Return Spearman's rank correlation of each attribute with what is read of it.

    Args:
        read: (n, attributes).
        scores: (n, attributes), NaN where unknown.

    Returns:
        float32, (attributes,); NaN where too few sounds have the attribute, or all the same.
    """
    from scipy.stats import spearmanr  # half a second that only training should pay

    found = np.full(scores.shape[1], np.nan, np.float32)
    for i, column in enumerate(scores.T):
        known = ~column.isnan()
        if known.sum() >= _FEWEST_TO_RANK and column[known].max() > column[known].min():
            found[i] = spearmanr(read[known, i].numpy(), column[known].numpy()).statistic
    return found


def _is_more_than_chance(rank: float, known: Tensor) -> bool:
    """Say whether a rank correlation is not that of two orders that have nothing in common."""
    # Its standard error, where there is no correlation: Kendall and Stuart, 31.
    error = 1 / math.sqrt(max(1, int(known.sum()) - 1))
    return rank > max(LEAST_RANK, _ERRORS * error)
