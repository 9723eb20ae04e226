"""A head that is no network, and sounds that are no audio: a cloud of features for each kind."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from library.category import CATEGORY_NAMES
from vae.category_head import Features, Probabilities

KINDS = CATEGORY_NAMES
DIMS = 24

_MIDDLES = 2.0 * np.random.default_rng(0).normal(size=(len(KINDS), DIMS)).astype(np.float32)


def sounds_of(kind: int, count: int, seed: int = 0) -> Features:
    """Features of sounds of a kind, float32, shape (count, DIMS)."""
    rng = np.random.default_rng([seed, kind])
    return (_MIDDLES[kind] + 1.5 * rng.normal(size=(count, DIMS))).astype(np.float32)


class NearestKind:
    """Is surest of the kind whose middle is nearest.

    Args:
        takes: Kinds that it rather takes for others, four times as surely.
        sharpness: How sure it is.
    """

    def __init__(self, takes: Mapping[int, int] | None = None, sharpness: float = 0.05) -> None:
        self._takes = takes or {}
        self._sharpness = sharpness

    def probabilities(self, features: Features) -> Probabilities:
        """Return a softmax of the squared distances from the middles."""
        squares = np.square(features[:, None] - _MIDDLES).sum(axis=2)
        powers = np.exp(-self._sharpness * (squares - squares.min(axis=1, keepdims=True)))
        for kind, other in self._takes.items():
            powers[:, other] += 0.8 * powers[:, kind]
            powers[:, kind] *= 0.2
        return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
