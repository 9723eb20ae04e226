"""The map of a space: laid out once, added to, and laid out again so that it is known again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from index.map_alignment import filling_square, onto, within_square
from index.map_layout import lay_out, lay_out_again, place
from index.map_rows import stored_map, write_map
from index.vectors import read_vectors
from library.errors import UserError
from library.progress import Job, Progress

FEWEST = 4

MOST_PLACED = 0.25
"""The share of a map that may have been put onto it; with more, it is laid out again."""

# With a smaller share of sounds that are known there is nothing to find again.
_FEWEST_KNOWN = 0.1


def project(engine: Engine, space_id: int, digest: str, fresh: bool = False) -> Job[int]:
    """Bring the map of a space up to date, or make it; a job. Stopped, it leaves the last map.

    Args:
        engine: The library.
        space_id: The space's row.
        digest: Of its weights.
        fresh: Lay it out again even where new sounds could be put onto it.

    Returns:
        How many points it has.

    Raises:
        UserError: There are too few sounds.
    """
    yield Progress("vectors", 0, None, "reading")
    ids, matrix = read_vectors(engine, space_id)
    if len(ids) < FEWEST:
        raise UserError(
            f"a map needs {FEWEST} analysed sounds, and there are {len(ids)}",
            "add more with crate add",
        )
    last = stored_map(engine, space_id, digest)
    known = np.isin(ids, last.ids) if last is not None else np.zeros(len(ids), bool)
    if last is None or known.sum() < max(FEWEST, _FEWEST_KNOWN * len(ids)):
        xy = yield from lay_out(matrix)
        fitted = filling_square(xy)
        write_map(engine, space_id, digest, ids, fitted(xy).clip(0, 1), 1 / fitted.scale)
        return len(ids)
    placed = last.placed + int((~known).sum())
    then = last.xy[np.isin(last.ids, ids)]
    if fresh or not last.current or placed > MOST_PLACED * len(ids):
        xy, width = yield from _followed(matrix, known, then, last.width)
        write_map(engine, space_id, digest, ids, xy, width)
    elif not known.all():
        xy = yield from place(matrix, known, then * np.float32(last.width))
        xy = (xy / np.float32(last.width)).clip(0, 1)
        xy[known] = then
        write_map(engine, space_id, digest, ids, xy, last.width, placed)
    elif len(then) < len(last.ids):
        write_map(engine, space_id, digest, ids, then, last.width, last.placed)
    return len(ids)


def _followed(
    matrix: NDArray[np.float32],
    known: NDArray[np.bool_],
    then: NDArray[np.float32],
    width: float,
) -> Job[tuple[NDArray[np.float32], float]]:
    """Return a new map on which what was on the last one is found again, and its width; a job."""
    xy = yield from lay_out_again(matrix, known, then * np.float32(width))
    aligned = onto(xy[known], then)
    xy = aligned(xy)
    fitted = within_square(xy)
    return fitted(xy).clip(0, 1), 1 / (aligned.scale * fitted.scale)
