"""How far two spectra are apart to the ear: the smoothed log-mel error, in dB.

Power spectra in 64 mel bands, averaged over four spectrum frames (23 ms at 44.1 kHz), compared
wherever either is within 70 dB of the reference's loudest value. Two noises of the same spectrum
differ by about 1.9 dB in it: smoothing leaves what a listener could tell apart.
"""

from __future__ import annotations

import torch
from torch import Tensor

SMOOTHED_FRAMES = 4
RANGE_DB = 70.0


def smoothed_mel_db(magnitude: Tensor, filters: Tensor) -> Tensor:
    """Return the smoothed mel spectrum.

    Args:
        magnitude: float >= 0, shape (..., bins, n); trailing frames that do not fill a group of
            four are averaged with the last group's zeros.
        filters: float, shape (bands, bins).

    Returns:
        dB, shape (..., bands, ceil(n / 4)).
    """
    power = filters @ magnitude.square()
    spare = -power.shape[-1] % SMOOTHED_FRAMES
    power = torch.nn.functional.pad(power, (0, spare))
    power = power.unflatten(-1, (-1, SMOOTHED_FRAMES)).mean(dim=-1)
    return 10 * torch.log10(power + 1e-12)


def mel_error_db(reference: Tensor, other: Tensor, filters: Tensor) -> Tensor:
    """Return the mean absolute difference in dB over the audible part.

    Args:
        reference: Magnitudes, shape (..., bins, n).
        other: Magnitudes of the same shape.
        filters: Mel filters, shape (bands, bins).

    Returns:
        dB >= 0, one for each leading index.
    """
    a = smoothed_mel_db(reference, filters)
    b = smoothed_mel_db(other, filters)
    floor = a.amax(dim=(-2, -1), keepdim=True) - RANGE_DB
    a, b = torch.maximum(a, floor), torch.maximum(b, floor)
    audible = (a > floor) | (b > floor)
    return ((a - b).abs() * audible).sum(dim=(-2, -1)) / audible.sum(dim=(-2, -1)).clamp_min(1)
