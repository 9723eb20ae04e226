"""The phase that follows from magnitudes: where they rise and fall tells how it turns.

Short-time spectra overlap, so their phase is no free choice: up to a constant it can be read off
the gradient of the logarithm of the magnitudes.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from vae.spectrum import BINS, WINDOW

# Of the Gaussian window that is nearest to a Hann window (Prusa et al., table 1): frames squared.
SPREAD = 0.25645 * WINDOW**2


def _anchors(level: Tensor) -> Tensor:
    """Return for each bin which bin of its column its phase is counted from; int64, (BINS, n).

    Going uphill, to the louder of its neighbours below, above and in the column before, leads to
    a bin whose louder neighbour is the past: there the phase goes on in time.
    """
    columns = level.shape[1]
    nothing = torch.full((1, columns), -torch.inf)
    below = torch.cat([nothing, level[:-1]])
    above = torch.cat([level[1:], nothing])
    past = torch.cat([torch.full((BINS, 1), -torch.inf), level[:, :-1]], dim=1)
    goes_on = (past >= below) & (past >= above)
    up = ~goes_on & (above > below)
    down = ~goes_on & ~up
    # Two that point at each other have no louder past: the louder one goes on all the same.
    facing = up[:-1] & down[1:]
    louder = level[1:] >= level[:-1]
    goes_on[1:] |= facing & louder
    goes_on[:-1] |= facing & ~louder
    bins = torch.arange(BINS)[:, None].expand(-1, columns)
    lower = torch.where(goes_on, bins, 0).cummax(dim=0).values
    upper = torch.where(goes_on, bins, BINS - 1).flip(0).cummin(dim=0).values.flip(0)
    return torch.where(goes_on, bins, torch.where(up, upper, lower))


def integrated_phase(level: Tensor, known: Tensor, chance: Tensor, hop: int) -> Tensor:
    """Return phases that follow from magnitudes.

    The logarithm of the magnitude tells how the phase changes from bin to bin and from column to
    column; the changes are summed along the loudest path within each column and its past.

    Args:
        level: Natural logarithms of magnitudes, shape (BINS, n), as `stft` has them.
        known: Phases that the first columns have already, radians, shape (BINS, k), k >= 0.
        chance: What phases are counted from where nothing is known, radians, shape (BINS,).
        hop: Frames between columns.

    Returns:
        Radians, float32, shape (BINS, n); first those that are known.

    Source:
        Prusa, Balazs, Sondergaard (2017), A noniterative method for reconstruction of phase from
        STFT magnitude; Prusa, Sondergaard (2016), Real-time spectrogram inversion using phase
        gradient heap integration. There a heap finds the path; here it is found for all bins at
        once, looking no further than the direct neighbours.
    """
    padded = functional.pad(level[None, None], (1, 1, 1, 1), mode="replicate")[0, 0]
    over_bins = (padded[2:, 1:-1] - padded[:-2, 1:-1]) / 2
    over_columns = (padded[1:-1, 2:] - padded[1:-1, :-2]) / 2
    aspect = SPREAD / (hop * WINDOW)
    centre = torch.arange(BINS)[:, None] * (2 * math.pi * hop / WINDOW)
    turn = over_bins / aspect + centre % (2 * math.pi)
    advance = torch.cat([turn[:, :1], (turn[:, 1:] + turn[:, :-1]) / 2], dim=1)
    slope = math.pi - aspect * over_columns
    height = torch.cumsum((slope + functional.pad(slope, (0, 0, 1, -1))) / 2, dim=0)
    anchors = _anchors(level)
    offset = (height - height.gather(0, anchors)).T.numpy()
    steps, of = advance.T.contiguous().numpy(), anchors.T.contiguous().numpy()
    found = np.empty(offset.shape)
    k = known.shape[1]
    found[:k] = known.T
    now = found[k - 1] if k else chance.double().numpy()
    for column in range(k, len(found)):
        now = (now + steps[column])[of[column]] + offset[column]
        found[column] = now
    return torch.from_numpy(np.remainder(found, 2 * math.pi).astype(np.float32)).T
