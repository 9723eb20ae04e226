"""Aspects: the blocks of a vector and the loudness, each with a weight and a grade of its own.

A weight multiplies an aspect's squared distance. The level is in no vector, so that a gain does not
change what is near; its distance is told by what was measured, and counts only where asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.target import Target
from library.errors import UserError
from vae.vector import TYPICAL_DISTANCE, score

LOUDNESS = "loudness"
TYPICAL_LOUDNESS_DB = 6.0
"""A difference of level that counts like the typical distance of a near sound."""


@dataclass(frozen=True, slots=True, eq=False)
class Weighting:
    """How much each aspect counts.

    Attributes:
        blocks: Where each block of a vector lies.
        weights: Of every block, and of the loudness.
    """

    blocks: Mapping[str, slice]
    weights: Mapping[str, float]

    @property
    def is_plain(self) -> bool:
        """Whether this is the plain distance of the vectors."""
        return all(weight == (name != LOUDNESS) for name, weight in self.weights.items())

    @property
    def least(self) -> float:
        """The smallest weight of a block."""
        return min(self.weights[name] for name in self.blocks)

    def squared(
        self, target: Target, matrix: NDArray[np.float32], levels: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return squared distances from a target.

        Args:
            target: What is looked for.
            matrix: Vectors, float32, shape (n, d).
            levels: Loudness of the same sounds in dBFS, shape (n,); NaN counts as no difference.
        """
        apart = matrix - target.vector
        total = np.zeros(len(matrix))
        for name, part in self.blocks.items():
            if weight := self.weights[name]:
                block = apart[:, part]
                total += weight * np.einsum("nd,nd->n", block, block)
        if weight := self.weights[LOUDNESS]:
            total += weight * np.nan_to_num(np.square(_level_distances(target, levels)))
        return total


def _level_distances(target: Target, levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return differences of level on the scale of vectors; NaN where one is not known."""
    wanted = target.measured.get(LOUDNESS)
    apart = np.abs(levels - (np.nan if wanted is None else wanted))
    distances: NDArray[np.float64] = apart * (TYPICAL_DISTANCE / TYPICAL_LOUDNESS_DB)
    return distances


def weighting(blocks: Mapping[str, slice], weights: Mapping[str, float]) -> Weighting:
    """Return a weighting: what is not named counts 1, the loudness 0.

    Raises:
        UserError: There is no such aspect, or none counts.
    """
    names = (*blocks, LOUDNESS)
    for name in weights:
        if name not in names:
            raise UserError(f"there is no aspect {name!r}", f"the aspects are {', '.join(names)}")
    found = {name: weights.get(name, float(name != LOUDNESS)) for name in names}
    if not any(found.values()):
        raise UserError("every aspect is switched off", "give one a weight above 0")
    return Weighting(blocks, found)


def grades(
    target: Target, vector: NDArray[np.float32], level: float | None, blocks: Mapping[str, slice]
) -> dict[str, float]:
    """Return how alike a sound is in every aspect, in (0, 1]; what is not known is left out."""
    apart = vector - target.vector
    found = {name: score(float(np.linalg.norm(apart[part]))) for name, part in blocks.items()}
    distance = _level_distances(target, np.array([np.nan if level is None else level]))[0]
    if not np.isnan(distance):
        found[LOUDNESS] = score(float(distance))
    return found
