"""Noise: where it is, and what it is shaped from."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from tests.audio_cases import RATE_HZ
from vae.grain import BANDS, band_of_bins
from vae.noise import noise_share, noise_spectrum
from vae.spectrum import BINS, WINDOW

COLUMNS = 64
STEPS = torch.arange(COLUMNS) / 16 - 0.5
FLAT = torch.full((BINS, COLUMNS), 0.1)
ALL = torch.ones(BANDS, 4)


def bin_of(hz: float) -> int:
    return round(hz * WINDOW / RATE_HZ)


def test_grain_decides() -> None:
    assert (noise_share(FLAT, 0 * ALL, STEPS, RATE_HZ) == 0).all()
    share = noise_share(FLAT, ALL, STEPS, RATE_HZ)
    assert (share[bin_of(250) :] == 1).all()
    middle = noise_share(FLAT, 0.65 * ALL, STEPS, RATE_HZ)[bin_of(1_000)]
    assert ((middle > 0.1) & (middle < 0.9)).all()


def test_the_lowest_bins_are_tones() -> None:
    assert (noise_share(FLAT, ALL, STEPS, RATE_HZ)[: bin_of(100)] == 0).all()


@pytest.mark.parametrize("rate", [8_000, 44_100, 96_000])
def test_bands_and_steps_are_where_they_were_measured(rate: int) -> None:
    bands = band_of_bins(rate)
    one = torch.zeros(BANDS, 4)
    one[20, 2] = 1.0
    share = noise_share(FLAT, one, STEPS, rate)
    bins, columns = torch.nonzero(share > 0.9, as_tuple=True)
    assert set(bands[bins].tolist()) == {20}
    assert 2 * 16 <= columns.min() <= columns.max() < 3 * 16


def test_partials_in_noise_are_tones() -> None:
    target = FLAT.clone() * 0.1
    target[200, :] = 0.1
    share = noise_share(target, ALL, STEPS, RATE_HZ)
    assert share[200].max() == 0
    assert share[230].min() == 1


def test_a_flash_is_no_partial() -> None:
    target = FLAT.clone() * 0.1
    target[200, 30] = 0.1
    assert noise_share(target, ALL, STEPS, RATE_HZ)[200].min() > 0.9


def test_noise_has_power_one_and_grain() -> None:
    white = torch.from_numpy(np.random.default_rng(0).standard_normal(80_000, np.float32))
    found = noise_spectrum(white, 128)
    assert found.shape == (BINS, 1 + (80_000 - WINDOW) // 128)
    power = found.abs().square()
    assert abs(power.mean().item() - 1) < 0.02
    assert (power[1:-1].mean(dim=1) - 1).abs().max() < 0.6
    assert power.log().std() > 1.0
