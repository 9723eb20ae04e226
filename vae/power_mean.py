"""The power mean of magnitudes: the way of mixing spectra whose steps are the most even."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

POWER = 0.3
_LEAST = 1e-12


def power_mean(magnitudes: Sequence[Tensor], weights: Sequence[float | Tensor]) -> Tensor:
    """Return (sum of w |X|^p)^(1/p), p = 0.3.

    Args:
        magnitudes: >= 0, of one shape.
        weights: One for each, summing to 1; or one for each and every column.
    """
    pairs = zip(magnitudes, weights, strict=True)
    parts = torch.stack([(x + _LEAST) ** POWER * w for x, w in pairs])
    return parts.sum(dim=0) ** (1 / POWER)
