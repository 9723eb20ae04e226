"""UMAP: vectors to a map.

Source:
    McInnes, Healy, Melville (2018), UMAP, arXiv 1802.03426.
"""

from __future__ import annotations

import warnings

import numpy as np
import umap
from numpy.typing import NDArray
from sqlalchemy import Engine, delete, insert

from index.vectors import check_digest, read_vectors
from library.database import writing
from library.errors import UserError
from library.progress import Job, Progress
from library.tables import MapPoint

FEWEST = 4
NEIGHBOURS = 15
MIN_DISTANCE = 0.1
SEED = 7


def lay_out(matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a map of vectors.

    Args:
        matrix: float32, shape (n, d), n >= FEWEST.

    Returns:
        float32, shape (n, 2), each axis within [0, 1]; the same for the same vectors.
    """
    n = len(matrix)
    mapper = umap.UMAP(
        n_neighbors=min(NEIGHBOURS, n - 1),
        min_dist=MIN_DISTANCE,
        random_state=SEED,
        n_jobs=1,
        # The spectral start needs more points than it has dimensions.
        init="spectral" if n > 4 * NEIGHBOURS else "random",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        xy = mapper.fit_transform(matrix)
    low, high = xy.min(axis=0), xy.max(axis=0)
    placed: NDArray[np.float32] = ((xy - low) / np.maximum(high - low, 1e-9)).astype(np.float32)
    return placed


def project(engine: Engine, space_id: int, digest: str) -> Job[int]:
    """Make the map of a space; a job.

    Args:
        engine: The library.
        space_id: The space's row.
        digest: Of its weights.

    Returns:
        How many points it has.

    Raises:
        UserError: There are too few sounds.
    """
    yield Progress("map", 0, 1, "reading vectors")
    ids, matrix = read_vectors(engine, space_id)
    if len(ids) < FEWEST:
        raise UserError(
            f"a map needs {FEWEST} analysed sounds, and there are {len(ids)}",
            "add more with crate add",
        )
    yield Progress("map", 0, 1, f"laying out {len(ids)} sounds")
    xy = lay_out(matrix)
    with writing(engine) as session:
        check_digest(session, space_id, digest)
        session.execute(delete(MapPoint).where(MapPoint.space_id == space_id))
        session.execute(
            insert(MapPoint),
            [
                {"sample_id": int(i), "space_id": space_id, "x": float(x), "y": float(y)}
                for i, (x, y) in zip(ids, xy, strict=True)
            ],
        )
    yield Progress("map", 1, 1)
    return len(ids)
