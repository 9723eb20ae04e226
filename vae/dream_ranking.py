"""Which dreams are kept: new, not too far from what the library is, and unlike each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vae.dream_copies import copy_limit

NEIGHBOURS = 3
"""How many neighbours tell how dense it is around a sound (Kynkäänniemi et al. 2019)."""

_LEAST_DENSITY = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """How near to each other the sounds of a library are.

    Attributes:
        nearest: From sounds to their nearest that is no copy, sorted, (n,); infinite where none is.
        third: From sounds to their third nearest, of those that density is asked of, sorted, (m,).
    """

    nearest: NDArray[np.float32]
    third: NDArray[np.float32]

    @property
    def copy_limit(self) -> float:
        """The distance under which a sound is a near-copy."""
        return copy_limit(self.nearest)

    def novelty(self, distance: float) -> float:
        """Return the share of sounds that are nearer to their nearest than a distance."""
        return float(np.searchsorted(self.nearest, distance) / len(self.nearest))

    def density(self, distance: float) -> float:
        """Return the share of sounds whose third nearest is further than a distance."""
        return 1.0 - float(np.searchsorted(self.third, distance) / len(self.third))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a sound stands among those of a library.

    Attributes:
        nearest: Number of the nearest sound.
        distance: To that one.
        novelty: Share of the library's sounds that are nearer to their own nearest.
        density: Share of the library's sounds around which there is less than around this one.
    """

    nearest: int
    distance: float
    novelty: float
    density: float


def fault_of(standing: Standing, spread: Spread) -> str | None:
    """Return why a sound is not kept for where it stands; None where it may be."""
    if standing.distance < spread.copy_limit:
        return "copy"
    return "far" if standing.density < _LEAST_DENSITY else None


def varied(
    points: NDArray[np.float32],
    densities: Sequence[float],
    count: int,
    before: NDArray[np.float32] | None = None,
) -> tuple[list[int], list[float | None]]:
    """Choose points that are far from each other, among the half around which it is densest.

    The densest is the first, where none was chosen before; each after it is the one that is
    furthest from those chosen before. Among all of them the furthest would be those that are hardly
    like the library at all.

    Args:
        points: float32, (n, d), n >= 1.
        densities: As `Standing.density` has them, n of them.
        count: How many are wanted; where half of the points are fewer, that many are the densest.
        before: Points that were chosen before, float32, (m, d); none where None.

    Returns:
        Which, in the order of their choice, at most `count`; and how far each was from the nearest
        of those before it, None for the very first.

    Source:
        Gonzalez (1985), Clustering to minimize the maximum intercluster distance.
    """
    order = np.argsort(-np.asarray(densities), kind="stable")
    dense = order[: max(count, -(-len(order) // 2))]
    chosen, apart = list[int](), list[float | None]()
    left = np.full(len(points), -np.inf)
    left[dense] = np.inf
    for each in before if before is not None else ():
        left = np.minimum(left, np.linalg.norm(points - each, axis=1))
    while len(chosen) < min(count, len(dense)):
        # All are as far from nothing; the densest comes first.
        furthest = int(dense[np.argmax(left[dense])])
        apart.append(float(left[furthest]) if np.isfinite(left[furthest]) else None)
        chosen.append(furthest)
        left = np.minimum(left, np.linalg.norm(points - points[furthest], axis=1))
        left[chosen] = -np.inf
    return chosen, apart
