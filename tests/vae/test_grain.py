"""Grain: noise has it, tones and what decays evenly have not."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from library.clip import Clip
from tests.audio_cases import RATE_HZ, noise, tone
from vae.grain import BANDS, band_of_bins, grain
from vae.spectrum import BINS, stft

BANDS_OF_BINS = band_of_bins(RATE_HZ)


def measured(clip: Clip) -> torch.Tensor:
    magnitude = stft(torch.from_numpy(clip.frames), 256).abs()
    magnitude = magnitude[..., : magnitude.shape[-1] // 8 * 8]
    level = 20 * torch.log10(magnitude / magnitude.max() + 1e-4)
    return grain(level, BANDS_OF_BINS)[0, :, 2:-2]


def fading(clip: Clip, per_second_db: float) -> Clip:
    at = np.arange(clip.length) / clip.sample_rate
    return Clip((clip.frames * 10 ** (-per_second_db * at / 20)).astype(np.float32), RATE_HZ)


def test_bands_cover_all_bins_in_order() -> None:
    assert BANDS_OF_BINS.shape == (BINS,)
    assert (BANDS_OF_BINS.diff() >= 0).all()
    assert BANDS_OF_BINS.unique().tolist() == list(range(BANDS))


def test_noise_is_grain_in_every_band() -> None:
    found = measured(noise(1.0))
    assert found.shape[0] == BANDS
    assert found.mean() > 0.9


@pytest.mark.parametrize("hz", [220.0, 1_000.0, 5_000.0])
def test_a_tone_has_none_where_it_sounds(hz: float) -> None:
    band = BANDS_OF_BINS[round(hz * 1024 / RATE_HZ)]
    assert measured(tone(hz, 1.0))[band].max() < 0.1


def test_an_even_decay_is_no_grain() -> None:
    assert measured(fading(tone(1_000.0, 1.0), 60.0))[BANDS_OF_BINS[23]].max() < 0.1
    assert measured(fading(noise(1.0), 20.0)).mean() > 0.8


def test_between_tone_and_noise_it_lies_between() -> None:
    hiss = noise(1.0)
    shares = [
        measured(Clip(tone(1_000.0, 1.0).frames + hiss.frames * gain, RATE_HZ))[
            BANDS_OF_BINS[23]
        ].mean()
        for gain in (0.001, 5.0, 100.0)
    ]
    assert shares[0] < shares[1] < shares[2]


def test_each_sound_of_a_batch_is_by_itself() -> None:
    levels = torch.stack([torch.rand(BINS, 40) * 60, torch.zeros(BINS, 40)])
    both = grain(levels, BANDS_OF_BINS)
    assert torch.equal(both[0], grain(levels[:1], BANDS_OF_BINS)[0])
    assert (both[1] == 0).all()
