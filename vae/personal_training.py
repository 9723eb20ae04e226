"""Learn a personal VAE on cached latents: what it begins with, in closed form, then the networks.

Losses: reconstruction of the components; Kullback-Leibler, annealed (Petteno et al. 2025: it fights
the attribute term); the attribute value itself and its order over shuffled pairs (AR-VAE); and
consistency, that a window decoded with a moved attribute is read back with that attribute moved and
the others not. An encoder that orders an attribute says nothing of what the decoder does with it
(arXiv 2108.01450), which is what the last one is for.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from library.errors import ModelError
from library.progress import Progress
from vae.attributes import standardise
from vae.on_threads import on_threads
from vae.personal_base import Base
from vae.personal_model import PersonalNet
from vae.personal_start import Attributes, Sizes, ranks, start

FEWEST = 12

# A handful of held-out sounds cannot tell a network that has learned from one that knows them by
# heart, nor say how well it orders an attribute.
_FEWEST_TO_JUDGE, _FEWEST_TO_RANK = 12, 30

_JUDGED_EVERY, _TOLD_EVERY = 50, 10


@dataclass(frozen=True, slots=True)
class PersonalRecipe:
    """How to train.

    Attributes:
        seed: Of every random choice.
        components: Principal components kept at most.
        free: Free dimensions at most; on a base, of the user's own.
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
        spearman: Rank correlation of each attribute with what is read of sounds that the reading
            was not learned from; NaN where too few sounds have it, or all have the same.
        held_out: Which of the windows were held out of training.
    """

    net: PersonalNet
    centre: NDArray[np.float32]
    deviation: NDArray[np.float32]
    spearman: NDArray[np.float32]
    held_out: tuple[int, ...]


def _loss(
    net: PersonalNet,
    components: Tensor,
    target: Tensor,
    recipe: PersonalRecipe,
    ramp: float,
    generator: torch.Generator,
) -> tuple[Tensor, dict[str, Tensor]]:
    """Return the loss, and its parts by name, unweighted."""
    known = ~target.isnan()
    target = target.nan_to_num(0.0)
    mean, log_variance = net.encode_components(components)
    z = mean + torch.randn(mean.shape, generator=generator) * torch.exp(0.5 * log_variance)
    reconstruction = (net.decode_components(z) - components).square().mean()
    kl = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(dim=1).mean()
    kl = kl / mean.shape[1]
    a = net.config.attributes
    followed = mean[:, :a]
    value = ((followed - target).square() * known).sum() / known.sum().clamp_min(1)
    other = torch.randperm(len(mean), generator=generator)
    both = known & known[other]
    ordered = torch.tanh(followed - followed[other]) - torch.sign(target - target[other])
    order = (ordered.abs() * both).sum() / both.sum().clamp_min(1)
    attribute = value + 0.2 * order
    moved = mean.detach().clone()
    step = torch.randn(len(moved), a, generator=generator)
    moved[:, :a] += step
    change = net.decode_components(moved) - net.decode_components(mean.detach())
    reading = net.read_attributes(change)
    consistency = (reading - step).square().mean()
    loss = reconstruction + recipe.kl * ramp * kl
    loss = loss + recipe.attribute * attribute + recipe.consistency * consistency
    parts = {
        "reconstruction": reconstruction,
        "divergence": kl,
        "attributes": attribute,
        "consistency": consistency,
    }
    return loss, {name: part.detach() for name, part in parts.items()}


def _held_out_error(net: PersonalNet, components: Tensor) -> float:
    with torch.no_grad():
        decoded = net.decode_components(net.encode_components(components)[0])
    return float((decoded - components).square().mean() / components.square().mean())


def _copy(net: PersonalNet) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in net.state_dict().items()}


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
    base: Base | None = None,
) -> Generator[Progress, None, Trained]:
    """Learn a personal VAE; a job.

    Args:
        windows: First windows of the user's sounds, float32, shape (n, steps, dims).
        attributes: On their even scales, float32, shape (n, attributes), NaN where unknown.
        recipe: How to train.
        base: What it stands on; on nothing where None.

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
    sizes = Sizes(recipe.components, recipe.free, recipe.ridge)
    known = Attributes(target, centre, deviation)
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        net, spearman = start(flat, known, kept, base, sizes)
    # Networks that a base brings do not gain by the user's sounds; docs/decisions/0016-base.md.
    if base is not None or len(held) < _FEWEST_TO_JUDGE:
        yield Progress("train", 1, 1, "in closed form")
    else:
        with torch.no_grad():
            inputs, checked = net.components_of(flat[kept]), net.components_of(flat[held])
        yield from _fit(net, inputs, target[kept], checked, recipe)
        if len(held) >= _FEWEST_TO_RANK:
            with torch.no_grad():
                spearman = ranks(net.encode_components(checked)[0], target[held])
    net.eval().requires_grad_(False)
    return Trained(net, centre, deviation, spearman, tuple(int(i) for i in held))


def _fit(
    net: PersonalNet, inputs: Tensor, target: Tensor, checked: Tensor, recipe: PersonalRecipe
) -> Generator[Progress, None, None]:
    """Train the networks; a job. They end as they were when they lost least of `checked`."""
    generator = torch.Generator().manual_seed(recipe.seed)
    best, best_error = _copy(net), _held_out_error(net, checked)
    error = best_error
    optimiser = torch.optim.Adam(net.parameters(), recipe.rate)
    for step in range(recipe.steps):
        share = step / recipe.steps
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate * 0.5 * (1 + math.cos(math.pi * share))
        with on_threads(1):
            rows = torch.randint(len(inputs), (recipe.batch,), generator=generator)
            ramp = min(1.0, 3 * share)
            loss, parts = _loss(net, inputs[rows], target[rows], recipe, ramp, generator)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
        if (step + 1) % _JUDGED_EVERY == 0:
            error = _held_out_error(net, checked)
            if error < best_error:
                best, best_error = _copy(net), error
        if (step + 1) % _TOLD_EVERY == 0:
            figures = {name: float(part) for name, part in parts.items()} | {"held out": error}
            note = f"error {error:.3f}"
            yield Progress("train", step + 1, recipe.steps, note, figures)
    net.load_state_dict(best)
