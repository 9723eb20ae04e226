"""The user's own words, learned from the sounds that carry them, and from examples.

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
TAUGHT_SHRINKAGE = 0.95
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
        out: NDArray[np.float32] = np.tanh(self.amounts(wholes))
        return out

    def amounts(self, wholes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the same without bounds: 1 is the mean of the sounds that carry the word."""
        if not self.names:
            return np.zeros((len(wholes), 0), np.float32)
        out: NDArray[np.float32] = wholes @ self.axes[:-1] + self.axes[-1]
        return out.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Taught:
    """Examples of a word, as positions among the sounds.

    Attributes:
        fitting: Of sounds that are what it means.
        unfitting: Of sounds that are not.
    """

    fitting: tuple[int, ...]
    unfitting: tuple[int, ...]

    @property
    def is_enough(self) -> bool:
        """Whether a word can be learned of them."""
        return min(len(self.fitting), len(self.unfitting)) >= FEWEST


NO_WORDS = Words((), np.zeros((1, 0), np.float32))


def learn_words(
    wholes: NDArray[np.float32],
    carriers: Mapping[str, Sequence[int]],
    scales: NDArray[np.float64] | None = None,
    taught: Mapping[str, Taught] | None = None,
) -> Words:
    """Learn words from who carries them, and from examples.

    Args:
        wholes: Of all sounds, float32, shape (n, f).
        carriers: Word to the positions of the sounds that carry it. Words of fewer than four, or of
            all but fewer than four, are left out, and so are the rarest of more than 32.
        scales: How much each number counts before anything is learned, shape (f,); all the same
            where None.
        taught: Word to examples; one that is also carried is learned from the examples, and from
            its carriers as more that fit. Words of fewer than four on either side are left out.

    Returns:
        For each word the linear discriminant of carriers and others (Fisher 1936), the covariance
        shrunk half way to a sphere (Friedman 1989) as examples are few; the middle between the two
        scores 0, and each of their means +-1 before the hyperbolic tangent. Of a taught word that
        of its examples; the covariance is that of all sounds, next to a sphere.
    """
    n = len(wholes)
    known = {
        word: Taught((*each.fitting, *carriers.get(word, ())), each.unfitting)
        for word, each in (taught or {}).items()
        if each.is_enough
    }
    counted = sorted(
        (
            (len(set(c)), word)
            for word, c in carriers.items()
            if FEWEST <= len(set(c)) <= n - FEWEST and word not in known
        ),
        key=lambda each: (-each[0], each[1]),
    )
    names = sorted([*known, *(word for _, word in counted[: max(0, MOST_WORDS - len(known))])])
    if not names:
        return NO_WORDS
    axes = []
    even = np.append(np.ones(wholes.shape[1]) if scales is None else scales, 1.0)
    points = wholes * even[:-1]
    spread = np.cov(points.T) if known else None
    for word in names:
        if word in known and spread is not None:
            axes.append(even * _taught_axis(points, known[word], spread))
            continue
        inside = np.zeros(n, bool)
        inside[list(carriers[word])] = True
        axes.append(even * _discriminant(points, inside))
    return Words(tuple(names), np.stack(axes, axis=1).astype(np.float32))


def how_sure(
    wholes: NDArray[np.float32], taught: Taught, scales: NDArray[np.float64]
) -> tuple[float, float]:
    """Return how well a word is told from its examples: each by a word learned without it.

    Args:
        wholes: Of all sounds, float32, shape (n, f).
        taught: Positions of the examples, enough of them.
        scales: As for `learn_words`.

    Returns:
        The area under the ROC curve, and its standard error.

    Source:
        Hanley and McNeil, The meaning and use of the area under a ROC curve (1982).
    """
    points = wholes * scales
    spread = np.cov(points.T)
    told: dict[bool, list[float]] = {True: [], False: []}
    for fits, places in ((True, taught.fitting), (False, taught.unfitting)):
        for place in places:
            rest = [[i for i in side if i != place] for side in (taught.fitting, taught.unfitting)]
            axis = _taught_axis(points, Taught(tuple(rest[0]), tuple(rest[1])), spread)
            told[fits].append(float(points[place] @ axis[:-1] + axis[-1]))
    yes, no = (np.array(told[fits]) for fits in (True, False))
    area = float((yes[:, None] > no).mean() + 0.5 * (yes[:, None] == no).mean())
    first, second = area / (2 - area), 2 * area**2 / (1 + area)
    variance = area * (1 - area)
    variance += (len(yes) - 1) * (first - area**2) + (len(no) - 1) * (second - area**2)
    return area, float(np.sqrt(variance / (len(yes) * len(no))))


def _taught_axis(
    points: NDArray[np.float64], taught: Taught, spread: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the direction and offset that score the means of the examples +1 and -1, (f + 1,)."""
    yes, no = (points[list(side)].mean(axis=0) for side in (taught.fitting, taught.unfitting))
    sphere = np.trace(spread) / len(spread) + 1e-9
    shrunk = (1 - TAUGHT_SHRINKAGE) * spread + TAUGHT_SHRINKAGE * sphere * np.eye(len(spread))
    return _scored(np.linalg.solve(shrunk, yes - no), yes, no)


def _discriminant(rows: NDArray[np.float64], inside: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the direction and offset that score the two means +1 and -1, shape (f + 1,)."""
    means = [rows[chosen].mean(axis=0) for chosen in (inside, ~inside)]
    spread = np.zeros((rows.shape[1], rows.shape[1]))
    for chosen, mean in zip((inside, ~inside), means, strict=True):
        apart = rows[chosen] - mean
        spread += 0.5 * apart.T @ apart / len(apart)
    sphere = np.trace(spread) / len(spread) + 1e-9
    spread = (1 - SHRINKAGE) * spread + SHRINKAGE * sphere * np.eye(len(spread))
    return _scored(np.linalg.solve(spread, means[0] - means[1]), *means)


def _scored(
    axis: NDArray[np.float64], yes: NDArray[np.float64], no: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return an axis and its offset, scaled so that two means score +1 and -1, shape (f + 1,)."""
    axis = axis / max(float(axis @ (yes - no)) / 2, 1e-9)
    return np.append(axis, -axis @ (yes + no) / 2)
