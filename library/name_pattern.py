"""Names of exported files, made from a pattern such as ``{n:03}_{category}_{name}``.

Whatever a sample is called, what comes of it is a plain name on every system, below the folder that
is exported to: slashes, control characters, names of devices and leading dots are made harmless.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from library.errors import UserError
from library.names import displayable

if TYPE_CHECKING:
    from library.catalog import SampleRow

NAME = "{name}"
"""The pattern of a file that keeps its name."""

FIELDS: dict[str, Callable[[SampleRow, int], str]] = {
    "n": lambda row, n: str(n),
    "name": lambda row, n: row.name,
    "stem": lambda row, n: Path(row.name).stem,
    "ext": lambda row, n: Path(row.name).suffix[1:],
    "folder": lambda row, n: row.folder.rpartition("/")[2],
    "category": lambda row, n: row.category or "none",
    "tags": lambda row, n: " ".join(row.tags),
    "rating": lambda row, n: str(row.rating or 0),
}
"""What may stand in braces: of a sample and its number in the export, from 1."""

_LONGEST = 200  # bytes of a name: most disks take 255
_WIDTH = re.compile(r"0?[1-9]?")
_HARMFUL = frozenset('<>:"/\\|?*')
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NamePattern:
    """A pattern that is understood.

    Attributes:
        parts: Each a text, a field that follows it, or none, and how many digits that has at least.
    """

    parts: tuple[tuple[str, str | None, int], ...]

    def name(self, row: SampleRow, n: int) -> PurePosixPath:
        """Return the name of a file, of one part or, where the pattern has slashes, more.

        Args:
            row: Its sample, whose ending it gets where it has another one.
            n: Its number.
        """
        text = "".join(
            literal + (_harmless(FIELDS[field](row, n)).zfill(width) if field else "")
            for literal, field, width in self.parts
        )
        ending = _harmless(Path(row.name).suffix)
        if not text.lower().endswith(ending.lower()):
            text += ending
        *folders, last = text.split("/")
        stem = last[: len(last) - len(ending)] if ending else last
        return PurePosixPath(*(_plain(each) for each in folders), _plain(stem, ending))


def parse_pattern(text: str) -> NamePattern:
    """Understand a pattern; a slash in it makes folders.

    Raises:
        UserError: It has a field that there is not, an open brace, or leads elsewhere.
    """
    if any(part.strip() in ("", ".", "..") for part in text.split("/")):
        raise UserError(
            f"the pattern {displayable(text) or 'of nothing'} names no file in the folder",
            "write names, with single slashes between them: {category}/{name}",
        )
    try:
        found = list(string.Formatter().parse(text))
    except ValueError as error:
        raise UserError(
            f"the pattern {displayable(text)} has an open brace", "write fields like {n:03}"
        ) from error
    parts = []
    for literal, field, spec, conversion in found:
        if field is not None and field not in FIELDS:
            known = ", ".join(f"{{{name}}}" for name in FIELDS)
            raise UserError(f"there is no field {{{displayable(field)}}}", f"use {known}")
        if (
            conversion
            or not _WIDTH.fullmatch(spec or "")
            or (spec and field not in ("n", "rating"))
        ):
            raise UserError(
                f"{{{field}}} cannot be written that way", "only numbers have digits, like {n:03}"
            )
        parts.append((literal, field, int(spec or 0)))
    return NamePattern(tuple(parts))


def _harmless(text: str) -> str:
    """Return text of which no character separates, steers, or is refused by a disk."""
    return "".join("_" if c in _HARMFUL or displayable(c) != c else c for c in text)


def _plain(stem: str, ending: str = "") -> str:
    """Return a name that every system takes, and takes for a name."""
    stem = _harmless(stem).strip()
    if stem.startswith("."):  # hidden, or a folder above
        stem = f"_{stem[1:]}"
    while len((stem + ending).encode("utf-8", "surrogateescape")) > _LONGEST:
        stem = stem[:-1]
    if not ending:
        stem = stem.rstrip(". ")
    if not stem or _DEVICE.fullmatch(stem.partition(".")[0].rstrip()):
        stem = f"_{stem}"
    return stem + ending
