"""The skeleton of a personal VAE that stands on nothing: components and regressions."""

from __future__ import annotations

import torch
from torch import Tensor

from vae.personal_model import PersonalConfig, PersonalNet
from vae.ridge import ridge_weights


@torch.no_grad()
def skeleton(
    windows: Tensor, attributes: Tensor, components: int, free: int, ridge: float
) -> PersonalNet:
    """Return a network whose linear part is fitted in closed form.

    Args:
        windows: (n, window).
        attributes: (n, attributes), standardised, NaN where unknown; of one that is unknown
            everywhere nothing is read.
        components: Principal components, at most.
        free: Free dimensions, at most.
        ridge: Regularisation, as a share of the data.
    """
    n, wanted = attributes.shape
    components = min(components, n - 1)
    known = ~attributes.isnan()
    config = PersonalConfig(
        window=windows.shape[1],
        components=components,
        attributes=wanted,
        free=max(2, min(free, components - int(known.any(dim=0).sum()))),
    )
    net = PersonalNet(config)
    net.mean.copy_(windows.mean(dim=0))
    centred = windows - net.mean
    _, _, basis = torch.linalg.svd(centred, full_matrices=False)
    basis = basis[:components]
    net.basis.copy_(basis * torch.sign(basis.sum(dim=1, keepdim=True)))
    net.scale.copy_((centred @ net.basis.T).std().clamp_min(1e-3))
    found = net.components_of(windows)
    for i in range(wanted):
        rows = known[:, i]
        if rows.any():
            net.read[i] = ridge_weights(found[rows], attributes[rows, i : i + 1], ridge)[0]
    # An unknown attribute is taken as the average one: it then says nothing of the sound.
    net.write.copy_(ridge_weights(attributes.nan_to_num(0.0), found, ridge))
    rest = found - net.read_attributes(found) @ net.write.T
    _, _, directions = torch.linalg.svd(rest - rest.mean(dim=0), full_matrices=False)
    net.free.copy_(directions[: config.free].T)
    net.spread.copy_((rest @ net.free).std(dim=0).clamp_min(1e-3))
    return net
