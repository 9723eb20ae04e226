"""The solver of steering: pieces side by side are solved as each alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from tests.audio_cases import noise
from vae.soft_descriptors import SoftDescriptors
from vae.spectrum import BINS, WINDOW, stft
from vae.steering_solver import Solver, balanced

RATE_HZ = 44_100


def spectra() -> torch.Tensor:
    """Three pieces of fading noise, (3, BINS, n)."""
    frames = noise(0.3, seed=1).frames * np.linspace(1, 0.1, 13_230, dtype=np.float32)
    whole = stft(torch.from_numpy(frames), 256).abs()[0]
    return torch.stack([whole[:, i : i + 12] for i in (0, 12, 24)])


def fields_of(magnitude: torch.Tensor) -> torch.Tensor:
    """A tilt and a shelf, (2, ..., BINS, n)."""
    hz = torch.arange(BINS) * (RATE_HZ / WINDOW)
    tilt = 6 * torch.log2(hz.clamp_min(30) / 1000)
    shelf = 12 * torch.sigmoid((180 - hz) / 30)
    return torch.stack([each[:, None].expand_as(magnitude) for each in (tilt, shelf)])


def measure(magnitude: torch.Tensor) -> SoftDescriptors:
    return SoftDescriptors(magnitude, RATE_HZ, 20_000)


COSTS, UNIT = torch.tensor([0.005, 0.005]), torch.ones(3)


def test_pieces_are_solved_as_each_alone() -> None:
    parts = spectra()
    steps = torch.tensor([[0.5, 0, 0], [-1.0, 0, 0.5], [0, 0, 0]])
    goal = measure(parts)(parts) + steps
    goal[1, 1] = torch.nan
    together = Solver(parts, fields_of(parts), COSTS, measure(parts)).solve(goal, UNIT)
    for i, part in enumerate(parts):
        alone = Solver(part, fields_of(part), COSTS, measure(part)).solve(goal[i], UNIT)
        assert torch.allclose(together[i], alone, atol=1e-4)
    assert together[0].abs().max() > 0.02
    assert not together[2].any()


def test_the_goal_is_reached_where_it_can_be() -> None:
    parts = spectra()
    start = measure(parts)(parts)
    goal = start + torch.tensor([-0.8, 0, 0.4])
    goal[:, 1] = torch.nan
    amounts = Solver(parts, fields_of(parts), COSTS, measure(parts)).solve(goal, UNIT)
    raised = torch.ones_like(parts)
    change = balanced(parts, raised, fields_of(parts), amounts)
    found = measure(parts)(parts * 10 ** (change / 20))
    assert torch.allclose(found[:, [0, 2]], goal[:, [0, 2]], atol=0.1)


@pytest.mark.parametrize("each_column", [False, True])
def test_no_column_changes_its_energy(each_column: bool) -> None:
    part = spectra()[0]
    amounts = torch.tensor([0.7, -0.5])
    if each_column:
        amounts = amounts[:, None] * torch.linspace(-1, 1, part.shape[1])
    change = balanced(part, torch.ones_like(part), fields_of(part), amounts)
    after = (part * 10 ** (change / 20)).square().sum(dim=0)
    assert torch.allclose(after, part.square().sum(dim=0), rtol=1e-4)
    assert change.abs().max() > 1
