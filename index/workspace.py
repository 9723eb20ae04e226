"""The workspace: one open library, with every verb that both front ends share.

It delegates and never computes. Heavy libraries load inside its methods, when a verb first needs
them, so that opening one costs SQLite alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from index import codec_rows, space_rows
from index.answers import (
    AddReport,
    DuplicateGroup,
    MapPoints,
    Neighbour,
    SpaceComparison,
    SpaceRow,
    TrainReport,
    VectorTable,
)
from index.attention import Attention
from index.codecs import Codecs
from index.deriving import Deriving
from index.map_rows import read_map
from index.open_spaces import OpenSpaces
from index.organising import Organising
from index.sound_query import SoundQuery
from library import catalog, columns, kept_files
from library.catalog import SampleRow, Status
from library.clip import Clip
from library.columns import Kinds
from library.counts import Counts, counts, tag_counts
from library.database import open_database
from library.decode import read
from library.errors import LibraryError, UserError
from library.locations import default_library, library_folder
from library.pieces import Piece, pieces
from library.progress import Job, Progress
from library.register import RegisterReport, refresh, register
from library.relinking import Relinking, doubtful, plan_relinking, relink

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from index.found import FoundDirection
    from index.watching import WatchNews
    from vae.space import Space


class Workspace(Organising, Deriving):
    """One open library.

    Args:
        path: The library file.
        engine: Its database.

    Attributes:
        codecs: Its base codecs, with the verbs that concern them alone.
        attention: What the user looks at, which is analysed first.
    """

    def __init__(self, path: Path, engine: Engine) -> None:
        self.path = path
        self._engine = engine
        folder = library_folder(path)
        self.codecs = Codecs(engine, folder / "codecs")
        self._spaces = OpenSpaces(engine, folder, self.codecs)
        self.attention = Attention()

    @classmethod
    def open(cls, path: Path | None = None) -> Self:
        """Open a library, making it where there is none.

        Args:
            path: The SQLite file; the default one where None.

        Raises:
            LibraryError: The file is not a library, or is newer than this program.
        """
        path = (path if path is not None else default_library()).absolute()
        return cls(path, open_database(path))

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Rows.

    def ids(self, query: str = "") -> NDArray[np.int64]:
        """Return the ids of the samples that match, in the query's order."""
        return catalog.ids(self._engine, query)

    def rows(self, ids: Sequence[int] | NDArray[np.int64]) -> list[SampleRow]:
        """Return samples by id, in that order."""
        return catalog.rows(self._engine, ids)

    def values_of(self, ids: NDArray[np.int64], name: str) -> NDArray[np.float32]:
        """Return one number of each sample, float32, (n,), NaN where there is none."""
        return columns.values_of(self._engine, ids, name)

    def kinds_of(self, ids: NDArray[np.int64], name: str) -> Kinds:
        """Return the ``category`` or the ``folder`` of each sample, as numbers of words."""
        return columns.kinds_of(self._engine, ids, name)

    def selected(self, ids: NDArray[np.int64], query: str) -> NDArray[np.bool_]:
        """Return which samples a query selects, bool, (n,)."""
        return columns.selected(self._engine, ids, query)

    def find(self, sound: str) -> SampleRow:
        """Return a sample by id or path."""
        return catalog.find(self._engine, sound)

    def counts(self) -> Counts:
        """Return how many samples there are by folder and by category."""
        return counts(self._engine)

    def tag_counts(self) -> dict[str, int]:
        """Return how many samples have each tag."""
        return tag_counts(self._engine)

    def status(self) -> Status:
        """Return what is in the library."""
        return catalog.status(self._engine)

    # Sounds.

    def clip(self, sample_id: int, max_seconds: float | None = None) -> Clip:
        """Decode a sample."""
        rows = self.rows([sample_id])
        if not rows:
            raise LibraryError(f"there is no sample {sample_id}", "crate ls lists them")
        return read(rows[0].path, max_seconds)

    def pieces(self, row: SampleRow, max_seconds: float) -> Iterator[Piece]:
        """Decode a sample piece by piece, so that its beginning is there at once."""
        return pieces(row.path, max_seconds)

    # Files to rows.

    def add(self, folders: Sequence[Path], excludes: Sequence[str] = ()) -> Job[AddReport]:
        """Register folders, list their files, analyse them; a job."""
        return self._bring_up_to_date(register(self._engine, folders, excludes))

    def scan(self) -> Job[AddReport]:
        """Bring the library up to date with the disks; a job."""
        return self._bring_up_to_date(refresh(self._engine))

    def watch(self, folders: Sequence[Path] | None = None) -> Iterator[WatchNews]:
        """Watch folders, or all roots, and bring the library up to date as they change."""
        from index.watching import watch

        return watch(self._engine, folders, self._bring_up_to_date)

    def _bring_up_to_date(self, registering: Job[RegisterReport]) -> Job[AddReport]:
        from index.scanning import bring_up_to_date

        return bring_up_to_date(
            self._engine, self.codecs, self._spaces, registering, self.attention
        )

    # Spaces.

    def space(self, name: str | None = None) -> Space:
        """Return a space, loaded; the one in use where None."""
        return self._spaces.load(name).space

    def spaces(self) -> list[SpaceRow]:
        """Return the spaces of the library, the house space first."""
        if not space_rows.list_spaces(self._engine):
            self._spaces.row(None)
        codecs = codec_rows.codecs_of_spaces(self._engine)
        spaces = space_rows.list_spaces(self._engine)
        return [replace(space, codec=codecs.get(space.name)) for space in spaces]

    def space_in_use(self) -> str:
        """Return the name of the space that search and the map use."""
        return space_rows.name_in_use(self._engine)

    def use(self, name: str) -> None:
        """Make a space the one that search and the map use."""
        space_rows.use(self._engine, self._spaces.row(name).name)

    def space_trouble(self, name: str | None = None) -> str:
        """Return why a space cannot be used, and what to do; empty where it can."""
        return self._spaces.trouble(name)

    def forget_space(self, name: str) -> bool:
        """Forget a space; return whether it was in use, as the house space is from then on."""
        return self._spaces.forget(name)

    def export_space(self, name: str, out: Path) -> None:
        """Write a space to one file that another library can open."""
        from index.space_files import export_space

        export_space(self._engine, name, self._spaces.files, out)

    def import_space(self, path: Path, name: str | None = None) -> SpaceRow:
        """Keep the space of an exported file; its vectors are made when it is first used."""
        from index.space_files import import_space

        self._spaces.row(None)  # the house space is one of those that it may not be
        kept = import_space(self._engine, path, self._spaces.files, name)
        return next(row for row in self.spaces() if row.name == kept)

    def compare_spaces(
        self, a: str, b: str, k: int = 10, where: str = "", most: int = 10
    ) -> Job[SpaceComparison]:
        """Compare the neighbours that samples have in two spaces; a job.

        Args:
            a: A space.
            b: Another one.
            k: How many neighbours.
            where: A query: only what matches is looked at, and only that as neighbours.
            most: How many samples to tell of those that have moved.
        """
        from index.space_comparison import compare_spaces

        scope = catalog.scope(self._engine, where)
        for name in (a, b):
            yield from self.embed(name)
        rows = [self._spaces.complete(name).row for name in (a, b)]
        first, second = (self._spaces.search_index(row) for row in rows)
        return (yield from compare_spaces(self._engine, (a, b), (first, second), k, scope, most))

    def train(
        self,
        name: str,
        where: str = "",
        attributes: Sequence[str] = (),
        folders: bool = False,
        words: Sequence[str] | None = None,
    ) -> Job[TrainReport]:
        """Learn a personal space on the samples that match and the codec in use; a job.

        It learns the words that four samples or more are tagged with, and the folders' names if
        they are to count as words, and what belongs together and what does not. Search and the map
        use it from then on.
        """
        from index.training import train

        report = yield from train(
            self._engine,
            name,
            self.rows(self.ids(where)),
            attributes,
            self.codecs.load(),
            self._spaces.files,
            folders,
            words,
        )
        self.use(name)
        yield from self.embed(name)
        return report

    def found(
        self, count: int = 4, ends: int = 8, where: str = "", space: str | None = None
    ) -> list[FoundDirection]:
        """Return the directions in which the samples that match differ most in a space."""
        from index.found import found_directions

        if count < 1 or ends < 1:
            raise UserError("that asks for nothing", "give 1 or more")
        opened = self._spaces.load(space)
        return found_directions(self._engine, opened, self.ids(where).tolist(), count, ends)

    def embed(self, space: str | None = None) -> Job[int]:
        """Make the vectors that a space lacks; a job."""
        return self._spaces.embed(space)

    def lacking_vectors(self, space: str | None = None) -> int:
        """Return how many analysed samples have no vector in a space."""
        return self._spaces.lacking(space)

    def waiting_sounds(self, space: str | None = None) -> int:
        """Return how many analysed samples are yet to be encoded for a space."""
        return len(self._spaces.waiting(self._spaces.row(space).codec))

    # Files beside the library.

    def damaged_caches(self) -> list[Path]:
        """Return the caches that cannot be read, and will be made again when they are needed."""
        from index.left_over import damaged_caches

        return damaged_caches(self._engine, library_folder(self.path))

    def left_over(self) -> list[Path]:
        """Return the files that a killed process has left behind, and that no row names."""
        from index.left_over import left_over

        return left_over(self._engine, library_folder(self.path))

    def tidy(self) -> None:
        """Delete caches that are damaged and files that are left over."""
        from index.left_over import sweep_left_over

        for path in self.damaged_caches():
            kept_files.delete(path.parent, path.name)
        sweep_left_over(self._engine, library_folder(self.path))

    # Vectors.

    def similar(self, query: SoundQuery) -> list[Neighbour]:
        """Return the samples that sound most like what a query asks for, nearest first."""
        from index.neighbours import neighbours

        opened = self._spaces.complete(query.space)
        scope = catalog.scope(self._engine, query.where)
        index = self._spaces.search_index(opened.row)
        return neighbours(
            self._engine, query, scope, opened, index, lambda: self._spaces.inside(opened.row)
        )

    def plan_relinking(self, old: Path, new: Path) -> Job[Relinking]:
        """Return what can be relinked from one place to another; a job that only reads."""
        return plan_relinking(self._engine, old, new)

    def relink(self, relinking: Relinking) -> Job[int]:
        """Give samples their files at a new place, as planned; a job."""
        return relink(self._engine, relinking)

    def doubtful(self) -> list[tuple[Path, Path]]:
        """Return the samples that are missing, each with files that are there and hold the same."""
        return doubtful(self._engine)

    def duplicates(
        self, where: str = "", near: bool = False, space: str | None = None
    ) -> Job[list[DuplicateGroup]]:
        """Return groups of the same file or, with `near`, of the same audio; a job.

        Args:
            where: A query; only what matches is looked at.
            near: Also the same audio in other files, which are decoded for it.
            space: Whose vectors propose what to compare; the space in use where None.
        """
        from index.duplicates import exact_duplicates, near_duplicates

        ids = self.ids(where)
        if not near:
            return exact_duplicates(self._engine, ids)
        yield from self.embed(space)
        row = self._spaces.complete(space).row
        index = self._spaces.search_index(row)
        return (yield from near_duplicates(self._engine, ids, index, row.id))

    def vectors(self, space: str | None = None) -> VectorTable:
        """Return exactly the vectors that search uses."""
        from index.vectors import read_vectors

        ids, matrix = read_vectors(self._engine, self._spaces.complete(space).row.id)
        return VectorTable(ids, tuple(row.path for row in self.rows(ids)), matrix)

    def project(self, space: str | None = None, fresh: bool = False) -> Job[int]:
        """Make the map, or put new sounds onto it; a job.

        Args:
            space: The space in use where None.
            fresh: Lay it out again, where new sounds could be put onto it.
        """
        yield Progress("map", 0, None, "starting")
        self._spaces.check_heard()
        from index.projection import project

        yield from self.embed(space)
        row = self._spaces.row(space)
        return (yield from project(self._engine, row.id, row.digest, fresh))

    def map_points(self, space: str | None = None) -> MapPoints:
        """Return the map as it was last made; empty where it never was."""
        return read_map(self._engine, space if space is not None else self.space_in_use())
