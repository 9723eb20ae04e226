"""What differs between two spaces: which samples have other neighbours in one than in the other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from index.answers import MovedSample, SpaceComparison
from index.search import SearchIndex
from library import catalog
from library.errors import UserError
from library.progress import Job, Progress

MOST_COMPARED = 2_000
"""Of more samples a random choice speaks: its mean is within 0.02 of that of all."""

_BATCH = 128


def compare_spaces(
    engine: Engine,
    names: tuple[str, str],
    indexes: tuple[SearchIndex, SearchIndex],
    k: int,
    scope: NDArray[np.int64] | None,
    most: int,
) -> Job[SpaceComparison]:
    """Compare the neighbours that samples have in two spaces; a job.

    Args:
        engine: The library.
        names: Of the two spaces.
        indexes: Of the two spaces, with a vector for every sample.
        k: How many neighbours; all that there are, where these are fewer.
        scope: Only these ids, and only these as neighbours, are looked at; None for all.
        most: How many samples to tell of those that have moved.

    Raises:
        UserError: `k` or `most` asks for nothing, or there are fewer than three samples.
    """
    for option, number in (("-k", k), ("-n", most)):
        if number < 1:
            raise UserError(f"{option} {number} asks for nothing", "give 1 or more")
    ids = np.intersect1d(indexes[0].ids, indexes[1].ids)
    if scope is not None:
        ids = ids[np.isin(ids, scope)]
    n = len(ids)
    if n < 3:
        raise UserError(
            f"a comparison needs 3 samples that are in both spaces, and there are {n}",
            "ask for more with --where, or crate scan",
        )
    k = min(k, n - 1)
    chosen = ids
    if n > MOST_COMPARED:
        chosen = np.sort(np.random.default_rng(0).choice(ids, MOST_COMPARED, replace=False))
    nearest = np.empty((2, len(chosen), k), np.int64)
    for start in range(0, len(chosen), _BATCH):
        some = chosen[start : start + _BATCH]
        for found, index in zip(nearest, indexes, strict=True):
            among = None if len(index) == n else ids
            near, _ = index.nearest_of_each(index.vectors_of(some), k + 1, among)
            found[start : start + _BATCH] = _others(near, some, k)
        yield Progress("compare", start + len(some), len(chosen))
    kept = (nearest[0][:, :, None] == nearest[1][:, None, :]).any(axis=2).mean(axis=1)
    same = nearest[0, :, 0] == nearest[1, :, 0]
    order = [i for i in np.lexsort((same, kept))[:most] if kept[i] < 1]
    trios = [(chosen[i], nearest[0, i, 0], nearest[1, i, 0]) for i in order]
    told = {row.id: row for row in catalog.rows(engine, [int(i) for trio in trios for i in trio])}
    moved = [
        MovedSample(told[trio[0]], float(kept[i]), (told[trio[1]], told[trio[2]]))
        for i, trio in zip(order, trios, strict=True)
        if all(each in told for each in trio)  # it may be taken out of the library in the meantime
    ]
    return SpaceComparison(names, k, n, len(chosen), float(kept.mean()), k / (n - 1), tuple(moved))


def _others(near: NDArray[np.int64], of: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """Return the nearest without the samples themselves, int64, shape (m, k).

    A sample with more than k copies may not be among its own nearest.
    """
    own = near == of[:, None]
    own[~own.any(axis=1), -1] = True
    others: NDArray[np.int64] = near[~own].reshape(len(near), k)
    return others
