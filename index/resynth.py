"""Resynthesis: what a codec, or a space, alone makes of a sound, and nothing of the original."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine

from index.answers import Take
from index.nearest_sound import nearest_again
from index.sounds import Sound
from index.take_files import Made, Making, new_wav, write_take
from library.progress import Job, Progress
from library.recipe import Recipe, RecipeError
from vae.channels import through
from vae.codec import BaseCodec
from vae.latents import Latents
from vae.space import Space

VERB = "resynth"


def resynthesise(
    sound: Sound,
    out: Path,
    codec: BaseCodec,
    space: Space | None = None,
    engine: Engine | None = None,
) -> Job[Take]:
    """Encode and decode a sound, and write what comes out; a job.

    Args:
        sound: The sound.
        out: The WAV file to write, of the sound's rate, length and channels.
        codec: Does it.
        space: Of the codec; then it is what the space can say of the sound.
        engine: The library that is to remember the take, if any.

    Raises:
        UserError: The file is there already, is to be no WAV file, or cannot be written.
    """
    path = new_wav(out)
    yield Progress("resynth", 0, 1, codec.name)
    options = {"through": "codec" if space is None else "space"}
    making = Making(VERB, options, [sound], codec, space, engine=engine)
    take = write_take(making, _said(sound, codec, space), path)
    yield Progress("resynth", 1, 1, out.name)
    return take


def resynthesised_again(
    recipe: Recipe, sounds: Sequence[Sound], codec: BaseCodec, space: Space | None
) -> Made:
    """Return a resynthesis once more.

    Raises:
        RecipeError: The recipe is of no resynthesis that there can be.
    """
    if recipe.options.get("like") is True:
        return nearest_again(recipe, sounds, codec, space)
    if len(sounds) != 1:
        raise RecipeError("the recipe is damaged (not of one sound)", "take another copy of it")
    return _said(sounds[0], codec, space)


def _said(sound: Sound, codec: BaseCodec, space: Space | None) -> Made:
    def said(latents: Latents) -> Latents:
        return latents if space is None else space.reconstructed(latents, codec)

    return Made(through(codec, sound.clip, said), exact=True)
