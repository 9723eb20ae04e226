"""Train the house codec: one command, seeded, resumable.

    python -m vae.house_training --sounds FOLDER --out FOLDER --minutes 40

Fits the PCA skeleton first, then the residual. The checkpoint, a log (JSON lines) and the shipped
form of the weights are written to the output folder; run again with the same folder to go on.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from vae.house_codec import SAMPLE_RATE, save_codec, unscaled_level
from vae.house_data import Audio, Crops, real_sounds, synthesised_sounds
from vae.house_model import FRAMES_PER_STEP, HouseConfig, HouseNet, to_patches
from vae.mel_error import mel_error_db, smoothed_mel_db
from vae.spectrum import BINS, WINDOW, mel_filters


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train.

    Attributes:
        seed: Of every random choice.
        synthesised: Sounds rendered by the synthesiser.
        skeleton_batches: Batches of crops that the PCA is fitted on.
        steps: Of the residual's training; the learning rate follows a cosine over them.
        batch: Crops in a step.
        crop_steps: Latent steps of a crop.
        rate: Peak learning rate of AdamW.
        kl: Weight of the Kullback-Leibler term, per latent step.
        mel: Weight of the smoothed log-mel term.
    """

    seed: int = 1
    synthesised: int = 2500
    skeleton_batches: int = 250
    steps: int = 6000
    batch: int = 24
    crop_steps: int = 24
    rate: float = 1.0e-3
    kl: float = 3.0e-4
    mel: float = 1.0


def bin_weights() -> Tensor:
    """Return weights of the bins, mean 1, as the ear spaces them (mel density), shape (BINS,)."""
    hz = torch.arange(BINS) * SAMPLE_RATE / WINDOW
    weight = 1 / (hz + 700.0)
    return weight / weight.mean()


def fit_skeleton(net: HouseNet, crops: Crops, recipe: Recipe) -> float:
    """Fit the PCA of weighted patches into the network.

    Returns:
        The share of weighted variance that the kept directions carry.
    """
    root = bin_weights().sqrt().repeat_interleave(FRAMES_PER_STEP)
    total = torch.zeros(len(root))
    square = torch.zeros(len(root), len(root))
    count = 0
    for _ in range(recipe.skeleton_batches):
        patches = to_patches(crops.batch(recipe.batch)).permute(0, 2, 1).reshape(-1, len(root))
        patches = patches[patches.mean(dim=1) > 0.05]  # silence teaches nothing
        total += patches.sum(dim=0)
        square += patches.T @ patches
        count += len(patches)
    mean = total / count
    covariance = (square / count - mean[:, None] * mean) * root[:, None] * root
    values, vectors = torch.linalg.eigh(covariance)
    dims = net.config.dims
    kept = vectors[:, -dims:].flip(1)
    # A direction's sign is arbitrary: more sound is positive, so that refits agree.
    kept = kept * torch.sign(kept.sum(dim=0))
    deviation = values[-dims:].flip(0).sqrt()
    net.set_skeleton(
        mean,
        (kept * root[:, None] / deviation).T.contiguous(),
        (kept * deviation / root[:, None]).contiguous(),
    )
    return float(values[-dims:].sum() / values.sum())


class Objective:
    """The training loss of a batch of scaled log spectra (b, BINS, 8 s)."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.filters = mel_filters(64, SAMPLE_RATE)
        self.weights = bin_weights()[:, None]
        self.one = torch.ones(1, 1, 1)

    def _mel(self, level: Tensor) -> Tensor:
        magnitude = unscaled_level(level, self.one)
        return smoothed_mel_db(magnitude, self.filters).clamp_min(-80.0) / 20.0

    def __call__(self, net: HouseNet, level: Tensor) -> tuple[Tensor, dict[str, float]]:
        """Return the loss and its parts."""
        mean, log_variance = net.encode(level)
        z = mean + torch.randn_like(mean) * torch.exp(0.5 * log_variance)
        decoded = net.decode(z)
        # Louder bins count more: what is near the floor is hardly heard.
        weight = self.weights * (0.25 + level)
        bins = ((decoded - level).abs() * weight).mean()
        mel = (self._mel(decoded) - self._mel(level)).abs().mean()
        kl = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(dim=1).mean()
        loss = 0.3 * bins + self.recipe.mel * mel + self.recipe.kl * kl
        return loss, {"bins": bins.item(), "mel": mel.item(), "kl": kl.item()}


@torch.inference_mode()
def validate(net: HouseNet, batch: Tensor, filters: Tensor) -> float:
    """Return the median smoothed log-mel error of a batch in dB."""
    one = torch.ones(1, 1, 1)
    decoded = net.decode(net.encode(batch)[0])
    errors = mel_error_db(unscaled_level(batch, one), unscaled_level(decoded, one), filters)
    return float(errors.median())


def train(
    sounds: list[Audio], held_out: list[Audio], recipe: Recipe, out: Path, minutes: float
) -> None:
    """Train until the recipe's steps are done or the minutes are over; see the module."""
    torch.manual_seed(recipe.seed)
    net = HouseNet(HouseConfig())
    crops = Crops(sounds, recipe.crop_steps, recipe.seed)
    check = Crops(held_out, recipe.crop_steps, 0).batch(128)
    optimiser = torch.optim.AdamW(
        net.parameters(), recipe.rate, betas=(0.9, 0.99), weight_decay=0.01
    )
    objective = Objective(recipe)
    checkpoint, log = out / "checkpoint.safetensors", out / "log.jsonl"
    step = 0
    if checkpoint.exists():
        state = load_file(checkpoint)
        step = int(state.pop("step"))
        net.load_state_dict(state)
        crops.rng = np.random.default_rng([recipe.seed, step])
        torch.manual_seed(recipe.seed + step)
    else:
        share = fit_skeleton(net, crops, recipe)
        record = {"skeleton": share, "error_db": validate(net, check, objective.filters)}
        log.write_text(json.dumps(record) + "\n")
    ends = time.monotonic() + 60 * minutes
    while step < recipe.steps and time.monotonic() < ends:
        progress = step / recipe.steps
        for group in optimiser.param_groups:
            warm = min(1.0, (step + 1) / 100)
            group["lr"] = (
                recipe.rate * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress)))
            )
        loss, parts = objective(net.train(), crops.batch(recipe.batch))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 0.5)
        optimiser.step()
        step += 1
        if step % 100 == 0 or step == recipe.steps:
            error = validate(net.eval(), check, objective.filters)
            record = {"step": step, "loss": loss.item(), **parts, "error_db": error}
            with log.open("a") as lines:
                lines.write(json.dumps(record) + "\n")
            saved = {k: v.contiguous() for k, v in net.state_dict().items()}
            partial = checkpoint.with_suffix(".part")
            save_file({**saved, "step": torch.tensor(step)}, partial)
            partial.replace(checkpoint)
    save_codec(net, out / "house-codec.safetensors", {"steps": str(step), "licence": "Apache-2.0"})


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sounds", type=Path, required=True, help="folder of real sounds")
    parser.add_argument("--out", type=Path, required=True, help="checkpoint, log and weights")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument("--threads", type=int, default=max(1, (os.cpu_count() or 2) - 1))
    options = parser.parse_args()
    torch.set_flush_denormal(True)
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    recipe = Recipe(steps=options.steps)
    real = list(real_sounds(options.sounds))
    made = list(synthesised_sounds(recipe.synthesised, recipe.seed))
    # Every twentieth sound is held out, to watch the training by; the benchmark judges on others.
    held_out = real[::20] + made[::20]
    sounds = [s for i, s in enumerate(real) if i % 20] + [s for i, s in enumerate(made) if i % 20]
    train(sounds, held_out, recipe, options.out, options.minutes)


if __name__ == "__main__":
    main()
