"""The small VAEs of MidiMe and of MALT, as `benchmarks.space_rivals` tells of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.interpolate import make_interp_spline
from torch import Tensor, nn

from vae.codec import BaseCodec
from vae.latents import Latents
from vae.windows import WINDOW_STEPS, first_windows, windows

Change = Callable[[Latents, int, float], NDArray[np.float32]]
"""Latents, attribute, amount, to how they change, shape (steps, dims)."""

MIDIME_EPOCHS = 300
MALT_EPOCHS = 1000
_MIDIME_WIDTHS, _MIDIME_DIMS, _MIDIME_LONGEST = (1024, 256, 64), 4, 2.0
_MALT_WIDTHS, _MALT_FREE, _MALT_BATCH, _MALT_FINER = (128, 64), 4, 1024, 4


class SmallVae(nn.Module):
    """A VAE of fully connected layers.

    Args:
        dims: Of what it takes.
        widths: Of its hidden layers; its decoder has them the other way round.
        latent: The length of z.
        hidden: Makes what follows each hidden layer of a width.
    """

    def __init__(
        self, dims: int, widths: Sequence[int], latent: int, hidden: Callable[[int], nn.Module]
    ) -> None:
        super().__init__()

        def stack(sizes: Sequence[int]) -> nn.Sequential:
            layers = [nn.Sequential(nn.Linear(a, b), hidden(b)) for a, b in pairwise(sizes)]
            return nn.Sequential(*layers)

        self.encoder = stack([dims, *widths])
        self.mean = nn.Linear(widths[-1], latent)
        self.spread = nn.Linear(widths[-1], latent)
        self.decoder = stack([latent, *reversed(widths)])
        self.out = nn.Linear(widths[0], dims)

    def encode(self, x: Tensor) -> Tensor:
        """Return the mean of z."""
        return self.mean(self.encoder(x))

    def decode(self, z: Tensor) -> Tensor:
        """Return what z stands for."""
        return self.out(self.decoder(z))


def midime(
    sounds: Sequence[Latents],
    scores: NDArray[np.float32],
    codec: BaseCodec,
    seed: int,
    epochs: int = MIDIME_EPOCHS,
) -> Change:
    """Train MidiMe's VAE on the first windows of sounds, all in one batch, β = 1."""
    flat = torch.from_numpy(first_windows(sounds, codec).reshape(len(sounds), -1))
    centre, scale = flat.mean(dim=0), flat.std()
    x = (flat - centre) / scale
    net = _seeded(
        seed, lambda: SmallVae(x.shape[1], _MIDIME_WIDTHS, _MIDIME_DIMS, lambda _: nn.ReLU())
    )
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(net.parameters(), 1e-3, fused=True)
    for _ in range(epochs):
        h = net.encoder(x)
        mean, spread = net.mean(h), nn.functional.softplus(net.spread(h)) + 1e-6
        z = mean + spread * torch.randn(mean.shape, generator=generator)
        rebuilt = 0.5 * (net.decode(z) - x).square().sum(dim=1).mean()
        kl = 0.5 * (mean.square() + spread.square() - 1 - 2 * spread.log()).sum(dim=1).mean()
        optimiser.zero_grad()
        (rebuilt + kl).backward()
        optimiser.step()
    with torch.no_grad():
        z = net.encode(x).numpy()
    steps = [_shortest(z, column) for column in scores.T]

    @torch.inference_mode()
    def change(latents: Latents, attribute: int, amount: float) -> NDArray[np.float32]:
        cut = torch.from_numpy(windows(latents, codec)).flatten(1)
        at = net.encode((cut - centre) / scale)
        moved = at + amount * torch.from_numpy(steps[attribute])
        different = scale * (net.decode(moved) - net.decode(at))
        return different.reshape(-1, latents.dims)[: latents.steps].numpy()

    return change


def _shortest(z: NDArray[np.float32], score: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the shortest step in z by which a regression reads 1 more."""
    known = ~np.isnan(score)
    if not known.any():
        return np.zeros(z.shape[1], np.float32)
    deviation = z.std(axis=0) + 1e-6
    centred = (z[known] - z[known].mean(axis=0)) / deviation
    weights = np.linalg.lstsq(centred, score[known] - score[known].mean(), rcond=None)[0]
    size = float(np.linalg.norm(weights)) + 1e-9
    return (min(1 / size, _MIDIME_LONGEST) * weights / size * deviation).astype(np.float32)


def malt(
    sounds: Sequence[Latents],
    scores: NDArray[np.float32],
    seed: int,
    epochs: int,
) -> Change:
    """Train MALT's VAE on the steps of sounds, each step with the attributes of its sound."""
    rows_of = [finer(latents.values[:WINDOW_STEPS]) for latents in sounds]
    steps = torch.from_numpy(np.concatenate(rows_of))
    targets = torch.from_numpy(np.repeat(scores, [len(each) for each in rows_of], axis=0))
    centre, scale = steps.mean(dim=0), steps.std(dim=0).clamp_min(1e-4)
    x, count = (steps - centre) / scale, scores.shape[1]
    net = _seeded(
        seed,
        lambda: SmallVae(
            x.shape[1],
            _MALT_WIDTHS,
            count + _MALT_FREE,
            lambda width: nn.Sequential(nn.LayerNorm(width), nn.SiLU()),
        ),
    )
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(net.parameters(), 1e-2, fused=True)
    batches = max(1, len(x) // _MALT_BATCH)
    for epoch in range(epochs):
        share = epoch / epochs
        for group in optimiser.param_groups:
            group["lr"] = 1e-2 * 0.5 * (1 + math.cos(math.pi * share))
        order = torch.randperm(len(x), generator=generator)
        for rows in order.tensor_split(batches):
            loss = _malt_loss(net, x[rows], targets[rows], share, generator)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    net.eval()
    with torch.no_grad():
        deviations = net.encode(x).std(dim=0)

    @torch.inference_mode()
    def change(latents: Latents, attribute: int, amount: float) -> NDArray[np.float32]:
        at = net.encode((torch.from_numpy(latents.values) - centre) / scale)
        moved = at.clone()
        moved[:, attribute] += amount * deviations[attribute]
        return (scale * (net.decode(moved) - net.decode(at))).numpy()

    return change


def _malt_loss(
    net: SmallVae, x: Tensor, targets: Tensor, share: float, generator: torch.Generator
) -> Tensor:
    """Return the loss when a share of the epochs is over."""
    h = net.encoder(x)
    mean, log_variance = net.mean(h), net.spread(h).clamp(-9, 4)
    z = mean + torch.randn(mean.shape, generator=generator) * torch.exp(0.5 * log_variance)
    rebuilt = (net.decode(z) - x).square().mean()
    kl = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).mean()
    loss = 10 * rebuilt + 0.1 * min(1.0, 3 * share) * kl
    if share <= 0.25:
        return loss
    other = torch.randperm(len(x), generator=generator)
    apart = targets - targets[other]
    known = ~apart.isnan()
    followed = mean[:, : targets.shape[1]]
    missed = torch.tanh(followed - followed[other]) - torch.sign(apart.nan_to_num(0.0))
    order = (missed.abs() * known).sum() / known.sum().clamp_min(1)
    return loss + 10 * min(1.0, 6 * (share - 0.25)) * order


def finer(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return steps (n, dims) with three more between each two, on a cubic spline."""
    n = len(values)
    if n == 1:
        return values
    at = np.linspace(0, n - 1, _MALT_FINER * (n - 1) + 1)
    return make_interp_spline(np.arange(n), values, k=min(3, n - 1))(at).astype(np.float32)


def _seeded(seed: int, make: Callable[[], SmallVae]) -> SmallVae:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return make()
