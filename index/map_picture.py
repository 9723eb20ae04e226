"""The map as a picture or as data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.answers import MapPoints
from library.catalog import SampleRow
from library.errors import UserError
from library.palette import CATEGORY_COLOURS, UNKNOWN_COLOUR

FORMATS = (".png", ".svg", ".json")


def map_document(points: MapPoints, rows: Sequence[SampleRow]) -> dict[str, object]:
    """Return the map as JSON says it: one entry a sample with its place in [0, 1]."""
    by_id = {row.id: row for row in rows}
    return {
        "points": [
            {
                "id": int(i),
                "path": str(by_id[int(i)].path),
                "name": by_id[int(i)].name,
                "category": category,
                "x": round(float(x), 5),
                "y": round(float(y), 5),
            }
            for i, (x, y), category in zip(points.ids, points.xy, points.categories, strict=True)
            if int(i) in by_id
        ]
    }


def check_ending(path: Path) -> None:
    """Refuse a file of a kind that no map can be written as.

    Raises:
        UserError: The ending is no known one.
    """
    if path.suffix.lower() not in FORMATS:
        raise UserError(f"a map cannot be written as {path.name}", f"end in {', '.join(FORMATS)}")


def draw_map(points: MapPoints, rows: Sequence[SampleRow], path: Path) -> None:
    """Write the map to a file of the kind that its name says.

    Args:
        points: The map.
        rows: Its samples.
        path: Ends in .png, .svg or .json; a file of that name is replaced.

    Raises:
        UserError: The ending is another, or the file cannot be written.
    """
    check_ending(path)
    kind = path.suffix.lower()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if kind == ".json":
            text = json.dumps(map_document(points, rows), ensure_ascii=False, indent=1)
            path.write_bytes(text.encode("utf-8", "backslashreplace"))
        else:
            _draw(points, path)
    except OSError as error:
        raise UserError(f"cannot write {path}", f"{error.strerror}") from error


def _draw(points: MapPoints, path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 8), dpi=120, facecolor="#14161a")
    axes = figure.add_axes((0.02, 0.02, 0.78, 0.93), facecolor="#14161a")
    categories = np.array([category or "" for category in points.categories])
    size = float(np.clip(6000 / max(len(categories), 1), 2, 40))
    for category in sorted(set(categories), key=lambda name: (name == "", name)):
        chosen = categories == category
        axes.scatter(
            points.xy[chosen, 0],
            points.xy[chosen, 1],
            s=size,
            c=CATEGORY_COLOURS.get(category, UNKNOWN_COLOUR),
            label=f"{category or 'unknown'} {chosen.sum()}",
            linewidths=0,
            alpha=0.85,
        )
    axes.set(xticks=[], yticks=[], xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    axes.set_title(f"{len(categories)} sounds", color="#d8dee9", loc="left")
    for spine in axes.spines.values():
        spine.set_visible(False)
    if not len(categories):
        axes.text(0.5, 0.5, "no sounds yet", color="#d8dee9", ha="center")
        figure.savefig(path, facecolor=figure.get_facecolor())
        return
    axes.legend(
        loc="upper left",
        bbox_to_anchor=(1.0, 1.0),
        frameon=False,
        labelcolor="#d8dee9",
        markerscale=max(1.0, 5 / size**0.5),
    )
    figure.savefig(path, facecolor=figure.get_facecolor())
