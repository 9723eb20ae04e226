"""The nearest sound that a space can make to a target, and what it leaves out: two takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import Engine

from index.answers import NearestReport
from index.sounds import Sound
from index.take_files import Made, Making, new_wav, write_take
from library.descriptors import describe
from library.progress import Job, Progress
from library.recipe import Plain, Recipe, RecipeError
from library.recipe_reading import one_of
from vae.channels import through
from vae.codec import BaseCodec
from vae.left_out import distance_db, left_out, missed_db
from vae.nearest import nearest
from vae.space import Space

NEAREST, LEFT_OUT = "nearest", "left out"
OPTIONS: Mapping[str, Plain] = {"through": "space", "like": True}


def nearest_sound(
    verb: str, sound: Sound, out: Path, space: Space, codec: BaseCodec, engine: Engine | None = None
) -> Job[NearestReport]:
    """Write the nearest sound that a space can make, and beside it what is left out; a job.

    Args:
        verb: Of the recipe.
        sound: The target.
        out: The WAV file to write, of the target's rate, length and channels.
        space: The user's.
        codec: Of the space.
        engine: The library that is to remember the takes, if any.

    Raises:
        UserError: One of the files is there already, or is no WAV file, or cannot be written.
    """
    path, rest_path = new_wav(out), new_wav(out.with_name(f"{out.stem}_left_out{out.suffix}"))
    yield Progress(verb, 0, 2, sound.name)
    making = Making(verb, OPTIONS, [sound], codec, space, engine=engine)
    made = nearest(sound.clip, space, codec)
    take = write_take(making, Made(made, {"part": NEAREST}, exact=True), path)
    yield Progress(verb, 1, 2, path.name)
    rest = left_out(sound.clip, made)
    rest_take = write_take(making, Made(rest, {"part": LEFT_OUT}, exact=True), rest_path)
    target = asdict(describe(sound.clip))
    report = NearestReport(
        take,
        rest_take,
        distance_db(sound.clip, made),
        distance_db(sound.clip, through(codec, sound.clip)),
        tuple(missed_db(sound.clip, made)),
        {name: (value, take.attributes[name]) for name, value in target.items()},
    )
    yield Progress(verb, 2, 2, rest_path.name)
    return report


def nearest_again(
    recipe: Recipe, sounds: Sequence[Sound], codec: BaseCodec, space: Space | None
) -> Made:
    """Return one of the two takes once more.

    Raises:
        RecipeError: The recipe is of none that there can be.
    """
    if space is None or len(sounds) != 1:
        raise RecipeError("the recipe is damaged (no space)", "take another copy of it")
    part = one_of(recipe.made, "part", (NEAREST, LEFT_OUT))
    made = nearest(sounds[0].clip, space, codec)
    clip = made if part == NEAREST else left_out(sounds[0].clip, made)
    return Made(clip, {"part": part}, exact=True)
