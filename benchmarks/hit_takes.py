"""Real takes and real layers of one hit, out of the labelled sounds, to judge ours beside."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from benchmarks.manifest import Labelled
from library.clip import Clip
from library.decode import decode
from library.descriptors import describe

LONGEST_S = 3.0
SAME_DB, LAYERS_DB = 1.0, 2.0
"""Hits within the one are takes; a layer is softer by more than the other."""

# The laws of `vae.round_robin` and `vae.played_softer` come from these alone.
_LEARNED = ("karoryfer-swagbass", "dsmolken-double-bass", "sonic-pi", "sampled")
_STRENGTHS = (
    (re.compile(r"notes__(\w+?)_(p|f|fff)_rr\d$"), ("p", "f", "fff")),
    (re.compile(r"pizz__pizz_(\w+?)_([pmf])[a-d]$"), ("p", "m", "f")),
    (re.compile(r"samples__(drum_\w+?)_(soft|hard)$"), ("soft", "hard")),
)
_TAKES = re.compile(r"samples__(tabla_tun|crash)-?\d+$|samples__(snare)-0[23]$")
_ROCK_KIT = re.compile(r"GMRockKit__(\w+)-(Softest|Soft|Med|Hard|Hardest)$")
_AVL_KIT = re.compile(r"avl-drumkits-1\.1__(.+)-([1-5])$")


@dataclass(frozen=True, slots=True, eq=False)
class HitPair:
    """Two hits of one thing.

    Attributes:
        kit: Whose.
        learned: Whether a law is measured on it.
        softer: The softer one.
        harder: The other one.
        drop_db: By how much it is softer, >= 0.
        label: Of both.
    """

    kit: str
    learned: bool
    softer: Clip
    harder: Clip
    drop_db: float
    label: str


def hit_pairs(rows: Sequence[Labelled]) -> tuple[list[HitPair], list[HitPair]]:
    """Return pairs of takes, and pairs of layers.

    Takes are those that say so in their names, and hits of the AVL kit that are as loud. Layers are
    of other strengths by their names and by 2 dB or more.
    """
    takes: list[HitPair] = []
    layers: list[HitPair] = []
    for (kit, _), strengths in _by_hit(rows).items():
        learned = kit in _LEARNED
        clips = {row: decode(row.path, LONGEST_S).clip for row, _ in strengths}
        for (a, one), (b, other) in combinations(strengths, 2):
            levels = [describe(clips[row]).loudness for row in (a, b)]
            soft, hard = (a, b) if levels[0] <= levels[1] else (b, a)
            drop = abs(levels[0] - levels[1])
            pair = HitPair(kit, learned, clips[soft], clips[hard], drop, a.label)
            if one == other or (kit == "AVL" and drop < SAME_DB):
                takes.append(pair)
            elif drop >= LAYERS_DB and (one < other) == (levels[0] < levels[1]):
                layers.append(pair)
    return takes, layers


def _by_hit(rows: Sequence[Labelled]) -> Mapping[tuple[str, str], list[tuple[Labelled, int]]]:
    """Return the hits of each thing with how strong each is, by kit and name."""
    found: dict[tuple[str, str], list[tuple[Labelled, int]]] = defaultdict(list)
    for row in rows:
        stem, folder = row.path.stem, row.path.parent.name
        for pattern, order in _STRENGTHS:
            if match := pattern.search(stem):
                found[folder, match[1]].append((row, order.index(match[2])))
        if match := _TAKES.search(stem):
            found[folder, match[1] or match[2]].append((row, 0))
        if match := _ROCK_KIT.search(stem):
            order = ("Softest", "Soft", "Med", "Hard", "Hardest")
            found["GMRockKit", match[1]].append((row, order.index(match[2])))
        if match := _AVL_KIT.search(stem):
            found["AVL", match[1]].append((row, int(match[2])))
    return found
