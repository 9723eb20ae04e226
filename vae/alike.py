"""What belongs together and what does not, learned from pairs: the points of sounds are moved.

Along what pairs that belong together differ in, differences shrink (relevant component analysis;
Bar-Hillel et al. 2005). Along what pairs that do not still differ in afterwards they grow, the more
the nearer the two are, as pairs that are far apart need little help (as in large-margin metrics;
Weinberger and Saul 2009), but so far that they are farther apart than before. Both are maps of
whole groups of blocks, so sounds like these follow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vae.ear import block_slices

GROUPS: Mapping[str, tuple[str, ...]] = {
    "sound": ("ear", "shape", "mfcc", "spectrum"),
    "envelope": ("envelope",),
    "pitch": ("pitch",),
    "rhythm": ("rhythm",),
}
"""Blocks that are mixed; pitch must stay pitch for who weighs it."""

# Measured by benchmarks/words.py; docs/decisions/0014-alike.md has the figures.
GATHER = 60.0
HALF_AT = 12
PART = 1.0
FARTHER = 1.05
"""How much farther apart, at least, what does not belong together is to be than it was."""

_ROUNDS = 8
_MOST_PUSHED = 20.0
_RANDOM_PAIRS = 4_000

Pairs = Sequence[tuple[int, int]]
Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Alike:
    """What was learned of pairs.

    Attributes:
        maps: For each of `GROUPS` what its points are multiplied with, float32, shape (g, g);
            nothing where no pair was known.
    """

    maps: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)

    def moved(self, points: Points) -> Points:
        """Return points where they belong; where there are no maps, as they are.

        Args:
            points: `Hearing.whole` of sounds times the root of what each block weighs, (n, f).
        """
        return _moved(points, self.maps) if self.maps else points


NOT_SAID = Alike()


def learn_alike(points: Points, together: Pairs, apart: Pairs) -> Alike:
    """Learn from pairs.

    Args:
        points: Of all sounds, those of the pairs among them, as `Alike.moved` takes them, (n, f).
        together: Positions of two sounds that belong together, each.
        apart: The same of two that do not.

    Returns:
        Maps after which all sounds together spread as widely as before. Few pairs move little:
        with as many as `HALF_AT`, half as much as with any number.
    """
    if not together and not apart:
        return NOT_SAID
    places = _places()
    gathered = _gathering(_differences(points, together), places, _independent(together))
    moved = _moved(points, gathered)
    left = _differences(moved, apart)
    squares = np.square(left).sum(axis=1)
    pushed = PART * np.exp(-2 * squares / max(_usual_square(moved), 1e-9))
    before = np.square(_differences(points, apart)).sum(axis=1)
    for _ in range(_ROUNDS):
        parted = _parting(left, pushed, places)
        maps = {name: gathered[name] @ parted[name] for name in places}
        spread = [each.var(axis=0).sum() + 1e-12 for each in (points, _moved(points, maps))]
        maps = {name: np.sqrt(spread[0] / spread[1]) * each for name, each in maps.items()}
        after = np.square(_moved(_differences(points, apart), maps)).sum(axis=1)
        short = FARTHER**2 * before / np.maximum(after, 1e-9)
        if (short <= 1).all():
            break
        pushed = np.minimum(np.where(short > 1, (1 + pushed) * short - 1, pushed), _MOST_PUSHED)
    return Alike({name: each.astype(np.float32) for name, each in maps.items()})


def _moved(points: Points, maps: Mapping[str, NDArray[np.floating[Any]]]) -> Points:
    out = points.copy()
    for name, places in _places().items():
        out[:, places] = points[:, places] @ maps[name]
    return out


def _places() -> dict[str, NDArray[np.intp]]:
    """Return which numbers of a point are in each group."""
    found = block_slices()
    return {name: np.r_[tuple(found[block] for block in blocks)] for name, blocks in GROUPS.items()}


def _differences(points: Points, pairs: Pairs) -> Points:
    chosen = np.array(pairs, np.int64).reshape(-1, 2)
    out: Points = points[chosen[:, 0]] - points[chosen[:, 1]]
    return out


def _independent(pairs: Pairs) -> int:
    """Return how many pairs tell something new: of all pairs of k sounds that is k - 1."""
    sounds = {sound for pair in pairs for sound in pair}
    return min(len(pairs), len(sounds) - 1) if sounds else 0


def _usual_square(points: Points) -> float:
    """Return the median squared distance of two sounds."""
    random = np.random.default_rng(0)
    one = random.integers(len(points), size=_RANDOM_PAIRS)
    other = (one + random.integers(1, len(points), size=_RANDOM_PAIRS)) % len(points)
    return float(np.median(np.square(points[one] - points[other]).sum(axis=1)))


def _gathering(
    differences: Points, places: Mapping[str, NDArray[np.intp]], count: int
) -> dict[str, Points]:
    """Return the maps that shrink what pairs differ in."""
    strength = GATHER * count / (count + HALF_AT)
    whole = max(float(np.square(differences).sum()), 1e-12)
    return {
        name: _power(strength / whole * differences[:, group].T @ differences[:, group], -0.5)
        for name, group in places.items()
    }


def _parting(
    differences: Points, pushed: Points, places: Mapping[str, NDArray[np.intp]]
) -> dict[str, Points]:
    """Return the maps that stretch what each pair differs in by its share."""
    lengths = np.linalg.norm(differences, axis=1, keepdims=True)
    # Of the same audio there is nothing to stretch.
    wanted = differences / np.maximum(lengths, 1e-4) * np.sqrt(pushed)[:, None]
    return {name: _power(wanted[:, g].T @ wanted[:, g], 0.5) for name, g in places.items()}


def _power(scatter: Points, exponent: float) -> Points:
    """Return a power of one plus a symmetric matrix that is not negative."""
    values, axes = np.linalg.eigh(np.eye(len(scatter)) + scatter)
    out: Points = (axes * values**exponent) @ axes.T
    return out
