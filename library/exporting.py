"""Exporting: copies of samples in a folder of the user's, under names made from a pattern.

Samples are only read. No file that is there is replaced, and none is written outside the folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from sqlalchemy import Engine

from library.catalog import Ids, rows
from library.errors import UserError
from library.name_pattern import NAME, parse_pattern
from library.names import displayable
from library.new_file import new_file
from library.progress import Job, Progress
from library.query_terms import folded

_PAGE = 1_000
_CHUNK_BYTES = 2**20


class Copy(NamedTuple):
    """A sample, its file, and the file that is to be its copy."""

    sample_id: int
    source: Path
    target: Path


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was exported.

    Attributes:
        copied: The copies that were made, in the order asked for.
        skipped: Samples of which none could be: id, path and reason.
    """

    copied: tuple[Copy, ...]
    skipped: tuple[tuple[int, Path, str], ...]


class _ReadError(Exception):
    """A sample's file cannot be read; the message says why."""


def plan_export(engine: Engine, sample_ids: Ids, out: Path, pattern: str = NAME) -> list[Copy]:
    """Return what an export would write; nothing is written.

    Args:
        engine: The library.
        sample_ids: In the order in which they are numbered.
        out: The folder; it need not be there.
        pattern: As :mod:`library.name_pattern` has it.

    Raises:
        UserError: The pattern is wrong.
    """
    names = parse_pattern(pattern)
    ids = list(dict.fromkeys(int(i) for i in sample_ids))
    taken = _Taken(out)
    found = (row for at in range(0, len(ids), _PAGE) for row in rows(engine, ids[at : at + _PAGE]))
    return [
        Copy(row.id, row.path, taken.free(names.name(row, n)))
        for n, row in enumerate(found, start=1)
    ]


def export(copies: Sequence[Copy], out: Path) -> Job[ExportReport]:
    """Copy samples as planned; a job. One that is stopped keeps the copies that are whole.

    Args:
        copies: What `plan_export` returned.
        out: Its folder, which is made where it is not there.

    Raises:
        UserError: The folder cannot be written to, or a link in it leads out of it.
    """
    copied: list[Copy] = []
    skipped: list[tuple[int, Path, str]] = []
    taken = _Taken(out)
    swept: set[Path] = set()
    for done, each in enumerate(copies):
        yield Progress("exporting", done, len(copies), displayable(each.target.name))
        target = each.target
        try:
            _check_inside(out, target)
            while True:
                try:
                    with new_file(target, sweep=target.parent not in swept) as part:
                        _copy(each.source, part)
                    break
                except FileExistsError:  # it has come since the plan was made
                    target = taken.free(PurePosixPath(target.relative_to(out).as_posix()))
        except _ReadError as error:
            skipped.append((each.sample_id, each.source, str(error)))
            continue
        except OSError as error:
            raise UserError(
                f"cannot write {displayable(str(target))} ({error.strerror})",
                f"make room, or export to another folder; {len(copied)} copies are whole",
            ) from error
        swept.add(target.parent)
        copied.append(each._replace(target=target))
    yield Progress("exporting", len(copies), len(copies))
    return ExportReport(tuple(copied), tuple(skipped))


class _Taken:
    """The names that files in a folder have, or are to have, whatever the case on a disk."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._counts: dict[str, int] = {}

    def free(self, name: PurePosixPath) -> Path:
        """Return a path with a name that is free, which is taken from then on."""
        key = folded(str(name))
        while True:
            number = self._counts.get(key, 0) + 1
            self._counts[key] = number
            free = name if number == 1 else name.with_name(f"{name.stem}_{number}{name.suffix}")
            other = folded(str(free))
            if number > 1 and other in self._counts:
                continue
            if not os.path.lexists(self._out / free):
                self._counts.setdefault(other, 1)
                return self._out / free


def _check_inside(out: Path, target: Path) -> None:
    if not target.parent.resolve().is_relative_to(out.resolve()):
        raise UserError(
            f"{displayable(str(target.parent))} leads out of the folder",
            "export to a folder without links in it",
        )


def _copy(source: Path, target: Path) -> None:
    with target.open("xb") as file:
        for some in _read(source):
            file.write(some)


def _read(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while some := file.read(_CHUNK_BYTES):
                yield some
    except OSError as error:
        raise _ReadError(error.strerror or "it cannot be read") from error
