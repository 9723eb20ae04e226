"""Sounds of which a user says something, and how precise search is among them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.retrieval import NEAREST
from vae.alike import NOT_SAID, Alike
from vae.vector import scales
from vae.words import NO_WORDS, Words

FEWEST = 10
"""Sounds of a kind of which nothing is said: fewer are not asked for."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fold:
    """The sounds of a fold.

    Attributes:
        wholes: What an ear that has not heard their sources keeps of them, float32, (n, f).
        kinds: The label, or another word, of each.
        sources: Who made each.
        folders: In which folder each lay at its source.
    """

    wholes: NDArray[np.float32]
    kinds: NDArray[np.str_]
    sources: NDArray[np.str_]
    folders: NDArray[np.str_]

    def vectors(self, known: Words = NO_WORDS, said: Alike = NOT_SAID) -> NDArray[np.float64]:
        """Return the vectors of a space that has learned this, without attributes."""
        weight = known.weight / np.sqrt(max(len(known.names), 1))
        parts = [said.moved(self.wholes * scales()), np.sqrt(weight) * known.scores(self.wholes)]
        return np.concatenate(parts, axis=1)

    def precision(
        self, vectors: NDArray[np.float64], queries: Flags, answers: Flags
    ) -> NDArray[np.float64]:
        """Return precision at 10 of each sound, NaN where it is no query or none is right."""
        asked, offered = np.flatnonzero(queries), np.flatnonzero(answers)
        one, other = vectors[asked], vectors[offered]
        distance = np.square(one).sum(axis=1)[:, None] + np.square(other).sum(axis=1)
        distance -= 2 * one @ other.T
        allowed = self.sources[asked][:, None] != self.sources[offered]
        distance[~allowed] = np.inf
        right = allowed & (self.kinds[asked][:, None] == self.kinds[offered])
        there = right.sum(axis=1)
        near = np.argpartition(distance, NEAREST, axis=1)[:, :NEAREST]
        hits = np.take_along_axis(right, near, axis=1).sum(axis=1)
        out = np.full(len(self.kinds), np.nan)
        out[asked[there > 0]] = (hits / np.maximum(np.minimum(there, NEAREST), 1))[there > 0]
        return out

    def by_kind(self, precision: NDArray[np.float64]) -> float:
        """Return the mean over kinds of the mean precision of each."""
        known = ~np.isnan(precision)
        kinds = np.unique(self.kinds[known])
        return float(np.mean([precision[known & (self.kinds == kind)].mean() for kind in kinds]))

    def askable(self, size: int) -> list[str]:
        """Return the kinds of which enough sounds of two sources are there."""
        return [
            str(kind)
            for kind in np.unique(self.kinds)
            if kind
            and (self.kinds == kind).sum() >= size + FEWEST
            and len(np.unique(self.sources[self.kinds == kind])) > 1
        ]
