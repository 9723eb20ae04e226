"""The page of a gallery: rows of pictures, what was measured, and the sounds to hear."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

from benchmarks.gallery_pictures import LEFT, RIGHT, WIDEST, columns_for
from library.clip import Clip
from library.descriptors import describe

_STYLE = """
body { font: 14px/1.4 sans-serif; margin: 1.5em auto; max-width: 1260px; padding: 0 1em }
h2 { margin-top: 2.5em } h3 { margin: 2em 0 .3em } code { color: #555; display: block }
img { width: 100%; display: block }
.cells { display: grid; column-gap: .4%; margin: 0 RIGHT% 1em LEFT% }
.cells div { font-size: 11px; overflow-wrap: anywhere } audio { width: 100%; height: 28px }
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A sound on the page.

    Attributes:
        caption: Above its picture.
        path: The file.
        clip: Its audio.
        note: What else is to be said of it.
    """

    caption: str
    path: Path
    clip: Clip
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the page.

    Attributes:
        verb: Rows of one verb stand under one heading.
        title: What was made from what.
        commands: That made it, as they are written.
        shown: The sounds.
        pictures: A PNG for each `WIDEST` of them.
    """

    verb: str
    title: str
    commands: Sequence[str]
    shown: Sequence[Shown]
    pictures: Sequence[Path]


def figures(clip: Clip) -> str:
    """Return in a line what is measured of a sound."""
    found = describe(clip)
    attack = "no attack" if found.attack is None else f"attack {found.attack:.1f} ms"
    pitch = "no pitch" if found.pitch is None else f"pitch {found.pitch:.2f}"
    bright = "" if found.brightness is None else f"{found.brightness:.0f} Hz"
    return f"{attack}, {found.loudness:.1f} dB, {pitch}, {bright}"


def write_page(rows: Sequence[Row], path: Path, introduction: str) -> None:
    """Write the page: pictures are in it, sounds beside it.

    Args:
        rows: In order.
        path: The HTML file; the sounds lie in its folder, at any depth.
        introduction: Of the page.
    """
    style = _STYLE.replace("LEFT", f"{100 * LEFT:g}").replace("RIGHT", f"{100 * RIGHT:g}")
    parts = [
        "<!doctype html><html lang='en'><meta charset='utf-8'>",
        "<title>What sounds are made of sounds</title>",
        f"<style>{style}</style>",
        f"<p>{escape(introduction)}</p>",
    ]
    verb = ""
    for row in rows:
        if row.verb != verb:
            parts.append(f"<h2>{escape(row.verb)}</h2>")
        verb = row.verb
        parts.append(f"<h3>{escape(row.title)}</h3>")
        parts += [f"<code>{escape(command)}</code>" for command in row.commands]
        for number, picture in enumerate(row.pictures):
            data = base64.b64encode(picture.read_bytes()).decode()
            parts.append(f"<img alt='{escape(row.title)}' src='data:image/png;base64,{data}'>")
            cells = [_cell(each, path.parent) for each in row.shown[number * WIDEST :][:WIDEST]]
            columns = f"grid-template-columns: repeat({columns_for(len(cells))}, 1fr)"
            parts.append(f"<div class='cells' style='{columns}'>{''.join(cells)}</div>")
    path.write_text("\n".join(parts), encoding="utf-8")


def _cell(shown: Shown, folder: Path) -> str:
    source = quote(shown.path.relative_to(folder).as_posix())
    said = "<br>".join(escape(line) for line in (figures(shown.clip), shown.note) if line)
    return f"<div><audio controls preload='none' src='{source}'></audio>{said}</div>"
