"""Round robins and velocity layers beside real ones.

Of part `vary` of `benchmarks.sounds`.

- robins: distances of takes to each other and to their hit, beside real takes of the same strength,
  of the hits that the law was measured on and of a kit that it was not; and beside another sound of
  the same label.
- velocities: share of hits of which every layer is louder, and brighter, than the softer one; then
  real layers: brightness, attack and decay in octaves from the harder one, real and ours; and how
  far the real softer one is from a gain, and from ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, pairwise

import numpy as np

from benchmarks.hit_takes import HitPair, hit_pairs
from benchmarks.manifest import Labelled
from benchmarks.retrieval_rivals import mfcc_statistics
from index.hits import layers
from library.clip import Clip
from library.descriptors import describe
from vae.left_out import distance_db
from vae.level import as_loud_as, gained
from vae.onset import from_onset
from vae.played_softer import played, velocity_db
from vae.round_robin import RoundRobin

HIT_LABELS = frozenset({"kick", "snare", "clap", "hat", "cymbal", "tom", "perc"})
RATE = 44_100
_FLOORS = {"brightness": 20.0, "attack": 1.0, "decay": 0.005}

Layer = Callable[[Clip, float], Clip]


def apart(one: Clip, other: Clip) -> float:
    """Return the log-mel distance of two clips, the shorter one followed by silence, dB."""
    a, b = one.at_rate(RATE), other.at_rate(RATE)
    length = max(a.length, b.length)
    return distance_db(a.padded_to(length), b.padded_to(length))


def mfcc_apart(one: Clip, other: Clip) -> float:
    """Return the distance of two clips in MFCC statistics."""
    return float(np.linalg.norm(mfcc_statistics(one).ravel() - mfcc_statistics(other).ravel()))


def robins_of(clip: Clip, count: int) -> list[Clip]:
    """Return round robins of a hit."""
    hit = RoundRobin(clip, 0)
    return [hit.take(number) for number in range(1, count + 1)]


def hit_lines(rows: Sequence[Labelled], found: Sequence[tuple[Labelled, Clip]]) -> Iterator[str]:
    """Yield the tables.

    Args:
        rows: Of which real takes and layers are taken.
        found: Sounds, of which hits are taken.
    """
    takes, strengths = hit_pairs(rows)
    yield "robins: log-mel (MFCC) of real takes, of ours to the hit, of ours to each other"
    for title, learned in (("learned", True), ("other kits", False)):
        table = np.array([_robins_beside(pair) for pair in takes if pair.learned == learned])
        cells = "   ".join(f"{mel:5.2f} ({mfcc:5.2f})" for mel, mfcc in table.mean(axis=0))
        yield f"  {title:10s} {cells}   of {len(table)} pairs"
    others = [
        apart(clip, as_loud_as(other, clip))
        for (row, clip), (of, other) in combinations(found, 2)
        if row.label == of.label
    ]
    yield f"  another sound of the label {np.mean(others):.2f}, of {len(others)} pairs"
    hits = [clip for row, clip in found if row.label in HIT_LABELS]
    for name, layer in {"ours": played, "gain": gained, "at random": _at_random}.items():
        louder, brighter = np.mean([_monotone(clip, layer) for clip in hits], axis=0)
        yield f"velocities {name}: louder {louder:.2f}, brighter {brighter:.2f} of {len(hits)}"
    yield "layers, octaves from the harder one, real and ours: brightness, attack, decay; log-mel"
    for kit in sorted({pair.kit for pair in strengths}):
        table = np.array([_layers_beside(pair) for pair in strengths if pair.kit == kit])
        cells = "   ".join(f"{real:+.2f} {own:+.2f}" for real, own in table.mean(axis=0))
        yield f"  {kit:22s} {cells}   of {len(table)}"


def _robins_beside(pair: HitPair) -> list[tuple[float, float]]:
    """Return distances of real takes, of ours to the hit, and of ours to each other."""
    one, other = from_onset(pair.harder), from_onset(pair.softer)
    length = min(one.duration, other.duration)
    one, other = (each.padded_to(round(length * each.sample_rate)) for each in (one, other))
    made = robins_of(one, 4)

    def mean(pairs: Sequence[tuple[Clip, Clip]]) -> tuple[float, float]:
        return (
            float(np.mean([apart(*each) for each in pairs])),
            float(np.mean([mfcc_apart(*each) for each in pairs])),
        )

    return [
        mean([(one, other)]),
        mean([(one, each) for each in made]),
        mean([*combinations(made, 2)]),
    ]


def _at_random(clip: Clip, level_db: float) -> Clip:
    rng = np.random.default_rng([clip.length, round(abs(level_db) * 1000)])
    return gained(clip, float(rng.uniform(-14, 0)))


def _monotone(clip: Clip, layer: Layer) -> tuple[bool, bool]:
    """Return whether every layer is louder, and brighter, than the one before."""
    told = [describe(layer(clip, velocity_db(velocity))) for velocity in layers(5, 127)]
    louder = all(a.loudness < b.loudness for a, b in pairwise(told))
    # A thousandth, as what is the same may differ by a rounding.
    brighter = all((a.brightness or 0) * 1.001 < (b.brightness or 0) for a, b in pairwise(told))
    return louder, brighter


def _layers_beside(pair: HitPair) -> list[tuple[float, float]]:
    """Return brightness, attack and decay, real and ours; and how far a gain and ours are off."""
    own = played(pair.harder, -pair.drop_db)
    told = [describe(each) for each in (pair.harder, pair.softer, own)]
    found = []
    for name, floor in _FLOORS.items():
        hard, real, ours = (np.log2((getattr(each, name) or 0.0) + floor) for each in told)
        found.append((float(real - hard), float(ours - hard)))
    real_layer = from_onset(pair.softer)
    made = (gained(pair.harder, -pair.drop_db), own)
    off = [apart(real_layer, from_onset(each).padded_to(real_layer.length)) for each in made]
    return [*found, (off[0], off[1])]
