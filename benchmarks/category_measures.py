"""How right heads are about categories, and how sure: on sounds of sources they were not taught on.

Probabilities are float32, shape (n, c), over the categories in the order of the alphabet; truths
and guesses are names.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from library.category import CATEGORY_NAMES
from vae.calibration import fit_temperature, tempered
from vae.category_head import Probabilities

Names = NDArray[np.str_]

NAMES = np.array(CATEGORY_NAMES)
BINS = 10


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """What guesses are worth.

    Attributes:
        accuracy: Share of the sounds that are guessed right.
        balanced: The same, as a mean over labels.
        by_label: The same for each label.
        confusion: How many sounds of a label (row) are guessed to be of another (column), (c, c).
    """

    accuracy: float
    balanced: float
    by_label: dict[str, float]
    confusion: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bin:
    """The sounds of which a head is about equally sure.

    Attributes:
        count: How many.
        sure: Mean of the probabilities.
        right: Share that is right.
    """

    count: int
    sure: float
    right: float


def cross_fitted(
    probabilities: Probabilities, labels: Names, first: NDArray[np.bool_]
) -> tuple[Probabilities, tuple[float, float]]:
    """Return tempered probabilities, and the temperatures of two folds.

    That of a fold is fitted on the sounds of the other, each label counting the same, so that no
    sound has a part in the one it is judged with.

    Args:
        probabilities: float32, shape (n, c).
        labels: Shape (n,).
        first: Which sounds are of the first fold, shape (n,).
    """
    truth = np.searchsorted(NAMES, labels)
    out = np.zeros_like(probabilities)
    temperatures = []
    for here in (first, ~first):
        others = truth[~here]
        weights = 1 / np.bincount(others, minlength=len(NAMES))[others]
        temperature = fit_temperature(probabilities[~here], others, weights)
        out[here] = tempered(probabilities[here], temperature)
        temperatures.append(temperature)
    return out, (temperatures[0], temperatures[1])


def elsewhere(labels: Names, sources: Names) -> NDArray[np.bool_]:
    """Return which sounds are of a label that another source has, too, bool (n,).

    Of the others an ear that has not heard the source knows what the synthesiser makes, at most.
    """
    makers = {label: len(np.unique(sources[labels == label])) for label in np.unique(labels)}
    return np.array([makers[label] > 1 for label in labels])


def judge(guesses: Names, labels: Names) -> Judgement:
    """Return how right guesses are; an empty one is wrong, and in no column."""
    right = guesses == labels
    by_label = {str(label): float(right[labels == label].mean()) for label in np.unique(labels)}
    confusion = np.zeros((len(NAMES), len(NAMES)), np.int64)
    guessed = guesses != ""
    places = np.searchsorted(NAMES, labels[guessed]), np.searchsorted(NAMES, guesses[guessed])
    np.add.at(confusion, places, 1)
    balanced = float(np.mean(list(by_label.values())))
    return Judgement(float(right.mean()), balanced, by_label, confusion)


def best(probabilities: Probabilities) -> Names:
    """Return the likeliest category of each sound, (n,)."""
    return NAMES[probabilities.argmax(axis=1)]


def reliability(probabilities: Probabilities, labels: Names) -> list[Bin]:
    """Return how right a head is where it is how sure, in ten equal bins; empty ones are left out.

    Source:
        Guo et al., On Calibration of Modern Neural Networks (2017), 2.
    """
    sure = probabilities.max(axis=1)
    right = best(probabilities) == labels
    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    return [
        Bin(int(here.sum()), float(sure[here].mean()), float(right[here].mean()))
        for number in range(BINS)
        if (here := place == number).any()
    ]


def calibration_error(bins: list[Bin]) -> float:
    """Return the expected calibration error: the mean of |sure - right| over all sounds."""
    total = sum(each.count for each in bins)
    return sum(each.count * abs(each.sure - each.right) for each in bins) / total


def told(probabilities: Probabilities, labels: Names, least: float) -> tuple[float, float]:
    """Return the share of sounds that a head is at least so sure of, and of these the right ones.

    The latter is NaN where it is never so sure.
    """
    sure = probabilities.max(axis=1) >= least
    right = (best(probabilities) == labels)[sure]
    return float(sure.mean()), float(right.mean()) if len(right) else float("nan")
