"""Does a straight line between two sounds, in latents, pass through sounds?

    python -m benchmarks.codec_lines --sounds FOLDER [--pairs 200] [--weights F] [--json F]

Random pairs of sounds that the codec was never trained on, from their onset on, two seconds each.
Evenness: how alike the steps along a line are, and how much longer the path is than the distance of
its ends. Outside: the middle's log-mel image is compared with those of real sounds of other
families; it is outside where even the nearest is further away than for 95 of 100 real sounds that
were held back. Real sounds go through the codec too, so that its blur is not what is measured.
Controls stand beside the line; the exit status is 1 where a measure cannot tell them apart.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.codec_measures import filters, named_codec, sources_of, unseen
from benchmarks.codec_paths import DRAWN, JUMP, LINE, NOISY, POINTS, SHUFFLED, paths, prepared
from benchmarks.codec_table import Verdict
from benchmarks.manifest import Labelled
from vae.codec import BaseCodec
from vae.mel_error import RANGE_DB, smoothed_mel_db

MIDDLE = (3, 4, 5)
BANDS, CELLS, IMAGE_RANGE_DB = 40, 16, 60.0
OUTSIDE_PERCENT = 95.0
# What the line's middle may be, and by how much controls must be worse.
INSIDE_SHARE, APART = 0.1, 3.0

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one way between sounds: medians over pairs, shares over middles.

    Attributes:
        variation: Standard deviation of the steps over their mean; 0 where all are alike.
        largest: The largest step over the mean step; 1 where all are alike.
        detour: Length of the path over the distance of its ends; 1 where it is straight.
        outside: Share of middles that are further from real sounds than these from one another.
        distance: Of a middle from the nearest real sound, over that of real sounds held back.
    """

    variation: float
    largest: float
    detour: float
    outside: float
    distance: float


def evenness(spectra: Sequence[Array], sample_rate: int) -> tuple[float, float, float]:
    """Return variation, largest step and detour of a path, as `Found` has them.

    Steps are root mean square differences of smoothed log-mel spectra, all over one floor 70 dB
    under the louder end: a metric, so that no path is shorter than the straight one.

    Args:
        spectra: Magnitudes of the points in order, each (BINS, n).
        sample_rate: Hz.

    Returns:
        NaN for all where both ends sound the same.
    """
    levels = smoothed_mel_db(torch.from_numpy(np.stack(spectra)), filters(64, sample_rate))
    levels = torch.maximum(levels, levels[[0, -1]].amax() - RANGE_DB)
    steps = (levels[1:] - levels[:-1]).square().mean(dim=(1, 2)).sqrt().double().numpy()
    distance = float((levels[-1] - levels[0]).square().mean().sqrt())
    if distance < 1e-3:
        return np.nan, np.nan, np.nan
    mean = float(steps.mean())
    return float(steps.std()) / mean, float(steps.max()) / mean, float(steps.sum()) / distance


def image(magnitude: Array, sample_rate: int) -> Array:
    """Return what a sound looks like: levels by mel band and logarithmic time, 60 dB deep.

    Args:
        magnitude: (BINS, n), n at least twice CELLS.
        sample_rate: Hz.

    Returns:
        dB under the loudest cell, float32, shape (BANDS * CELLS,).
    """
    power = (filters(BANDS, sample_rate) @ torch.from_numpy(magnitude).square()).numpy()
    columns = power.shape[1]
    first = max(2, columns // 128)
    edges = np.unique(np.geomspace(first, columns, CELLS).round().astype(int))
    starts = np.array([0, *edges[:-1]])
    levels = 10 * np.log10(np.add.reduceat(power, starts, axis=1) / (edges - starts) + 1e-12)
    kept: Array = np.maximum(levels - levels.max(), -IMAGE_RANGE_DB).astype(np.float32)
    return kept.ravel()


def nearest_db(images: Array, reference: Array) -> NDArray[np.float64]:
    """Return how far images are from the nearest of others: root mean square, dB, shape (n,)."""
    a, b = images.astype(np.float64), reference.astype(np.float64)
    squares = np.square(a).sum(axis=1)[:, None] + np.square(b).sum(axis=1) - 2 * a @ b.T
    nearest: NDArray[np.float64] = np.sqrt(squares.min(axis=1).clip(0) / a.shape[1])
    return nearest


def halves(
    sounds: Sequence[Labelled], rng: np.random.Generator
) -> tuple[list[Labelled], list[Labelled]]:
    """Divide sounds so that no family is in both parts: takes of one sound are too near."""
    families = sorted({(s.source, s.family) for s in sounds})
    kept = {families[i] for i in rng.permutation(len(families))[: len(families) // 2]}
    first = [s for s in sounds if (s.source, s.family) in kept]
    return first, [s for s in sounds if (s.source, s.family) not in kept]


def measured(codec: BaseCodec, sounds: Sequence[Labelled], pairs: int) -> dict[str, Found]:
    """Measure all ways between pairs of the sounds that are held back from the reference."""
    rng = np.random.default_rng(0)
    known, held_back = (prepared(codec, half) for half in halves(sounds, rng))

    def images(spectra: Sequence[Array]) -> Array:
        return np.stack([image(magnitude, codec.sample_rate) for magnitude in spectra])

    reference = images([codec.decode_magnitudes(each) for each in known])
    real = nearest_db(images([codec.decode_magnitudes(each) for each in held_back]), reference)
    limit = float(np.percentile(real, OUTSIDE_PERCENT))
    chosen = [rng.choice(len(held_back), 2, replace=False) for _ in range(pairs)]
    found = {}
    for name, path in paths(codec, rng).items():
        even, middles = [], []
        for a, b in chosen:
            points = path(held_back[a], held_back[b])
            even.append(evenness(points, codec.sample_rate))
            middles.append(images([points[i] for i in MIDDLE]))
        distance = nearest_db(np.concatenate(middles), reference)
        variation, largest, detour = np.nanmedian(even, axis=0).tolist()
        outside = float((distance > limit).mean())
        relative = float(np.median(distance) / np.median(real))
        found[name] = Found(variation, largest, detour, outside, relative)
    return found


def verdicts(found: dict[str, Found]) -> list[Verdict]:
    """Return whether the line passes through sounds, and whether the measures could tell."""
    line = found[LINE]
    said = [
        Verdict(
            f"middles outside on at most {INSIDE_SHARE:.0%}",
            f"{line.outside:.1%}",
            line.outside <= INSIDE_SHARE,
        )
    ]
    for name in (SHUFFLED, NOISY, DRAWN):
        other = found[name]
        worse = other.outside >= APART * max(line.outside, 1 - OUTSIDE_PERCENT / 100)
        text = f"{other.outside:.1%} outside"
        said.append(Verdict(f"{name}: at least {APART:.0f} times as often outside", text, worse))
    detour = f"detour {found[NOISY].detour:.2f} against {line.detour:.2f}"
    winding = found[NOISY].detour >= APART * line.detour
    said.append(Verdict(f"{NOISY}: a longer way", detour, winding))
    uneven = f"variation {found[JUMP].variation:.2f} against {line.variation:.2f}"
    jumps = found[JUMP].variation >= APART * line.variation
    said.append(Verdict(f"{JUMP}: less even", uneven, jumps))
    return said


def main() -> None:
    """Read the command line, print the table and what it says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sounds", type=Path)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--weights", type=Path, help="a tuned codec; the house codec if not given")
    parser.add_argument("--json", type=Path, metavar="F", help="write the figures here too")
    options = parser.parse_args()
    codec, sounds = named_codec(options.weights), unseen(options.sounds)
    found = measured(codec, sounds, options.pairs)
    print(f"{codec.name} {codec.digest}; {options.pairs} pairs, {POINTS} points")
    print(f"{len(sounds)} sounds, none of them trained on; sources: {sources_of(sounds)}")
    print(f"{'':26s} variation  largest   detour  outside  distance")
    for name, row in found.items():
        print(
            f"{name:26s} {row.variation:9.2f} {row.largest:8.2f} {row.detour:8.2f} "
            f"{row.outside:8.1%} {row.distance:9.2f}"
        )
    said = verdicts(found)
    print("\n".join(map(str, said)))
    if options.json is not None:
        facts = {
            "codec": codec.digest,
            "sources": sources_of(sounds).split(", "),
            "ways": {name: asdict(row) for name, row in found.items()},
            "verdicts": {v.asked: {"found": v.found, "passed": v.passed} for v in said},
        }
        options.json.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    sys.exit(not all(v.passed for v in said))


if __name__ == "__main__":
    main()
