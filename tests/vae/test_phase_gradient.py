"""The phase that follows from magnitudes."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from tests.audio_cases import RATE_HZ, pluck, seconds
from vae.phase_gradient import integrated_phase
from vae.spectrum import BINS, istft, stft

HOP = 128
NOTHING = torch.empty(BINS, 0)


def sweep() -> np.ndarray:
    t = seconds(0.4)
    return 0.5 * np.sin(2 * np.pi * (300 * t + 4_000 * t**2))


def impulse() -> np.ndarray:
    frames = np.zeros(8_000)
    frames[4_001] = 1.0
    return frames


def lost(spectrum: torch.Tensor, length: int, phase: torch.Tensor) -> float:
    """Return how far the magnitudes are off once the spectrum has been audio."""
    wanted = spectrum.abs()
    again = stft(istft(torch.polar(wanted, phase)[None], HOP, length), HOP)[0].abs()
    return float((again - wanted).norm() / wanted.norm())


def starts(seed: int) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(seed).uniform(0, 2 * math.pi, BINS))


@pytest.mark.parametrize("frames", [sweep(), impulse(), pluck(440, 0.4).mono()])
def test_magnitudes_survive_far_better_than_with_chance(frames: np.ndarray) -> None:
    found = stft(torch.from_numpy(frames).float()[None], HOP)[0]
    level = torch.log(found.abs().clamp_min(1e-6))
    phase = integrated_phase(level, NOTHING, starts(0), HOP)
    assert phase.shape == found.shape
    assert phase.min() >= 0
    assert phase.max() <= 2 * math.pi + 1e-6
    chance = torch.rand(found.shape, generator=torch.manual_seed(0)) * 2 * math.pi
    assert lost(found, len(frames), phase) < 0.4 * lost(found, len(frames), chance)


def test_a_tone_turns_at_its_frequency() -> None:
    hz = 1_234.5
    t = seconds(0.3)
    found = stft(torch.from_numpy(np.sin(2 * np.pi * hz * t)).float()[None], HOP)[0]
    level = torch.log(found.abs().clamp_min(1e-6))
    phase = integrated_phase(level, NOTHING, starts(0), HOP)
    loudest = round(hz * 1024 / RATE_HZ)
    turned = phase[loudest, 10:90].diff() - 2 * math.pi * hz * HOP / RATE_HZ
    error = torch.remainder(turned + math.pi, 2 * math.pi) - math.pi
    assert error.abs().max() < 0.1


def test_it_goes_on_from_what_is_known() -> None:
    frames = torch.from_numpy(sweep()).float()
    level = torch.log(stft(frames[None], HOP)[0].abs().clamp_min(1e-6))
    whole = integrated_phase(level, NOTHING, starts(0), HOP)
    again = integrated_phase(level, whole[:, :60], starts(1), HOP)
    off = torch.remainder(again - whole + math.pi, 2 * math.pi) - math.pi
    assert off.abs().max() < 1e-3
    elsewhere = integrated_phase(level, NOTHING, starts(1), HOP)
    assert (torch.remainder(elsewhere - whole + math.pi, 2 * math.pi) - math.pi).abs().max() > 1


def test_a_single_column() -> None:
    level = torch.randn(BINS, 1, generator=torch.manual_seed(0))
    assert integrated_phase(level, NOTHING, starts(0), HOP).isfinite().all()
