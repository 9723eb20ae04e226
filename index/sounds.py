"""Sounds by name: a sample of the library, or a file from anywhere."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import Engine

from library import catalog
from library.catalog import SampleRow
from library.clip import Clip
from library.content import content_hash
from library.decode import read
from library.errors import DecodeError, LibraryError, UserError
from library.names import displayable
from library.take_rows import Origin

# Morphs and variations hold spectra of the whole sound in memory.
LONGEST_S = 120.0


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """A sound that takes can be made from.

    Attributes:
        name: Of its file, safe to show.
        clip: All of it, but for an `unheard` one.
        content: `content_hash` of its file.
        origin: Where it lies.
    """

    name: str
    clip: Clip
    content: str
    origin: Origin


def locate(engine: Engine, sound: str) -> SampleRow | Path:
    """Return the sample of an id or a path, or the path of a file outside the library.

    Raises:
        LibraryError: There is neither such a sample nor such a file.
    """
    try:
        return catalog.find(engine, sound)
    except LibraryError:
        path = Path(os.path.expanduser(sound))  # noqa: PTH111 - which never raises
        if not os.path.isfile(path):  # noqa: PTH113 - nor does this
            raise
        return path


def open_sound(engine: Engine, sound: str) -> Sound:
    """Return a sound by id or path, decoded.

    Raises:
        LibraryError: There is neither such a sample nor such a file.
        UserError: It is too long to be worked on.
        DecodeError: It cannot be read.
    """
    found = locate(engine, sound)
    if isinstance(found, Path):
        return open_origin(Origin(found, None))
    return open_origin(Origin(found.path, found.id))


def open_origin(origin: Origin) -> Sound:
    """Return the sound that lies somewhere, decoded; errors as `open_sound` has them."""
    name = displayable(origin.path.name)
    clip = read(origin.path, LONGEST_S + 1)
    if clip.duration > LONGEST_S:
        raise UserError(
            f"{name} is too long", f"take a sound of at most {LONGEST_S:.0f} s, or cut it first"
        )
    return Sound(name, clip, _content_of(origin), origin)


def unheard(origin: Origin) -> Sound:
    """Return a sound without its audio, for what reads that when it is needed.

    Raises:
        DecodeError: The file cannot be opened.
    """
    nothing = Clip(np.zeros((1, 0), np.float32), 44_100)
    return Sound(displayable(origin.path.name), nothing, _content_of(origin), origin)


def _content_of(origin: Origin) -> str:
    try:
        return content_hash(origin.path)
    except OSError as error:
        name = displayable(origin.path.name)
        raise DecodeError(f"{name} cannot be opened ({error.strerror})") from error
