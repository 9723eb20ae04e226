"""Morphs: sounds in between two to four, or one that turns into another, written as takes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from index.answers import Take
from index.sounds import Sound
from index.take_files import Made, Making, free_name, prepare_folder, stem_of, write_take
from library.clip import Clip
from library.errors import UserError
from library.progress import Job, Progress
from library.recipe import Plain, Recipe, RecipeError
from library.recipe_reading import number_rows, numbers, text
from vae.codec import BaseCodec
from vae.even_steps import evenly
from vae.morph import Morph, Place, place_on_path
from vae.morph_model import Model
from vae.morph_over_time import morph_over_time, position_course
from vae.space import Space
from vae.weight_courses import along_path, through_points

VERB = "morph"
SPECTRUM, CODEC, SPACE = ("spectrum", "codec", "space")
WAY = "way"
"""What a take calls the weights that it goes through."""


def morph(
    sounds: Sequence[Sound],
    steps: int,
    out: Path,
    codec: BaseCodec | None = None,
    space: Space | None = None,
    engine: Engine | None = None,
    glide: bool = True,
    even: bool = True,
) -> Job[list[Take]]:
    """Write a morph from the first sound to the last; a job.

    Args:
        sounds: 2 to 4.
        steps: Files wanted; the first and the last are the originals.
        out: Folder for the WAV files.
        codec: Whose latents the morph goes through; straight through the spectrum where None.
        space: Of the codec, in which it goes instead of in the latents, if any.
        engine: The library that is to remember the takes, if any.
        glide: As `Morph` has it.
        even: Whether steps sound evenly far apart, and not only mix evenly.

    Raises:
        UserError: Too few steps, or sounds of a number that cannot be mixed.
    """
    check_sounds(sounds)
    if not 2 <= steps <= 1000:
        raise UserError(f"a morph cannot have {steps} steps", "choose 2 to 1000")
    prepare_folder(out)
    mixer = _mixer(sounds, glide, codec, space)
    if even:
        places = yield from evenly(mixer, steps)
    else:
        positions = np.linspace(0.0, 1.0, steps)
        places = [place_on_path(len(sounds), float(at), float(at)) for at in positions]
    through = SPECTRUM if codec is None else CODEC if space is None else SPACE
    options: dict[str, Plain] = {
        "steps": steps,
        "keep_pitch": not glide,
        "even": even,
        "through": through,
    }
    making = Making(VERB, options, sounds, codec, space, engine=engine)
    takes = []
    for i, place in enumerate(places):
        path = free_name(out, f"{_stem(sounds)}_{i:02d}")
        takes.append(write_take(making, mixed(mixer, place), path))
        yield Progress("morph", i + 1, steps, path.name)
    return takes


def morph_within(
    sounds: Sequence[Sound],
    course: str,
    out: Path,
    engine: Engine | None = None,
    glide: bool = True,
) -> Job[list[Take]]:
    """Write one sound that goes from one to another while it plays; a job.

    Args:
        sounds: 2 to 4.
        course: As `position_course` reads it.
        out: Folder for the WAV file.
        engine: The library that is to remember the take, if any.
        glide: As `Morph` has it.

    Raises:
        UserError: The course cannot be read, or sounds of a number that cannot be mixed.
    """
    check_sounds(sounds)
    position_course(course)
    prepare_folder(out)
    making = Making(VERB, {"course": course, "keep_pitch": not glide}, sounds, engine=engine)
    path = free_name(out, f"{_stem(sounds)}_within")
    yield Progress("morph", 0, 1, path.name)
    take = write_take(making, _within(sounds, course, glide), path)
    yield Progress("morph", 1, 1, path.name)
    return [take]


def mixed_again(
    recipe: Recipe, sounds: Sequence[Sound], codec: BaseCodec | None, space: Space | None
) -> Made:
    """Return a step of a morph once more, or one that goes from sound to sound.

    Raises:
        RecipeError: The recipe is of no morph that there can be.
    """
    glide = recipe.options.get("keep_pitch") is False
    if "course" in recipe.options:
        return _within(sounds, text(recipe.options, "course"), glide)
    if WAY in recipe.made:
        return mixed_along([sound.clip for sound in sounds], _way(recipe, len(sounds)), glide)
    weights = tuple(numbers(recipe.made, "weights", 0.0, 1.0))
    # Takes of before there was a line have the one that their weights are.
    line = tuple(numbers(recipe.made, "line", 0.0, 1.0)) if "line" in recipe.made else weights
    place = Place(weights, line)
    for each in place:
        _check_weights(each, len(sounds))
    return mixed(_mixer(sounds, glide, codec, space), place)


def _check_weights(weights: Sequence[float], sounds: int) -> None:
    if not 2 <= sounds <= 4 or len(weights) != sounds or abs(sum(weights) - 1) > 1e-6:
        raise RecipeError("the recipe is damaged (no weights)", "take another copy of the file")


def _way(recipe: Recipe, sounds: int) -> NDArray[np.float64]:
    """Return the weights over time of a recipe, as `vae.pad.course_along` has them."""
    points = number_rows(recipe.made, WAY, 0.0, 1.0)
    shares = [0.0]
    for row in points:
        _check_weights(row[1:], sounds)
        shares.append(row[0])
    if len(points) < 2 or shares != sorted(shares):
        raise RecipeError("the recipe is damaged (no way)", "take another copy of the file")
    return np.array(points, np.float64)


def check_sounds(sounds: Sequence[Sound]) -> None:
    """Refuse a number of sounds that cannot be mixed."""
    if not 2 <= len(sounds) <= 4:
        raise UserError(f"a morph takes 2 to 4 sounds, not {len(sounds)}", "name 2 to 4")


def _stem(sounds: Sequence[Sound]) -> str:
    return "_to_".join(stem_of(sound.name) for sound in (sounds[0], sounds[-1]))


def _mixer(
    sounds: Sequence[Sound], glide: bool, codec: BaseCodec | None, space: Space | None
) -> Morph:
    model = None if codec is None else Model(codec, space)
    return Morph([sound.clip for sound in sounds], glide, model)


def mixed(mixer: Morph, place: Place) -> Made:
    """Return the sound at a place of a morph."""
    facts = {name: list(each) for name, each in place._asdict().items()}
    made = mixer.mix(place.weights, place.line)
    return Made(made, facts, exact=max(place.weights) == 1, weights=place.weights)


def mixed_along(clips: Sequence[Clip], points: NDArray[np.float64], glide: bool) -> Made:
    """Return one sound that goes through others while it plays.

    Args:
        clips: The others.
        points: Their weights over time, as `vae.pad.course_along` returns them.
        glide: As `Morph` has it.
    """
    made = morph_over_time(clips, through_points(points), glide)
    return Made(made, {WAY: points.tolist()})


def _within(sounds: Sequence[Sound], course: str, glide: bool) -> Made:
    clips = [sound.clip for sound in sounds]
    weights_at = along_path(len(clips), position_course(course))
    return Made(morph_over_time(clips, weights_at, glide))
