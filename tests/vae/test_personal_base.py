"""A network that stands on another: it loses nothing of it, and gains by the user's sounds."""

from __future__ import annotations

import math

import pytest
import torch

from vae.personal_base import Base, stand_on
from vae.personal_model import PersonalConfig, PersonalNet

WINDOW, COMPONENTS, ATTRIBUTES, FREE = 40, 6, 3, 2


@pytest.fixture
def base() -> Base:
    """A network of three attributes, every weight of it at random, that the second wanted lacks."""
    torch.manual_seed(0)
    net = PersonalNet(PersonalConfig(WINDOW, COMPONENTS, ATTRIBUTES, FREE, width=16))
    with torch.no_grad():
        for each in net.parameters():
            each.normal_(0, 0.3)
        net.mean.normal_()
        net.basis.copy_(torch.linalg.qr(torch.randn(WINDOW, COMPONENTS))[0].T)
        net.scale.fill_(2.5)
        for each in (net.read, net.write):
            each.normal_()
        net.free.copy_(torch.linalg.qr(torch.randn(COMPONENTS, FREE))[0])
        net.spread.copy_(torch.tensor([0.7, 1.9]))
    return Base(
        net.requires_grad_(False).eval(),
        (2, None, 0),
        centre=torch.tensor([10.0, 20.0, 30.0]),
        deviation=torch.tensor([1.0, 2.0, 4.0]),
    )


@pytest.fixture
def windows(base: Base) -> torch.Tensor:
    """Thirty windows, of which two directions are beyond the base."""
    generator = torch.Generator().manual_seed(3)
    inside = torch.randn(30, COMPONENTS, generator=generator) @ base.net.basis
    more = torch.linalg.qr(torch.cat([base.net.basis.T, torch.randn(WINDOW, 2)], dim=1))[0][:, -2:]
    outside = torch.randn(30, 2, generator=generator) * torch.tensor([2.0, 1.0]) @ more.T
    return base.net.mean + 3 * inside + outside


@torch.no_grad()
def standing(base: Base, windows: torch.Tensor, scores: torch.Tensor, own: int) -> PersonalNet:
    centre, deviation = [31.0, 0.0, 8.0], [2.0, 1.0, 0.5]
    return stand_on(base, windows, scores, centre, deviation, own, 0.05).eval()


@pytest.fixture
def scores(windows: torch.Tensor) -> torch.Tensor:
    """Of the three wanted attributes; nothing is known of the second."""
    found = torch.zeros(len(windows), 3)
    found[:, 1] = torch.nan
    return found


def test_without_anything_new_it_is_the_base_told_in_other_scales(
    base: Base, windows: torch.Tensor, scores: torch.Tensor
) -> None:
    net, old = standing(base, windows, scores, 0), base.net
    windows = windows[:, :] - (net.mean - old.mean)  # the mean beyond the base is new, too
    z, before = net.encode(windows + (net.mean - old.mean)), old.encode(windows)
    assert net.config.dims == ATTRIBUTES + 1 + FREE, "one wanted attribute is not followed"
    # Standard scores of the same values: from N(30, 4) to N(31, 2), and from N(10, 1) to N(8, .5).
    assert torch.allclose(31 + 2 * z[:, 0], 30 + 4 * before[:, 2], atol=1e-3)
    assert torch.allclose(8 + 0.5 * z[:, 2], 10 + before[:, 0], atol=1e-3)
    assert (z[:, 1] == 0).all()
    assert torch.allclose(z[:, 3], before[:, 1], atol=1e-4), "what is not wanted is kept"
    assert torch.allclose(z[:, 4:], before[:, 3:], atol=1e-4)
    apart = net.decode(z) - net.mean - (old.decode(before) - old.mean)
    assert apart.abs().max() < 1e-3


def test_a_step_is_one_of_the_users_own_deviations(
    base: Base, windows: torch.Tensor, scores: torch.Tensor
) -> None:
    net, old = standing(base, windows, scores, 0), base.net
    z, before = net.encode(windows), old.encode(windows)
    shift, old_shift = torch.zeros(net.config.dims), torch.zeros(old.config.dims)
    shift[0], old_shift[2] = 1.0, 0.5  # two units, of 2 and of 4
    assert torch.allclose(net.change(z, shift), old.change(before, old_shift), atol=1e-4)


def test_the_posterior_is_scaled_too(
    base: Base, windows: torch.Tensor, scores: torch.Tensor
) -> None:
    net, old = standing(base, windows, scores, 0), base.net
    mine = net.encode_components(net.components_of(windows))[1][:, 0]
    theirs = old.encode_components(old.components_of(windows))[1][:, 2]
    inside = theirs < 0.5  # not at the bound
    assert torch.allclose(mine[inside], theirs[inside] + 2 * math.log(2), atol=1e-3)


def test_what_is_beyond_the_base_is_kept(
    base: Base, windows: torch.Tensor, scores: torch.Tensor
) -> None:
    with_own, without = (standing(base, windows, scores, own) for own in (8, 0))
    assert with_own.config.free == FREE + 2, "no more than there is"
    z = with_own.encode(windows)
    assert torch.allclose(z[:, -2:].std(dim=0), torch.ones(2), atol=0.02)
    basis = with_own.basis
    assert torch.allclose(basis @ basis.T, torch.eye(len(basis)), atol=1e-4)

    def beyond(net: PersonalNet) -> torch.Tensor:
        missed = net.decode(net.encode(windows)) - windows
        return (missed - missed @ base.net.basis.T @ base.net.basis).square().mean()

    assert beyond(with_own) < 1e-6 < 0.1 < beyond(without)


def test_an_attribute_that_the_base_does_not_know_is_learned(
    base: Base, windows: torch.Tensor, scores: torch.Tensor
) -> None:
    follows = (windows - windows.mean(dim=0)) @ base.net.basis[1]
    scores[:, 1] = follows / follows.std()
    net = standing(base, windows, scores, 8)
    z = net.encode(windows)
    assert torch.corrcoef(torch.stack([z[:, 1], scores[:, 1]]))[0, 1] > 0.95
    shift = torch.zeros(net.config.dims)
    shift[1] = 1.0
    moved = net.encode(windows + net.change(z, shift)) - z
    assert (moved[:, 1] > 0.5).all()


def test_sounds_that_are_all_the_same_add_nothing(base: Base, scores: torch.Tensor) -> None:
    net = standing(base, base.net.mean.expand(30, -1) + 1.0, scores, 8)
    assert net.config.free == FREE
    assert net.encode(base.net.mean[None]).isfinite().all()
