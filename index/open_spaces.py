"""The spaces of an open library, loaded: the codec, the vectors, the search index of each.

Models load when they are first needed. What is kept in memory is replaced whole, under a lock, so
that any thread may ask.
"""

from __future__ import annotations

import threading
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from index import space_rows
from index.answers import EncodeReport
from index.codec_rows import HOUSE, house_digest
from index.codecs import Codecs
from library.errors import LibraryError, UserError
from library.progress import Job, Progress, drive

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from index.inside import InsideIndex
    from index.search import SearchIndex
    from library.tables import Space as SpaceTable
    from vae.codec import BaseCodec
    from vae.space import Space

# More sounds to encode are a job, whose progress somebody should see.
ENCODED_AT_ONCE = 64


class OpenSpace(NamedTuple):
    """A space, ready to be used.

    Attributes:
        row: Its row, detached.
        space: What was learned.
        codec: On whose latents.
    """

    row: SpaceTable
    space: Space
    codec: BaseCodec


class OpenSpaces:
    """The spaces of one open library.

    Args:
        engine: The library.
        folder: Where the files that belong to it lie.
        codecs: Of the library.
    """

    def __init__(self, engine: Engine, folder: Path, codecs: Codecs) -> None:
        self.files = folder / "spaces"
        self.priors = folder / "priors"
        self._engine = engine
        self._codecs = codecs
        self._cache = folder / "cache"
        self._lock = threading.Lock()
        self._house_checked = False
        # Of its own: making an index of a million vectors takes half a minute.
        self._index_lock = threading.Lock()
        self._index: tuple[str, SearchIndex] | None = None
        self._inside: tuple[tuple[str, int], InsideIndex] | None = None
        # Samples that could not be encoded, by codec: a search does not try them again.
        self._failed: dict[str, set[int]] = {}
        self._encoded: set[str] = set()
        self._all_heard = False

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

    def codec_of(self, row: SpaceTable) -> BaseCodec:
        """Return the codec of a space, ready to be used.

        Raises:
            LibraryError: The library has it no more, or its file is lost.
            ModelError: It is not trusted, or cannot be loaded.
        """
        codec = self._codecs.of_digest(row.codec)
        if codec is not None:
            return codec
        if row.file is None:
            raise LibraryError(
                "the house space is of another codec than the house codec", "reinstall latentcrate"
            )
        named = row.report.get("codec", HOUSE)
        which = "an older house codec" if named == HOUSE else f"the codec {named!r}, which is gone"
        raise LibraryError(f"the space {row.name!r} was learned on {which}", "train it again")

    def load(self, name: str | None) -> OpenSpace:
        """Return a space, its row and its codec.

        Raises:
            LibraryError: There is no such space, its file is lost, or its codec is.
            ModelError: It cannot be loaded, or its codec cannot.
        """
        from index.spaces import load_space

        row = self.row(name)
        codec = self.codec_of(row)
        return OpenSpace(row, load_space(row, self.files), codec)

    def trouble(self, name: str | None) -> str:
        """Return why a space cannot be used, and what to do; empty where it can."""
        try:
            self.load(name)
        except UserError as error:
            return str(error)
        return ""

    def forget(self, name: str) -> bool:
        """Forget a space, and what is kept of it; return whether it was in use.

        Raises:
            UserError: It is the house space.
            LibraryError: There is no such space.
        """
        from index.prior_files import sweep_priors
        from index.spaces import forget_space

        with self._index_lock:  # no index of it is written in the meantime
            was_in_use = forget_space(self._engine, name, self.files, self._cache)
            self._index = None
        sweep_priors(self._engine, self.priors)
        return was_in_use

    def encode(
        self, codec: BaseCodec, sample_ids: Collection[int] | None = None
    ) -> Job[EncodeReport]:
        """Make the latents that samples lack; a job."""
        from index.encode import encode

        report = yield from encode(self._engine, codec, sample_ids)
        failed = {sample_id for sample_id, _, _ in report.failed}
        with self._lock:
            self._failed[codec.digest] = self._failed.get(codec.digest, set()) | failed
        return report

    def embed(self, name: str | None) -> Job[int]:
        """Make the latents and the vectors that a space lacks, and its search index; a job."""
        from index.vectors import embed

        row, space, codec = self.load(name)
        yield from self.encode(codec)
        made = yield from embed(self._engine, row.id, space, codec)
        if made:
            # Of a million vectors it takes longer than anyone should wait for an answer.
            yield Progress("index", 0)
            self.search_index(self.row(row.name))
        return made

    def lacking(self, name: str | None) -> int:
        """Return how many analysed samples that are there have no vector in a space."""
        from index.vectors import count_lacking

        return count_lacking(self._engine, self.load(name).row.id)

    def complete(self, name: str | None) -> OpenSpace:
        """Return a space with a vector for every sound that is analysed.

        Raises:
            LibraryError: Sounds were never heard, or so many have no latents of its codec that
                making them is a job.
        """
        from index.vectors import embed

        row, space, codec = self.load(name)
        self.check_heard()
        waiting = self.waiting(codec.digest)
        if len(waiting) > ENCODED_AT_ONCE:
            raise LibraryError(
                f"{len(waiting)} sounds wait to be encoded for the space {row.name!r}", "crate scan"
            )
        if waiting:
            drive(self.encode(codec, waiting))
        if drive(embed(self._engine, row.id, space, codec)):
            row = self.row(row.name)  # its revision is another one now
        return OpenSpace(row, space, codec)

    def check_heard(self) -> None:
        """Refuse to answer from a library that was analysed by an older program.

        Raises:
            LibraryError: Sounds were never heard.
        """
        from index.hearings import unheard
        from library.database import reading
        from vae.ear_file import house_ear

        if self._all_heard:
            return
        with reading(self._engine) as session:
            count = unheard(session, house_ear().digest)
        if count:
            raise LibraryError(f"{count} sounds wait to be heard", "crate scan")
        # Analysis hears these: once none is lacking, none will be.
        self._all_heard = True

    def waiting(self, digest: str) -> list[int]:
        """Return the samples that lack latents of a codec, but for those that it failed on."""
        from index.encode import lacking_latents

        if digest in self._encoded:
            return []
        failed = self._failed.get(digest, set())
        lacking = lacking_latents(self._engine, digest)
        if not lacking and digest == house_digest():
            # Analysis makes these: once none is lacking, none will be.
            self._encoded.add(digest)
        return [each.sample_id for each in lacking if each.sample_id not in failed]

    def search_index(self, row: SpaceTable) -> SearchIndex:
        """Return the search index of a space, as its vectors are now.

        Raises:
            LibraryError: The space was trained again or forgotten in the meantime.
        """
        from index.open_index import open_index

        with self._index_lock:
            held = self._index[1] if self._index and self._index[0] == row.digest else None
            if held is None or held.revision != row.revision:
                held = open_index(self._engine, row.id, row.digest, self._cache, held)
                self._index = (row.digest, held)
            return held

    def inside(self, row: SpaceTable) -> InsideIndex:
        """Return the index of the samples' half seconds, as they were when a space was as now."""
        from index.inside import read_windows
        from vae.ear_file import house_ear

        stamp = (row.digest, row.revision)
        with self._index_lock:
            if self._inside is None or self._inside[0] != stamp:
                self._inside = (stamp, read_windows(self._engine, house_ear().digest))
            return self._inside[1]
