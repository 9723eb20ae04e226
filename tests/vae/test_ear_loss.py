"""What the ear is trained for: the loss falls as like points come together."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from vae.auditory_image import BANDS, FLOOR_DB, LOG_COLUMNS
from vae.ear_loss import TEMPERATURE, supervised_contrast, varied

KINDS = torch.tensor([0, 0, 1, 1])
MAKERS = torch.tensor([0, 1, 0, 1])


def on_circle(*degrees: float) -> torch.Tensor:
    angle = torch.deg2rad(torch.tensor(degrees))
    return torch.stack([angle.cos(), angle.sin()], dim=1)


def test_the_loss_falls_as_like_points_come_together() -> None:
    losses = [
        supervised_contrast(on_circle(0, gap, 180, 180 + gap), KINDS, MAKERS).item()
        for gap in (90, 60, 30, 0)
    ]
    assert losses == sorted(losses, reverse=True)
    assert losses[0] - losses[-1] > 0.5
    mixed = supervised_contrast(on_circle(0, 180, 5, 175), KINDS, MAKERS).item()
    assert mixed > max(losses)


def test_it_is_the_published_formula() -> None:
    points = on_circle(0, 40, 100, 200)
    near = (points @ points.T / TEMPERATURE).tolist()
    expected = []
    for i, j in ((0, 1), (1, 0), (2, 3), (3, 2)):
        others = sum(math.exp(near[i][k]) for k in range(4) if k != i)
        expected.append(math.log(others) - near[i][j])
    found = supervised_contrast(points, KINDS, MAKERS)
    assert found.item() == pytest.approx(np.mean(expected), rel=1e-4)


def test_pairs_of_different_makers_count_more() -> None:
    """Of the three of one kind, either the pair of one maker is close, or one across."""
    kinds, makers = torch.tensor([0, 0, 0, 1]), torch.tensor([0, 0, 1, 1])
    inside, across = on_circle(0, 0, 60, 180), on_circle(0, 60, 0, 180)

    def gain(weight: float) -> float:
        """How much better the pair across is."""
        first, second = (supervised_contrast(p, kinds, makers, weight) for p in (inside, across))
        return float(first - second)

    assert gain(1.0) == pytest.approx(0.0, abs=1e-4)
    assert 0 < gain(2.0) < gain(8.0)


def test_those_that_nobody_named_are_nobodys_like() -> None:
    points = on_circle(0, 30, 100, 200)
    unnamed = torch.tensor([0, 0, -1, -1])
    only = supervised_contrast(points, unnamed, MAKERS)
    moved = supervised_contrast(on_circle(0, 30, 100, 300), unnamed, MAKERS)
    # They are others to the named ones, and none to be near to.
    assert only.item() < supervised_contrast(points, torch.tensor([0, 0, 1, 1]), MAKERS).item()
    assert moved.item() != only.item()
    alone = torch.tensor([0, 0, 1, 2])
    assert torch.isfinite(supervised_contrast(points, alone, MAKERS))


def test_its_gradient_brings_like_points_together() -> None:
    points = on_circle(0, 80, 170, 250).requires_grad_()
    before = (points[0] @ points[1]).item()
    supervised_contrast(points, KINDS, MAKERS).backward()
    moved = torch.nn.functional.normalize(points.detach() - 0.1 * points.grad, dim=1)
    assert (moved[0] @ moved[1]).item() > before


@pytest.fixture(scope="module")
def images() -> torch.Tensor:
    """A point on each of three images, early and low, in the middle, late and high."""
    found = torch.full((3, LOG_COLUMNS, BANDS), FLOOR_DB)
    for i, (column, band) in enumerate(((8, 10), (24, 32), (40, 54))):
        found[i, column - 3 : column + 4, band - 3 : band + 4] = 0.0
    return found


def test_variants_are_images_of_their_own(images: torch.Tensor) -> None:
    first, again = (varied(images, np.random.default_rng(0)) for _ in range(2))
    other = varied(images, np.random.default_rng(1))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert first.shape == images.shape
    assert first.dtype == torch.float32
    assert first.amax(dim=(1, 2)).abs().max() < 1e-4
    assert first.min() >= FLOOR_DB


def test_a_variant_is_moved_a_little(images: torch.Tensor) -> None:
    shifts = []
    for seed in range(40):
        changed = varied(images, np.random.default_rng(seed))
        for before, after in zip(images, changed, strict=True):
            centre = [
                [float(at.float().mean()) for at in torch.nonzero(image > -25, as_tuple=True)]
                for image in (before, after)
            ]
            shifts.append(np.subtract(centre[1], centre[0]))
    columns, bands = np.array(shifts).T
    assert np.abs(columns).max() <= 4.6
    assert np.abs(bands).max() <= 4.6
    assert min(columns.std(), bands.std()) > 1.5
    assert abs(columns.mean()) < 0.8


def test_noise_floors_and_tilts_differ(images: torch.Tensor) -> None:
    flat = torch.zeros(60, LOG_COLUMNS, BANDS)
    changed = varied(flat, np.random.default_rng(0))
    slope = changed[:, 0, -8:].mean(dim=1) - changed[:, 0, :8].mean(dim=1)
    assert 5 < slope.std() < 15
    assert abs(slope.mean()) < 5
    floors = torch.stack([varied(images, np.random.default_rng(i)).amin() for i in range(30)])
    assert FLOOR_DB <= floors.min() < -65
    assert -60 < floors.max() <= -45
