"""The ear's network: on the unit sphere, one by one as in a batch, every instant heard."""

from __future__ import annotations

import pytest
import torch

from library.category import CATEGORIES
from vae.auditory_image import BANDS, FLOOR_DB, LOG_COLUMNS
from vae.ear_model import CATEGORY_NAMES, EarConfig, EarNet

SMALL = EarConfig(channels=(8, 12, 16), width=24, dims=10)


@pytest.fixture(scope="module")
def net() -> EarNet:
    torch.manual_seed(0)
    return EarNet(SMALL).eval().requires_grad_(False)


@pytest.fixture(scope="module")
def images() -> torch.Tensor:
    """Random images, smooth enough to be somebody's."""
    torch.manual_seed(1)
    coarse = FLOOR_DB * torch.rand(6, 1, 12, 16)
    return torch.nn.functional.interpolate(coarse, (LOG_COLUMNS, BANDS), mode="bilinear")[:, 0]


def test_embeddings_are_of_length_one_and_of_their_image(net: EarNet, images: torch.Tensor) -> None:
    points = net(images)
    assert points.shape == (6, SMALL.dims)
    assert torch.allclose(points.norm(dim=1), torch.ones(6), atol=1e-5)
    assert (torch.cdist(points, points) + 9 * torch.eye(6)).min() > 1e-3


def test_a_batch_is_its_images_one_by_one(net: EarNet, images: torch.Tensor) -> None:
    alone = torch.cat([net(image[None]) for image in images])
    assert torch.allclose(net(images), alone, atol=1e-5)


def test_every_instant_and_every_band_is_heard(net: EarNet, images: torch.Tensor) -> None:
    points = net(images)
    for region in (
        (slice(0, 8), slice(None)),
        (slice(40, None), slice(None)),
        (slice(None), slice(0, 8)),
        (slice(None), slice(56, None)),
    ):
        other = images.clone()
        other[:, region[0], region[1]] = FLOOR_DB
        assert (net(other) - points).norm(dim=1).min() > 1e-4


def test_when_something_is_heard_counts(net: EarNet) -> None:
    early, late = torch.full((2, 1, LOG_COLUMNS, BANDS), FLOOR_DB)
    early[:, 8:16], late[:, 32:40] = 0.0, 0.0
    assert (net(early) - net(late)).norm() > 1e-3


def test_steps_count_between_instants_and_columns(net: EarNet) -> None:
    assert net.share.sum() == pytest.approx(1.0)
    assert (net.share.diff() > 0).all()
    # Evenly it would be 1/6, by time the last one 0.6.
    assert 1 / 6 < net.share[-1] < 0.55


def test_a_batch_is_standardised_while_it_learns(images: torch.Tensor) -> None:
    torch.manual_seed(0)
    net = EarNet(SMALL).train()
    before = net.mix[1].running_mean.clone()
    first, second = net(images), net(images)
    assert not torch.equal(first, second), "dropout"
    assert not torch.equal(net.mix[1].running_mean, before)


def test_the_size_is_told() -> None:
    assert EarConfig(**SMALL.to_dict()) == SMALL  # type: ignore[arg-type]
    assert list(CATEGORY_NAMES) == sorted(name for name, _ in CATEGORIES)
    assert EarNet(SMALL).category.out_features == len(CATEGORY_NAMES) == 14
