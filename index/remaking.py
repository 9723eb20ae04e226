"""Making a take again, bit for bit.

The promise holds on one machine with one version of everything: another version, or another
processor, may round another way. Where the result differs, so do the versions that are told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine

from index import (
    dream_writing,
    hits,
    morphing,
    mosaic,
    resynth,
    splicing,
    transferring,
    variations,
)
from index.answers import Remade, ToldRecipe
from index.codecs import Codecs
from index.open_spaces import OpenSpaces
from index.recipes import space_name
from index.sounds import Sound, open_origin, unheard
from index.take_files import Made, free_name, prepare_folder, stem_of, write_made
from library.errors import UserError
from library.progress import Job, Progress
from library.recipe import Parent, Recipe, RecipeError, versions_now
from library.take_rows import Origin
from vae.codec import BaseCodec
from vae.on_threads import on_threads
from vae.space import Space

_VERBS = (
    morphing.VERB,
    splicing.VERB,
    hits.ROBINS,
    hits.VELOCITIES,
    mosaic.VERB,
    variations.VERB,
    resynth.VERB,
    dream_writing.VERB,
    transferring.VERB,
)
# Of a digest, for people.
_DIGITS = 12


class LackingError(UserError):
    """What a take was made with is not there.

    Attributes:
        lines: One for each thing: what it is, and what to do.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = tuple(lines)
        if len(self.lines) == 1:
            super().__init__(self.lines[0])
        else:
            super().__init__(
                f"{len(self.lines)} things that it was made with are not there", "bring them back"
            )


def make_again(
    engine: Engine, codecs: Codecs, spaces: OpenSpaces, told: ToldRecipe, out: Path
) -> Job[Remade]:
    """Make a take again, and say whether it is the same; a job.

    Args:
        engine: The library, which remembers the new take as well.
        codecs: Of the library.
        spaces: Of the library.
        told: How it was made.
        out: Folder for the new one.

    Raises:
        LackingError: A sound, the space or the codec is not there.
        RecipeError: The recipe cannot be followed.
        UserError: The folder cannot be made, or a sound cannot be read.
    """
    recipe = told.recipe
    if recipe.verb not in _VERBS:
        raise UserError(
            f"what crate {recipe.verb} made cannot be made again", "its recipe tells how it was"
        )
    yield Progress("again", 0, 1, recipe.verb)
    space, codec = _models(engine, codecs, spaces, told)
    sounds = _sounds(recipe, [origin for origin in told.parents if origin is not None])
    prepare_folder(out)
    with on_threads(recipe.threads):
        made = _made(recipe, sounds, space, codec)
    parents = tuple(Parent(sound.name, sound.content) for sound in sounds)
    path = free_name(out, stem_of(told.path.name))
    new = replace(recipe, parents=parents, versions=versions_now())
    take, audio = write_made(made, new, path, engine, sounds)
    yield Progress("again", 1, 1, path.name)
    return Remade(take, audio == recipe.audio, differing(recipe.versions, new.versions))


def differing(
    then: Mapping[str, str], now: Mapping[str, str]
) -> dict[str, tuple[str | None, str | None]]:
    """Return which versions differ: what was then, and what is now."""
    names = [*then, *(name for name in now if name not in then)]
    return {
        name: (then.get(name), now.get(name)) for name in names if then.get(name) != now.get(name)
    }


def _models(
    engine: Engine, codecs: Codecs, spaces: OpenSpaces, told: ToldRecipe
) -> tuple[Space | None, BaseCodec | None]:
    """Return the space and the codec of a recipe, where it takes any to make it again.

    Raises:
        LackingError: One of them is not there, or one of the sounds.
    """
    recipe = told.recipe
    lines = [
        f"{parent.name} is not there: plug its disk in, or crate add the folder that it is in now"
        for parent, origin in zip(recipe.parents, told.parents, strict=True)
        if origin is None
    ]
    space: Space | None = None
    codec: BaseCodec | None = None
    if recipe.codec is not None:
        spaces.row(None)  # the house space is one of those that are there
        name = space_name(engine, recipe.space)
        if recipe.space is not None and name is None:
            lines.append(
                f"the space {recipe.space[:_DIGITS]} was forgotten or trained again: "
                "crate space import brings one back that was exported"
            )
        elif name is not None:
            opened = spaces.load(name)
            space, codec = opened.space, opened.codec
        if codec is None:
            codec = codecs.of_digest(recipe.codec)
            if codec is None:
                lines.append(
                    f"the codec {recipe.codec[:_DIGITS]} is not there: "
                    "crate codec add puts the same file back"
                )
    if lines:
        raise LackingError(lines)
    if codec is not None and codec.digest != recipe.codec:
        raise _damaged("of another codec than the space")
    return space, codec


def _sounds(recipe: Recipe, origins: Sequence[Origin]) -> list[Sound]:
    """Return the parents of a take; of a mosaic's, which may be many, only the first decoded."""
    if recipe.verb != mosaic.VERB:
        return [open_origin(origin) for origin in origins]
    return [*(open_origin(each) for each in origins[:1]), *(unheard(each) for each in origins[1:])]


def _made(
    recipe: Recipe, sounds: Sequence[Sound], space: Space | None, codec: BaseCodec | None
) -> Made:
    """Do what a recipe says."""
    if recipe.verb == morphing.VERB:
        return morphing.mixed_again(recipe, sounds, codec, space)
    if recipe.verb == splicing.VERB:
        return splicing.spliced_again(recipe, sounds)
    if recipe.verb == hits.ROBINS:
        return hits.robin_again(recipe, sounds)
    if recipe.verb == hits.VELOCITIES:
        return hits.layer_again(recipe, sounds)
    if recipe.verb == mosaic.VERB:
        return mosaic.rebuilt_again(recipe, sounds)
    if codec is None:
        raise _damaged("no codec")
    if recipe.verb == resynth.VERB:
        return resynth.resynthesised_again(recipe, sounds, codec, space)
    if space is None:
        raise _damaged("no space")
    if recipe.verb == dream_writing.VERB:
        return dream_writing.dreamt_again(recipe, space, codec)
    if recipe.verb == transferring.VERB:
        return transferring.transferred_again(recipe, sounds, space, codec)
    return variations.varied_again(recipe, sounds, space, codec)


def _damaged(why: str) -> RecipeError:
    return RecipeError(f"the recipe is damaged ({why})", "take another copy of the file")
