"""Recipes: how a take was made, told by its file or, where that lost it, by the library."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, select

from index.answers import ToldRecipe
from index.codec_rows import HOUSE as HOUSE_CODEC
from index.codec_rows import find_digest, house_digest
from index.sounds import locate
from library.content import audio_digest
from library.database import reading
from library.decode import read
from library.recipe import Recipe
from library.tables import Sample
from library.tables import Space as SpaceTable
from library.take_rows import recipe_of_audio, recipe_of_content, where_now
from library.wav import read_recipe


def tell_recipe(engine: Engine, file: str) -> ToldRecipe | None:
    """Return how a take was made; None where nobody knows.

    Args:
        engine: The library.
        file: A sample's id or path, or any audio file's path.

    Raises:
        LibraryError: There is no such file.
        RecipeError: The file's recipe cannot be believed, or the file is not there now.
        DecodeError: The file is no sound.
    """
    found = locate(engine, file)
    path = found if isinstance(found, Path) else found.path
    changed: bool | None = None
    kept_in = "library"
    recipe = None
    if not isinstance(found, Path) and not path.is_file():
        recipe = _of_sample(engine, found.id)
    if recipe is None:
        recipe = read_recipe(path)
        audio = audio_digest(read(path))
        if recipe is None:
            recipe = recipe_of_audio(engine, audio)
        else:
            kept_in = "file"
        changed = recipe is not None and recipe.audio != audio
    if recipe is None:
        return None
    return ToldRecipe(
        path=path,
        recipe=recipe,
        kept_in=kept_in,
        changed=changed,
        parents=tuple(where_now(engine, parent) for parent in recipe.parents),
        codec=_codec_name(engine, recipe.codec),
        space=space_name(engine, recipe.space),
    )


def _of_sample(engine: Engine, sample_id: int) -> Recipe | None:
    """Return the recipe of a sample whose file is not there now."""
    with reading(engine) as session:
        content = session.scalar(select(Sample.content_hash).where(Sample.id == sample_id))
    return None if content is None else recipe_of_content(engine, content)


def _codec_name(engine: Engine, digest: str | None) -> str | None:
    if digest is None:
        return None
    if digest == house_digest():
        return HOUSE_CODEC
    row = find_digest(engine, digest)
    return None if row is None else row.name


def space_name(engine: Engine, digest: str | None) -> str | None:
    """Return the name of the space that has a digest; None where there is none."""
    if digest is None:
        return None
    with reading(engine) as session:
        return session.scalar(select(SpaceTable.name).where(SpaceTable.digest == digest).limit(1))
