"""Variations of a sound, along attributes or freely, written as takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from sqlalchemy import Engine

from index.answers import Take
from index.sounds import Sound
from index.take_files import (
    Made,
    Making,
    free_name,
    prepare_folder,
    shortened,
    stem_of,
    write_take,
)
from index.varied import Encoded, Moves
from library.errors import UserError
from library.progress import Job, Progress
from library.recipe import Plain, Recipe, RecipeError
from library.recipe_reading import named_texts, number, numbers, texts
from vae.codec import BaseCodec
from vae.courses import name_of
from vae.holding import held_names
from vae.space import Space
from vae.vary import DEFAULT_AMOUNT, free_shift, more_like_mine

VERB = "vary"
# No random shift of a dimension is so long: ten times the largest amount.
_LONGEST_SHIFT = 60.0


def variations(
    sound: Sound,
    n: int,
    out: Path,
    space: Space,
    codec: BaseCodec,
    amount: float | None,
    settings: Mapping[str, str],
    seed: int,
    mine: float = 0.0,
    hold: Sequence[str] = (),
    engine: Engine | None = None,
) -> Job[list[Take]]:
    """Write variations of a sound; a job.

    Args:
        sound: The sound.
        n: Files wanted.
        out: Folder for the WAV files.
        space: Where it is moved.
        codec: Of the space.
        amount: Of random movement in standard deviations; none where settings alone are given.
        settings: Attribute to relative step, or to a course over time (`vae.trajectory`).
        seed: Of the random movement.
        mine: How far the sound is pulled towards those of the space first, 0 to 1.
        hold: Attributes that the random movement leaves as they are.
        engine: The library that is to remember the takes, if any.

    Raises:
        UserError: A setting cannot be read, or the number is out of range.
    """
    if not 1 <= n <= 1000:
        raise UserError(f"{n} variations cannot be made", "choose 1 to 1000")
    if amount is None:
        amount = 0.0 if settings or mine else DEFAULT_AMOUNT
    if not 0 <= mine <= 1:
        raise UserError(f"a sound cannot be pulled by {mine}", "choose 0 to 1")
    if not 0 <= amount <= 6:
        raise UserError(f"an amount of {amount} is out of range", "choose 0 to 6")
    if amount == 0 and n > 1:
        raise UserError("without an amount all variations are the same", "add --amount, or -n 1")
    if seed < 0:
        raise UserError(f"{seed} is no seed", "a seed is 0 or more")
    if held_names(hold) and not amount:
        raise UserError("without random movement there is nothing to hold", "add --amount")
    moves = Moves(space, codec, settings, hold)
    moved = "_".join(filter(None, (f"mine{mine:g}" if mine else "", name_of(settings)))) or "same"
    prepare_folder(out)
    options: dict[str, Plain] = {
        "n": n,
        "amount": amount,
        "settings": dict(settings),
        "mine": mine,
        "hold": list(hold),
    }
    making = Making(VERB, options, [sound], codec, space, seed if amount else None, engine)
    varied = moves.of(Encoded(more_like_mine(sound.clip, space, codec, mine), space, codec))
    rng = np.random.default_rng(seed)
    takes = []
    for i in range(n):
        ending = f"var_{i + 1:02d}" if amount else shortened(moved)
        path = free_name(out, f"{stem_of(sound.name)}_{ending}")
        free = free_shift(space, amount, rng) if amount else np.zeros(space.dims, np.float32)
        takes.append(write_take(making, varied.by(free, i + 1), path))
        yield Progress("vary", i + 1, n, path.name)
    return takes


def varied_again(recipe: Recipe, sounds: Sequence[Sound], space: Space, codec: BaseCodec) -> Made:
    """Return a variation once more: its random shift is part of the recipe.

    Raises:
        RecipeError: The recipe is of no variation that there can be.
        UserError: A setting is none of the space.
    """
    shift = numbers(recipe.made, "shift", -_LONGEST_SHIFT, _LONGEST_SHIFT)
    if len(sounds) != 1 or len(shift) != space.dims:
        raise RecipeError("the recipe is of another space than it says", "take another copy of it")
    options = recipe.options
    moves = Moves(space, codec, named_texts(options, "settings"), texts(options, "hold"))
    pulled = more_like_mine(sounds[0].clip, space, codec, number(options, "mine", 0.0, 1.0))
    varied = moves.of(Encoded(pulled, space, codec))
    return varied.by(np.array(shift, np.float32), int(number(recipe.made, "number", 1, 1000)))
