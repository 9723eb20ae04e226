"""What transfer and mosaic make of sounds: how near to the user's own, and what is kept.

    python -m benchmarks.transfer [--sounds FOLDER] [--inputs N] [--seed N]

A space is learned on 60 sounds of one label, and sounds of another label go through it. near: mean
distance to the three nearest of the 60 by standardised MFCC statistics, beside that of the 60 among
themselves. envelope: correlation of the levels in dB, in windows of 10 ms, over what lies within
50 dB of the loudest. pitch: share of the inputs with a clear pitch that come out within half a
semitone of it, by pYIN. attack: ms that the attack is longer than the input's. click: the greatest
step from one frame to the next, over the input's; both over the peak.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.dream_measures import Mfcc, distances
from benchmarks.manifest import read_manifest, sounds_folder
from benchmarks.sound_measures import note_of
from benchmarks.space_sounds import Sounds
from index.workspace import Workspace
from library.clip import Clip
from library.decode import read
from library.descriptors import describe
from library.progress import drive
from library.wav import write_wav
from vae.channels import through
from vae.house_codec import house_codec
from vae.space import Space
from vae.space_file import from_bytes, house_space
from vae.space_training import train_space
from vae.transfer import transferred
from vae.vary import more_like_mine

PAIRS = (("voice", "perc"), ("snare", "voice"), ("instrument", "voice"), ("perc", "instrument"))
"""Whose space, and what goes through it."""

LEARNED, NEAREST = 60, 3
SAME_ST = 0.5
Way = Callable[[Clip], Clip]
Array = NDArray[np.float64]


def levels(clip: Clip) -> Array:
    """Return the level of each 10 ms in dB."""
    width = round(0.01 * clip.sample_rate)
    mono = clip.mono().astype(np.float64)
    count = len(mono) // width
    power = np.square(mono[: count * width].reshape(count, width)).mean(axis=1)
    return np.asarray(10 * np.log10(power + 1e-12))


def envelope_kept(before: Clip, after: Clip) -> float:
    """Return the correlation of two levels over time, NaN for too short a sound.

    A level that never changes follows nothing: its correlation is 0.
    """
    old, new = levels(before), levels(after)
    heard = old > old.max(initial=-120.0) - 50
    if heard.sum() < 5:
        return float("nan")
    told, kept = old[heard], np.maximum(new, new.max() - 70)[heard]
    if told.std() == 0 or kept.std() == 0:
        return 0.0
    return float(np.corrcoef(told, kept)[0, 1])


def roughest_step(clip: Clip) -> float:
    """Return the greatest step from one frame to the next, over the peak."""
    mono = clip.mono()
    return float(np.abs(np.diff(mono)).max() / max(float(np.abs(mono).max()), 1e-9))


def figures(inputs: Sequence[Clip], made: Sequence[Clip], near: float) -> str:
    """Return a line of the table."""
    kept = np.nanmean([envelope_kept(*pair) for pair in zip(inputs, made, strict=True)])
    notes = [(note_of(a), note_of(b)) for a, b in zip(inputs, made, strict=True)]
    in_tune = [abs(a - b) <= SAME_ST for a, b in notes if not np.isnan(a)]
    attacks = [
        (describe(b).attack or 0.0) - (describe(a).attack or 0.0)
        for a, b in zip(inputs, made, strict=True)
    ]
    steps = [roughest_step(b) / roughest_step(a) for a, b in zip(inputs, made, strict=True)]
    pitch = f"{np.mean(in_tune):.2f} of {len(in_tune)}" if in_tune else "-"
    return (
        f"{near:6.2f}  {kept:5.3f}  {pitch:10s} {np.mean(attacks):+7.1f} ms {np.median(steps):5.2f}"
    )


def ways(space: Space) -> Mapping[str, Way]:
    """Return what is done to the inputs, by name."""
    codec = house_codec()
    return {
        "input": lambda clip: clip,
        "codec only": lambda clip: through(codec, clip),
        "vary --mine 1": lambda clip: more_like_mine(clip, space, codec, 1.0),
        "transfer": lambda clip: transferred(clip, space, codec),
        "transfer, keep none": lambda clip: transferred(clip, space, codec, kept=()),
        "transfer, keep pitch too": lambda clip: transferred(
            clip, space, codec, kept=("envelope", "pitch")
        ),
        "transfer 1.5": lambda clip: transferred(clip, space, codec, 1.5),
    }


def mosaics(inputs: Sequence[Clip], own: Sequence[Clip]) -> list[Clip]:
    """Return inputs rebuilt from sounds."""
    made = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for place, clip in enumerate(own):
            write_wav(clip, folder / "own" / f"{place}.wav")
        with Workspace.open(folder / "library.sqlite") as workspace:
            drive(workspace.add([folder / "own"]))
            for place, clip in enumerate(inputs):
                given, out = folder / f"in{place}.wav", folder / f"out{place}.wav"
                write_wav(clip, given)
                drive(workspace.mosaic(str(given), out))
                made.append(read(out))
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sounds", type=Path)
    parser.add_argument("--inputs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    rows = read_manifest(sounds_folder(options.sounds))
    rng = np.random.default_rng(options.seed)
    sounds, codec = Sounds(house_codec()), house_codec()

    def some(label: str, most: int) -> list[Clip]:
        found = [row for row in rows if row.label == label]
        order = [found[i] for i in rng.permutation(len(found))]
        return [each.clip for each in sounds.usable(order, most)]

    for label, given in PAIRS:
        own, inputs = some(label, LEARNED), some(given, options.inputs)
        latents, described = codec.encode_batch(own), [asdict(describe(clip)) for clip in own]
        learned, _ = drive(train_space(latents, described, codec, base=house_space()))
        mfcc = Mfcc(own)
        there = mfcc(own)

        def near(made: Sequence[Clip], mfcc: Mfcc = mfcc, there: Array = there) -> float:
            apart = distances(mfcc(made), there)
            return float(np.sort(apart, axis=1)[:, :NEAREST].mean())

        among = np.sort(distances(there, there), axis=1)[:, 1 : NEAREST + 1].mean()
        print(f"\n{given} as {label}: {len(own)} of them, {among:.2f} from each other")
        print(f"{'':26s}  near  envelope  pitch      attack   click")
        table = {
            name: [way(clip) for clip in inputs] for name, way in ways(from_bytes(learned)).items()
        }
        table["mosaic"] = mosaics(inputs, own)
        for name, made in table.items():
            print(f"{name:26s}{figures(inputs, made, near(made))}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
