"""Files beside a library that are of no use: left behind by a killed process, or damaged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from index.prior_files import damaged_priors, is_prior_of
from index.space_rows import index_file
from library import kept_files
from library.database import reading, writing
from library.errors import LibraryError
from library.tables import Codec, Space


def left_over(engine: Engine, folder: Path) -> list[Path]:
    """Return the files that `sweep_left_over` would delete; none that was written within the hour.

    Args:
        engine: The library.
        folder: Where the files that belong to it lie.
    """
    with reading(engine) as session:
        return [
            each / name
            for each, named in _named(session, folder)
            for name in kept_files.left_behind(each, named)
        ]


def sweep_left_over(engine: Engine, folder: Path) -> int:
    """Delete what killed processes have left behind; return how many files that were."""
    swept = 0
    with suppress(LibraryError):
        if left_over(engine, folder):  # looking needs no lock
            with writing(engine) as session:
                for each, named in _named(session, folder):
                    swept += kept_files.sweep(each, named)
    return swept


def damaged_caches(engine: Engine, folder: Path) -> list[Path]:
    """Return the search indexes and the priors that cannot be read; both can be made again.

    Args:
        engine: The library.
        folder: Where the files that belong to it lie.
    """
    from index.search_file import load

    with reading(engine) as session:
        digests = session.scalars(select(Space.digest)).all()
    indexes = [(folder / "cache" / index_file(digest), digest) for digest in digests]
    damaged = [path for path, digest in indexes if path.exists() and load(path, digest) is None]
    return [*damaged, *damaged_priors(folder / "priors")]


def _named(session: Session, folder: Path) -> Iterator[tuple[Path, list[str]]]:
    """Yield each folder with the names of the files in it that are somebody's."""
    digests = session.scalars(select(Space.digest)).all()
    spaces = session.scalars(select(Space.file).where(Space.file.is_not(None))).all()
    yield folder / "spaces", [name for name in spaces if name is not None]
    yield folder / "codecs", list(session.scalars(select(Codec.file)))
    yield folder / "cache", [index_file(digest) for digest in digests]
    yield folder / "priors", _names(folder / "priors", lambda name: is_prior_of(name, digests))
    yield folder / "backups", []  # a copy has no name that could be taken for a left-over


def _names(folder: Path, wanted: Callable[[str], bool]) -> list[str]:
    with suppress(OSError):
        return [path.name for path in folder.iterdir() if wanted(path.name)]
    return []
