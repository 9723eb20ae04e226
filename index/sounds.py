"""Sounds by name: a sample of the library, or a file from anywhere."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Engine

from library import catalog
from library.catalog import SampleRow
from library.errors import LibraryError


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
