"""What the place and the facts of a file make of the columns of its sample."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement

from library.category import Told, category_from_folders, category_from_stem
from library.names import displayable
from library.query_terms import folded
from library.tables import LISTED, Sample
from library.walk import FoundFile


class _Folder(NamedTuple):
    """What all files of a folder have in common: text to show, text to search, a category."""

    shown: str
    searched: str
    told: Told


def lies_below(folder: str) -> ColumnElement[bool]:
    """Return what holds of the samples that lie in a folder, or below one in it."""
    above = os.path.join(folder, "")
    return (Sample.path >= above) & (Sample.path < above[:-1] + chr(ord(os.sep) + 1))


def as_listed(file: FoundFile) -> dict[str, Any]:
    """Return the columns of a file that waits for analysis."""
    return {
        "size": file.size,
        "mtime_ns": file.mtime_ns,
        "state": LISTED,
        "reason": "",
        "note": "",
        "missing": False,
    }


def columns_of_place(root: str, path: str) -> tuple[str, str, str, str | None, str | None]:
    """Return name, folder, search text, category and its source, as the path of a file tells them.

    Args:
        root: The root's path.
        path: That of a file below it.
    """
    above, name = os.path.split(path)
    folder = _folder(root, above)
    shown = displayable(name)
    stem = os.path.splitext(name)[0]
    category, source = category_from_stem(stem, folder.told)
    return shown, folder.shown, f"{folder.searched}\n{folded(shown)}", category, source


@lru_cache(maxsize=1024)
def _folder(root: str, path: str) -> _Folder:
    within = path[len(os.path.join(root, "")) :]
    parts = [os.path.basename(root), *within.split(os.sep)] if within else [os.path.basename(root)]
    shown = displayable("/".join(part for part in parts if part)) or "."
    return _Folder(shown, folded(shown), category_from_folders(parts))
