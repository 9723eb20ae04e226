"""Search where aspects count differently: exact, among the vectors of the search index."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from index.aspects import LOUDNESS, Weighting
from index.measured import read_measured
from index.search import SearchIndex
from index.target import Target

SCANNED_AT_ONCE = 200_000
"""Of more samples the ones nearest without weights are looked at first."""

_FETCHED = 10_000
_CHUNK = 16_384

Found = tuple[NDArray[np.int64], NDArray[np.float32]]


def weighted_nearest(
    engine: Engine,
    index: SearchIndex,
    target: Target,
    weighting: Weighting,
    k: int,
    ids: NDArray[np.int64],
) -> Found:
    """Return the k nearest by a weighted distance, nearest first.

    All samples are compared. Of very many the nearest by the plain distance are compared first:
    where the k-th of them is no further than the furthest of them could be at the smallest weight,
    no other sample can be nearer, and that is the answer.

    Args:
        engine: The library.
        index: Of the space.
        target: What is looked for.
        weighting: How much each aspect counts.
        k: How many at most.
        ids: What to look at; all of them indexed.

    Returns:
        Ids, int64, and weighted distances, float32, both of shape (at most k,).
    """
    if len(ids) > SCANNED_AT_ONCE and weighting.least > 0:
        candidates, distances = index.nearest(target.vector, max(_FETCHED, 10 * k), ids)
        found = _compare(engine, index, target, weighting, k, candidates)
        reach = weighting.least * float(distances[-1]) ** 2
        if len(found[0]) == k and float(found[1][-1]) ** 2 <= reach:
            return found
    return _compare(engine, index, target, weighting, k, ids)


def _compare(
    engine: Engine,
    index: SearchIndex,
    target: Target,
    weighting: Weighting,
    k: int,
    ids: NDArray[np.int64],
) -> Found:
    best = np.zeros(0, np.int64)
    squared = np.zeros(0)
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        levels = (
            read_measured(engine, [LOUDNESS], chunk)[:, 0]
            if weighting.weights[LOUDNESS]
            else np.full(len(chunk), np.nan)
        )
        best = np.concatenate([best, chunk])
        squared = np.concatenate(
            [squared, weighting.squared(target, index.vectors_of(chunk), levels)]
        )
        nearest = np.argsort(squared, kind="stable")[:k]
        best, squared = best[nearest], squared[nearest]
    return best, np.sqrt(squared).astype(np.float32)
