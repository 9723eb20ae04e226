"""The house network: patches, and a start that is principal components and nothing else."""

from __future__ import annotations

import pytest
import torch

from vae.grain import BANDS
from vae.house_model import FRAMES_PER_STEP, HouseConfig, HouseNet, from_patches, to_patches
from vae.spectrum import BINS

PATCH = BINS * FRAMES_PER_STEP


@pytest.fixture
def net() -> HouseNet:
    """An untrained network with a random orthonormal skeleton."""
    generator = torch.Generator().manual_seed(1)
    basis = torch.linalg.qr(torch.randn(PATCH, 6, generator=generator))[0]
    basis = basis.reshape(FRAMES_PER_STEP, BINS, 6)
    net = HouseNet(HouseConfig(dims=6, width=16, blocks=2))
    mean = torch.randn(FRAMES_PER_STEP, BINS, generator=generator)
    net.set_skeleton(mean, basis.transpose(1, 2), basis)
    return net.eval()


def level(steps: int) -> torch.Tensor:
    return torch.rand(2, BINS, FRAMES_PER_STEP * steps, generator=torch.Generator().manual_seed(2))


def test_patches_are_columns_in_order() -> None:
    spectra = level(5)
    patches = to_patches(spectra)
    assert patches.shape == (FRAMES_PER_STEP, BINS, 10)
    assert torch.equal(patches[2, :, 5 + 3], spectra[1, :, 3 * FRAMES_PER_STEP + 2])
    assert torch.equal(from_patches(patches, 2), spectra)


def test_the_untrained_network_is_its_skeleton(net: HouseNet) -> None:
    spectra = level(7)
    with torch.inference_mode():
        mean, log_variance = net.encode(spectra)
        decoded, noise = net.decode(mean)
    # One row for each bin of each column, one column for each step of both sounds.
    patches = (to_patches(spectra) - net.mean[..., None]).reshape(PATCH, 14)
    analysis = net.analysis.transpose(1, 2).reshape(PATCH, 6)
    projected = analysis.T @ patches
    assert mean.shape == log_variance.shape == (2, 6, 7)
    assert torch.allclose(mean[1], projected[:, 7:], atol=1e-5)
    joined = (analysis @ projected).reshape(FRAMES_PER_STEP, BINS, 14) + net.mean[..., None]
    assert torch.allclose(decoded, from_patches(joined, 2), atol=1e-4)
    assert noise.shape == (2, BANDS, 7)


def test_kept_dimensions_say_what_they_said(net: HouseNet) -> None:
    with torch.no_grad():
        for layer in (net.encoder_out, net.decoder_out, net.grain_out):
            layer.weight.normal_(0, 0.1, generator=torch.Generator().manual_seed(4))
    spectra, order = level(9), torch.tensor([4, 0, 5, 2, 1, 3])
    turned = net.keep_dims(order)
    mean, log_variance = net.encode(spectra)
    mean_turned, log_variance_turned = turned.encode(spectra)
    assert torch.allclose(mean_turned, mean[:, order], atol=1e-6)
    assert torch.allclose(log_variance_turned, log_variance[:, order], atol=1e-6)
    assert torch.allclose(turned.decode(mean_turned)[0], net.decode(mean)[0], atol=1e-4)
    fewer = net.keep_dims(order[:4])
    without = mean.clone()
    without[:, order[4:]] = 0
    assert fewer.config.dims == 4
    assert torch.allclose(fewer.decode(mean[:, order[:4]])[0], net.decode(without)[0], atol=1e-4)


def test_the_residual_sees_neighbouring_steps_only(net: HouseNet) -> None:
    with torch.no_grad():
        for layer in (net.encoder_out, net.decoder_out):
            layer.weight.normal_(0, 0.1, generator=torch.Generator().manual_seed(3))
        spectra = level(30)
        changed = spectra.clone()
        changed[..., 15 * FRAMES_PER_STEP] += 1
        moved = (net.encode(changed)[0] - net.encode(spectra)[0]).abs().amax(dim=(0, 1))
    reach = net.config.blocks * (net.config.kernel // 2)
    assert net.config.reach >= reach
    touched = moved > 1e-6
    assert touched[15 - reach : 15 + reach + 1].all()
    assert touched.sum() == 2 * reach + 1
