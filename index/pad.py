"""The pad of a morph: two to four sounds, ready to be heard and kept at any place between them."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine

from index.answers import Take
from index.morphing import SPECTRUM, VERB, check_sounds, mixed, mixed_along
from index.rendered import Rendered
from index.sounds import Sound
from index.take_files import (
    LONGEST_STEM,
    Made,
    Making,
    free_name,
    prepare_folder,
    stem_of,
    write_take,
)
from library.clip import Clip
from library.errors import UserError
from library.progress import Job, Progress
from library.recipe import Plain
from vae.morph import Morph, Place
from vae.pad import Position, Weights, course_along, evenly_along, weights_at

TimedPosition = tuple[float, float, float]
"""A share of the time of a way, from 0 to 1, with x and y."""


class MorphPad:
    """Two to four sounds on a pad (`vae.pad`), prepared once; safe to use from several threads.

    Args:
        sounds: In the order of the corners.
        engine: The library that is to remember the takes.
        glide: As `vae.morph.Morph` has it.

    Raises:
        UserError: Sounds of a number that cannot be mixed.
    """

    def __init__(self, sounds: Sequence[Sound], engine: Engine, glide: bool = True) -> None:
        check_sounds(sounds)
        self._sounds = tuple(sounds)
        self._glide = glide
        self._mixer = Morph([sound.clip for sound in sounds], glide)
        self._places: Rendered[Weights] = Rendered(
            lambda weights: mixed(self._mixer, Place(weights, weights))
        )
        options: dict[str, Plain] = {"keep_pitch": not glide, "through": SPECTRUM}
        self._making = Making(VERB, options, self._sounds, engine=engine)
        self._lock = threading.Lock()

    @property
    def corners(self) -> tuple[Clip, ...]:
        """The sounds, matched in sample rate and channels, as they are in the corners."""
        return tuple(parent.clip for parent in self._mixer.parents)

    def at(self, position: Position) -> Clip:
        """Return the sound at a place; in a corner its original, sample for sample."""
        return self._made(position).clip

    def keep(self, position: Position, out: Path) -> Take:
        """Write the sound at a place.

        Args:
            position: Where.
            out: Folder for the WAV file, made where it is not there.

        Raises:
            UserError: The disk refuses.
        """
        made = self._made(position)
        return self._write(made, out, self._stem(made.weights or ()))

    def along(self, way: Sequence[TimedPosition]) -> Clip:
        """Return one sound that goes a way through the pad while it plays.

        Args:
            way: Places with their times, which never fall.

        Raises:
            UserError: It is no way.
        """
        return self._made_along(way).clip

    def keep_along(self, way: Sequence[TimedPosition], out: Path) -> Take:
        """Write one sound that goes a way through the pad; errors as `keep` and `along` have."""
        parts = [stem_of(sound.name, self._most(5)) for sound in self._sounds]
        return self._write(self._made_along(way), out, "_".join([*parts, "path"]))

    def steps_along(self, way: Sequence[Position], steps: int, out: Path) -> Job[list[Take]]:
        """Write sounds at places that lie evenly on a way through the pad; a job.

        Args:
            way: Places, at least two.
            steps: Files wanted; the first and the last are at the ends of the way.
            out: Folder for the WAV files.

        Raises:
            UserError: Too few or too many steps, or the disk refuses.
        """
        if not 2 <= steps <= 1000:
            raise UserError(f"a way cannot have {steps} steps", "choose 2 to 1000")
        takes = []
        for number, position in enumerate(evenly_along(way, steps), start=1):
            made = self._made(position)
            stem = f"{number:02d}_{self._stem(made.weights or ())}"
            takes.append(self._write(made, out, stem))
            yield Progress("morph", number, steps, takes[-1].path.name)
        return takes

    def _made(self, position: Position) -> Made:
        with self._lock:
            return self._places.at(weights_at(len(self._sounds), position))

    def _made_along(self, way: Sequence[TimedPosition]) -> Made:
        points = course_along(len(self._sounds), way)
        return mixed_along([sound.clip for sound in self._sounds], points, self._glide)

    def _write(self, made: Made, out: Path, stem: str) -> Take:
        prepare_folder(out)
        return write_take(self._making, made, free_name(out, stem))

    def _stem(self, weights: Weights) -> str:
        """Return a name from the sounds that are heard and how much of each."""
        return "_".join(
            f"{stem_of(sound.name, self._most(4))}_{weight:.0%}".removesuffix("%")
            for sound, weight in zip(self._sounds, weights, strict=True)
            if weight
        )

    def _most(self, beside: int) -> int:
        """Return the bytes that one name may take where each has something beside it."""
        return LONGEST_STEM // len(self._sounds) - beside
