"""Are new sounds made of found ones what they should be?

    python -m benchmarks.sounds --sounds FOLDER [--pairs 200] [--only ends,zero,between,vary,speed]

Pairs are drawn over all labels, sources mixed, and where a pair is of one source, of two families.

- `ends`: the first and the last step of a morph, written as a WAV and read back, against the
  originals (matched in rate and channels): signal-to-noise ratio.
- `zero`: a variation that nothing moves, written and read back, against its original.
- `between`: how paths of seven steps go, ours beside others (`benchmarks.sound_paths`), judged by
  what none of them knows (`benchmarks.sound_measures`); all pairs, and those of which both have a
  note. Needs librosa: pip install -e '.[dev,bench]' -c constraints.txt
- `vary`: variations, round robins and velocity layers of 40 sounds (`benchmarks.sound_variations`).
- `speed`: milliseconds that one position takes for each second of sound, on one thread and two.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
import torch

from benchmarks.manifest import Labelled, read_manifest, sounds_folder
from benchmarks.sound_measures import Path as Way
from benchmarks.sound_measures import path_of, snr_db
from benchmarks.sound_paths import ways
from benchmarks.sound_variations import vary_part
from library.clip import Clip
from library.decode import decode
from library.wav import write_wav
from vae.house_codec import house_codec
from vae.matching import matched
from vae.morph import Morph
from vae.onset import from_onset
from vae.space_file import house_space
from vae.vary import vary

PARTS = ("ends", "zero", "between", "vary", "speed")
SHORTEST_S, LONGEST_S = 0.05, 3.0
QUIETEST = 10 ** (-60 / 20)

Pair = tuple[Clip, Clip]


def drawn_pairs(rows: Sequence[Labelled], count: int) -> Iterator[Pair]:
    """Yield pairs of usable sounds, each label as often as any other."""
    rng = np.random.default_rng(0)
    labels = sorted({row.label for row in rows})
    while count:
        one, other = (_drawn(rows, labels, rng) for _ in range(2))
        if (one.source, one.family) == (other.source, other.family):
            continue
        clips = [decode(row.path, LONGEST_S).clip for row in (one, other)]
        if all(_usable(clip) for clip in clips):
            yield clips[0], clips[1]
            count -= 1


def _drawn(rows: Sequence[Labelled], labels: Sequence[str], rng: np.random.Generator) -> Labelled:
    label = labels[rng.integers(len(labels))]
    of_label = [row for row in rows if row.label == label]
    return of_label[rng.integers(len(of_label))]


def _usable(clip: Clip) -> bool:
    return clip.length >= SHORTEST_S * clip.sample_rate and np.abs(clip.frames).max() > QUIETEST


def through_disk(clip: Clip, folder: Path) -> Clip:
    """Return a clip written as takes that are originals are, and read back."""
    path = folder / "take.wav"
    write_wav(clip, path, exact=True)
    back = decode(path).clip
    path.unlink()
    return back


def ends_part(pairs: Sequence[Pair], folder: Path) -> Iterator[str]:
    """Yield lines on the ends of morphs."""
    found = []
    for pair in pairs:
        mixer = Morph(pair)
        for original, weights in zip(matched(pair), ((1.0, 0.0), (0.0, 1.0)), strict=True):
            found.append(snr_db(original, through_disk(mixer.mix(weights), folder)))
    rates = len({clip.sample_rate for pair in pairs for clip in pair})
    yield (
        f"ends: SNR at least {min(found):.0f} dB, median {np.median(found):.0f} dB; "
        f"{len(found)} ends, {rates} sample rates"
    )


def zero_part(pairs: Sequence[Pair], folder: Path) -> Iterator[str]:
    """Yield lines on variations that nothing moves."""
    codec, space = house_codec(), house_space()
    found = []
    for clip, _ in pairs:
        still = np.zeros(space.dims, np.float32)
        made = vary(clip, codec.encode(from_onset(clip)), space, codec, still)
        found.append(snr_db(clip, through_disk(made, folder)))
    yield f"no move: SNR at least {min(found):.0f} dB, median {np.median(found):.0f} dB"


def between_part(pairs: Sequence[Pair]) -> Iterator[str]:
    """Yield a table of paths."""
    found: dict[str, list[tuple[float, ...]]] = {}
    for number, pair in enumerate(pairs, start=1):
        for name, way in ways(house_space(), house_codec()).items():
            found.setdefault(name, []).append(astuple(path_of(way(*pair))))
        if number % 10 == 0:
            print(f"{number} of {len(pairs)} pairs", file=sys.stderr, flush=True)
    names = [field.name for field in fields(Way)]
    pitched = ~np.isnan([row[names.index("in_tune")] for row in found["cross-fade"]])
    for title, chosen in (("all", np.ones(len(pairs), bool)), ("pitched", pitched)):
        if not chosen.any():
            continue
        yield f"\n{title}: {chosen.sum()} pairs"
        yield f"{'':14s} " + " ".join(f"{name:>15s}" for name in names) + "       smear p90"
        for name, rows in found.items():
            table = np.array(rows)[chosen]
            known = np.where(np.isnan(table), 0.0, table).sum(axis=0)
            means = known / np.maximum((~np.isnan(table)).sum(axis=0), 1)
            smear = np.percentile(table[:, names.index("smear_ms")], 90)
            yield f"{name:14s} " + " ".join(f"{value:15.3f}" for value in means) + f"{smear:16.1f}"


def speed_part(pairs: Sequence[Pair]) -> Iterator[str]:
    """Yield lines on how long one position takes."""
    for threads in (1, 2):
        torch.set_num_threads(threads)
        found: dict[str, list[float]] = {"first": [], "next": []}
        for pair in pairs:
            start = time.perf_counter()
            mixer = Morph(pair)
            mixer.mix((0.6, 0.4))
            first = time.perf_counter()
            made = mixer.mix((0.5, 0.5))
            seconds = made.length / made.sample_rate
            found["first"].append((first - start) / seconds)
            found["next"].append((time.perf_counter() - first) / seconds)
        cells = ", ".join(
            f"{name} position {np.median(each):.0f} ms (p90 {np.percentile(each, 90):.0f})"
            for name, each in ((name, 1000 * np.array(each)) for name, each in found.items())
        )
        yield f"{threads} threads: {cells} for a second of sound"


def main() -> None:
    """Read the command line, run the parts, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sounds", type=Path, help="folder of labelled sounds")
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--only", default=",".join(PARTS), help=", ".join(PARTS))
    options = parser.parse_args()
    parts = options.only.split(",")
    if unknown := set(parts) - set(PARTS):
        parser.error(f"{unknown.pop()!r} is none of {', '.join(PARTS)}")
    torch.set_flush_denormal(True)
    torch.set_num_threads(1)
    rows = read_manifest(sounds_folder(options.sounds))
    pairs = list(drawn_pairs(rows, options.pairs)) if parts != ["vary"] else []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = {
            "ends": lambda: ends_part(pairs, folder),
            "zero": lambda: zero_part(pairs, folder),
            "between": lambda: between_part(pairs),
            "vary": lambda: vary_part(rows),
            "speed": lambda: speed_part(pairs[:20]),
        }
        for part in PARTS:
            if part in parts:
                for line in made[part]():
                    print(line, flush=True)


if __name__ == "__main__":
    main()
