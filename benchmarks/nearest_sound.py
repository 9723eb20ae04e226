"""How near a space comes to foreign sounds: `crate resynth --like`.

    python -m benchmarks.nearest_sound [--sounds FOLDER] [--targets N] [--own N]

A space is learned on some sounds of all labels; targets are of families that it has none of. Each
row is a way to say a target: the codec alone, the space's reconstruction, that pulled to the user's
own, and the nearest. Distance: log-mel, dB, and of what the ear makes of both. nearer: share of the
targets that are nearer than by the reconstruction. unusual: mean squared distance from the middle
of the user's sounds over the dimensions, 1 for their own. seconds: for one of sound.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import torch

from benchmarks.manifest import read_manifest, sounds_folder
from benchmarks.space_sounds import Sounds
from library.clip import Clip
from library.descriptors import describe
from library.progress import drive
from vae.channels import through
from vae.house_codec import house_codec
from vae.left_out import distance_db
from vae.level import as_loud_as
from vae.nearest import nearest
from vae.onset import from_onset
from vae.space import Space
from vae.space_file import from_bytes, house_space
from vae.space_training import train_space
from vae.vector import vector_of

Way = Callable[[Clip], Clip]


def ways(space: Space) -> Mapping[str, Way]:
    """Return the ways to say a target, by name."""
    codec = house_codec()
    return {
        "codec": lambda clip: through(codec, clip),
        "reconstruction": lambda clip: through(
            codec, clip, lambda latents: space.reconstructed(latents, codec)
        ),
        "as mine": lambda clip: through(codec, clip, lambda said: space.as_mine(said, codec)),
        "nearest": lambda clip: nearest(clip, space, codec),
    }


def ear_apart(one: Clip, other: Clip, space: Space) -> float:
    """Return the distance of two clips to search."""
    codec = house_codec()
    a, b = (vector_of(each, describe(each).pitch, space, codec) for each in (one, other))
    return float(np.linalg.norm(a - b))


def unusual(clip: Clip, space: Space) -> float:
    """Return the squared distance of a clip from the middle of the user's sounds, 1 for theirs."""
    assert space.usual is not None
    z = space.encode([house_codec().encode(from_onset(clip))], house_codec())[0]
    away = z - space.usual.mean
    return float(away @ np.linalg.solve(space.usual.covariance, away)) / space.dims


def main() -> None:
    """Read the command line, learn a space, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sounds", type=Path)
    parser.add_argument("--targets", type=int, default=40)
    parser.add_argument("--own", type=int, default=200)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    rows, codec = read_manifest(sounds_folder(options.sounds)), house_codec()
    order = [rows[i] for i in np.random.default_rng(0).permutation(len(rows))]
    sounds = Sounds(codec)
    learned = order[: 3 * options.own // 2]
    families = {(row.source, row.label, row.family) for row in learned}
    foreign = [row for row in order if (row.source, row.label, row.family) not in families]
    own = sounds.usable(learned, options.own)
    targets = [each.clip for each in sounds.usable(foreign, options.targets)]
    latents, described = [each.latents for each in own], [each.described for each in own]
    space = from_bytes(drive(train_space(latents, described, codec, base=house_space()))[0])
    seconds = sum(clip.duration for clip in targets)
    first: list[float] = []
    print(f"{len(targets)} targets, {len(own)} sounds of the space")
    print(f"{'':16s} log-mel  worst    ear  nearer  unusual  seconds")
    for name, way in ways(space).items():
        start = time.perf_counter()
        made = [way(clip) for clip in targets]
        took = (time.perf_counter() - start) / seconds
        made = [as_loud_as(*pair) for pair in zip(made, targets, strict=True)]
        pairs = list(zip(targets, made, strict=True))
        apart = [distance_db(*pair) for pair in pairs]
        first = apart if name == "reconstruction" else first
        nearer = float(np.mean(np.array(apart) < first)) if first else float("nan")
        print(
            f"{name:16s} {np.mean(apart):7.2f} {max(apart):6.2f} "
            f"{np.mean([ear_apart(*pair, space) for pair in pairs]):6.3f}  {nearer:6.2f} "
            f"{np.mean([unusual(clip, space) for clip in made]):8.2f} {took:8.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
