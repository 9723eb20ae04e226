"""Make a gallery: every verb on chosen sounds, as WAVs and a page of spectrograms.

    python -m benchmarks.gallery --out DIR [--sounds FOLDER] [--only VERB,…]

Some sounds of each label become a library in DIR, with spaces learned on them. Then the commands of
`benchmarks.gallery_entries` are run as a user would run them. DIR/index.html shows what was made of
what; DIR/pictures has the pictures by themselves.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

from benchmarks.gallery_entries import ENTRIES, SETUP, Entry
from benchmarks.gallery_page import Row, Shown, write_page
from benchmarks.gallery_pictures import WIDEST, draw
from benchmarks.gallery_sounds import copied
from benchmarks.manifest import read_manifest, sounds_folder
from library.clip import Clip
from library.decode import read
from library.wav import write_wav
from vae.matching import matched


class CommandError(Exception):
    """A command of the gallery failed."""


def answered(command: str, library: Path, places: Mapping[str, Path], as_json: bool) -> Any:
    """Run a command of `crate`, and return what it answered as JSON, if it can."""
    words = [word.format_map(places) for word in shlex.split(command)]
    program = [sys.executable, "-m", "tui", "--library", str(library)]
    # On one thread: another number of them rounds another way.
    result = subprocess.run(
        [*program, *words, *(["--json"] if as_json else [])],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=False,
    )
    if result.returncode:
        last = (result.stderr.splitlines() or [""])[-1]
        raise CommandError(f"crate {command} ended with {result.returncode}: {last}")
    return json.loads(result.stdout) if as_json else None


def told(command: str, places: Mapping[str, Path], folder: Path) -> str:
    """Return a command as it would be written in the folder."""
    shown = {name: str(path.relative_to(folder)) for name, path in places.items()}
    return "crate " + shlex.join(word.format_map(shown) for word in shlex.split(command))


def caption_of(caption: str, file: Mapping[str, Any], number: int, count: int) -> str:
    """Return what stands above a take."""
    if "weights" in file:
        return f"{file['weights'][-1]:.2f}"
    return caption if count == 1 else f"{caption} {number}".strip()


def note_of(file: Mapping[str, Any]) -> str:
    """Return what a take says of why it was kept, and of what it is made."""
    if (why := file.get("why")) is not None:
        return (
            f"novelty {why['novelty']:.2f}, density {why['density']:.2f}, "
            f"nearest {Path(why['nearest']['path']).name} at {why['nearest']['distance']:.2f}"
        )
    if (pieces := file.get("pieces")) is not None:
        return f"{len(pieces)} pieces of {len({piece['id'] for piece in pieces})} samples"
    return ""


def cross_faded(first: Clip, last: Clip) -> Clip:
    """Return half of each of two sounds, onsets aligned: what a morph is to be better than."""
    a, b = matched([first, last])
    length = max(a.length, b.length)
    frames = 0.5 * (a.padded_to(length).frames + b.padded_to(length).frames)
    return Clip(frames.astype(np.float32), a.sample_rate)


def made(entry: Entry, number: int, out: Path, examples: Mapping[str, Path]) -> Row:
    """Run the commands of an entry, and draw what comes of them.

    Raises:
        CommandError: One failed.
        KeyError: It needs an example that there is none of.
    """
    folder = out / f"{number:02d}-{entry.verb.replace(' ', '-')}"
    folder.mkdir()
    places = {**examples, "out": folder}
    found: list[Shown] = []
    for name in entry.given:
        path = folder / f"given-{name}.wav"
        write_wav(read(examples[name]), path)
        found.append(Shown(f"{name} (given)", path, read(path)))
    for caption, command in entry.commands.items():
        files = answered(command, out / "library.sqlite", places, True)["files"]
        for place, file in enumerate(files, 1):
            path = Path(file["path"])
            above = caption_of(caption, file, place, len(files))
            found.append(Shown(above, path, read(path), note_of(file)))
    if entry.cross_fade:
        path = folder / "cross-fade.wav"
        write_wav(cross_faded(*(read(examples[name]) for name in entry.given)), path)
        found.append(Shown("plain cross-fade", path, read(path)))
        found = found[len(entry.given) :]  # the ends of a morph are the given ones
    pictures = []
    for first in range(0, len(found), WIDEST):
        part = found[first : first + WIDEST]
        picture = out / "pictures" / f"{folder.name}-{first // WIDEST}.png"
        draw([each.clip for each in part], [each.caption for each in part], picture)
        pictures.append(picture)
    commands = [told(command, places, out) for command in entry.commands.values()]
    return Row(entry.verb, entry.title, commands, found, pictures)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the gallery."""
    mpl.use("Agg")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sounds", type=Path)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder")
    parser.add_argument("--only", default="", metavar="VERB,…", help="all of them if not given")
    options = parser.parse_args(arguments)
    source, out = sounds_folder(options.sounds), options.out.absolute()
    if out.exists() and any(out.iterdir()):
        parser.error(f"{options.out} is not empty; name a new folder")
    out.mkdir(parents=True, exist_ok=True)
    begun = time.perf_counter()
    rows = read_manifest(source)
    examples = copied(rows, out / "sounds")
    for command in SETUP:
        print(f"crate {command}", file=sys.stderr, flush=True)
        answered(command, out / "library.sqlite", {"sounds": out / "sounds"}, False)
    verbs = [verb.strip() for verb in options.only.split(",") if verb.strip()]
    page: list[Row] = []
    for number, entry in enumerate(ENTRIES, 1):
        if verbs and entry.verb not in verbs:
            continue
        page.append(made(entry, number, out, examples))
        took = time.perf_counter() - begun
        print(f"{took:6.0f} s  {number:02d} {entry.verb}: {entry.title}", flush=True)
    introduction = (
        "Each sound was made by the command above it. Pictures of a row share one scale: time, "
        "frequency as a logarithm, level over 75 dB under the loudest of the row."
    )
    write_page(page, out / "index.html", introduction)
    print(out / "index.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
