"""What the application was like when it was left, kept beside the library for the next start.

It is a convenience alone: where it cannot be read or written, the application starts as new.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from library.locations import library_folder

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Kept = TypeVar("Kept", bound=DataclassInstance)

MOST_BYTES = 2**16


@dataclass(frozen=True, slots=True)
class Place:
    """Where the user was.

    Attributes:
        query: The query line.
        current: Id of the sample under the cursor; 0 for none.
        view: What was in sight, "list" or "map".
        theme: Name of the theme; empty for the usual one.
    """

    query: str = ""
    current: int = 0
    view: str = "list"
    theme: str = ""


def state_file(library: Path) -> Path:
    """Return where the state of the application lies for a library."""
    return library_folder(library) / "app.json"


def read_state(path: Path) -> dict[str, Any]:
    """Return what was kept, by the name of each part; nothing where it cannot be read."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return {}
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_state(path: Path, parts: Mapping[str, DataclassInstance]) -> None:
    """Keep parts of the state, each a dataclass of plain values, for the next start."""
    from library.new_file import new_file

    text = json.dumps({name: asdict(part) for name, part in parts.items()}, indent=1)
    try:
        with new_file(path, overwrite=True) as partial:
            partial.write_text(text, "utf-8")
    except OSError:
        return  # a library on a disk that is full or read-only can be looked at all the same


def restored(usual: Kept, kept: object) -> Kept:
    """Return a part as it was kept; a value that is not there, or of another kind, is the usual.

    Args:
        usual: The part as it is at a first start.
        kept: What was read of it.
    """
    if not isinstance(kept, dict):
        return usual
    values = {}
    for field in fields(usual):
        value = kept.get(field.name)
        value = tuple(value) if isinstance(value, list) else value
        if _fits(value, getattr(usual, field.name)):
            values[field.name] = value
    try:
        return replace(usual, **values)
    except ValueError:  # one that checks its values
        return usual


def _fits(value: object, usual: object) -> bool:
    if isinstance(usual, bool) or isinstance(value, bool):
        return isinstance(usual, bool) and isinstance(value, bool)
    if isinstance(usual, tuple):
        return isinstance(value, tuple) and all(
            isinstance(each, type(usual[0]) if usual else str) for each in value
        )
    if isinstance(usual, float):
        return isinstance(value, int | float)
    return isinstance(value, type(usual))
