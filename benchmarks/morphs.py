"""Are the ends of a morph the originals, and do its steps sound even?

    python -m benchmarks.morphs --library FILE [--pairs 40]

Morphs random pairs of a library's samples in seven steps, reads the WAV files back, and prints the
signal-to-noise ratio of both ends against the originals (resampled and channel-matched), and the
largest step over the mean step, measured between the vectors of the house space. A plain cross-fade
of the same pairs in equal proportions stands beside it.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.workspace import Workspace
from library.clip import Clip
from library.decode import decode
from library.progress import drive
from vae.house_codec import house_codec
from vae.matching import matched
from vae.space_file import house_space
from vae.vector import vector_of

STEPS = 7


def snr_db(original: Clip, other: Clip) -> float:
    """Return the signal-to-noise ratio; -inf where lengths, rates or channels differ."""
    if original.frames.shape != other.frames.shape or original.sample_rate != other.sample_rate:
        return -np.inf
    signal = np.square(original.frames.astype(np.float64)).sum()
    noise = np.square((original.frames - other.frames).astype(np.float64)).sum()
    return float(10 * np.log10(signal / max(noise, 1e-20)))


def unevenness(clips: list[Clip]) -> float:
    """Return the largest step over the mean step in the house space."""
    codec = house_codec()
    places = [vector_of(clip, None, house_space(), codec) for clip in clips]
    steps = np.linalg.norm(np.diff(places, axis=0), axis=1)
    return float(steps.max() / max(steps.mean(), 1e-12))


def cross_fade(first: Clip, last: Clip) -> list[Clip]:
    """Return equal steps of a cross-fade."""
    length = max(first.length, last.length)
    a, b = first.padded_to(length), last.padded_to(length)
    return [
        Clip(((1 - t) * a.frames + t * b.frames).astype(np.float32), a.sample_rate)
        for t in np.linspace(0, 1, STEPS)
    ]


def line(name: str, values: NDArray[np.float64]) -> None:
    """Print median, 90th percentile, extremes."""
    low, middle, high, top = np.percentile(values, [0, 50, 90, 100])
    print(f"{name:<34} min {low:8.2f}  median {middle:8.2f}  p90 {high:8.2f}  max {top:8.2f}")


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=40)
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    ends, even, plain = [], [], []
    with Workspace.open(options.library) as workspace, tempfile.TemporaryDirectory() as folder:
        ids = workspace.ids("is:analysed loudness>-60 len<6")
        for pair in range(options.pairs):
            a, b = (int(i) for i in rng.choice(ids, 2, replace=False))
            out = Path(folder) / str(pair)
            takes = drive(workspace.morph([str(a), str(b)], STEPS, out))
            clips = [decode(take.path).clip for take in takes]
            first, last = matched([workspace.clip(a), workspace.clip(b)])
            ends += [snr_db(first, clips[0]), snr_db(last, clips[-1])]
            even.append(unevenness(clips))
            plain.append(unevenness(cross_fade(first, last)))
    print(f"{options.pairs} pairs, {STEPS} steps")
    line("ends against originals, SNR dB", np.array(ends))
    line("largest step / mean step, morph", np.array(even))
    line("the same, plain cross-fade", np.array(plain))


if __name__ == "__main__":
    main()
