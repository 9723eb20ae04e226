"""What the ear is trained for: sounds of one kind near, by whoever made them."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from vae.auditory_image import BANDS, FLOOR_DB, LOG_COLUMNS

TEMPERATURE = 0.1


def supervised_contrast(
    points: Tensor, group: Tensor, source: Tensor, across: float = 1.0
) -> Tensor:
    """Return the supervised contrastive loss.

    Args:
        points: On the unit sphere, float, shape (n, d).
        group: What each is, shape (n,); those below 0 are nobody's like.
        source: Who made each, shape (n,).
        across: How much more a pair of different makers counts than one of the same.

    Source:
        Khosla et al. (2020), equation 2, with weighted positives.
    """
    near = points @ points.T / TEMPERATURE
    itself = torch.eye(len(points), dtype=torch.bool)
    near = near.masked_fill(itself, -1e9)
    alike = (group[:, None] == group) & ~itself & (group >= 0)[:, None]
    weight = alike * torch.where(source[:, None] != source, across, 1.0)
    share = near - near.logsumexp(dim=1, keepdim=True)
    total = weight.sum(dim=1)
    some = total > 0
    return -((weight * share).sum(dim=1)[some] / total[some]).mean()


def varied(images: Tensor, rng: np.random.Generator) -> Tensor:
    """Return images varied: shifted in pitch and in log time, tilted, over another noise floor.

    Args:
        images: Log-time images, float, shape (n, LOG_COLUMNS, BANDS), dB.
        rng: Draws the variation of each.

    Returns:
        The same shape, the highest level of each 0 dB.
    """
    n = len(images)
    slower = torch.from_numpy(rng.integers(-4, 5, n))
    higher = torch.from_numpy(rng.integers(-3, 4, n))
    column = (torch.arange(LOG_COLUMNS) - slower[:, None]).clamp(0, LOG_COLUMNS - 1)
    band = torch.arange(BANDS) - higher[:, None]
    moved = images[
        torch.arange(n)[:, None, None], column[:, :, None], band.clamp(0, BANDS - 1)[:, None]
    ]
    moved = moved.masked_fill((band >= BANDS)[:, None], FLOOR_DB)
    tilt = torch.from_numpy(rng.normal(0, 5, (n, 1, 1)).astype("f4"))
    bumps = torch.from_numpy(rng.normal(0, 3, (n, 1, 5)).astype("f4"))
    tone = nn.functional.interpolate(bumps, BANDS, mode="linear", align_corners=True)
    moved = moved + tone + tilt * torch.linspace(-1, 1, BANDS)
    moved = moved - moved.amax(dim=(1, 2), keepdim=True)
    floor = torch.from_numpy(rng.uniform(FLOOR_DB, -45, (n, 1, 1)).astype("f4"))
    return torch.maximum(moved, floor)
