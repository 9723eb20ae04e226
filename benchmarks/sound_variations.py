"""Variations: how far they go, what they hold, and whether no two are twins.

Of part `vary` of `benchmarks.sounds`. Distances are in log-mel images (`vae.mel_error`, dB) and in
MFCC statistics, which no space knows. Every table has rows of makers that know nothing (`RIVALS`):
they must not pass.

- spread: mean distance of variations to their sound against `--amount`; rises: share of sounds of
  which each step of the amount but one at most goes further.
- held: drift of an attribute in standard deviations of the house space (pitch: semitones; length:
  octaves) with `--hold` of it, and without.
- twins: among eight variations, the nearest pair over the median pair, and over the median distance
  to the sound; the least and the median of all sounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from benchmarks.hit_variations import apart, hit_lines, mfcc_apart, robins_of
from benchmarks.manifest import Labelled
from library.clip import Clip
from library.decode import decode
from library.descriptors import describe
from vae.attributes import ATTRIBUTES
from vae.holding import varied_holding
from vae.house_codec import house_codec
from vae.level import as_loud_as, gained
from vae.onset import from_onset
from vae.space_file import house_space
from vae.vary import free_shift, vary

AMOUNTS = (0.25, 0.5, 1.0, 1.5, 2.0)
HELD = ("brightness", "noisiness", "attack", "decay", "low_end", "pitch")
TAKES = 8
SHORTEST_S, LONGEST_S = 0.05, 3.0
HELD_AMOUNT = 1.5

Maker = Callable[[Clip, float, int, Sequence[str]], list[Clip]]
"""Makes as many variations of a sound, by an amount, holding attributes."""

Array = NDArray[np.float64]


def ours(clip: Clip, amount: float, count: int, hold: Sequence[str]) -> list[Clip]:
    """Return what `crate vary` makes in the house space."""
    space, codec = house_space(), house_codec()
    latents = codec.encode(from_onset(clip))
    rng = np.random.default_rng(0)
    made = []
    for _ in range(count):
        shift = free_shift(space, amount, rng)
        if hold:
            made.append(varied_holding(clip, latents, space, codec, shift, hold)[0])
        else:
            made.append(vary(clip, latents, space, codec, shift))
    return made


def constant(clip: Clip, amount: float, count: int, hold: Sequence[str]) -> list[Clip]:
    """Return the same sound always."""
    del amount, hold
    return [gained(clip, -1.0)] * count


def at_random(clip: Clip, amount: float, count: int, hold: Sequence[str]) -> list[Clip]:
    """Return sounds with a random filter that knows of no amount and holds nothing."""
    del amount, hold
    made = []
    for number in range(count):
        rng = np.random.default_rng([number, clip.length])
        filtered = [np.convolve(channel, rng.normal(0, 0.3, 64), "same") for channel in clip.frames]
        other = Clip(np.stack(filtered).astype(np.float32), clip.sample_rate)
        made.append(as_loud_as(other, clip))
    return made


RIVALS: Mapping[str, Maker] = {"constant": constant, "at random": at_random}


def usable_clips(rows: Sequence[Labelled], count: int) -> list[tuple[Labelled, Clip]]:
    """Return sounds of every label in turn, neither too short nor silent."""
    rng = np.random.default_rng(0)
    by_label: dict[str, list[Labelled]] = {}
    for i in rng.permutation(len(rows)):
        by_label.setdefault(rows[i].label, []).append(rows[i])
    found: list[tuple[Labelled, Clip]] = []
    while len(found) < count and any(by_label.values()):
        for label in sorted(by_label):
            if not by_label[label] or len(found) == count:
                continue
            row = by_label[label].pop()
            clip = decode(row.path, LONGEST_S).clip
            if clip.length >= SHORTEST_S * clip.sample_rate and np.abs(clip.frames).max() > 1e-3:
                found.append((row, clip))
    return found


def spread(clips: Sequence[Clip], make: Maker) -> tuple[Array, Array]:
    """Return distances to the sounds, (sounds, amounts), in log-mel and in MFCC."""
    mel = np.zeros((len(clips), len(AMOUNTS)))
    mfcc = np.zeros_like(mel)
    for place, clip in enumerate(clips):
        for column, amount in enumerate(AMOUNTS):
            made = make(clip, amount, 1, ())
            mel[place, column] = np.mean([apart(clip, each) for each in made])
            mfcc[place, column] = np.mean([mfcc_apart(clip, each) for each in made])
    return mel, mfcc


def rises(distances: Array) -> float:
    """Return the share of sounds whose distance rises with the amount, but for one step at most."""
    steps = np.diff(distances, axis=1) > 1e-6
    return float((steps.sum(axis=1) >= distances.shape[1] - 2).mean())


def drift(clip: Clip, made: Sequence[Clip], name: str) -> float:
    """Return by how much an attribute of variations is off their sound's, NaN where it has none."""
    own = getattr(describe(clip), name)
    found = [getattr(describe(each), name) for each in made]
    known = [each for each in found if each is not None]
    if own is None or not known:
        return float("nan")
    scale, space = ATTRIBUTES[name], house_space()
    unit = 1.0 if name in ("pitch", "decay") else float(space.deviation[space.position(name)])
    return float(np.mean([abs(scale.to_scale(v) - scale.to_scale(own)) for v in known])) / unit


def twins(clip: Clip, made: Sequence[Clip]) -> tuple[float, float]:
    """Return the nearest pair over the median pair, and over the median distance to the sound."""
    pairs = [apart(*pair) for pair in combinations(made, 2)]
    from_sound = float(np.median([apart(clip, each) for each in made]))
    return min(pairs) / max(float(np.median(pairs)), 1e-9), min(pairs) / max(from_sound, 1e-9)


def vary_part(rows: Sequence[Labelled], count: int = 40) -> Iterator[str]:
    """Yield the tables."""
    found = usable_clips(rows, count)
    clips = [clip for _, clip in found]
    makers = {"ours": ours, **RIVALS}
    yield f"spread of {len(clips)} sounds at amounts {', '.join(f'{a:g}' for a in AMOUNTS)}"
    for name, make in makers.items():
        for measure, table in zip(("log-mel", "MFCC"), spread(clips, make), strict=True):
            means = " ".join(f"{each:7.2f}" for each in table.mean(axis=0))
            yield f"  {name:10s} {measure:8s} {means}   rises {rises(table):.2f}"
    yield f"held at {HELD_AMOUNT:g}: drift with --hold and without, of each maker"
    held = clips[::2]
    free = {
        name: [make(clip, HELD_AMOUNT, 1, ()) for clip in held] for name, make in makers.items()
    }
    for name in HELD:
        cells = []
        for maker, make in makers.items():
            still = [make(clip, HELD_AMOUNT, 1, (name,)) for clip in held]
            for made in (still, free[maker]):
                drifts = [drift(*pair, name) for pair in zip(held, made, strict=True)]
                cells.append(f"{np.nanmean(drifts):7.3f}")
        yield f"  {name:10s} {' '.join(cells)}"
    yield f"twins among {TAKES}: nearest pair over median pair, over the distance to the sound"
    for name, make in makers.items():
        shares = np.array([twins(clip, make(clip, 1.0, TAKES, ())) for clip in clips])
        yield _least_and_median(name, shares)
    shares = np.array([twins(clip, robins_of(clip, TAKES)) for clip in clips])
    yield _least_and_median("robins", shares)
    yield from hit_lines(rows, found)


def _least_and_median(name: str, shares: Array) -> str:
    cells = [f"{each.min():5.2f} {np.median(each):5.2f}" for each in shares.T]
    return f"  {name:10s} {'   '.join(cells)}"
