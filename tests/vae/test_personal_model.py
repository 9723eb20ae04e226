"""The personal network: its skeleton reads attributes that are there, and can be undone."""

from __future__ import annotations

import pytest
import torch

from vae.personal_model import STRIDE, PersonalConfig, PersonalNet
from vae.personal_skeleton import skeleton

N, WINDOW = 120, 40


@pytest.fixture
def windows() -> torch.Tensor:
    """Windows of five hidden causes of different strength, and no noise."""
    generator = torch.Generator().manual_seed(0)
    causes = torch.randn(N, 5, generator=generator) * torch.tensor([3.0, 2.5, 2.0, 1.5, 1.0])
    return 1.0 + causes @ torch.randn(5, WINDOW, generator=generator)


@pytest.fixture
def target(windows: torch.Tensor) -> torch.Tensor:
    """Two attributes: one a direction of the windows, the other known of none."""
    first = windows[:, 3] - windows[:, 10]
    return torch.stack([(first - first.mean()) / first.std(), torch.full((N,), torch.nan)], dim=1)


@pytest.fixture
def net(windows: torch.Tensor, target: torch.Tensor) -> PersonalNet:
    return skeleton(windows, target, components=5, free=4, ridge=1e-4).requires_grad_(False)


def test_components_hold_the_windows(net: PersonalNet, windows: torch.Tensor) -> None:
    components = net.components_of(windows)
    assert components.shape == (N, 5)
    assert components.std().item() == pytest.approx(1.0, rel=0.02)
    assert torch.allclose(net.window_of(components), windows, atol=1e-3)


def test_the_skeleton_reads_an_attribute(
    net: PersonalNet, windows: torch.Tensor, target: torch.Tensor
) -> None:
    z = net.encode(windows)
    assert z.shape == (N, net.config.dims) == (N, 6)
    assert torch.allclose(z[:, 0], target[:, 0], atol=0.02)
    assert (z[:, 1] == 0).all(), "what is known of no sound is not read"
    assert torch.allclose(z[:, 2:].std(dim=0)[:3], torch.ones(3), atol=0.1)


def test_untrained_it_can_be_undone(net: PersonalNet, windows: torch.Tensor) -> None:
    again = net.decode(net.encode(windows))
    lost = (again - windows).square().mean() / (windows - windows.mean(dim=0)).square().mean()
    assert lost < 1e-3


def test_attributes_move_along_their_own_direction(
    net: PersonalNet, windows: torch.Tensor, target: torch.Tensor
) -> None:
    z = net.encode(windows)
    shift = torch.zeros(6)
    assert (net.change(z, shift) == 0).all()
    shift[0] = 1.0
    one = net.change(z, shift)
    # The direction is the regression's, and a stride along it is read as one.
    read = net.read_attributes(net.components_of(windows + one)) - target.nan_to_num()
    assert torch.allclose(read[:, 0], torch.full((N,), STRIDE), atol=0.1)
    assert torch.allclose(net.change(z, 2 * shift), 2 * one, atol=1e-4)


def test_free_dimensions_leave_the_attributes_alone(
    net: PersonalNet, windows: torch.Tensor
) -> None:
    shift = torch.zeros(6)
    shift[3] = 1.0
    moved = net.change(net.encode(windows), shift)
    assert moved.abs().max() > 0.1
    before, after = net.encode(windows)[:, 0], net.encode(windows + moved)[:, 0]
    assert (after - before).abs().max() < 0.1


def test_sizes_are_plain_numbers() -> None:
    config = PersonalConfig(window=8, components=3, attributes=1, free=2, width=5)
    assert PersonalConfig(**config.to_dict()) == config
