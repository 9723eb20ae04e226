"""The map as a page for a browser: one file, which fetches nothing and runs nothing but its own.

Names of files are data in it: they stand in a block that no browser runs, are shown as text only,
and the page's policy lets no other script run than the one that ships.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template

import numpy as np
from numpy.typing import NDArray

from index.answers import MapPoints
from index.map_picture import colour_of
from index.map_regions import regions
from library.catalog import SampleRow
from library.names import displayable

# Inside a script element nothing but these can end it or begin another.
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def page(
    points: MapPoints,
    rows: Sequence[SampleRow],
    sounds: Mapping[int, bytes] | None = None,
    linked: bool = False,
) -> str:
    """Return a page that shows the map, finds in it and plays from it.

    Args:
        points: The map.
        rows: The samples of all its points, in their order.
        sounds: MP3 files by the place of their sample, to be played.
        linked: Whether the page names where the files lie, so that it can play them here.

    Returns:
        HTML, ASCII throughout.
    """
    style, script = _shipped("map_page.css"), _shipped("map_page.js")
    return Template(_shipped("map_page.html")).substitute(
        policy=(
            f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
            "media-src data: file:"
        ),
        style=style,
        script=script,
        facts=_as_data(_facts(points, rows)),
        sounds=_as_data(_sounds(rows, sounds, linked)),
    )


def _facts(points: MapPoints, rows: Sequence[SampleRow]) -> dict[str, object]:
    """Return what the page shows of the samples, in columns."""
    words = sorted({category or "" for category in points.categories}, key=lambda w: (w == "", w))
    folders = sorted({row.folder for row in rows})
    tags: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        for tag in row.tags:
            tags.setdefault(tag, []).append(i)
    kind = {word: i for i, word in enumerate(words)}
    folder = {name: i for i, name in enumerate(folders)}
    return {
        "xy": _packed((points.xy * 65_535).round(), "<u2"),
        "kind": _packed([kind[category or ""] for category in points.categories], "<u2"),
        "kinds": [{"name": word or "unknown", "colour": colour_of(word)} for word in words],
        "name": [displayable(row.name) for row in rows],
        "folder": _packed([folder[row.folder] for row in rows], "<u4"),
        "folders": [displayable(name) for name in folders],
        "seconds": _packed([row.duration or 0.0 for row in rows], "<f4"),
        "tags": [{"name": tag, "of": _packed(of, "<u4")} for tag, of in sorted(tags.items())],
        "regions": [{"word": r.word, "x": r.x, "y": r.y} for r in regions(points)],
    }


def _sounds(
    rows: Sequence[SampleRow], sounds: Mapping[int, bytes] | None, linked: bool
) -> dict[str, object]:
    """Return where the page finds what it plays."""
    if linked:
        return {"how": "link", "sources": [row.path.as_uri() for row in rows]}
    if sounds is None:
        return {"how": "none", "sources": []}
    found = [sounds.get(i) for i in range(len(rows))]
    sources = [None if data is None else base64.b64encode(data).decode() for data in found]
    return {"how": "embed", "sources": sources}


def _packed(values: NDArray[np.float32] | Sequence[float], dtype: str) -> str:
    return base64.b64encode(np.asarray(values).astype(dtype).tobytes()).decode()


def _as_data(document: object) -> str:
    text = json.dumps(document, separators=(",", ":"))
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return text


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _shipped(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="ascii")
