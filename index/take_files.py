"""Takes as files: each a new WAV file that holds its recipe, which the library keeps as well."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from sqlalchemy import Engine

from index.answers import Take
from index.asked import answered
from index.sounds import Sound
from library.clip import Clip
from library.content import audio_digest
from library.descriptors import describe
from library.errors import UserError
from library.names import displayable
from library.recipe import Parent, Plain, Recipe
from library.take_rows import keep_take
from library.wav import as_written, write_wav
from vae.codec import BaseCodec
from vae.on_threads import threads_now
from vae.space import Space

# Bytes that one parent's name may take of a take's.
LONGEST_STEM = 80


@dataclass(frozen=True, slots=True)
class Making:
    """What the takes of one command have in common; see `write_take`.

    Attributes:
        verb: The command.
        options: Of the command, as JSON can say them; with the parents, the space and the codec
            they must be all that it takes to make any of the takes again.
        sounds: The parents, in order.
        codec: That was used, if any.
        space: That was used, if any.
        seed: Of all chance, if there was any.
        engine: The library that is to remember the takes; none where they are only listened to.
    """

    verb: str
    options: Mapping[str, Plain]
    sounds: Sequence[Sound] = ()
    codec: BaseCodec | None = None
    space: Space | None = None
    seed: int | None = None
    engine: Engine | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """One sound that was made, not yet written.

    Attributes:
        clip: The sound.
        facts: What only this take has, as JSON can say it.
        exact: As `write_wav` has it.
        weights: As `Take` has it.
        z: As `Take` has it.
        starts: As `Take` has it.
        asked: Attributes that were set, as `index.asked.asked_of` has them.
    """

    clip: Clip
    facts: Mapping[str, Plain] = field(default_factory=dict)
    exact: bool = False
    weights: tuple[float, ...] | None = None
    z: tuple[float, ...] | None = None
    starts: tuple[float, ...] | None = None
    asked: Mapping[str, tuple[float, float]] = field(default_factory=dict)


def write_take(making: Making, made: Made, path: Path) -> Take:
    """Write a take with its recipe, and return it with what is measured of its file.

    Args:
        making: What its command was.
        made: What came of it.
        path: A file that is not there.

    Raises:
        UserError: The file is there, or the disk refuses.
        LibraryError: The library cannot remember it; the file is there all the same.
    """
    recipe = Recipe(
        verb=making.verb,
        options=making.options,
        made=made.facts,
        parents=tuple(Parent(sound.name, sound.content) for sound in making.sounds),
        codec=making.codec.digest if making.codec is not None else None,
        space=making.space.digest if making.space is not None else None,
        seed=making.seed,
        audio="",
        threads=threads_now(),
    )
    return write_made(made, recipe, path, making.engine, making.sounds)[0]


def write_made(
    made: Made, recipe: Recipe, path: Path, engine: Engine | None, sounds: Sequence[Sound]
) -> tuple[Take, str]:
    """Write a take of which the recipe is known but for the digest of its audio.

    Args:
        made: The take.
        recipe: Of it.
        path: As `write_take` has it, with the same errors.
        engine: The library that is to remember the take, if any.
        sounds: The parents, in order.

    Returns:
        The take, and the digest of its audio.
    """
    written = as_written(made.clip, exact=made.exact)
    recipe = replace(recipe, audio=audio_digest(written))
    write_wav(made.clip, path, exact=made.exact, recipe=recipe)
    if engine is not None:
        keep_take(engine, recipe, path, [sound.origin for sound in sounds])
    attributes = asdict(describe(written))
    asked = answered(made.asked, attributes)
    take = Take(path, attributes, made.weights, made.z, made.starts, asked=asked)
    return take, recipe.audio


def prepare_folder(out: Path) -> None:
    """Make a folder for takes where it is not there.

    Raises:
        UserError: The disk refuses.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"cannot make the folder {out}", f"{error.strerror}") from error


def free_name(out: Path, stem: str) -> Path:
    """Return a name that no file has: a take never replaces a sound."""
    path = out / f"{stem}.wav"
    number = 2
    while path.exists():
        path = out / f"{stem}_{number}.wav"
        number += 1
    return path


def new_wav(out: Path) -> Path:
    """Return a path that a take can be written to.

    Raises:
        UserError: It is no WAV file, or there is one already.
    """
    if out.suffix.lower() != ".wav":
        raise UserError(f"a sound cannot be written as {out.name}", "end in .wav")
    try:
        there = out.exists()
    except OSError as error:
        raise UserError(f"cannot write {displayable(str(out))}", f"{error.strerror}") from error
    if there:
        raise UserError(f"{displayable(str(out))} is there already", "choose another name")
    return out


def stem_of(name: str, most: int = LONGEST_STEM) -> str:
    """Return a file's name without its ending, fit and short enough to be part of another."""
    return shortened(displayable(Path(name).stem), most)


def shortened(stem: str, most: int = LONGEST_STEM) -> str:
    """Return a part of a name, cut to the bytes that it may take."""
    while len(os.fsencode(stem)) > most:
        stem = stem[:-1]
    return stem
