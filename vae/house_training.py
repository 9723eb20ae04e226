"""Train the house codec: one command, seeded, resumable, on a processor or a graphics card.

    python -m vae.house_training --sounds FOLDER [--sounds FOLDER] --out FOLDER --minutes 60

Fits the PCA skeleton first, then the residual. The checkpoint, a log (JSON lines) and the shipped
form of the weights are written to the output folder; run again with the same folder to go on.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from collections import Counter
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from scipy.sparse.linalg import eigsh

from vae.house_codec import save_codec
from vae.house_data import Crops, Sound, ahead, real_sounds, synthesised
from vae.house_loss import Objective, bin_weights, validate
from vae.house_model import HouseConfig, HouseNet, to_patches
from vae.house_order import ordered


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train.

    Attributes:
        seed: Of every random choice.
        synthesised: Sounds of the synthesiser at a time; one is replaced for each batch.
        skeleton_batches: Batches of crops that the PCA is fitted on.
        steps: Of the residual's training; the learning rate follows a cosine over them.
        batch: Crops in a step.
        crop_steps: Latent steps of a crop.
        rate: Peak learning rate of AdamW.
        kl: Weight of the Kullback-Leibler term, per latent step.
        grain: Weight of the grain's error.
    """

    seed: int = 1
    synthesised: int = 2500
    skeleton_batches: int = 250
    steps: int = 9_000
    batch: int = 24
    crop_steps: int = 24
    rate: float = 1.0e-3
    kl: float = 1.0e-4
    grain: float = 0.05


def fit_skeleton(net: HouseNet, crops: Crops, recipe: Recipe) -> float:
    """Fit the PCA of weighted patches into the network.

    Returns:
        The share of weighted variance that the kept directions carry.
    """
    shape = net.mean.shape
    root = bin_weights().sqrt().repeat(shape[0])
    total = torch.zeros(len(root))
    square = torch.zeros(len(root), len(root))
    count = 0
    for _ in range(recipe.skeleton_batches):
        patches = to_patches(crops.batch(recipe.batch)).flatten(0, 1).T
        patches = patches[patches.mean(dim=1) > 0.05]  # silence teaches nothing
        total += patches.sum(dim=0)
        square += patches.T @ patches
        count += len(patches)
    mean = total / count
    covariance = (square / count - mean[:, None] * mean) * root[:, None] * root
    dims = net.config.dims
    start = np.ones(len(root))  # where the iteration starts is else chance
    found = eigsh(covariance.double().numpy(), dims, v0=start)
    values, vectors = (torch.from_numpy(part).float() for part in found)
    kept = vectors.flip(1)
    # A direction's sign is arbitrary: more sound is positive, so that refits agree.
    kept = kept * torch.sign(kept.sum(dim=0))
    deviation = values.flip(0).sqrt()
    net.set_skeleton(
        mean.reshape(shape),
        (kept * root[:, None] / deviation).reshape(*shape, dims).transpose(1, 2),
        (kept * deviation / root[:, None]).reshape(*shape, dims),
    )
    return float(values.sum() / covariance.trace())


def learning_rate(recipe: Recipe, step: int) -> float:
    """Return the rate of a step: a short rise, then half a cosine down to a fiftieth."""
    rise = min(1.0, (step + 1) / 200)
    fall = 0.5 * (1 + math.cos(math.pi * step / recipe.steps))
    return recipe.rate * rise * (0.02 + 0.98 * fall)


def train(
    sounds: list[Sound],
    held_out: list[Sound],
    recipe: Recipe,
    out: Path,
    minutes: float,
    device: str,
) -> None:
    """Train until the recipe's steps are done or the minutes are over; see the module."""
    torch.manual_seed(recipe.seed)
    net = HouseNet(HouseConfig())
    crops = Crops(sounds, recipe.crop_steps, recipe.seed, endless=True)
    check = Crops(held_out, recipe.crop_steps, 0).batch(192).to(device)
    objective = Objective(recipe.kl, recipe.grain, device)
    checkpoint, log = out / "checkpoint.safetensors", out / "log.jsonl"
    optimiser_file = out / "optimiser.pt"
    step = 0
    if checkpoint.exists():
        state = load_file(checkpoint)
        step = int(state.pop("step"))
        net.load_state_dict(state)
        crops.rng = np.random.default_rng([recipe.seed, step])
        torch.manual_seed(recipe.seed + step)
        with log.open("a") as lines:
            lines.write(json.dumps({"resumed_at": step, "recipe": asdict(recipe)}) + "\n")
    else:
        share = fit_skeleton(net, crops, recipe)
        found = validate(net.to(device), check, objective)
        start = {"recipe": asdict(recipe), "config": net.config.to_dict()}
        start["sounds"] = dict(Counter(s.source for s in sounds))
        log.write_text(json.dumps({**start, "skeleton": share, **found}) + "\n")
    net.to(device)
    optimiser = torch.optim.AdamW(
        net.parameters(), recipe.rate, betas=(0.9, 0.99), weight_decay=0.01
    )
    if step and optimiser_file.exists():
        optimiser.load_state_dict(torch.load(optimiser_file, weights_only=True))
    ends = time.monotonic() + 60 * minutes
    batches = ahead(crops, recipe.batch)
    for batch in batches:
        if step >= recipe.steps or time.monotonic() > ends:
            break
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(recipe, step)
        loss, parts = objective(net.train(), batch.to(device))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 0.5)
        optimiser.step()
        step += 1
        if step % 200 == 0 or step == recipe.steps:
            record = {"step": step, **parts, **validate(net.eval(), check, objective)}
            with log.open("a") as lines:
                lines.write(json.dumps(record) + "\n")
            saved = {k: v.cpu().contiguous() for k, v in net.state_dict().items()}
            partial = checkpoint.with_suffix(".part")
            save_file({**saved, "step": torch.tensor(step)}, partial)
            torch.save(optimiser.state_dict(), optimiser_file)
            partial.replace(checkpoint)
    batches.close()
    best, losses = ordered(net.cpu().eval(), check.cpu())
    with log.open("a") as lines:
        lines.write(
            json.dumps({"dims_db": losses, **validate(best, check.cpu(), objective)}) + "\n"
        )
    note = {"steps": str(step), "licence": "Apache-2.0"}
    save_codec(best, out / "house-codec.safetensors", note)


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sounds", type=Path, action="append", required=True, help="folder of real sounds"
    )
    parser.add_argument("--without", action="append", default=[], help="a source to leave out")
    parser.add_argument("--out", type=Path, required=True, help="checkpoint, log and weights")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument("--kl", type=float, default=Recipe().kl)
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    parser.add_argument("--threads", type=int, default=max(1, (os.cpu_count() or 2) - 1))
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    options = parser.parse_args()
    torch.set_flush_denormal(True)
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    recipe = Recipe(steps=options.steps, kl=options.kl, seed=options.seed)
    without = frozenset(options.without)
    real = [sound for folder in options.sounds for sound in real_sounds(folder, without)]
    rng = np.random.default_rng(recipe.seed)
    made = list(islice(synthesised(rng), recipe.synthesised))
    # Every twentieth sound is held out, to watch the training by; the benchmark judges on others.
    held_out = real[::20] + made[::20]
    sounds = [s for i, s in enumerate(real) if i % 20] + [s for i, s in enumerate(made) if i % 20]
    train(sounds, held_out, recipe, options.out, options.minutes, options.device)


if __name__ == "__main__":
    main()
