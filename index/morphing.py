"""Morphs: sounds in between two to four, in steps that sound even, written as takes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from index.answers import Take
from index.sounds import Sound
from index.take_files import Made, Making, free_name, prepare_folder, stem_of, write_take
from library.errors import UserError
from library.progress import Job, Progress
from library.recipe import Recipe, RecipeError
from library.recipe_reading import numbers
from vae.codec import BaseCodec
from vae.morph import Morph, even_positions, path_weights
from vae.space import Space
from vae.vector import vector_of

VERB = "morph"
# Renderings by which the path of a morph is measured, for each leg of it.
PROBES = 24


def morph(
    sounds: Sequence[Sound],
    steps: int,
    out: Path,
    space: Space,
    codec: BaseCodec,
    engine: Engine | None = None,
    glide: bool = True,
) -> Job[list[Take]]:
    """Write a morph from the first sound to the last in steps that sound even; a job.

    Args:
        sounds: 2 to 4.
        steps: Files wanted; the first and the last are the originals.
        out: Folder for the WAV files.
        space: In which evenness is measured.
        codec: Of the space.
        engine: The library that is to remember the takes, if any.
        glide: As `Morph` has it.

    Raises:
        UserError: Too few steps, or sounds of a number that cannot be mixed.
    """
    if not 2 <= len(sounds) <= 4:
        raise UserError(f"a morph takes 2 to 4 sounds, not {len(sounds)}", "name 2 to 4")
    if not 2 <= steps <= 1000:
        raise UserError(f"a morph cannot have {steps} steps", "choose 2 to 1000")
    prepare_folder(out)
    mixer = Morph([sound.clip for sound in sounds], glide)
    positions = yield from even_path(mixer, space, codec, steps)
    making = Making(
        VERB, {"steps": steps, "keep_pitch": not glide}, sounds, codec, space, engine=engine
    )
    stem = "_to_".join(stem_of(sound.name) for sound in (sounds[0], sounds[-1]))
    takes = []
    for i, position in enumerate(positions):
        made = _mixed(mixer, path_weights(len(sounds), position))
        path = free_name(out, f"{stem}_{i:02d}")
        takes.append(write_take(making, made, path))
        yield Progress("morph", i + 1, steps, path.name)
    return takes


def mixed_again(recipe: Recipe, sounds: Sequence[Sound]) -> Made:
    """Return a step of a morph once more: its weights are all that the space had to say.

    Raises:
        RecipeError: The recipe is of no morph that there can be.
    """
    weights = tuple(numbers(recipe.made, "weights", 0.0, 1.0))
    if not 2 <= len(sounds) <= 4 or len(weights) != len(sounds) or abs(sum(weights) - 1) > 1e-6:
        raise RecipeError("the recipe is damaged (no weights)", "take another copy of the file")
    # Of takes from before there was a choice nothing glides.
    glide = recipe.options.get("keep_pitch", True) is False
    return _mixed(Morph([sound.clip for sound in sounds], glide), weights)


def _mixed(mixer: Morph, weights: tuple[float, ...]) -> Made:
    facts = {"weights": list(weights)}
    return Made(mixer.mix(weights), facts, exact=max(weights) == 1, weights=weights)


def even_path(mixer: Morph, space: Space, codec: BaseCodec, steps: int) -> Job[list[float]]:
    """Return positions along a morph at which its steps are evenly far apart in a space; a job."""
    positions, places = yield from _probe(mixer, space, codec)
    return even_positions(positions, _distances(places), steps)


def _distances(places: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    distances: NDArray[np.float32] = np.linalg.norm(np.diff(np.stack(places), axis=0), axis=1)
    return distances


def _probe(
    mixer: Morph, space: Space, codec: BaseCodec
) -> Job[tuple[list[float], list[NDArray[np.float32]]]]:
    """Render the path of a morph where most happens on it; a job.

    Returns:
        Positions, rising from 0 to 1, and the vector at each.
    """

    def place(position: float) -> NDArray[np.float32]:
        rendered = mixer.mix(path_weights(len(mixer.parents), position))
        # No pitch: it would be found in some of the steps and not in others.
        return vector_of(rendered, None, space, codec)

    legs = len(mixer.parents) - 1
    count = PROBES * legs
    positions = [i / (4 * legs) for i in range(4 * legs + 1)]
    places = [place(position) for position in positions]
    while len(positions) < count:
        widest = int(np.argmax(_distances(places)))
        middle = (positions[widest] + positions[widest + 1]) / 2
        positions.insert(widest + 1, middle)
        places.insert(widest + 1, place(middle))
        yield Progress("measure", len(positions), count)
    return positions, places
