"""The house network: patches, and a start that is principal components and nothing else."""

from __future__ import annotations

import pytest
import torch

from vae.house_model import FRAMES_PER_STEP, HouseConfig, HouseNet, from_patches, to_patches
from vae.spectrum import BINS

PATCH = BINS * FRAMES_PER_STEP


@pytest.fixture
def net() -> HouseNet:
    """An untrained network with a random orthonormal skeleton."""
    generator = torch.Generator().manual_seed(1)
    basis = torch.linalg.qr(torch.randn(PATCH, 6, generator=generator))[0]
    net = HouseNet(HouseConfig(dims=6, width=16, blocks=2))
    net.set_skeleton(torch.randn(PATCH, generator=generator), basis.T, basis)
    return net.eval()


def level(steps: int) -> torch.Tensor:
    return torch.rand(2, BINS, FRAMES_PER_STEP * steps, generator=torch.Generator().manual_seed(2))


def test_patches_are_columns_in_order() -> None:
    spectra = level(5)
    patches = to_patches(spectra)
    assert patches.shape == (2, PATCH, 5)
    assert torch.equal(patches[1].reshape(BINS, -1, 5)[:, 2, 3], spectra[1, :, 3 * 8 + 2])
    assert torch.equal(from_patches(patches), spectra)


def test_the_untrained_network_is_its_skeleton(net: HouseNet) -> None:
    spectra = level(7)
    with torch.inference_mode():
        mean, log_variance = net.encode(spectra)
        decoded = net.decode(mean)
    patches = to_patches(spectra) - net.mean[:, None]
    assert mean.shape == log_variance.shape == (2, 6, 7)
    assert torch.allclose(mean, net.analysis @ patches, atol=1e-5)
    projected = net.synthesis @ (net.analysis @ patches) + net.mean[:, None]
    assert torch.allclose(decoded, from_patches(projected), atol=1e-4)


def test_the_residual_sees_neighbouring_steps_only(net: HouseNet) -> None:
    with torch.no_grad():
        for layer in (net.encoder_out, net.decoder_out):
            layer.weight.normal_(0, 0.1, generator=torch.Generator().manual_seed(3))
        spectra = level(30)
        changed = spectra.clone()
        changed[..., 15 * FRAMES_PER_STEP] += 1
        moved = (net.encode(changed)[0] - net.encode(spectra)[0]).abs().amax(dim=(0, 1))
    reach = net.config.blocks * (net.config.kernel // 2)
    touched = moved > 1e-6
    assert touched[15 - reach : 15 + reach + 1].all()
    assert touched.sum() == 2 * reach + 1
