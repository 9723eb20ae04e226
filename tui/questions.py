"""What the screens ask the workspace, each answered by one message. These run in threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tui.colours import number_of
from tui.columns import COLUMNS, value_of
from tui.messages import (
    AheadReady,
    ListReady,
    MapReady,
    RowsReady,
    ScopeReady,
    SoundReady,
    SpaceReady,
    StatusReady,
    TakeReady,
)
from tui.query_edit import sorting
from tui.sounds import Shelf, fetch, from_file

if TYPE_CHECKING:
    from index.answers import MapPoints, Neighbour, Take
    from index.workspace import Workspace
    from tui.looks import Look

NEIGHBOURS = 200
"""How many similar sounds are listed."""


def samples(workspace: Workspace, look: Look) -> ListReady:
    """Return the samples of a look: all that match the query, or a sound and the nearest ones."""
    if look.sound is None:
        return ListReady(look, workspace.ids(look.query), None)
    from index.sound_query import SoundQuery

    weights = dict(look.weights)
    found = workspace.similar(SoundQuery(str(look.sound), NEIGHBOURS, look.query, weights=weights))
    found = _in_order(found, *sorting(look.query))
    ids = np.array([look.sound, *(each.row.id for each in found)], dtype=np.int64)
    scores = np.array([1.0, *(each.score for each in found)], dtype=np.float32)
    names = dict.fromkeys(name for each in found for name in each.aspects)
    aspects = {
        name: np.array([1.0, *(each.aspects.get(name, np.nan) for each in found)], np.float32)
        for name in names
    }
    return ListReady(look, ids, scores, aspects)


def _in_order(found: list[Neighbour], field: str, reverse: bool) -> list[Neighbour]:
    """Return neighbours by what a column shows; those without it last. No field leaves them."""
    column = next((each for each in COLUMNS.values() if field and each.sort == field), None)
    if column is None:
        return found
    known = [each for each in found if value_of(column, each.row) is not None]
    unknown = [each for each in found if value_of(column, each.row) is None]
    known.sort(key=lambda each: value_of(column, each.row), reverse=reverse)
    return known + unknown


def rows(workspace: Workspace, ids: NDArray[np.int64] | list[int]) -> RowsReady:
    """Return the rows with these ids."""
    return RowsReady(workspace.rows(ids))


def sound(workspace: Workspace, shelf: Shelf, sample_id: int, wanted: bool) -> SoundReady:
    """Return one sample with its audio, which is to be played if wanted."""
    row, audio, reason = fetch(workspace, shelf, sample_id)
    return SoundReady(row, audio, reason, wanted)


def ahead(workspace: Workspace, shelf: Shelf, ids: list[int]) -> AheadReady:
    """Decode what may be heard next."""
    for sample_id in ids:
        fetch(workspace, shelf, sample_id)
    return AheadReady()


def status(workspace: Workspace) -> StatusReady:
    """Return the counts of the library."""
    return StatusReady(workspace.status())


def space(workspace: Workspace) -> SpaceReady:
    """Return the name of the space in use."""
    in_use = [each.name for each in workspace.spaces() if each.in_use]
    return SpaceReady(in_use[0] if in_use else "")


def library_map(workspace: Workspace) -> MapReady:
    """Return the map with the colours of its points."""
    points = workspace.map_points()
    return MapReady(points, np.array([number_of(each) for each in points.categories], np.uint8))


def scope(points: MapPoints, ids: NDArray[np.int64]) -> ScopeReady:
    """Return which points of the map are in a list."""
    within = np.isin(points.ids, ids)
    return ScopeReady(None if within.all() else within)


def take(made: Take, sample_rate: int) -> TakeReady:
    """Return a step of a morph with its audio."""
    audio, reason = from_file(made.path, sample_rate)
    return TakeReady(made, audio, reason)
