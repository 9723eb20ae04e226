"""The workspace: one open library, with every verb that both front ends share.

It delegates and never computes. Heavy libraries load inside its methods, when a verb first needs
them, so that opening one costs SQLite alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from index import codec_rows, space_rows
from index.answers import (
    AddReport,
    DreamReport,
    DuplicateGroup,
    MapPoints,
    MosaicReport,
    NearestReport,
    Neighbour,
    Remade,
    SpaceComparison,
    SpaceRow,
    Take,
    ToldRecipe,
    TrainReport,
    VectorTable,
)
from index.attention import Attention
from index.codecs import Codecs
from index.map_rows import read_map
from index.open_spaces import OpenSpaces
from index.sound_query import SoundQuery
from index.sounds import open_sound
from library import catalog, kept_files, labels, pairs, word_examples
from library.catalog import SampleRow, Status
from library.clip import Clip
from library.database import open_database
from library.decode import read
from library.errors import LibraryError, UserError
from library.locations import default_library, library_folder
from library.pairs import Pair
from library.progress import Job, Progress, drive
from library.register import RegisterReport, refresh, register
from library.relinking import Relinking, doubtful, plan_relinking, relink
from library.word_examples import Examples

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from index.found import FoundDirection
    from index.watching import WatchNews
    from vae.space import Space
    from vae.splice import Timing


class Workspace:
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

    def find(self, sound: str) -> SampleRow:
        """Return a sample by id or path."""
        return catalog.find(self._engine, sound)

    def status(self) -> Status:
        """Return what is in the library."""
        return catalog.status(self._engine)

    def tag(self, ids: Sequence[int], words: Sequence[str]) -> None:
        """Put words on samples."""
        labels.tag(self._engine, ids, words)

    def untag(self, ids: Sequence[int], words: Sequence[str]) -> None:
        """Take words off samples."""
        labels.untag(self._engine, ids, words)

    def rate(self, ids: Sequence[int], rating: int | None) -> None:
        """Rate samples 1 to 5; None takes the rating off."""
        labels.rate(self._engine, ids, rating)

    def set_category(self, ids: Sequence[int], category: str | None) -> None:
        """Say of what category samples are; None takes back what was said.

        Samples of which only the sound tells are asked again, as a word teaches.
        """
        from index.categories import categorise
        from index.hearings import features_of
        from vae.ear_file import house_ear

        labels.set_category(self._engine, ids, category)
        drive(categorise(self._engine, house_ear(), features_of(self._engine)))

    def examples(self) -> list[Examples]:
        """Return the words that were taught, with their examples."""
        return word_examples.examples(self._engine)

    def teach(self, word: str, fitting: Sequence[int], unfitting: Sequence[int]) -> None:
        """Say of samples that they are what a word means, or are not; the last saying counts."""
        word_examples.teach(self._engine, word_examples.checked(word), fitting, unfitting)

    def forget_word(self, word: str, ids: Sequence[int] = ()) -> int:
        """Take back examples of a word, all of them where none is named; return how many."""
        return word_examples.forget(self._engine, word_examples.checked(word), ids)

    def propose_examples(self, word: str, where: str = "", count: int = 24) -> list[SampleRow]:
        """Return the samples whose answer would teach a word most, those to hear first first.

        Args:
            word: One with an example at least that is it.
            where: A query: only what matches is proposed.
            count: How many, at most.
        """
        from index.proposals import propose

        plain = word_examples.checked(word)
        known = next((each for each in self.examples() if each.word == plain), None)
        yes, no = (known.fitting, known.unfitting) if known is not None else ((), ())
        return self.rows(propose(self._engine, yes, no, self.ids(where), count))

    def pairs(self) -> list[Pair]:
        """Return of which samples the user said that they belong together, or do not."""
        return pairs.pairs(self._engine)

    def say_alike(self, ids: Sequence[int], alike: bool) -> list[Pair]:
        """Say of every two of some samples whether they belong together."""
        return pairs.say(self._engine, ids, alike)

    def forget_alike(self, ids: Sequence[int]) -> list[Pair]:
        """Take back what was said of every two of some samples, or of a single one."""
        return pairs.forget(self._engine, ids)

    # Sounds.

    def clip(self, sample_id: int, max_seconds: float | None = None) -> Clip:
        """Decode a sample."""
        rows = self.rows([sample_id])
        if not rows:
            raise LibraryError(f"there is no sample {sample_id}", "crate ls lists them")
        return read(rows[0].path, max_seconds)

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

        scope = self._scope(where)
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
        scope = self._scope(query.where)
        index = self._spaces.search_index(opened.row)
        return neighbours(
            self._engine, query, scope, opened, index, lambda: self._spaces.inside(opened.row)
        )

    def _scope(self, where: str) -> NDArray[np.int64] | None:
        """Return the ids that a query scopes a search to; None for all."""
        # A query leaves out what is missing, and so does no query.
        everything = not where.strip() and not len(catalog.id_set(self._engine, "is:missing"))
        return None if everything else catalog.id_set(self._engine, where)

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

    # Sounds from sounds.

    def morph(
        self,
        sounds: Sequence[str],
        steps: int,
        out: Path,
        through: str = "spectrum",
        space: str | None = None,
        remember: bool = True,
        glide: bool = True,
        even: bool = True,
    ) -> Job[list[Take]]:
        """Write a morph through 2 to 4 sounds; a job.

        Args:
            sounds: Ids or paths.
            steps: Files wanted.
            out: Folder for the WAV files.
            through: "spectrum", "codec" or "space".
            space: Which one, or whose codec; the one in use where None.
            remember: Whether the library is to know the takes: not of those only listened to.
            glide: Whether sounds that all have a pitch meet at one in between.
            even: Whether steps sound evenly far apart, and not only mix evenly.
        """
        from index.morphing import CODEC, SPECTRUM, morph

        opened = [open_sound(self._engine, sound) for sound in sounds]
        engine = self._engine if remember else None
        if through == SPECTRUM:
            return morph(opened, steps, out, None, None, engine, glide, even)
        _, loaded, codec = self._spaces.load(space)
        by = None if through == CODEC else loaded
        return morph(opened, steps, out, codec, by, engine, glide, even)

    def morph_within(
        self, sounds: Sequence[str], course: str, out: Path, glide: bool = True
    ) -> Job[list[Take]]:
        """Write one sound that goes from one to another while it plays; a job.

        Args:
            sounds: Ids or paths, 2 to 4.
            course: Positions over time, 0 for the first sound, 1 for the last: `0:1`.
            out: Folder for the WAV file.
            glide: Whether sounds that all have a pitch meet at one in between.
        """
        from index.morphing import morph_within

        opened = [open_sound(self._engine, sound) for sound in sounds]
        return morph_within(opened, course, out, self._engine, glide)

    def vary(
        self,
        sound: str,
        n: int,
        out: Path,
        amount: float | None = None,
        settings: Mapping[str, str] | None = None,
        space: str | None = None,
        seed: int = 0,
        mine: float = 0.0,
        hold: Sequence[str] = (),
    ) -> Job[list[Take]]:
        """Write variations of a sound, pulled towards those of the space first; a job."""
        from index.variations import variations

        opened = open_sound(self._engine, sound)
        _, loaded, codec = self._spaces.load(space)
        return variations(
            opened,
            n,
            out,
            loaded,
            codec,
            amount,
            settings or {},
            seed,
            mine,
            hold,
            self._engine,
        )

    def robins(
        self, sound: str, n: int, out: Path, amount: float = 1.0, seed: int = 0
    ) -> Job[list[Take]]:
        """Write takes of a hit as if the same player hit again; a job.

        Args:
            sound: A sample's id or path, or any audio file's path.
            n: Files wanted.
            out: Folder for the WAV files.
            amount: How much they differ; 1 as real ones do.
            seed: Of all chance.
        """
        from index.hits import robins

        return robins(open_sound(self._engine, sound), n, out, amount, seed, self._engine)

    def velocities(self, sound: str, n: int, out: Path, at: int = 127) -> Job[list[Take]]:
        """Write a hit as played softer and harder, the hit itself among them; a job.

        Args:
            sound: A sample's id or path, or any audio file's path.
            n: Files wanted.
            out: Folder for the WAV files.
            at: The MIDI velocity of the hit itself.
        """
        from index.hits import velocities

        return velocities(open_sound(self._engine, sound), n, out, at, self._engine)

    def dream(
        self,
        n: int,
        out: Path,
        temperature: str = "1",
        where: str = "",
        like: str = "",
        space: str | None = None,
        seed: int = 0,
    ) -> Job[DreamReport]:
        """Write sounds that nobody made; a job. The prior of the space is learned first if need be.

        Args:
            n: Files wanted.
            out: Folder for the WAV files.
            temperature: How daring: a number, or two with a colon for a ramp within the sound.
            where: A query: the prior learns only from what matches.
            like: A query: dreams lie between the samples that match, else between any.
            space: The space in use where None.
            seed: Of all chance.
        """
        from index.dreams import Wish, dreams
        from vae.temperature import parse_temperature

        wish = Wish(n, parse_temperature(temperature), where, like, seed)
        yield from self.embed(space)
        opened = self._spaces.complete(space)
        index = self._spaces.search_index(opened.row)
        priors = self._spaces.priors
        return (yield from dreams(self._engine, wish, out, opened, index, priors))

    def resynth(
        self, sound: str, out: Path, codec: str | None = None, space: str | None = None
    ) -> Job[Take]:
        """Write what a codec, or a space, alone makes of a sound; a job.

        Args:
            sound: A sample's id or path, or any audio file's path.
            out: The WAV file to write; one that is there is left alone.
            codec: The codec in use where None.
            space: What the space can say of it, through its own codec, where one is named.
        """
        from index.resynth import resynthesise

        opened = open_sound(self._engine, sound)
        if space is None:
            return resynthesise(opened, out, self.codecs.load(codec), engine=self._engine)
        _, loaded, of_space = self._spaces.load(space)
        return resynthesise(opened, out, of_space, loaded, self._engine)

    def resynth_like(self, sound: str, out: Path, space: str | None = None) -> Job[NearestReport]:
        """Write the nearest sound that a space can make, and what it leaves out; a job.

        Args:
            sound: The target: a sample's id or path, or any audio file's path.
            out: The WAV file to write; what is left out goes beside it, as ``…_left_out.wav``.
            space: The space in use where None.
        """
        from index.nearest_sound import nearest_sound
        from index.resynth import VERB

        opened = open_sound(self._engine, sound)
        _, loaded, codec = self._spaces.load(space)
        return nearest_sound(VERB, opened, out, loaded, codec, self._engine)

    def transfer(
        self,
        sound: str,
        out: Path,
        amount: float = 1.0,
        keep: Sequence[str] = ("envelope",),
        space: str | None = None,
    ) -> Job[Take]:
        """Write a sound as the sounds of a space would say it; a job.

        Args:
            sound: A sample's id or path, or any audio file's path.
            out: The WAV file to write; one that is there is left alone.
            amount: 0 for what the codec alone says of it, 1 for a sound of the user's.
            keep: What is kept of the sound: "envelope", "pitch".
            space: The space in use where None.
        """
        from index.transferring import transfer

        opened = open_sound(self._engine, sound)
        _, loaded, codec = self._spaces.load(space)
        return transfer(opened, out, loaded, codec, amount, keep, self._engine)

    def mosaic(
        self, sound: str, out: Path, where: str = "", grain_ms: float = 250.0
    ) -> Job[MosaicReport]:
        """Write a sound rebuilt from samples; a job.

        Args:
            sound: A sample's id or path, or any audio file's path; it does not stand for itself.
            out: The WAV file to write; one that is there is left alone.
            where: A query: only samples that match are used.
            grain_ms: No piece is longer.
        """
        from index.inside import read_windows
        from index.mosaic import mosaic
        from vae.ear_file import house_ear

        opened = open_sound(self._engine, sound)
        self._spaces.check_heard()
        # Not those kept for search, which are as old as the vectors of a space.
        ear = house_ear()
        inside = read_windows(self._engine, ear.digest)
        return mosaic(self._engine, opened, out, ear, inside, self._scope(where), grain_ms, where)

    def splice(self, sounds: Sequence[str], out: Path, timing: Timing) -> Job[Take]:
        """Write sounds joined in order; a job.

        Args:
            sounds: Ids or paths.
            out: The WAV file to write; one that is there is left alone.
            timing: When each begins.
        """
        from index.splicing import spliced

        return spliced(self._engine, sounds, out, timing)

    # How sounds were made.

    def recipe(self, file: str) -> ToldRecipe | None:
        """Return how a take, a sample or any audio file, was made; None where nobody knows."""
        from index.recipes import tell_recipe

        return tell_recipe(self._engine, file)

    def make_again(self, told: ToldRecipe, out: Path) -> Job[Remade]:
        """Make a take again, in a folder, and say whether it is the same; a job."""
        from index.remaking import make_again

        return make_again(self._engine, self.codecs, self._spaces, told, out)
