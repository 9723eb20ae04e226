"""The user's own words, learned from the sounds that carry them.

A word is a direction among the points of sounds (`vae.hearing`), along which those that carry it
lie apart from those that do not. Sounds alike in it then come nearer, tagged or not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FEWEST = 4
MOST_WORDS = 32
# Measured by benchmarks/words.py; docs/decisions/0014-alike.md has the figures.
SHRINKAGE = 0.5
WEIGHT = 1.0
OLDER_WEIGHT = 0.5
"""Of words in spaces whose files do not say it."""


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Learned words.

    Attributes:
        names: The words.
        axes: float32, shape (f + 1, words), the last row added.
        weight: What a word counts in a vector.
    """

    names: tuple[str, ...]
    axes: NDArray[np.float32]
    weight: float = WEIGHT

    def scores(self, wholes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how much sounds are what each word says.

        Args:
            wholes: `Hearing.whole` of sounds, float32, shape (n, f).

        Returns:
            float32 in (-1, 1), shape (n, words): near 1 for the sounds that carry the word.
        """
        if not self.names:
            return np.zeros((len(wholes), 0), np.float32)
        out: NDArray[np.float32] = np.tanh(wholes @ self.axes[:-1] + self.axes[-1])
        return out.astype(np.float32)


NO_WORDS = Words((), np.zeros((1, 0), np.float32))


def learn_words(
    wholes: NDArray[np.float32],
    carriers: Mapping[str, Sequence[int]],
    scales: NDArray[np.float64] | None = None,
) -> Words:
    """Learn words from who carries them.

    Args:
        wholes: Of all sounds, float32, shape (n, f).
        carriers: Word to the positions of the sounds that carry it. Words of fewer than four, or of
            all but fewer than four, are left out, and so are the rarest of more than 32.
        scales: How much each number counts before anything is learned, shape (f,); all the same
            where None.

    Returns:
        For each word the linear discriminant of carriers and others (Fisher 1936), the covariance
        shrunk half way to a sphere (Friedman 1989) as examples are few; the middle between the two
        scores 0, and each of their means +-1 before the hyperbolic tangent.
    """
    n = len(wholes)
    counted = sorted(
        (
            (len(set(c)), word)
            for word, c in carriers.items()
            if FEWEST <= len(set(c)) <= n - FEWEST
        ),
        key=lambda each: (-each[0], each[1]),
    )
    names = sorted(word for _, word in counted[:MOST_WORDS])
    if not names:
        return NO_WORDS
    axes = []
    even = np.append(np.ones(wholes.shape[1]) if scales is None else scales, 1.0)
    points = wholes * even[:-1]
    for word in names:
        inside = np.zeros(n, bool)
        inside[list(carriers[word])] = True
        axes.append(even * _discriminant(points, inside))
    return Words(tuple(names), np.stack(axes, axis=1).astype(np.float32))


def _discriminant(rows: NDArray[np.float64], inside: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the direction and offset that score the two means +1 and -1, shape (f + 1,)."""
    means = [rows[chosen].mean(axis=0) for chosen in (inside, ~inside)]
    spread = np.zeros((rows.shape[1], rows.shape[1]))
    for chosen, mean in zip((inside, ~inside), means, strict=True):
        apart = rows[chosen] - mean
        spread += 0.5 * apart.T @ apart / len(apart)
    sphere = np.trace(spread) / len(spread) + 1e-9
    spread = (1 - SHRINKAGE) * spread + SHRINKAGE * sphere * np.eye(len(spread))
    axis = np.linalg.solve(spread, means[0] - means[1])
    half = max(float(axis @ (means[0] - means[1])) / 2, 1e-9)
    axis = axis / half
    return np.append(axis, -axis @ (means[0] + means[1]) / 2)
