"""What "brighter" means in a library: which way vectors go as what is measured grows.

A vector as a whole follows an attribute, not only the dimension that is named after it: a brighter
sound has another timbre, too. So the direction is the regression of whole vectors on the attribute,
over the sounds of the library.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from index.measured import read_measured
from index.search import SearchIndex
from library.errors import UserError
from vae.attributes import chosen, parse_step

# The standard error of a slope is then at most 1 / sqrt(5000), .014 of a deviation of a number.
_SOUNDS_AT_MOST = 5_000
_FEWEST_SOUNDS = 20
_RIDGE = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """A move of a query.

    Attributes:
        steps: Attribute to its step, in standard deviations of the library's sounds.
        deviations: Attribute to that deviation, on its even scale.
        shift: What it adds to a vector, float32, shape (d,).
    """

    steps: Mapping[str, float]
    deviations: Mapping[str, float]
    shift: NDArray[np.float32]


def slopes(scores: NDArray[np.float64], vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return how vectors change with attributes, by ridge regression.

    Args:
        scores: Standard scores of the attributes, shape (n, a).
        vectors: float32, shape (n, d).

    Returns:
        float64, shape (a, d): the change for one standard deviation.
    """
    from_mean = scores - scores.mean(axis=0)
    gram = from_mean.T @ from_mean + _RIDGE * len(scores) * np.eye(scores.shape[1])
    found: NDArray[np.float64] = np.linalg.solve(
        gram, from_mean.T @ (vectors - vectors.mean(axis=0))
    )
    return found


def read_move(
    engine: Engine, index: SearchIndex, ids: NDArray[np.int64], moves: Mapping[str, str]
) -> Move:
    """Return what moves mean in a library.

    Args:
        engine: The library.
        index: Of the space.
        ids: The samples that have vectors in it; many are represented by some, always the same.
        moves: Attribute to a step, as `vae.attributes.parse_step` reads it; at least one.

    Raises:
        UserError: There is no such attribute, a step is wrong, or too few sounds have it.
    """
    attributes = chosen(list(moves))
    if len(ids) > _SOUNDS_AT_MOST:
        ids = np.sort(np.random.default_rng(0).choice(ids, _SOUNDS_AT_MOST, replace=False))
    names = [attribute.name for attribute in attributes]
    table = read_measured(engine, names, ids)
    columns = zip(attributes, table.T.tolist(), strict=True)
    values = np.array(
        [[math.nan if math.isnan(v) else a.to_scale(v) for v in column] for a, column in columns]
    ).T
    known = ~np.isnan(values).any(axis=1)
    values, deviations = values[known], values[known].std(axis=0)
    if len(values) < _FEWEST_SOUNDS or deviations.min() < 1e-6:
        raise UserError(
            f"too few sounds show what {' and '.join(names)} is like here", "add more sounds"
        )
    steps = {
        attribute.name: parse_step(attribute, moves[attribute.name], float(deviation))
        for attribute, deviation in zip(attributes, deviations, strict=True)
    }
    found = slopes((values - values.mean(axis=0)) / deviations, index.vectors_of(ids[known]))
    # Vectors do not hold the level: what goes with it in this library is chance.
    heard = np.array([step * (name != "loudness") for name, step in steps.items()])
    return Move(
        steps,
        dict(zip(names, deviations.tolist(), strict=True)),
        (heard @ found).astype(np.float32),
    )
