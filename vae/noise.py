"""Noise as noise: how much of a decoded spectrum is noise, and a spectrum of noise to shape by it.

A decoder's magnitudes are smooth where the sound was noise. A phase that fits smooth magnitudes is
not noise but a lattice of tones, and sounds so. White noise has the grain that is missing, and a
phase that fits it.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from vae.grain import BANDS, band_of_bins
from vae.spectrum import BINS, WINDOW, stft

# Grain that is taken for a tone, and for noise.
TONE, NOISE = 0.45, 0.85
# Under it a window holds too few periods to tell, and kicks and basses would blur.
LOWEST_HZ = 150.0
# How far a partial stands out of its surroundings.
HIDDEN_DB, CLEAR_DB = 4.0, 10.0
AROUND_BINS, AROUND_COLUMNS = 21, 17
RANGE_DB = 80.0


def _centres(bands: Tensor) -> Tensor:
    """Return the mean bin of each band, float32, shape (BANDS,)."""
    number = torch.bincount(bands, minlength=BANDS).clamp_min(1)
    return torch.bincount(bands, weights=torch.arange(BINS).float(), minlength=BANDS) / number


def _between(values: Tensor, at: Tensor) -> Tensor:
    """Return rows of `values` at fractional places, linearly, held at the ends."""
    at = at.clamp(0, len(values) - 1)
    low = at.floor().long()
    high = (low + 1).clamp(max=len(values) - 1)
    return torch.lerp(values[low], values[high], (at - low)[:, None])


def _partials(target: Tensor) -> Tensor:
    """Return how clearly a bin belongs to a partial, 0 to 1: a ridge that lasts 50 ms."""
    level = 20 * torch.log10(target + 10 ** (-RANGE_DB / 20))
    lasting = _mean(level, AROUND_COLUMNS)
    above = lasting - _mean(lasting.T, AROUND_BINS).T
    clear = ((above - HIDDEN_DB) / (CLEAR_DB - HIDDEN_DB)).clamp(0, 1)
    return functional.max_pool1d(clear.T[:, None], 3, stride=1, padding=1)[:, 0].T


def _mean(values: Tensor, width: int) -> Tensor:
    """Return the moving mean along the last of two dimensions."""
    return functional.avg_pool1d(
        values[:, None], width, stride=1, padding=width // 2, count_include_pad=False
    )[:, 0]


def noise_share(target: Tensor, grain: Tensor, steps: Tensor, sample_rate: int) -> Tensor:
    """Return the share of the power of each bin that is noise.

    Grain says it for a band; bins that stand out of the band for long are partials in the noise.

    Args:
        target: Magnitudes relative to the loudest of the whole sound, float32, 0 to 1, shape
            (BINS, n), columns 128 frames apart.
        grain: 0 to 1, shape (BANDS, s), s >= 1.
        steps: Where the columns lie among the steps of `grain`, shape (n,); 0 is the middle of the
            first.
        sample_rate: Hz.

    Returns:
        0 to 1, shape (BINS, n).
    """
    bands = band_of_bins(sample_rate)
    centres = _centres(bands)
    bins = torch.arange(BINS).float()
    below = (torch.searchsorted(centres, bins) - 1).clamp(0, BANDS - 2)
    at = below + (bins - centres[below]) / (centres[below + 1] - centres[below])
    found = _between(_between(grain.T, steps).T, at)
    share = ((found - TONE) / (NOISE - TONE)).clamp(0, 1)
    share = share * share * (3 - 2 * share)
    hz = bins * (sample_rate / WINDOW)
    audible = ((hz - 0.75 * LOWEST_HZ) / (0.5 * LOWEST_HZ)).clamp(0, 1)
    return share * audible[:, None] * (1 - _partials(target))


def noise_spectrum(white: Tensor, hop: int) -> Tensor:
    """Return the spectrum of white noise of variance 1, of mean power 1 in every bin.

    Args:
        white: float32, shape (t,), t >= WINDOW; the first column's window begins with it.
        hop: Frames between columns.

    Returns:
        complex64, shape (BINS, 1 + (t - WINDOW) // hop).
    """
    # The squares of a Hann window have the mean 3/8, and `stft` scales by 4 / WINDOW.
    return stft(white[None], hop, centred=False)[0] * math.sqrt(WINDOW / 6)
