"""What was measured of samples, read as numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, select

from library.catalog import chunks
from library.database import reading
from library.tables import Descriptor

Measured = Mapping[str, float | None]


def read_measured(
    engine: Engine, names: Sequence[str], sample_ids: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return descriptors of samples, in the order of their ids.

    Returns:
        float64, shape (n, len(names)); NaN where one is not defined, or the sample not analysed.
    """
    columns = [getattr(Descriptor, name) for name in names]
    found: dict[int, Sequence[float | None]] = {}
    with reading(engine) as session:
        for chunk in chunks(sample_ids):
            statement = select(Descriptor.sample_id, *columns).where(
                Descriptor.sample_id.in_(chunk)
            )
            found.update((row[0], row[1:]) for row in session.execute(statement))
    nothing = [None] * len(names)
    rows = [found.get(int(i), nothing) for i in sample_ids]
    values = [[math.nan if value is None else value for value in row] for row in rows]
    return np.array(values, np.float64).reshape(len(rows), len(names))


def ids_beyond(engine: Engine, name: str, value: float, *, above: bool) -> NDArray[np.int64]:
    """Return the samples that measure more of something than a value, or less, int64, (n,)."""
    column = getattr(Descriptor, name)
    statement = select(Descriptor.sample_id).where(column > value if above else column < value)
    with reading(engine) as session:
        return np.fromiter(session.scalars(statement), np.int64)
