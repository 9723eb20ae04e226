"""Short-time spectra: their scale, their inverse, and the mel bands."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from vae.spectrum import BINS, WINDOW, istft, mel_filters, stft, window_for


@pytest.mark.parametrize("window", [256, 1024, 4096])
def test_a_full_scale_sine_reads_one(window: int) -> None:
    bin_ = 20
    frames = torch.sin(2 * torch.pi * bin_ / window * torch.arange(4 * window))[None]
    middle = stft(frames, window // 4, window).abs()[0, :, 8]
    assert middle[bin_].item() == pytest.approx(1.0, abs=1e-3)
    assert middle.argmax().item() == bin_
    assert middle[bin_ + 3 :].max().item() < 1e-3


@pytest.mark.parametrize("length", [0, 1, 255, 256, 5000])
def test_there_is_a_column_for_every_hop(length: int) -> None:
    assert stft(torch.zeros(2, length), 256).shape == (2, BINS, 1 + length // 256)


@pytest.mark.parametrize("hop", [128, 256])
@pytest.mark.parametrize("length", [1, 20, 1000, 4096, 5001])
def test_the_inverse_gives_the_audio_back(length: int, hop: int) -> None:
    rng = np.random.default_rng(0)
    frames = torch.from_numpy(rng.normal(0, 0.3, (2, length)).astype(np.float32))
    again = istft(stft(frames, hop), hop, length)
    assert again.shape == frames.shape
    # The last frames lie where one window alone reaches, with next to no weight.
    kept = slice(0, 1 + (length // hop) * hop + WINDOW // 4)
    assert torch.allclose(again[:, kept], frames[:, kept], atol=1e-4)


def test_the_inverse_is_as_long_as_asked() -> None:
    spectrum = stft(torch.ones(1, 1000), 256)
    for length in (10, 1000, 9000):
        audio = istft(spectrum, 256, length)
        assert audio.shape == (1, length)
        assert audio[0, 3000:].abs().sum() == 0


@pytest.mark.parametrize("rate", [8_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000])
def test_windows_last_as_long_at_every_rate(rate: int) -> None:
    window = window_for(rate)
    assert math.log2(window).is_integer()
    assert 2**-0.5 <= window / rate / (WINDOW / 44_100) <= 2**0.5


def test_a_window_is_never_too_short_to_be_one() -> None:
    assert window_for(44_100) == WINDOW
    assert window_for(1_000) == 64


def test_mel_bands_rise_and_each_is_a_mean() -> None:
    filters = mel_filters(64, 44_100)
    assert filters.shape == (64, BINS)
    assert torch.allclose(filters.sum(dim=1), torch.ones(64), atol=1e-5)
    assert (filters >= 0).all()
    centres = filters @ torch.arange(BINS).float()
    assert (centres.diff() > 0).all()


def test_a_tone_falls_into_its_mel_band() -> None:
    # O'Shaughnessy's formula by hand: 64 bands from 30 Hz to 16 kHz, 1 kHz is 1000.0 mel.
    low, high = (2595 * math.log10(1 + hz / 700) for hz in (30.0, 16_000.0))
    band = round((999.99 - low) / (high - low) * 65) - 1
    bin_ = round(1000 * WINDOW / 44_100)
    assert abs(mel_filters(64, 44_100)[:, bin_].argmax().item() - band) <= 1
