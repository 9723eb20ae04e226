"""The floor for the ear: a plain logistic regression on measured numbers.

MFCC statistics and descriptors, as sample managers take them, with nothing learned but the
regression.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.category_measures import NAMES, Names
from benchmarks.retrieval_rivals import descriptors, mfcc_statistics
from library.clip import Clip
from vae.category_head import Features, Probabilities


@dataclass(frozen=True, slots=True, eq=False)
class LogisticHead:
    """A multinomial logistic regression on standardised features.

    Attributes:
        mean: Of the features it was trained on, (d,).
        deviation: Of them, (d,).
        fitted: The regression.
    """

    mean: Features
    deviation: Features
    fitted: LogisticRegression

    def probabilities(self, features: Features) -> Probabilities:
        """Return how sure it is; of a label that it was never shown a little of what is left."""
        given = np.full((len(features), len(NAMES)), 1e-4)
        shown = np.searchsorted(NAMES, self.fitted.classes_)
        given[:, shown] = self.fitted.predict_proba((features - self.mean) / self.deviation)
        return (given / given.sum(axis=1, keepdims=True)).astype(np.float32)


def logistic(features: Features, labels: Names) -> LogisticHead:
    """Train the plainest head there is; every label counts the same."""
    mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-6
    regression = LogisticRegression(C=0.01, class_weight="balanced", max_iter=500)
    return LogisticHead(mean, deviation, regression.fit((features - mean) / deviation, labels))


def measured_numbers(clips: Iterable[Clip]) -> Features:
    """Return MFCC statistics and descriptors of clips, float32, shape (n, d)."""
    rows = [np.concatenate([mfcc_statistics(clip), descriptors(clip)]) for clip in clips]
    return np.stack(rows).astype(np.float32)
