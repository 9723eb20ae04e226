"""The map as a file: a picture, a page, or data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.answers import MapPoints
from library.catalog import SampleRow
from library.errors import UserError
from library.new_file import new_file
from library.progress import Job

FORMATS = (".png", ".svg", ".html", ".json")
EMBED, LINK, NONE = "embed", "link", "none"

MEGABYTES = 24.0
"""Of sounds in a page at most, about 3,000 of them, where nothing else is said."""

_BASE64 = 4 / 3


@dataclass(frozen=True, slots=True)
class SavedMap:
    """What was written.

    Attributes:
        path: The file.
        points: How many sounds it shows.
        heard: How many of them it plays.
    """

    path: Path
    points: int
    heard: int


def map_document(points: MapPoints, rows: Sequence[SampleRow]) -> dict[str, object]:
    """Return the map as JSON says it: one entry a sample with its place in [0, 1], y down."""
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


def save_map(
    points: MapPoints,
    rows: Sequence[SampleRow],
    path: Path,
    sounds: str = EMBED,
    megabytes: float = MEGABYTES,
) -> Job[SavedMap]:
    """Write the map to a file of the kind that its name says; a job.

    Args:
        points: The map.
        rows: Its samples; a point whose sample is not among them is left out.
        path: Ends in .png, .svg, .html or .json; a file of that name is replaced.
        sounds: What a page plays: `embed` puts the beginnings of sounds into it and no paths,
            `link` names where the files lie on this machine, `none` has it show names alone.
        megabytes: How much of embedded sounds there may be.

    Raises:
        UserError: The ending is another, or the file cannot be written.
    """
    check_ending(path)
    kind = path.suffix.lower()
    heard = 0
    try:
        with new_file(path, overwrite=True) as part:
            if kind == ".json":
                text = json.dumps(map_document(points, rows), ensure_ascii=False, indent=1)
                part.write_bytes(text.encode("utf-8", "backslashreplace"))
            elif kind == ".html":
                heard = yield from _save_page(points, rows, part, sounds, megabytes)
            else:
                from index.map_picture import draw

                draw(points, part, kind[1:])
    except OSError as error:
        raise UserError(f"cannot write {path}", f"{error.strerror}") from error
    return SavedMap(path, len(points.ids), heard)


def _save_page(
    points: MapPoints, rows: Sequence[SampleRow], path: Path, sounds: str, megabytes: float
) -> Job[int]:
    """Write a page and return how many sounds it plays; a job."""
    from index.map_page import page
    from index.map_previews import previews

    by_id = {row.id: row for row in rows}
    kept = [i for i, sample_id in enumerate(points.ids) if int(sample_id) in by_id]
    points = MapPoints(points.ids[kept], points.xy[kept], tuple(points.categories[i] for i in kept))
    ordered = [by_id[int(i)] for i in points.ids]
    found = None
    if sounds == EMBED:
        most_bytes = megabytes * 1e6 / _BASE64
        found = yield from previews([row.path for row in ordered], points.xy, most_bytes)
    path.write_text(page(points, ordered, found, linked=sounds == LINK), encoding="ascii")
    return len(ordered) if sounds == LINK else len(found or ())
