"""The map as rows: read by whoever draws it, and kept so that the next one can follow it.

The points of a space that was trained again stay until its next map is made, which is laid out from
them; until then the space has no map.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, delete, func, insert, select
from sqlalchemy.orm import Session

from index.answers import MapPoints
from library.catalog import all_numbers
from library.columns import kinds_of
from library.database import reading, writing
from library.tables import MapPoint, Setting, Space, Vector

_AT_ONCE = 50_000  # points in one text: to parse it holds the interpreter for some milliseconds
_LAST = "space of the last map"


@dataclass(frozen=True, slots=True, eq=False)
class StoredMap:
    """A map as the library has it.

    Attributes:
        ids: int64, shape (n,), rising.
        xy: float32, shape (n, 2), each axis within [0, 1].
        width: How wide the map's unit is in units of the layout.
        placed: How many sounds were put onto it since it was laid out.
        current: Whether it is of the space as it is now.
    """

    ids: NDArray[np.int64]
    xy: NDArray[np.float32]
    width: float
    placed: int
    current: bool


def read_map(engine: Engine, space: str) -> MapPoints:
    """Return the map of a space, by name, as it was last made; empty where it never was."""
    with reading(engine) as session:
        found = session.execute(select(Space.id, Space.digest).where(Space.name == space)).first()
        facts = _facts(session, found.id) if found else None
        if found is None or facts is None or facts["digest"] != found.digest:
            return MapPoints(np.zeros(0, np.int64), np.zeros((0, 2), np.float32), ())
        ids, xy = _points(session, found.id)
    kinds = kinds_of(engine, ids, "category")
    words = (*kinds.words, None)  # the last one, of -1
    return MapPoints(ids, xy, tuple(words[number] for number in kinds.numbers.tolist()))


def _points(session: Session, space_id: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the points of a space, ids rising, (n,), and places, (n, 2).

    SQLite joins the numbers into long texts: rows of Python's own would take times as long, and
    keep the keyboard waiting meanwhile.
    """
    of_space = MapPoint.space_id == space_id
    ids = np.sort(all_numbers(session, select(MapPoint.sample_id).where(of_space)))
    xy = np.zeros((len(ids), 2), np.float32)
    for start in range(0, len(ids), _AT_ONCE):
        asked = ids[start : start + _AT_ONCE]
        between = of_space & MapPoint.sample_id.between(int(asked[0]), int(asked[-1]))
        texts = session.execute(
            select(
                func.group_concat(MapPoint.sample_id),
                func.group_concat(MapPoint.x),
                func.group_concat(MapPoint.y),
            ).where(between)
        ).one()
        places = np.searchsorted(asked, np.fromstring(texts[0], np.int64, sep=","))
        for axis, text in enumerate(texts[1:]):
            xy[start + places, axis] = np.fromstring(text, np.float32, sep=",")
    return ids, xy


def stored_map(engine: Engine, space_id: int, digest: str) -> StoredMap | None:
    """Return the map that a new one should follow; None where the library never had one.

    Args:
        engine: The library.
        space_id: The space to be mapped: its own map comes first, if only of an older training,
            and then the one that was made last of any space.
        digest: Of the space as it is now.
    """
    with reading(engine) as session:
        last = session.get(Setting, _LAST)
        for each in (space_id, None if last is None else int(last.value)):
            facts = None if each is None else _facts(session, each)
            statement = (
                select(MapPoint.sample_id, MapPoint.x, MapPoint.y)
                .where(MapPoint.space_id == each)
                .order_by(MapPoint.sample_id)
            )
            rows = session.execute(statement).all() if facts is not None else []
            if facts is not None and rows:
                return StoredMap(
                    ids=np.array([row[0] for row in rows], np.int64),
                    xy=np.array([row[1:3] for row in rows], np.float32),
                    width=float(facts["width"]),
                    placed=int(facts["placed"]),
                    current=each == space_id and facts["digest"] == digest,
                )
    return None


def write_map(
    engine: Engine,
    space_id: int,
    digest: str,
    ids: NDArray[np.int64],
    xy: NDArray[np.float32],
    width: float,
    placed: int = 0,
) -> None:
    """Keep the map of a space in place of the one before.

    Args:
        engine: The library.
        space_id: The space.
        digest: Of the space whose vectors were mapped.
        ids: int64, shape (n,); one that has lost its vector in the meantime is left out.
        xy: float32, shape (n, 2), each axis within [0, 1].
        width: As `StoredMap` says.
        placed: As `StoredMap` says.

    Raises:
        LibraryError: The space was trained again in the meantime.
    """
    from index.vectors import check_digest  # which loads models; who reads a map needs none

    with writing(engine) as session:
        check_digest(session, space_id, digest)
        there = select(Vector.sample_id).where(Vector.space_id == space_id)
        kept = np.isin(ids, np.fromiter(session.scalars(there), np.int64))
        session.execute(delete(MapPoint).where(MapPoint.space_id == space_id))
        points = [
            {"sample_id": int(i), "space_id": space_id, "x": float(x), "y": float(y)}
            for i, (x, y) in zip(ids[kept], xy[kept], strict=True)
        ]
        if points:
            session.execute(insert(MapPoint), points)
        facts = {"digest": digest, "width": width, "placed": placed}
        session.merge(Setting(key=_key(space_id), value=facts))
        session.merge(Setting(key=_LAST, value=space_id))


def drop_map(session: Session, space_id: int) -> None:
    """Delete the map of a space that is forgotten: another space may get its id."""
    session.execute(delete(MapPoint).where(MapPoint.space_id == space_id))
    session.execute(delete(Setting).where(Setting.key == _key(space_id)))
    last = session.get(Setting, _LAST)
    if last is not None and last.value == space_id:
        session.delete(last)


def _key(space_id: int) -> str:
    return f"map of space {space_id}"


def _facts(session: Session, space_id: int) -> dict[str, Any] | None:
    """Return what is known of a map beside its points; None where it was never made."""
    setting = session.get(Setting, _key(space_id))
    if setting is None:
        return None
    facts: dict[str, Any] = setting.value
    return facts
