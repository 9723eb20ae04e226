"""Heads that hear of what category a sound is, and how the user's own words correct one.

A correction is the maximum a posteriori of a multinomial logistic regression whose prior is the
head itself. Of a sound with features x that the head gives probabilities p(c | x),

    q(c | x) = softmax_c( log p(c | x) + w_c . s(x) ),    w_cj ~ N(0, PRIOR_VARIANCE / d)

where s standardises each of the d features over the user's library, so that the library's average
sound is never moved, and a typical one by a standard deviation of sqrt(PRIOR_VARIANCE) nats before
anything is said. The likelihood is that of the user's words; without words w = 0, which is the
head. It is the Laplace-Gauss prior of Bishop, Pattern Recognition and Machine Learning (2006),
4.3.4 and 4.5, with an offset.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import scipy.optimize
import scipy.special
from numpy.typing import NDArray

Features = NDArray[np.float32]
Probabilities = NDArray[np.float32]

PRIOR_VARIANCE = 2.0
"""See docs/decisions/0011-categories.md: more learns faster and damages more."""

_CLIP = 4.0  # standard deviations; one odd feature must not outweigh all others
_LEAST = 1e-4  # a head that is certain could otherwise never be corrected
_STEPS = 100


class CategoryHead(Protocol):
    """Hears of what category sounds are."""

    def probabilities(self, features: Features) -> Probabilities:
        """Return how sure the head is of each category.

        Args:
            features: float32, shape (n, d).

        Returns:
            float32, shape (n, c) over the categories in the order of the alphabet, each row >= 0
            with the sum 1.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class TaughtHead:
    """A head with what the user's words changed.

    Attributes:
        head: What it was before.
        mean: Of each feature over the library, float32, shape (d,).
        scale: One over the deviation; 0 for a feature that never changes, float32, shape (d,).
        weights: float64, shape (d, c).
    """

    head: CategoryHead
    mean: Features
    scale: Features
    weights: NDArray[np.float64]

    def probabilities(self, features: Features) -> Probabilities:
        """Return how sure the corrected head is; see :class:`CategoryHead`."""
        moved = standardised(features, self.mean, self.scale) @ self.weights
        logits = _logarithm(self.head.probabilities(features)) + moved
        return scipy.special.softmax(logits, axis=1).astype(np.float32)


def standardised(features: Features, mean: Features, scale: Features) -> NDArray[np.float64]:
    """Return features around 0 with a deviation of 1 where they change, float64, (n, d)."""
    unclipped = (features.astype(np.float64) - mean) * scale
    return np.clip(unclipped, -_CLIP, _CLIP)


def _logarithm(probabilities: Probabilities) -> NDArray[np.float64]:
    return np.log(np.maximum(probabilities.astype(np.float64), _LEAST))


def teach(
    head: CategoryHead,
    features: Features,
    said: NDArray[np.int64],
    library: Features,
    prior_variance: float = PRIOR_VARIANCE,
) -> CategoryHead:
    """Correct a head by what the user said of some sounds.

    Args:
        head: Any.
        features: Of the sounds of which something was said, float32, shape (n, d).
        said: The places of their categories in the alphabet, int64, shape (n,).
        library: Features of some of the library's sounds, evenly chosen, float32, shape (m, d).
        prior_variance: Of log-odds of a typical sound, in nats squared, before anything is said.

    Returns:
        A head that is the same wherever it is computed; the given one where nothing was said.
    """
    if not len(said):
        return head
    mean, deviation = library.mean(axis=0), library.std(axis=0)
    varies = deviation > 1e-6 * np.maximum(np.abs(mean), 1e-6)
    scale = np.where(varies, 1 / np.where(varies, deviation, 1), 0).astype(np.float32)
    spread = np.sqrt(prior_variance / max(1, int(varies.sum())))
    # In units of the prior, w = spread * v and v ~ N(0, 1).
    x = standardised(features, mean, scale) * spread
    offset = _logarithm(head.probabilities(features))
    weights = spread * _posterior_mode(x, offset, said)
    return TaughtHead(head, mean, scale, weights)


def _posterior_mode(
    x: NDArray[np.float64], offset: NDArray[np.float64], said: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return v, shape (d, c), with the largest p(said | v) N(v; 0, 1)."""
    truth = np.zeros(offset.shape)
    truth[np.arange(len(said)), said] = 1
    shape = (x.shape[1], offset.shape[1])

    def loss(flat: Any) -> tuple[float, NDArray[np.float64]]:
        v = flat.reshape(shape)
        logs = scipy.special.log_softmax(offset + x @ v, axis=1)
        gradient = x.T @ (np.exp(logs) - truth) + v
        return float(0.5 * np.sum(v * v) - np.sum(logs * truth)), gradient.ravel()

    start: Any = np.zeros(shape[0] * shape[1])
    found = scipy.optimize.minimize(
        loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}
    )
    return np.asarray(found.x, np.float64).reshape(shape)
