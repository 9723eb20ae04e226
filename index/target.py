"""What a sound query looks for, as one point among the vectors, and what was measured there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.answers import MapPoints
from index.measured import Measured
from library.errors import LibraryError
from vae.attributes import ATTRIBUTES

# Measured for docs/decisions/0012-sound-queries.md: further pushes no more away and is less alike.
_AWAY_AT_MOST = 2.0
_MAPPED_AROUND = 8


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """A point among the vectors.

    Attributes:
        vector: float32, shape (d,).
        measured: The descriptors that a sound there would have.
    """

    vector: NDArray[np.float32]
    measured: Measured


def blend(targets: Sequence[Target], weights: Sequence[float]) -> Target:
    """Return the weighted mean of targets, of descriptors on the scales where steps sound even.

    Args:
        targets: At least one.
        weights: As many, positive.
    """
    vector = np.average([target.vector for target in targets], axis=0, weights=weights)
    measured: dict[str, float | None] = {}
    for name, attribute in ATTRIBUTES.items():
        known = [
            (value, weight)
            for target, weight in zip(targets, weights, strict=True)
            if (value := target.measured.get(name)) is not None
        ]
        if len(known) > 1:
            scaled = [attribute.to_scale(value) for value, _ in known]
            mean = np.average(scaled, weights=[weight for _, weight in known])
            measured[name] = attribute.from_scale(float(mean))
        else:
            measured[name] = known[0][0] if known else None
    return Target(vector.astype(np.float32), measured)


def away(
    vector: NDArray[np.float32], unlike: Sequence[NDArray[np.float32]], radius: float
) -> NDArray[np.float32]:
    """Return a vector moved away from the mean of others.

    Rocchio's formula moves by a share of the distance between the two: too little where the unlike
    sound is close, which is when somebody names one, and out of all sounds where it is far. So the
    step is as long as the vector's own neighbourhood is wide, and at most twice the distance.

    Args:
        vector: float32, shape (d,).
        unlike: At least one of the same shape.
        radius: How far the vector's neighbours are.

    Source:
        Rocchio, Relevance feedback in information retrieval (1971), with the step bounded.
    """
    step = vector - np.mean(unlike, axis=0)
    length = float(np.linalg.norm(step))
    if length == 0.0:
        return vector
    moved: NDArray[np.float32] = vector + step * np.float32(min(_AWAY_AT_MOST, radius / length))
    return moved


def around(points: MapPoints, at: tuple[float, float]) -> dict[int, float]:
    """Return the samples nearest to a point on the map, with weights that add up to 1.

    A weight falls with the square of the distance, so that on a sample it is that sample.

    Raises:
        LibraryError: There is no map.

    Source:
        Shepard, A two-dimensional interpolation function for irregularly-spaced data (1968).
    """
    if not len(points.ids):
        raise LibraryError("the library has no map yet", "crate map")
    squared = np.square(points.xy.astype(np.float64) - at).sum(axis=1)
    nearest = np.argsort(squared, kind="stable")[:_MAPPED_AROUND]
    weights = 1.0 / (squared[nearest] + 1e-12)
    return dict(zip(points.ids[nearest].tolist(), (weights / weights.sum()).tolist(), strict=True))
