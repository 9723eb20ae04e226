"""Learn a personal VAE on cached latents: the skeleton in closed form, then the networks.

Losses: reconstruction of the components; Kullback-Leibler, annealed (Petteno et al. 2025: it fights
the attribute term); the attribute value itself and its order over shuffled pairs (AR-VAE); and
consistency, that a window decoded with a moved attribute is read back with that attribute moved and
the others not. An encoder that orders an attribute says nothing of what the decoder does with it
(arXiv 2108.01450), which is what the last one is for.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from library.errors import ModelError
from library.progress import Progress
from vae.attributes import standardise
from vae.personal_model import PersonalConfig, PersonalNet

FEWEST = 12
PRIOR_SOUNDS = 300
"""For how many sounds the house space's directions count; docs/decisions/0016-prior.md."""

# Sounds held out are takes of others as often as not. A handful of them cannot tell a network that
# has learned from one that knows them by heart, and beside directions of many sounds it takes more.
_FEWEST_TO_JUDGE, _FEWEST_BESIDE_OTHERS = 12, 100


@dataclass(frozen=True, slots=True)
class PersonalRecipe:
    """How to train.

    Attributes:
        seed: Of every random choice.
        components: Principal components kept at most.
        free: Free dimensions at most.
        steps: Gradient steps.
        batch: Windows in a step.
        rate: Peak learning rate of Adam.
        kl: Weight of the Kullback-Leibler term after annealing.
        attribute: Weight of the attribute terms.
        consistency: Weight of the consistency term.
        ridge: Regularisation of the regressions, as a share of the data.
    """

    seed: int = 0
    components: int = 64
    free: int = 26
    steps: int = 600
    batch: int = 256
    rate: float = 2e-3
    kl: float = 2e-3
    attribute: float = 1.0
    consistency: float = 0.5
    ridge: float = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """What training made.

    Attributes:
        net: The network with its best weights.
        centre: Mean of each attribute on its even scale, float32, (attributes,).
        deviation: Standard deviation of the same.
        spearman: Rank correlation of each attribute's dimension on held-out sounds; NaN where too
            few sounds have the attribute, or all have the same.
        held_out: Which of the windows were held out of training.
    """

    net: PersonalNet
    centre: NDArray[np.float32]
    deviation: NDArray[np.float32]
    spearman: NDArray[np.float32]
    held_out: tuple[int, ...]


def _ridge(inputs: Tensor, targets: Tensor, amount: float) -> Tensor:
    """Return weights (targets, inputs) of a ridge regression of centred data."""
    n, d = inputs.shape
    diagonal = amount * n * inputs.square().mean() + 1e-6  # also where all inputs are the same
    gram = inputs.T @ inputs + diagonal * torch.eye(d)
    return torch.linalg.solve(gram, inputs.T @ targets).T


def fit_skeleton(
    net: PersonalNet,
    windows: Tensor,
    attributes: Tensor,
    ridge: float,
    known_directions: Tensor | None = None,
) -> None:
    """Fit the linear part in closed form.

    Args:
        net: Receives it.
        windows: (n, window).
        attributes: (n, attributes), standardised, NaN where unknown.
        ridge: Regularisation, as a share of the data.
        known_directions: What many other sounds differ in, of one standard deviation each, (k,
            window). They count like `PRIOR_SOUNDS` sounds, so that few sounds, which do not span
            what the user's next ones will be, do not stand alone.
    """
    net.mean.copy_(windows.mean(dim=0))
    centred = windows - net.mean
    prior = torch.zeros(0, windows.shape[1])
    if known_directions is not None:
        prior = known_directions * math.sqrt(PRIOR_SOUNDS)
    _, _, basis = torch.linalg.svd(torch.cat([centred, prior]), full_matrices=False)
    basis = basis[: net.config.components]
    net.basis.copy_(basis * torch.sign(basis.sum(dim=1, keepdim=True)))
    net.scale.copy_((centred @ net.basis.T).std().clamp_min(1e-3))
    components = net.components_of(windows)
    known = ~attributes.isnan()
    for i in range(attributes.shape[1]):
        rows = known[:, i]
        if rows.sum() >= FEWEST:
            net.read[i] = _ridge(components[rows], attributes[rows, i : i + 1], ridge)[0]
    # An unknown attribute is taken as the average one: it then says nothing of the sound.
    net.write.copy_(_ridge(attributes.nan_to_num(0.0), components, ridge))
    rest = components - net.read_attributes(components) @ net.write.T
    other = prior @ net.basis.T / net.scale
    other = other - net.read_attributes(other) @ net.write.T
    both = torch.cat([rest - rest.mean(dim=0), other])
    _, _, free = torch.linalg.svd(both, full_matrices=False)
    net.free.copy_(free[: net.config.free].T)
    net.spread.copy_((rest @ net.free).std(dim=0).clamp_min(1e-3))


def _loss(
    net: PersonalNet,
    components: Tensor,
    target: Tensor,
    recipe: PersonalRecipe,
    ramp: float,
    generator: torch.Generator,
) -> Tensor:
    known = ~target.isnan()
    target = target.nan_to_num(0.0)
    mean, log_variance = net.encode_components(components)
    z = mean + torch.randn(mean.shape, generator=generator) * torch.exp(0.5 * log_variance)
    loss = (net.decode_components(z) - components).square().mean()
    kl = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(dim=1).mean()
    loss = loss + recipe.kl * ramp * kl / mean.shape[1]
    a = net.config.attributes
    followed = mean[:, :a]
    value = ((followed - target).square() * known).sum() / known.sum().clamp_min(1)
    other = torch.randperm(len(mean), generator=generator)
    both = known & known[other]
    ordered = torch.tanh(followed - followed[other]) - torch.sign(target - target[other])
    order = (ordered.abs() * both).sum() / both.sum().clamp_min(1)
    loss = loss + recipe.attribute * (value + 0.2 * order)
    moved = mean.detach().clone()
    step = torch.randn(len(moved), a, generator=generator)
    moved[:, :a] += step
    change = net.decode_components(moved) - net.decode_components(mean.detach())
    reading = net.read_attributes(change)
    return loss + recipe.consistency * (reading - step).square().mean()


def _held_out_error(net: PersonalNet, components: Tensor) -> float:
    with torch.no_grad():
        decoded = net.decode_components(net.encode_components(components)[0])
    return float((decoded - components).square().mean() / components.square().mean())


@contextmanager
def _one_thread() -> Iterator[None]:
    """Compute on one thread: the network is so small that waiting for others takes longer."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _copy(net: PersonalNet) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in net.state_dict().items()}


def _spearman(z: NDArray[np.float32], target: NDArray[np.float32]) -> NDArray[np.float32]:
    from scipy.stats import spearmanr  # half a second that only training should pay

    found = np.full(target.shape[1], np.nan, np.float32)
    for i, column in enumerate(target.T):
        known = ~np.isnan(column)
        if known.sum() >= 5 and np.ptp(column[known]) > 0:
            found[i] = spearmanr(z[known, i], column[known]).statistic
    return found


def check_enough(sounds: int) -> None:
    """Refuse a number of sounds that nothing can be learned from.

    Raises:
        ModelError: They are fewer than FEWEST.
    """
    if sounds < FEWEST:
        raise ModelError(
            f"{sounds} analysed sounds are too few to learn a space from",
            f"choose at least {FEWEST}, or analyse more with crate scan",
        )


def train_personal(
    windows: NDArray[np.float32],
    attributes: NDArray[np.float32],
    recipe: PersonalRecipe,
    known_directions: NDArray[np.float32] | None = None,
) -> Generator[Progress, None, Trained]:
    """Learn a personal VAE; a job.

    Args:
        windows: First windows of the user's sounds, float32, shape (n, steps, dims).
        attributes: On their even scales, float32, shape (n, attributes), NaN where unknown.
        recipe: How to train.
        known_directions: What sounds of others differ in, float32, (k, steps * dims), or None.

    Raises:
        ModelError: There are too few sounds to learn from.
    """
    torch.set_flush_denormal(True)  # numbers that fade out would cost a hundred times more
    n = len(windows)
    check_enough(n)
    rng = np.random.default_rng(recipe.seed)
    order = rng.permutation(n)
    held = torch.from_numpy(order[: max(2, n // 10)])
    kept = torch.from_numpy(order[max(2, n // 10) :])
    flat = torch.from_numpy(windows.reshape(n, -1))
    scores, centre, deviation = standardise(attributes, FEWEST)
    target = torch.from_numpy(scores)
    prior = None if known_directions is None else torch.from_numpy(known_directions)
    components = min(recipe.components, len(kept) - 1 + (0 if prior is None else len(prior)))
    config = PersonalConfig(
        window=flat.shape[1],
        components=components,
        attributes=attributes.shape[1],
        free=max(2, min(recipe.free, components - attributes.shape[1])),
    )
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        net = PersonalNet(config)
    with torch.no_grad():
        fit_skeleton(net, flat[kept], target[kept], recipe.ridge, prior)
        inputs, outputs = net.components_of(flat[kept]), target[kept]
        checked = net.components_of(flat[held])
    generator = torch.Generator().manual_seed(recipe.seed)
    best, best_error = _copy(net), _held_out_error(net, checked)
    fewest = _FEWEST_TO_JUDGE if prior is None else _FEWEST_BESIDE_OTHERS
    optimiser = torch.optim.Adam(net.parameters(), recipe.rate)
    for step in range(recipe.steps):
        share = step / recipe.steps
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate * 0.5 * (1 + math.cos(math.pi * share))
        with _one_thread():
            rows = torch.randint(len(inputs), (recipe.batch,), generator=generator)
            loss = _loss(net, inputs[rows], outputs[rows], recipe, min(1.0, 3 * share), generator)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
        if (step + 1) % 50 == 0:
            error = _held_out_error(net, checked)
            if error < best_error and len(checked) >= fewest:
                best, best_error = _copy(net), error
            yield Progress("train", step + 1, recipe.steps, f"error {error:.3f}")
    net.load_state_dict(best)
    net.eval().requires_grad_(False)
    spearman = _spearman(net.encode_components(checked)[0].numpy(), target[held].numpy())
    return Trained(net, centre, deviation, spearman, tuple(int(i) for i in held))
