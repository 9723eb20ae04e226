"""Attacks: what the window smeared in front of them goes."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from library.clip import Clip
from tests.audio_cases import noise, pluck, tone
from vae.attack import sharpened, without_pre_echo
from vae.noise import noise_spectrum
from vae.spectrum import WINDOW, istft, stft

HOP = 128
LENGTH = 22_050
ONSET = 9_000


def magnitudes(audio: torch.Tensor) -> torch.Tensor:
    found = stft(audio[None], HOP)[0].abs()
    return found / found.max()


@pytest.fixture(scope="module")
def burst() -> torch.Tensor:
    """Silence, then noise."""
    return torch.from_numpy(noise(0.5).mono() * (np.arange(LENGTH) >= ONSET)).float()


@pytest.fixture(scope="module")
def smeared(burst: torch.Tensor) -> torch.Tensor:
    """Other noise, shaped by the magnitudes that windows heard."""
    white = torch.from_numpy(noise(1.0, seed=1).mono()[: LENGTH + WINDOW]) * 10
    return istft((magnitudes(burst) * noise_spectrum(white, HOP))[None], HOP, LENGTH)[0]


def test_power_is_put_back_where_it_came_from(burst: torch.Tensor) -> None:
    heard = stft(burst[None], HOP)[0].abs().square().mean(dim=0, keepdim=True)
    found = sharpened(heard, HOP)[0]
    column = ONSET // HOP
    assert abs((found.sum() / heard.sum()).log().item()) < 0.05
    early = slice(column - 4, column - 1)
    assert found[early].sum() < 0.1 * heard[0, early].sum()
    assert found[column + 2 : column + 20].mean() > 0.8 * heard[0, column + 6 :].mean()


def test_an_even_power_stays() -> None:
    even = torch.full((2, 50), 0.3)
    assert torch.allclose(sharpened(even, HOP)[:, 8:-8], even[:, 8:-8], rtol=0.1)


def test_the_smear_before_an_attack_goes(burst: torch.Tensor, smeared: torch.Tensor) -> None:
    found = without_pre_echo(smeared, magnitudes(burst), HOP)
    assert found.shape == smeared.shape

    def early(audio: torch.Tensor) -> float:
        before, after = audio[ONSET - 512 : ONSET - 64], audio[ONSET : ONSET + 2_000]
        return (before.square().mean() / after.square().mean()).item()

    assert early(smeared) > 0.03
    assert early(found) < 0.25 * early(smeared)


def test_what_follows_an_attack_stays(burst: torch.Tensor, smeared: torch.Tensor) -> None:
    found = without_pre_echo(smeared, magnitudes(burst), HOP)
    later = slice(ONSET + 512, None)
    assert (found[later] - smeared[later]).norm() < 0.02 * smeared[later].norm()


@pytest.mark.parametrize("clip", [tone(440, 0.5), noise(0.5), pluck(110, 0.5)])
def test_a_sound_without_smear_stays(clip: Clip) -> None:
    frames = torch.from_numpy(clip.mono())
    found = without_pre_echo(frames, magnitudes(frames), HOP)
    assert (found - frames).norm() < 0.03 * frames.norm()


def test_short_and_silent() -> None:
    for length in (1, 20, 300):
        frames = torch.zeros(length)
        found = without_pre_echo(frames, torch.zeros(513, 1 + length // HOP), HOP)
        assert found.shape == (length,)
        assert not found.any()
