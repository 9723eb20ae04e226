"""Vectors to measure search on, and a library that holds them.

A library of a million sounds is not at hand, so its vectors are drawn. Not evenly: independent
coordinates of one spread would put all vectors at nearly the same distance from a query, where no
approximate index can be good and none needs to be, as sounds come in kinds that lie together and
vary in a few directions more than in most.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, delete, insert

from index.workspace import Workspace
from library.database import open_database, writing
from library.tables import Root, Sample, Space, Vector

DIGEST = "0123456789abcdef"
SPACE_ID = 1

_KINDS = 2_000
_SPREAD = 0.6
_AT_ONCE = 10_000

Draw = Callable[[int, int], NDArray[np.float32]]
"""From a number of vectors and a seed to vectors, float32, shape (n, d)."""


def mixture(d: int) -> Draw:
    """Draw from 2,000 Gaussians, whose centres and spreads fall off as one over the root.

    The spread within a kind is .6 of that between kinds, so that kinds overlap.
    """
    spectrum = np.arange(1, d + 1) ** -0.5
    centres = np.random.default_rng(0).normal(size=(_KINDS, d)) * spectrum

    def draw(n: int, seed: int) -> NDArray[np.float32]:
        rng = np.random.default_rng([1, seed])
        values = rng.standard_normal((n, d), np.float32) * np.float32(_SPREAD)
        values *= spectrum.astype(np.float32)
        return values + centres.astype(np.float32)[rng.integers(0, _KINDS, n)]

    return draw


def like_those_of(library: Path) -> Draw:
    """Draw from a mixture around the vectors of a library, in the space that it uses.

    Each is a vector of the library, moved by what two neighbours there differ by: a Gaussian with
    half the covariance of the differences between vectors and those nearest to them.
    """
    with Workspace.open(library) as workspace:
        real = workspace.vectors().matrix
    nearest = faiss.knn(real, real, 2)[1][:, 1]
    differences = (real - real[nearest]).astype(np.float64)
    values, directions = np.linalg.eigh(differences.T @ differences / (2 * len(real)))
    moves = (directions * np.sqrt(values.clip(0))).T.astype(np.float32)

    def draw(n: int, seed: int) -> NDArray[np.float32]:
        rng = np.random.default_rng([2, seed])
        moved = rng.standard_normal((n, real.shape[1]), np.float32) @ moves
        return moved + real[rng.integers(0, len(real), n)]

    return draw


def library_of(path: Path, n: int, more: int, draw: Draw) -> Engine:
    """Make a library of so many samples, of which all but the last few have a vector.

    Args:
        path: Where; nothing is there yet.
        n: How many have a vector. Ids count from 1.
        more: How many samples there are beside them.
        draw: Where vectors come from.
    """
    engine = open_database(path)
    with writing(engine) as session:
        session.add(Root(id=1, path="/sounds"))
        session.add(Space(id=SPACE_ID, name="drawn", codec="none", digest=DIGEST))
        session.flush()
        for start in range(1, n + more + 1, _AT_ONCE):
            rows = [
                {"id": i, "root_id": 1, "path": f"/sounds/{i}.wav", "name": f"{i}.wav",
                 "folder": "sounds", "search_text": f"sounds\n{i}.wav", "size": 1, "mtime_ns": 1}
                for i in range(start, min(start + _AT_ONCE, n + more + 1))
            ]  # fmt: skip
            session.execute(insert(Sample), rows)
    for start in range(0, n, _AT_ONCE):
        count = min(_AT_ONCE, n - start)
        put(engine, np.arange(start + 1, start + 1 + count), draw(count, start))
    return engine


def put(engine: Engine, ids: NDArray[np.int64], matrix: NDArray[np.float32]) -> None:
    """Give samples vectors."""
    rows = [
        {"sample_id": int(i), "space_id": SPACE_ID, "data": vector.astype("<f4").tobytes()}
        for i, vector in zip(ids, matrix, strict=True)
    ]
    with writing(engine) as session:
        session.execute(insert(Vector), rows)


def take(engine: Engine, ids: NDArray[np.int64]) -> None:
    """Take the vectors of samples away."""
    with writing(engine) as session:
        for start in range(0, len(ids), 500):
            some = [int(i) for i in ids[start : start + 500]]
            session.execute(delete(Vector).where(Vector.sample_id.in_(some)))
