"""Which sounds a gallery is made of: a library of some of each label, and examples by name.

The choice is the same each time: rows in an order drawn from a seed, the first that fit.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.manifest import Labelled
from library.clip import Clip
from library.decode import decode
from library.descriptors import describe
from library.errors import DecodeError

SEED = 7
OF_EACH = 24
"""Sounds of a label in the library: enough for a space of one label, learned in seconds."""

_SHORTEST_S, _QUIETEST_DB = 0.08, -40.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an example is to be.

    Attributes:
        label: Of the manifest.
        longest_s: It is no longer.
        pitched: Whether it must have a clear pitch.
        place: Which of those that fit, from 0.
        words: One of these is in its path; any will do where there are none.
    """

    label: str
    longest_s: float = 2.5
    pitched: bool = False
    place: int = 0
    words: tuple[str, ...] = ()


EXAMPLES: Mapping[str, Wanted] = {
    "kick": Wanted("kick"),
    "snare": Wanted("snare"),
    "hat": Wanted("hat", 1.5),
    "cymbal": Wanted("cymbal", 3.0),
    "foley": Wanted("foley"),
    "drum": Wanted("tom"),
    "note": Wanted("instrument", 3.0, pitched=True),
    "bass": Wanted("bass", 3.0, pitched=True),
    "synth": Wanted("synth", 3.0),
    "voice": Wanted("voice", 2.0, pitched=True),
    "speech": Wanted("voice", 3.0, place=1),
    "loop": Wanted("loop", 8.0),
    "loop2": Wanted("loop", 8.0, place=1),
    "perc": Wanted("perc"),
}
"""The sounds that the commands of a gallery name."""


def chosen(rows: Sequence[Labelled], wanted: Wanted) -> Labelled:
    """Return the example that fits; the nearest to it where none does.

    Raises:
        ValueError: No sound of the label can be read.
    """
    fitting, readable = [], []
    for row in _in_order(rows, wanted.label):
        clip = _read(row)
        if clip is None:
            continue
        readable.append(row)
        if _fits(row, clip, wanted):
            fitting.append(row)
        if len(fitting) > wanted.place:
            break
    found = fitting or readable
    if not found:
        raise ValueError(f"no sound of label {wanted.label!r} can be read")
    return found[min(wanted.place, len(found) - 1)]


def copied(rows: Sequence[Labelled], folder: Path) -> dict[str, Path]:
    """Copy the sounds of a gallery's library, and the examples, into folders by label.

    Returns:
        The examples by name, those left out of which the manifest has no label.
    """
    labels = sorted({row.label for row in rows})
    for label in labels:
        for row in _in_order(rows, label)[:OF_EACH]:
            _copy(row, folder)
    return {
        name: _copy(chosen(rows, wanted), folder)
        for name, wanted in EXAMPLES.items()
        if wanted.label in labels
    }


def _copy(row: Labelled, folder: Path) -> Path:
    path = folder / row.label / row.path.name
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        shutil.copyfile(row.path, path)
    return path


def _in_order(rows: Sequence[Labelled], label: str) -> list[Labelled]:
    own = [row for row in rows if row.label == label]
    return [own[i] for i in np.random.default_rng(SEED).permutation(len(own))]


def _read(row: Labelled) -> Clip | None:
    try:
        clip = decode(row.path).clip
    except DecodeError:
        return None
    return clip if clip.length and clip.frames.any() else None


def _fits(row: Labelled, clip: Clip, wanted: Wanted) -> bool:
    if not _SHORTEST_S <= clip.duration <= wanted.longest_s:
        return False
    if wanted.words and not any(word in str(row.path).lower() for word in wanted.words):
        return False
    found = describe(clip)
    if found.loudness < _QUIETEST_DB:
        return False
    return not wanted.pitched or found.pitch is not None
