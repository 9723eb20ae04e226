"""Invented phase: audio whose spectrum is what was asked for."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from tests.audio_cases import RATE_HZ, click, pluck
from vae.house_model import HOP
from vae.mel_error import mel_error_db
from vae.phase import invent_phase
from vae.spectrum import BINS, istft, mel_filters, stft


def spectrum(audio: np.ndarray) -> torch.Tensor:
    return stft(torch.from_numpy(np.ascontiguousarray(audio, np.float32))[None], HOP).abs()[0]


@pytest.fixture(scope="module")
def target() -> torch.Tensor:
    return spectrum(pluck(330.0, 0.5).mono())


def test_the_spectrum_is_the_one_asked_for(target: torch.Tensor) -> None:
    length = RATE_HZ // 2
    audio = invent_phase(target.numpy(), HOP, length)
    assert audio.shape == (length,)
    assert audio.dtype == np.float32
    chance = torch.polar(target, torch.rand(target.shape, generator=torch.manual_seed(0)) * 6.28)
    chance_audio = istft(chance[None], HOP, length)[0].numpy()

    def lost(found: np.ndarray) -> float:
        return float((spectrum(found) - target).norm() / target.norm())

    assert lost(audio) < 0.2
    assert lost(chance_audio) > 0.5
    assert mel_error_db(target, spectrum(audio), mel_filters(64, RATE_HZ)).item() < 1.5


def test_chance_is_seeded(target: torch.Tensor) -> None:
    first, again, other = (invent_phase(target.numpy(), HOP, 5_000, seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_click_stays_where_it_is() -> None:
    sound = click(0.2).mono()
    energy = np.square(invent_phase(spectrum(sound).numpy(), HOP, len(sound)))
    near = energy[1000 - 441 : 1000 + 441].sum()
    assert near > 0.95 * energy.sum()


def test_silence_stays_silent() -> None:
    audio = invent_phase(np.zeros((BINS, 10), np.float32), HOP, 2_000)
    assert np.abs(audio).max() < 1e-6
