"""The spaces of an open library, loaded: the codec, the vectors, the search index of each.

Models load when they are first needed. What is kept in memory is replaced whole, under a lock, so
that any thread may ask.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from index import space_rows
from library.errors import LibraryError
from library.progress import Job, drive

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from index.search import SearchIndex
    from library.tables import Space as SpaceTable
    from vae.codec import BaseCodec
    from vae.space import Space


class OpenSpaces:
    """The spaces of one open library.

    Args:
        engine: The library.
        folder: Where the files that belong to it lie.
    """

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.files = folder / "spaces"
        self._engine = engine
        self._cache = folder / "cache"
        self._lock = threading.Lock()
        self._house_checked = False
        self._index: tuple[tuple[str, int], SearchIndex] | None = None

    def codec(self) -> BaseCodec:
        """Return the base codec of the library."""
        from vae.house_codec import house_codec

        return house_codec()

    def row(self, name: str | None) -> SpaceTable:
        """Return the row of a space; the one in use where no name is given.

        Raises:
            LibraryError: There is no such space.
        """
        from index.spaces import ensure_house_space

        with self._lock:
            if not self._house_checked:
                ensure_house_space(self._engine)
                self._house_checked = True
        return space_rows.find_space(self._engine, name)

    def load(self, name: str | None) -> tuple[SpaceTable, Space]:
        """Return a space and its row.

        Raises:
            LibraryError: There is no such space, its file is lost, or it is of another codec.
        """
        from index.spaces import load_space

        row = self.row(name)
        if row.codec != self.codec().digest:
            raise LibraryError(f"the space {row.name!r} is of another codec", "train it again")
        return row, load_space(row, self.files)

    def embed(self, name: str | None) -> Job[int]:
        """Make the vectors that a space lacks; a job."""
        from index.vectors import embed

        row, space = self.load(name)
        return (yield from embed(self._engine, row.id, space, self.codec()))

    def lacking(self, name: str | None) -> int:
        """Return how many analysed samples have no vector in a space."""
        from index.vectors import lacking

        row, _ = self.load(name)
        return len(lacking(self._engine, row.id, self.codec()))

    def complete(self, name: str | None) -> tuple[SpaceTable, Space]:
        """Return a space and its row, with a vector for every sound that is analysed."""
        from index.vectors import embed

        row, space = self.load(name)
        if drive(embed(self._engine, row.id, space, self.codec())):
            row = self.row(row.name)  # its revision is another one now
        return row, space

    def search_index(self, row: SpaceTable) -> SearchIndex:
        """Return the search index of a space, built again where its vectors have changed."""
        from index.search import open_index

        wanted = (row.digest, row.revision)
        with self._lock:
            if self._index is None or self._index[0] != wanted:
                index = open_index(self._engine, row.id, row.digest, row.revision, self._cache)
                self._index = (wanted, index)
            return self._index[1]
