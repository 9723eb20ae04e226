"""The map as rows, for whoever draws it."""

from __future__ import annotations

import numpy as np
from sqlalchemy import Engine, select

from index.answers import MapPoints
from library.database import reading
from library.tables import MapPoint, Sample, Space


def read_map(engine: Engine, space: str) -> MapPoints:
    """Return the map of a space, by name, as it was last made; empty where it never was."""
    statement = (
        select(MapPoint.sample_id, MapPoint.x, MapPoint.y, Sample.category)
        .join(Sample, Sample.id == MapPoint.sample_id)
        .join(Space, Space.id == MapPoint.space_id)
        .where(Space.name == space)
        .order_by(MapPoint.sample_id)
    )
    with reading(engine) as session:
        rows = session.execute(statement).all()
    return MapPoints(
        ids=np.array([row[0] for row in rows], np.int64),
        xy=np.array([row[1:3] for row in rows], np.float32).reshape(len(rows), 2),
        categories=tuple(row[3] for row in rows),
    )
