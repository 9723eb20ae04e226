"""Found attributes: directions in which the user's own sounds differ most, for the user to name.

They are the principal components of what a space says of them in its free dimensions: what they
differ in when the attributes have been taken away. Nobody has given them a name; the sounds at
their ends tell what they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from index.latents import read_latents
from index.open_spaces import OpenSpace
from library import catalog
from library.catalog import SampleRow
from library.errors import LibraryError
from vae.attributes import ATTRIBUTES, scaled

FEWEST = 12
_BETWEEN = 0.5


@dataclass(frozen=True, slots=True)
class FoundDirection:
    """A direction of a space.

    Attributes:
        number: Which, from 1; the first one holds most of what the sounds differ in.
        share: Of the variance of all free dimensions, 0 to 1.
        low: Samples at its lower end, the farthest first.
        high: Samples at its upper end, the farthest first.
        measured: Rank correlation with every measured attribute, where enough sounds have it.
    """

    number: int
    share: float
    low: tuple[SampleRow, ...]
    high: tuple[SampleRow, ...]
    measured: dict[str, float]


def found_directions(
    engine: Engine, opened: OpenSpace, ids: Sequence[int], count: int, ends: int
) -> list[FoundDirection]:
    """Return the directions in which samples differ most.

    Args:
        engine: The library.
        opened: The space.
        ids: Of the samples.
        count: How many directions.
        ends: How many samples of each end. Two that are nearly the same in all free dimensions
            stand for each other.

    Raises:
        LibraryError: Too few of the samples have latents.
    """
    space, codec = opened.space, opened.codec
    sounds = dict(read_latents(engine, codec.digest, ids))
    if len(sounds) < FEWEST:
        raise LibraryError(
            f"{len(sounds)} analysed sounds are too few to find anything in",
            f"choose at least {FEWEST}, or analyse more with crate scan",
        )
    rows = catalog.rows(engine, list(sounds))
    z = space.encode([sounds[row.id] for row in rows], codec)
    free = z[:, space.free_from :]
    heard = (free - free.mean(axis=0)) * space.net.spread.numpy()
    places, sizes, axes = np.linalg.svd(heard, full_matrices=False)
    # The sign of a component is chance; most of what it is made of rises along it.
    places = places * np.sign(axes.sum(axis=1))
    shares = np.square(sizes) / max(float(np.square(sizes).sum()), 1e-12)
    measured = scaled(tuple(ATTRIBUTES.values()), [row.attributes for row in rows])
    found = []
    for number, along in enumerate(places.T[:count], start=1):
        order = np.argsort(along, kind="stable")
        found.append(
            FoundDirection(
                number,
                float(shares[number - 1]),
                tuple(rows[i] for i in _unlike(order, free, ends)),
                tuple(rows[i] for i in _unlike(order[::-1], free, ends)),
                _correlations(along, measured),
            )
        )
    return found


def _unlike(order: NDArray[np.intp], free: NDArray[np.float32], count: int) -> list[int]:
    """Return the first places of an order, takes of one sound left out."""
    apart = _BETWEEN * float(np.sqrt(free.shape[1]))
    kept: list[int] = []
    for place in order.tolist():
        if all(np.linalg.norm(free[place] - free[other]) > apart for other in kept):
            kept.append(place)
        if len(kept) == count:
            break
    return kept


def _correlations(values: NDArray[np.float32], measured: NDArray[np.float32]) -> dict[str, float]:
    from scipy.stats import spearmanr  # half a second that nobody else should pay

    out = {}
    for name, column in zip(ATTRIBUTES, measured.T, strict=True):
        known = ~np.isnan(column)
        if known.sum() >= FEWEST and np.ptp(column[known]) > 0 and np.ptp(values[known]) > 0:
            out[name] = round(float(spearmanr(values[known], column[known]).statistic), 3)
    return out
