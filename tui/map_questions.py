"""What the map asks the workspace, each answered by one message. These run in threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from library.errors import UserError
from tui import colourings
from tui.colourings import Colouring
from tui.messages import Collected, ColourChoices, LassoReady, MapReady, PaintReady
from tui.widgets import facts
from tui.widgets.map_grid import PointGrid
from tui.widgets.map_labels import Landmark
from tui.widgets.map_lasso import lassoed
from tui.widgets.map_marks import Paint, painted

if TYPE_CHECKING:
    from index.workspace import Workspace

Ids = NDArray[np.int64]

MEASURED = (
    "folder", "length", "brightness", "loudness", "noisiness", "attack", "decay", "pitch",
    "low_end", "width", "roughness",
)  # fmt: skip
"""What the map can be coloured by that nothing the user says can change."""

COLOURINGS = ("category", "rating", "used", *MEASURED)
"""What the map can be coloured by in any library, in the order in which one follows another."""


def library_map(workspace: Workspace, how: str, listed: Ids | None) -> MapReady:
    """Return the map, coloured.

    Args:
        workspace: The library.
        how: One of :data:`COLOURINGS`, or a query.
        listed: Ids of the samples in the list, int64, shape (n,); None where all are.
    """
    from index.map_regions import regions

    found = workspace.map_points()
    points = PointGrid(found.ids, found.xy)
    landmarks = [Landmark(region.word, region.x, region.y) for region in regions(found)]
    paint = painted(points, _colouring(workspace, points.ids, how), within(points, listed))
    return MapReady(points, paint, landmarks)


def repainted(
    workspace: Workspace, points: PointGrid, how: str, listed: Ids | None, last: Paint | None
) -> PaintReady:
    """Return how a map is drawn now.

    Args:
        workspace: The library.
        points: The map.
        how: As in :func:`library_map`.
        listed: As in :func:`library_map`.
        last: How it was drawn, if that has the right colours already.
    """
    colouring = _colouring(workspace, points.ids, how) if last is None else last.colouring
    return PaintReady(points, painted(points, colouring, within(points, listed)))


def colour_choices(workspace: Workspace) -> ColourChoices:
    """Return what this library can be coloured by, its commonest tags last."""
    tags = workspace.status().tags
    words = sorted(tags, key=lambda word: (-tags[word], word))
    return ColourChoices((*COLOURINGS, *(f'tag:"{w}"' if " " in w else f"tag:{w}" for w in words)))


def in_lasso(points: PointGrid, outline: NDArray[np.float64], paint: Paint) -> LassoReady:
    """Return which samples of the list lie in an outline."""
    return LassoReady(np.sort(lassoed(points, outline, paint.within)))


def within(points: PointGrid, listed: Ids | None) -> NDArray[np.bool_] | None:
    """Return which points are in a list, bool, shape (n,); None where all are."""
    if listed is None:
        return None
    within = np.isin(points.ids, listed)
    return None if within.all() else within


def _colouring(workspace: Workspace, ids: Ids, how: str) -> Colouring:
    if how in ("category", "folder"):
        kinds = workspace.kinds_of(ids, how)
        by = colourings.by_category if how == "category" else colourings.by_folder
        return by(kinds.words, kinds.numbers)
    if how == "rating":
        return colourings.by_rating(workspace.values_of(ids, "rating"))
    if how == "length":
        values = workspace.values_of(ids, "duration")
        return colourings.by_value(how, values, facts.length)
    if how in MEASURED:
        return colourings.by_value(how, workspace.values_of(ids, how))
    return colourings.by_choice(how, workspace.selected(ids, "is:used" if how == "used" else how))


def trouble_with_colouring(line: str) -> str:
    """Return why nothing can be coloured by a line, or nothing."""
    if line.strip() in COLOURINGS:
        return ""
    from library.query import parse

    try:
        parse(line)
    except UserError as error:
        return str(error)
    return ""


def collected(workspace: Workspace, ids: Ids, name: str) -> Collected:
    """Put samples into a collection."""
    workspace.collect(ids.tolist(), name)
    return Collected(name, len(ids))
