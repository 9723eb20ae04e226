"""Grain: how much of a spectrum is noise, band by band.

A steady tone has the same level in columns that share no frame; noise has another level each time.
What a decoder smooths away, grain says how to bring back.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from vae.spectrum import BINS, WINDOW

BANDS = 24
COLUMNS_PER_STEP = 8
APART = 4  # columns of a hop of 256: their windows of 1,024 do not overlap
RANGE_DB = 25.0
MOST_DB = 6.0
# Means of the bounded deviation below, of a sawtooth and of white noise.
TONE_DB, NOISE_DB = 1.2, 3.0


def band_of_bins(sample_rate: int) -> Tensor:
    """Return the band of each bin, in equal steps of mel from 60 Hz up; int64, shape (BINS,)."""
    mel = torch.log10(1 + torch.arange(BINS) * (sample_rate / WINDOW) / 700)
    low, high = math.log10(1 + 60 / 700), math.log10(1 + sample_rate / 2 / 700)
    return ((mel - low) / (high - low) * BANDS).floor().long().clamp(0, BANDS - 1)


def _sizes(bands: Tensor) -> list[int]:
    sizes: list[int] = torch.bincount(bands, minlength=BANDS).tolist()
    return sizes


def grain(level_db: Tensor, bands: Tensor) -> Tensor:
    """Measure the grain of spectra.

    The deviation of a bin is the distance of its level from the mean of the levels four columns
    before and after: a level that rises or falls evenly has none. Only bins within 25 dB of the
    loudest of their band and step count.

    Args:
        level_db: dB, shape (b, BINS, 8 s), columns 256 frames apart.
        bands: Of the bins, as `band_of_bins` returns them.

    Returns:
        0 (a tone) to 1 (noise), shape (b, BANDS, s).
    """
    b, bins, columns = level_db.shape
    steps = columns // COLUMNS_PER_STEP
    around = torch.nn.functional.pad(level_db, (APART, APART), mode="replicate")
    mean = (around[..., : -2 * APART] + around[..., 2 * APART :]) / 2
    deviation = (level_db - mean).abs_().clamp_(max=MOST_DB)
    by_step = level_db.reshape(b, bins, steps, COLUMNS_PER_STEP)
    loudest = torch.stack(
        [part.amax(dim=1) for part in by_step.amax(dim=-1).split(_sizes(bands), dim=1)], dim=1
    )
    counts = (by_step > (loudest[:, bands] - RANGE_DB)[..., None]).float()
    weighed = (deviation.reshape(by_step.shape) * counts).sum(dim=-1)
    total = level_db.new_zeros(b, BANDS, steps).index_add_(1, bands, weighed)
    number = level_db.new_zeros(b, BANDS, steps).index_add_(1, bands, counts.sum(dim=-1))
    found = total / number.clamp_min(1)
    return ((found - TONE_DB) / (NOISE_DB - TONE_DB)).clamp(0, 1)
