"""Training the prior of dreams on cached latents: a minute or two on one thread."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from library.errors import ModelError
from library.progress import Progress
from vae.codec import BaseCodec
from vae.dream_prior import MOST_STEPS, DreamPrior, PriorConfig, PriorNet, clock, log_likelihood
from vae.latents import Latents
from vae.on_threads import on_threads
from vae.space import Space

FEWEST = 20
"""Of fewer sounds nothing is learned but those sounds."""

_FEWEST_HELD = 4
# What a component carries of a step beyond this share of the variance is the codec's noise.
_VARIANCE_KEPT = 0.995
_MOST_COMPONENTS = 48
# No dream goes further than all but one in a thousand steps of sounds.
_BOUNDS = (0.0005, 0.9995)


@dataclass(frozen=True, slots=True)
class PriorRecipe:
    """How to train a prior.

    Attributes:
        updates: Of the weights, at most; small libraries take fewer.
        epochs: How often each sound is seen, at most.
        batch: Sounds in an update.
        rate: Of Adam, at its highest.
        blind: Share of sounds of which the place is not told, so that none need be.
        noise: Added to the steps so far, in deviations: a dream that went astray finds back.
        forgotten: Share of components of the steps so far that are not seen.
        patience: Judgements without gain before it ends.
        judged_each: Updates between judgements.
        width: Recurrent units.
        seed: Of all chance.
    """

    updates: int = 1200
    epochs: int = 40
    batch: int = 24
    rate: float = 3e-3
    blind: float = 0.3
    noise: float = 0.1
    forgotten: float = 0.05
    patience: int = 5
    judged_each: int = 40
    width: int = 192
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class _Sounds:
    """Sounds as the network takes them.

    Attributes:
        components: Of each, (s, c).
        places: z of each, (n, k).
        steps: True lengths, (n,), of which MOST_STEPS at most are in `components`.
    """

    components: list[Tensor]
    places: Tensor
    steps: Tensor

    def batch(self, rows: Sequence[int]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return padded components (n, s, c), clocks, places and which steps are there (n, s)."""
        some = [self.components[row] for row in rows]
        padded = torch.nn.utils.rnn.pad_sequence(some, batch_first=True)
        at = torch.arange(padded.shape[1])
        there = at < torch.tensor([len(each) for each in some])[:, None]
        steps = self.steps[list(rows), None].expand(-1, padded.shape[1])
        return padded, clock(at.expand_as(steps).float(), steps), self.places[list(rows)], there


def check_enough(sounds: int) -> None:
    """Refuse a number of sounds that nothing can be dreamt from.

    Raises:
        ModelError: They are fewer than FEWEST.
    """
    if sounds < FEWEST:
        raise ModelError(
            f"{sounds} analysed sounds are too few to dream from",
            f"choose at least {FEWEST}, or analyse more with crate scan",
        )


def _principal(steps: NDArray[np.float32]) -> tuple[Tensor, Tensor, Tensor]:
    """Return mean, axes (c, d) and deviations of steps without their level, (n, d)."""
    centre = steps.mean(axis=0)
    variance, axes = np.linalg.eigh(np.cov((steps - centre).T.astype(np.float64)))
    variance, axes = variance[::-1].clip(0), axes[:, ::-1]
    share = np.cumsum(variance) / max(variance.sum(), 1e-12)
    kept = min(int(np.searchsorted(share, _VARIANCE_KEPT)) + 1, _MOST_COMPONENTS, len(variance))
    scale = np.sqrt(variance[:kept]).clip(1e-6)
    arrays = (centre, axes[:, :kept].T, scale)
    mean, basis, scales = (torch.from_numpy(np.ascontiguousarray(a, np.float32)) for a in arrays)
    return mean, basis, scales


def _net(
    sounds: Sequence[Latents], places: Tensor, codec: BaseCodec, recipe: PriorRecipe
) -> PriorNet:
    steps = np.concatenate([each.values[:MOST_STEPS, codec.level_dims :] for each in sounds])
    centre, axes, scale = _principal(steps)
    config = PriorConfig(
        codec.dims, codec.level_dims, len(axes), places.shape[1], width=recipe.width
    )
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        net = PriorNet(config)
    net.centre, net.axes, net.scale = centre, axes, scale
    seen = net.components_of(torch.from_numpy(np.pad(steps, ((0, 0), (codec.level_dims, 0)))))
    net.bounds = torch.from_numpy(np.quantile(seen.numpy(), _BOUNDS, axis=0).astype(np.float32))
    net.place_centre = places.mean(dim=0)
    net.place_scale = places.std(dim=0).clamp_min(1e-3)
    return net


def _loss(
    net: PriorNet, batch: tuple[Tensor, Tensor, Tensor, Tensor], told: Tensor, seen: Tensor
) -> Tensor:
    """Return nats for each component of a step, minus the log density in the mean.

    Args:
        net: The network.
        batch: Of `_Sounds`.
        told: Whose place is told (1), and whose is not (0), (n, 1).
        seen: What is seen of the steps so far, as the components of the batch.
    """
    components, clocks, places, there = batch
    before = torch.cat([torch.zeros_like(seen[:, :1]), seen[:, :-1]], dim=1)
    states = net.states(before, clocks, net.placed(places, told))
    return -log_likelihood(net.head(states[there], components[there]), components[there]).mean()


def held_out_loss_of(
    prior: DreamPrior, sounds: Sequence[Latents], codec: BaseCodec, space: Space
) -> float:
    """Return the loss of sounds that a prior did not learn from, their places told."""
    places = torch.from_numpy(space.encode(sounds, codec))
    return held_out_loss(prior.net, _as_seen(prior.net, sounds, places), 1.0)


def _as_seen(net: PriorNet, sounds: Sequence[Latents], places: Tensor) -> _Sounds:
    """Return sounds as a network takes them."""
    cut = [torch.from_numpy(each.values[:MOST_STEPS]) for each in sounds]
    lengths = torch.tensor([float(each.steps) for each in sounds])
    return _Sounds([net.components_of(each) for each in cut], places, lengths)


@torch.no_grad()
def held_out_loss(net: PriorNet, sounds: _Sounds, told: float) -> float:
    """Return the loss of sounds whose place is told (1), or is not (0)."""
    total, count = 0.0, 0
    for start in range(0, len(sounds.components), 64):
        rows = range(start, min(start + 64, len(sounds.components)))
        batch = sounds.batch(rows)
        steps = int(batch[3].sum())
        total += float(_loss(net, batch, torch.full((len(rows), 1), told), batch[0])) * steps
        count += steps
    return total / count


def _batches(sounds: _Sounds, size: int, rng: np.random.Generator) -> Iterator[list[int]]:
    """Yield batches for ever, of sounds about as long as each other, that padding costs little."""
    lengths = np.array([len(each) for each in sounds.components])
    while True:
        order = rng.permutation(len(lengths))
        pools = [order[start : start + 16 * size] for start in range(0, len(order), 16 * size)]
        batches = [
            pool[np.argsort(lengths[pool], kind="stable")][start : start + size].tolist()
            for pool in pools
            for start in range(0, len(pool), size)
        ]
        for i in rng.permutation(len(batches)):
            yield batches[i]


def train_prior(
    sounds: Sequence[Latents],
    codec: BaseCodec,
    space: Space,
    recipe: PriorRecipe | None = None,
    begun: DreamPrior | None = None,
    keep: Callable[[DreamPrior], object] | None = None,
    numbers: Sequence[int] | None = None,
    among: int | None = None,
) -> Generator[Progress, None, DreamPrior]:
    """Learn a prior; a job.

    Args:
        sounds: Base latents of the user's sounds, from their onset on.
        codec: What made them.
        space: Whose z may be told; of the same codec.
        recipe: How to train; the default one where None.
        begun: A prior of the same sounds that was stopped, to go on from.
        keep: Is given the best so far where training is stopped.
        numbers: Of the sounds, as the library has them; from 0 where None.
        among: Of how many sounds they were chosen; all where None.

    Raises:
        ModelError: The sounds are too few, or the codec's latents are codes.
    """
    torch.set_flush_denormal(True)  # numbers that fade out would cost a hundred times more
    recipe = recipe or PriorRecipe()
    check_enough(len(sounds))
    if codec.discrete:
        raise ModelError(
            f"the codec {codec.name!r} cannot dream: its latents are codes", "crate use house"
        )
    places = torch.from_numpy(space.encode(sounds, codec))
    if begun is not None and begun.net.config.place_dims == places.shape[1]:
        net = _thawed(begun.net)
    else:
        net = _net(sounds, places, codec, recipe)
    known = _as_seen(net, sounds, places)
    levels = np.stack([each.values[:, : codec.level_dims].mean(axis=0) for each in sounds])
    untrained = DreamPrior(
        net,
        codec.digest,
        space.digest,
        places,
        known.steps.clamp(max=MOST_STEPS).long(),
        torch.tensor(list(range(len(sounds)) if numbers is None else numbers)),
        len(sounds) if among is None else among,
        torch.from_numpy(np.median(levels, axis=0).astype(np.float32)),
        math.inf,
        finished=False,
    )
    best = untrained
    try:
        for found, step in _fit(net, known, recipe):
            best = replace(untrained, net=found[0], loss=found[1])
            yield step
        best = replace(best, finished=True)
    finally:
        if not best.finished and best.loss < math.inf and keep is not None:
            keep(best)
    return best


def _fit(
    net: PriorNet, known: _Sounds, recipe: PriorRecipe
) -> Iterator[tuple[tuple[PriorNet, float], Progress]]:
    """Train a network; yield the best so far and its loss, and the progress."""
    rng = np.random.default_rng(recipe.seed)
    generator = torch.Generator().manual_seed(recipe.seed)
    order = rng.permutation(len(known.components)).tolist()
    held_count = max(_FEWEST_HELD, min(len(order) // 10, 200))
    held, kept = _some(known, order[:held_count]), _some(known, order[held_count:])
    each_epoch = -(-len(kept.components) // recipe.batch)
    updates = min(recipe.updates, recipe.epochs * each_epoch)
    optimiser = torch.optim.AdamW(net.parameters(), recipe.rate, weight_decay=0.02)
    best, waited = (_frozen(net), _judged(net, held)), 0
    batches = _batches(kept, recipe.batch, rng)
    for update in range(updates):
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate * _share_of_rate(update / updates)
        with on_threads(1):
            batch = kept.batch(next(batches))
            told = (torch.rand(len(batch[0]), 1, generator=generator) >= recipe.blind).float()
            seen = batch[0] + recipe.noise * torch.randn(batch[0].shape, generator=generator)
            seen = seen * (torch.rand(seen.shape, generator=generator) >= recipe.forgotten)
            loss = _loss(net, batch, told, seen)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            if (update + 1) % recipe.judged_each == 0 or update + 1 == updates:
                judged = _judged(net, held)
                waited = 0 if judged < best[1] else waited + 1
                if judged < best[1]:
                    best = (_frozen(net), judged)
        if waited > recipe.patience:
            break
        note = f"loss {float(loss.detach()):.2f}, on sounds held out {best[1]:.2f}"
        yield best, Progress("learn", update + 1, updates, note)
    yield best, Progress("learn", updates, updates, f"on sounds held out {best[1]:.2f}")


def _share_of_rate(share: float) -> float:
    return min(1.0, share / 0.03 + 0.01) * 0.5 * (1 + math.cos(math.pi * share)) + 0.005


def _judged(net: PriorNet, held: _Sounds) -> float:
    return (held_out_loss(net, held, 1.0) + held_out_loss(net, held, 0.0)) / 2


def _some(sounds: _Sounds, rows: Sequence[int]) -> _Sounds:
    some = list(rows)
    return _Sounds([sounds.components[i] for i in some], sounds.places[some], sounds.steps[some])


def _copy(net: PriorNet) -> PriorNet:
    copied = PriorNet(net.config)
    copied.load_state_dict({k: v.clone() for k, v in net.state_dict().items()})
    return copied


def _frozen(net: PriorNet) -> PriorNet:
    return _copy(net).eval().requires_grad_(False)


def _thawed(net: PriorNet) -> PriorNet:
    return _copy(net).train()
