"""Train the house space: the one that ships, so that everything works before the user trains one.

    python -m vae.house_space_training --sounds FOLDER

It is learned as any personal space is, on real and synthesised sounds, and is
written beside the house codec's weights.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from library.clip import Clip
from library.descriptors import describe
from library.progress import drive
from vae.house_codec import SAMPLE_RATE, house_codec
from vae.house_data import real_sounds, synthesised
from vae.onset import from_onset
from vae.personal_training import PersonalRecipe
from vae.space_file import from_bytes
from vae.space_training import train_space

SYNTHESISED = 2000
FOLLOWED = ("brightness", "loudness", "noisiness", "attack", "decay", "pitch", "low_end")
RECIPE = PersonalRecipe(seed=3, steps=2500)


def main() -> None:
    """Read the command line, train, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sounds", type=Path, action="append", required=True, help="folder of real sounds"
    )
    parser.add_argument("--without", action="append", default=[], help="a source to leave out")
    options = parser.parse_args()
    torch.set_flush_denormal(True)
    torch.set_num_threads(max(1, (os.cpu_count() or 2) - 1))
    codec = house_codec()
    rng = np.random.default_rng(RECIPE.seed)
    without = frozenset(options.without)
    real = [sound for folder in options.sounds for sound in real_sounds(folder, without)]
    made = islice(synthesised(np.random.default_rng(RECIPE.seed)), SYNTHESISED)
    sounds, described = [], []
    for sound in (*real, *made):
        # Levels of real libraries differ by more than those of one maker's packs.
        gain = 10 ** (rng.uniform(-24, 0) / 20) / 32767
        clip = Clip((sound.frames * gain).astype(np.float32)[None], SAMPLE_RATE)
        sounds.append(codec.encode(from_onset(clip)))
        described.append(asdict(describe(clip)))
    data, _ = drive(train_space(sounds, described, codec, FOLLOWED, RECIPE))
    path = Path(__file__).with_name("weights") / "house-space.safetensors"
    path.write_bytes(data)
    space = from_bytes(data)
    for attribute, rho in zip(space.attributes, space.spearman, strict=True):
        print(f"{attribute.name:12s} {rho:.3f}")  # noqa: T201 - the report of a command


if __name__ == "__main__":
    main()
