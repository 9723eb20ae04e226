"""Train the ear: one command, seeded, some minutes on a processor.

    python -m vae.ear_training --sounds FOLDER [--sounds FOLDER] [--without SOURCE] --out FILE

Learned are several networks, one after the other; the scales of what is measured; and a head that
tells categories. Training is short on purpose: longer, the networks learn the makers' microphones.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from library.category import CATEGORY_NAMES
from vae.ear import (
    IMAGE_AXES,
    LEARNED,
    MFCC_AXES,
    Ear,
    Measures,
    unit,
)
from vae.ear_data import HeardViews, real_views, reduced_images, synthesised_views
from vae.ear_file import to_bytes
from vae.ear_loss import supervised_contrast, varied
from vae.ear_model import EarConfig, EarNet
from vae.ear_windows import WINDOW_DIMS
from vae.house_data import SYNTHESISER
from vae.sound_shape import MFCC_STATISTICS, SPECTRAL


@dataclass(frozen=True, slots=True)
class EarRecipe:
    """How to train.

    Attributes:
        seed: Of every random choice.
        nets: How many networks.
        steps: Gradient steps of each.
        pairs: Sounds in a step, each in two views.
        rate: Peak learning rate of AdamW.
        decay: Its weight decay.
        synthesised: Sounds of the synthesiser.
        synthesised_share: Of the sounds in a step, where there are others.
        across: How much more a pair of different makers counts.
        category: Weight of the category's cross-entropy.
        detail: Weight of the contrast of finer kinds.
        identity: Weight of the contrast of each sound with all others.
        head: Regularisation of the category head.
        head_temperature: What its logits are divided by, so that they say how often it is right.
    """

    seed: int = 0
    nets: int = 4
    steps: int = 200
    pairs: int = 96
    rate: float = 2e-3
    decay: float = 0.05
    synthesised: int = 6000
    synthesised_share: float = 0.3
    across: float = 4.0
    category: float = 0.5
    detail: float = 0.2
    identity: float = 0.2
    head: float = 1e-3
    head_temperature: float = 1.2


def _numbers(names: Sequence[str]) -> Tensor:
    order = sorted(set(names))
    return torch.tensor([order.index(name) for name in names])


def categories_of(sounds: Sequence[HeardViews]) -> NDArray[np.int64]:
    """Return the position of each sound's category among `CATEGORY_NAMES`, -1 for none."""
    names = {name: i for i, name in enumerate(CATEGORY_NAMES)}
    return np.array([names.get(s.category, -1) for s in sounds])


def draw_weights(sounds: Sequence[HeardViews], synthesised: float) -> NDArray[np.float64]:
    """Return how likely each sound is drawn: categories alike, big sources below proportion."""
    category = categories_of(sounds)
    count = Counter((c, s.source) for c, s in zip(category, sounds, strict=True))
    weight = np.array(
        [count[c, s.source] ** -0.5 for c, s in zip(category, sounds, strict=True)], np.float64
    )
    made = np.array([s.source == SYNTHESISER for s in sounds])
    for each in set(category.tolist()):
        total = 1.0 if each >= 0 else 0.3
        for chosen, share in (
            ((category == each) & made, synthesised),
            ((category == each) & ~made, 1 - synthesised),
        ):
            if chosen.any():
                weight[chosen] *= total * share / weight[chosen].sum()
    return weight / weight.sum()


def train_net(sounds: Sequence[HeardViews], recipe: EarRecipe, seed: int) -> EarNet:
    """Train one network."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    weight = draw_weights(sounds, recipe.synthesised_share)
    category = torch.from_numpy(categories_of(sounds))
    source, detail = _numbers([s.source for s in sounds]), _numbers([s.detail for s in sounds])
    net = EarNet(EarConfig()).train()
    optimiser = torch.optim.AdamW(net.parameters(), recipe.rate, weight_decay=recipe.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, recipe.rate, total_steps=recipe.steps, pct_start=0.1
    )
    itself = torch.arange(recipe.pairs).repeat(2)
    for _ in range(recipe.steps):
        chosen = rng.choice(len(sounds), recipe.pairs, replace=False, p=weight)
        batch = torch.cat([_views(sounds, chosen, rng) for _ in range(2)])
        rows = torch.from_numpy(np.tile(chosen, 2))
        with torch.autocast("cpu", torch.bfloat16):
            points = net(batch)
        points = points.float()
        kind, maker = category[rows], source[rows]
        told = kind >= 0
        loss = supervised_contrast(points, kind, maker, recipe.across)
        loss = loss + recipe.category * nn.functional.cross_entropy(
            net.category(points[told]) * 8.0, kind[told], label_smoothing=0.1
        )
        finer = nn.functional.normalize(net.identity(points), dim=1)
        loss = loss + recipe.detail * supervised_contrast(finer, detail[rows], maker)
        loss = loss + recipe.identity * supervised_contrast(finer, itself, maker)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return net.eval().requires_grad_(False)


def _views(
    sounds: Sequence[HeardViews], chosen: NDArray[np.int64], rng: np.random.Generator
) -> Tensor:
    drawn = [sounds[i].images[int(rng.integers(len(sounds[i].images)))] for i in chosen]
    return varied(torch.from_numpy(np.stack(drawn).astype(np.float32)), rng)


def fit_measures(sounds: Sequence[HeardViews]) -> Measures:
    """Fit the scales of what is measured."""
    shape = np.stack([s.shape for s in sounds])
    centre, deviation = shape.mean(axis=0), shape.std(axis=0) + 1e-6
    scaled = ((shape - centre) / deviation).clip(-4, 4)
    images = reduced_images(sounds)
    middle = images.mean(axis=0)
    return Measures(
        centre=centre,
        deviation=deviation,
        mfcc_axes=_axes(scaled[:, SPECTRAL : SPECTRAL + MFCC_STATISTICS], MFCC_AXES),
        image_centre=middle,
        image_axes=_axes(images - middle, IMAGE_AXES),
        # Half of the way to white: terms that vary little hold the detail that tells takes apart.
        window_scale=np.sqrt(np.stack([s.window for s in sounds])[:, :WINDOW_DIMS].std(axis=0)),
    )


def _axes(rows: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Return the first principal axes of centred rows, float32, shape (d, count)."""
    _, _, basis = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)
    kept = basis[:count]
    signs = np.sign(kept.sum(axis=1, keepdims=True))
    out: NDArray[np.float32] = (kept * signs).T.astype(np.float32)
    return out


def fit_head(
    wholes: NDArray[np.float32],
    category: NDArray[np.int64],
    weight: NDArray[np.float64],
    recipe: EarRecipe,
) -> NDArray[np.float32]:
    """Fit multinomial logistic regression from points to categories, float32, (f + 1, 14)."""
    told = category >= 0
    x = torch.from_numpy(np.concatenate([wholes[told], np.ones((told.sum(), 1))], axis=1)).double()
    y = torch.from_numpy(category[told])
    w = torch.from_numpy(weight[told] / weight[told].sum())
    head = torch.zeros(x.shape[1], len(CATEGORY_NAMES), dtype=torch.double, requires_grad=True)
    optimiser = torch.optim.LBFGS([head], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimiser.zero_grad()
        loss = (nn.functional.cross_entropy(x @ head, y, reduction="none") * w).sum()
        loss = loss + recipe.head * head[:-1].square().sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    out: NDArray[np.float32] = (head.detach() / recipe.head_temperature).float().numpy()
    return out


def train_ear(sounds: Sequence[HeardViews], recipe: EarRecipe) -> Ear:
    """Train an ear on views of sounds."""
    nets = []
    for i in range(recipe.nets):
        nets.append(train_net(sounds, recipe, recipe.seed + i))
        print(f"network {i + 1} of {recipe.nets}", file=sys.stderr, flush=True)  # noqa: T201
    firsts = torch.from_numpy(np.stack([s.images[0] for s in sounds]).astype(np.float32))
    weight = draw_weights(sounds, recipe.synthesised_share)
    parts = [_embedded(net, firsts) for net in nets]
    centres = np.stack([weight @ part for part in parts]).astype(np.float32)
    together = np.concatenate([unit(p - c) for p, c in zip(parts, centres, strict=True)], axis=1)
    measured = [s for i, s in enumerate(sounds) if s.source != SYNTHESISER or i % 6 == 0]
    ear = Ear(
        digest="",
        measures=fit_measures([s for s in measured if s.category != "foley"]),
        nets=tuple(nets),
        net_centres=centres,
        net_axes=_axes(together, LEARNED),
        head=np.zeros((1, len(CATEGORY_NAMES)), np.float32),
    )
    wholes = np.stack([whole_of(ear, s) for s in sounds])
    return replace(ear, head=fit_head(wholes, categories_of(sounds), weight, recipe))


@torch.inference_mode()
def _embedded(net: EarNet, images: Tensor) -> NDArray[np.float32]:
    parts = [net(images[start : start + 256]).numpy() for start in range(0, len(images), 256)]
    return np.concatenate(parts)


def whole_of(ear: Ear, sound: HeardViews) -> NDArray[np.float32]:
    """Return the point of an unchanged sound, float32, (f,)."""
    image = sound.images[0].astype(np.float32)
    return ear.point(image, sound.shape, sound.pitch, sound.rhythm)


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sounds", type=Path, action="append", required=True, help="folder with a manifest.csv"
    )
    parser.add_argument("--without", action="append", default=[], help="a source to leave out")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=EarRecipe().seed)
    parser.add_argument("--threads", type=int, default=max(1, (os.cpu_count() or 2) - 1))
    options = parser.parse_args()
    torch.set_flush_denormal(True)
    torch.set_num_threads(options.threads)
    recipe = EarRecipe(seed=options.seed)
    without = frozenset(options.without)
    sounds = [s for folder in options.sounds for s in real_views(folder, without, recipe.seed)]
    sounds += synthesised_views(recipe.synthesised, recipe.seed)
    ear = train_ear(sounds, recipe)
    counts = dict(Counter(s.source for s in sounds))
    note = {"licence": "Apache-2.0", "recipe": asdict(recipe), "sounds": counts}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(to_bytes(ear, note))


if __name__ == "__main__":
    main()
