"""Timbre transfer: a sound as the user's own sounds would say it, written as a take."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine

from index.answers import Take, TakeMade
from index.sounds import Sound
from index.take_files import Made, Making, new_wav, write_take
from library.errors import UserError
from library.progress import Job, Progress
from library.recipe import Recipe, RecipeError
from library.recipe_reading import number, texts
from vae.codec import BaseCodec
from vae.space import Space
from vae.transfer import MOST_AMOUNT, check_kept, transferred

VERB = "transfer"


def transfer(
    sound: Sound,
    out: Path,
    space: Space,
    codec: BaseCodec,
    amount: float,
    kept: Sequence[str],
    engine: Engine | None = None,
) -> Job[Take]:
    """Put a sound through a space, and write what comes out; a job.

    Args:
        sound: The sound.
        out: The WAV file to write, of the sound's rate, length and channels.
        space: The user's.
        codec: Of the space.
        amount: As `vae.transfer.transferred` has it.
        kept: The same.
        engine: The library that is to remember the take, if any.

    Raises:
        UserError: The file is there, is to be no WAV file, or cannot be written; the amount is out
            of range; what is to be kept cannot be; the space does not know the user's sounds.
    """
    path = new_wav(out)
    if not 0 <= amount <= MOST_AMOUNT:
        raise UserError(f"an amount of {amount:g} is out of range", f"choose 0 to {MOST_AMOUNT:g}")
    check_kept(kept)
    if space.usual is None:
        raise UserError("the space does not say where its sounds lie", "train it again")
    yield Progress("transfer", 0, 1, sound.name)
    making = Making(
        VERB, {"amount": amount, "keep": list(kept)}, [sound], codec, space, engine=engine
    )
    made = Made(transferred(sound.clip, space, codec, amount, kept))
    take = write_take(making, made, path)
    yield TakeMade("transfer", 1, 1, path.name, take=take)
    return take


def transferred_again(
    recipe: Recipe, sounds: Sequence[Sound], space: Space, codec: BaseCodec
) -> Made:
    """Return a transfer once more.

    Raises:
        RecipeError: The recipe is of no transfer that there can be.
        UserError: It keeps what cannot be kept.
    """
    if len(sounds) != 1:
        raise RecipeError("the recipe is damaged (not of one sound)", "take another copy of it")
    amount, kept = number(recipe.options, "amount", 0, MOST_AMOUNT), texts(recipe.options, "keep")
    check_kept(kept)
    return Made(transferred(sounds[0].clip, space, codec, amount, kept))
