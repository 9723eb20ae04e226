"""The ear's networks as one give what each gives alone."""

from __future__ import annotations

import torch

from vae.auditory_image import BANDS, LOG_COLUMNS
from vae.ear_file import house_ear
from vae.ear_nets import EarNets


def test_all_at_once_is_each_by_itself() -> None:
    nets = house_ear().nets
    assert len(nets) > 1
    generator = torch.Generator().manual_seed(3)
    together = EarNets(nets)
    for _ in range(4):
        image = -80 * torch.rand(LOG_COLUMNS, BANDS, generator=generator)
        alone = torch.cat([net(image[None]) for net in nets])
        assert together.embed(image).shape == alone.shape
        assert torch.allclose(together.embed(image), alone, atol=2e-6)
    assert (alone[0] - alone[1]).abs().max() > 0.05


def test_one_network_is_enough() -> None:
    net = house_ear().nets[0]
    image = torch.full((LOG_COLUMNS, BANDS), -30.0)
    assert torch.allclose(EarNets([net]).embed(image), net(image[None]), atol=2e-6)
