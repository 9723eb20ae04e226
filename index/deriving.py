"""The verbs of a workspace that make new sounds of those it has, and tell how they were made.

They delegate, as all verbs of :class:`index.workspace.Workspace` do, which inherits them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.answers import DreamReport, MosaicReport, NearestReport, Remade, Take, ToldRecipe
from index.codecs import Codecs
from index.open_spaces import OpenSpaces
from index.sounds import open_sound
from library import catalog
from library.progress import Job

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from index.dream_stream import DreamStream
    from index.pad import MorphPad
    from index.shaper import Shaper
    from vae.splice import Timing


class Deriving:
    """New sounds from those of the library. None of these verbs changes a sample."""

    codecs: Codecs
    _engine: Engine
    _spaces: OpenSpaces

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

    def morph_pad(self, sounds: Sequence[str], glide: bool = True) -> MorphPad:
        """Return 2 to 4 sounds, by id or path, ready to be heard and kept anywhere between them."""
        from index.pad import MorphPad

        return MorphPad([open_sound(self._engine, sound) for sound in sounds], self._engine, glide)

    def shaper(self, sound: str, space: str | None = None) -> Shaper:
        """Return a sound, by id or path, under the attribute sliders of a space."""
        from index.shaper import Shaper

        opened = open_sound(self._engine, sound)
        _, loaded, codec = self._spaces.load(space)
        return Shaper(opened, loaded, codec, self._engine)

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
        remember: bool = True,
    ) -> Job[list[Take]]:
        """Write variations of a sound, pulled towards those of the space first; a job.

        What is not remembered is only listened to, until `keep` keeps it; so of every verb.
        """
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
            self._engine if remember else None,
        )

    def robins(
        self,
        sound: str,
        n: int,
        out: Path,
        amount: float = 1.0,
        seed: int = 0,
        remember: bool = True,
    ) -> Job[list[Take]]:
        """Write takes of a hit as if the same player hit again; a job.

        Args:
            sound: A sample's id or path, or any audio file's path.
            n: Files wanted.
            out: Folder for the WAV files.
            amount: How much they differ; 1 as real ones do.
            seed: Of all chance.
            remember: Whether the library is to know the takes.
        """
        from index.hits import robins

        opened = open_sound(self._engine, sound)
        return robins(opened, n, out, amount, seed, self._engine if remember else None)

    def velocities(
        self, sound: str, n: int, out: Path, at: int = 127, remember: bool = True
    ) -> Job[list[Take]]:
        """Write a hit as played softer and harder, the hit itself among them; a job.

        Args:
            sound: A sample's id or path, or any audio file's path.
            n: Files wanted.
            out: Folder for the WAV files.
            at: The MIDI velocity of the hit itself.
            remember: Whether the library is to know the takes.
        """
        from index.hits import velocities

        opened = open_sound(self._engine, sound)
        return velocities(opened, n, out, at, self._engine if remember else None)

    def dream(
        self,
        n: int,
        out: Path,
        temperature: str = "1",
        where: str = "",
        like: str = "",
        space: str | None = None,
        seed: int = 0,
        remember: bool = True,
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
            remember: Whether the library is to know the takes.
        """
        from index.dreams import Wish, dreams
        from vae.temperature import parse_temperature

        wish = Wish(n, parse_temperature(temperature), where, like, seed)
        yield from self._spaces.embed(space)
        opened = self._spaces.complete(space)
        index = self._spaces.search_index(opened.row)
        priors = self._spaces.priors
        return (yield from dreams(self._engine, wish, out, opened, index, priors, remember))

    def dream_stream(
        self, out: Path, where: str = "", space: str | None = None, seed: int = 0
    ) -> Job[DreamStream]:
        """Return dreams one after another, as they are asked for; a job that learns the prior.

        The library does not know them until `keep` keeps them.

        Args:
            out: Folder for the WAV files.
            where: As `dream` has it.
            space: The space in use where None.
            seed: Of all chance.
        """
        from index.dream_drawing import dreamer
        from index.dream_stream import DreamStream

        yield from self._spaces.embed(space)
        opened = self._spaces.complete(space)
        index = self._spaces.search_index(opened.row)
        drawing = yield from dreamer(self._engine, where, opened, index, self._spaces.priors)
        return DreamStream(drawing, out, seed)

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
        remember: bool = True,
    ) -> Job[Take]:
        """Write a sound as the sounds of a space would say it; a job.

        Args:
            sound: A sample's id or path, or any audio file's path.
            out: The WAV file to write; one that is there is left alone.
            amount: 0 for what the codec alone says of it, 1 for a sound of the user's.
            keep: What is kept of the sound: "envelope", "pitch".
            space: The space in use where None.
            remember: Whether the library is to know the take.
        """
        from index.transferring import transfer

        opened = open_sound(self._engine, sound)
        _, loaded, codec = self._spaces.load(space)
        engine = self._engine if remember else None
        return transfer(opened, out, loaded, codec, amount, keep, engine)

    def mosaic(
        self,
        sound: str,
        out: Path,
        where: str = "",
        grain_ms: float = 250.0,
        remember: bool = True,
    ) -> Job[MosaicReport]:
        """Write a sound rebuilt from samples; a job.

        Args:
            sound: A sample's id or path, or any audio file's path; it does not stand for itself.
            out: The WAV file to write; one that is there is left alone.
            where: A query: only samples that match are used.
            grain_ms: No piece is longer.
            remember: Whether the library is to know the take.
        """
        from index.inside import read_windows
        from index.mosaic import mosaic
        from vae.ear_file import house_ear

        opened = open_sound(self._engine, sound)
        self._spaces.check_heard()
        # Not those kept for search, which are as old as the vectors of a space.
        ear = house_ear()
        inside = read_windows(self._engine, ear.digest)
        scope = catalog.scope(self._engine, where)
        return mosaic(self._engine, opened, out, ear, inside, scope, grain_ms, where, remember)

    def splice(self, sounds: Sequence[str], out: Path, timing: Timing) -> Job[Take]:
        """Write sounds joined in order; a job.

        Args:
            sounds: Ids or paths.
            out: The WAV file to write; one that is there is left alone.
            timing: When each begins.
        """
        from index.splicing import spliced

        return spliced(self._engine, sounds, out, timing)

    def keep(
        self, take: Path, out: Path, name: str | None = None, sounds: Sequence[str] = ()
    ) -> Path:
        """Keep a take that was only listened to, as if it had been written there and remembered.

        Args:
            take: Its file.
            out: Folder for the copy.
            name: Of the new file, without its ending; that of the take where None.
            sounds: Ids or paths of what it was made from, in case the library cannot find them.

        Returns:
            The new file.
        """
        from index.keeping import keep

        return keep(self._engine, take, out, name, sounds)

    # How sounds were made.

    def recipe(self, file: str) -> ToldRecipe | None:
        """Return how a take, a sample or any audio file, was made; None where nobody knows."""
        from index.recipes import tell_recipe

        return tell_recipe(self._engine, file)

    def make_again(self, told: ToldRecipe, out: Path) -> Job[Remade]:
        """Make a take again, in a folder, and say whether it is the same; a job."""
        from index.remaking import make_again

        return make_again(self._engine, self.codecs, self._spaces, told, out)
