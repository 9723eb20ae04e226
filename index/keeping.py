"""Keeping a take that was made to be listened to: copied to the user, and remembered."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine

from index.sounds import locate
from index.take_files import free_name, prepare_folder, shortened
from library.content import content_hash
from library.errors import UserError
from library.names import displayable
from library.new_file import new_file
from library.recipe import Parent, Recipe
from library.take_rows import Origin, keep_take, where_now
from library.wav import read_recipe


def keep(
    engine: Engine, take: Path, out: Path, name: str | None = None, sounds: Sequence[str] = ()
) -> Path:
    """Copy a take, and remember it as if it had been made in that place.

    Args:
        engine: The library that is to know it.
        take: Its file, with its recipe.
        out: Folder for the copy, made where it is not there.
        name: Of the new file, without its ending; that of the take where None. Where a file has
            it, a number is added.
        sounds: Ids or paths of what it was made from, in case the library cannot find them by
            what they hold, as those that are not analysed yet.

    Returns:
        The new file.

    Raises:
        UserError: The take is not there or has no recipe, the name is none, or the disk refuses:
            then nothing is left of it.
        RecipeError: Its recipe cannot be believed.
        LibraryError: The library cannot remember it; the file is there all the same.
    """
    if not take.is_file():
        raise UserError(f"{displayable(take.name)} is not there any more", "make it again")
    recipe = read_recipe(take)
    if recipe is None:
        raise UserError(f"{displayable(take.name)} has no recipe", "only takes can be kept")
    stem = take.stem if name is None else _checked(name)
    origins = _origins(engine, recipe, sounds)
    prepare_folder(out)
    path = _copied(take, out, stem)
    keep_take(engine, recipe, path, origins)
    return path


def _checked(name: str) -> str:
    """Return a name as a file may have it.

    Raises:
        UserError: It is that of a folder, or of nothing.
    """
    stem = name.strip().removesuffix(".wav")
    if not stem or stem.startswith(".") or {"/", "\\", "\0"} & set(stem):
        raise UserError(f"{displayable(name)!r} is no name for a file", "choose plain words")
    return shortened(displayable(stem))


def _copied(take: Path, out: Path, stem: str) -> Path:
    """Return a copy under a free name, whole."""
    while True:
        path = free_name(out, stem)
        try:
            with new_file(path) as partial:
                shutil.copyfile(take, partial)
        except FileExistsError:
            continue  # another process has taken the name since
        except OSError as error:
            raise UserError(
                f"cannot write {displayable(str(path))} ({error.strerror})", "choose another folder"
            ) from error
        return path


def _origins(engine: Engine, recipe: Recipe, sounds: Sequence[str]) -> list[Origin | None]:
    """Return where each parent lies; None for one that lies nowhere now."""
    named = {}
    for sound in sounds:
        found = locate(engine, sound)
        origin = Origin(found, None) if isinstance(found, Path) else Origin(found.path, found.id)
        try:
            named[content_hash(origin.path)] = origin
        except OSError:  # its disk is away by now
            continue
    return [_origin(engine, parent, named) for parent in recipe.parents]


def _origin(engine: Engine, parent: Parent, named: dict[str, Origin]) -> Origin | None:
    return named.get(parent.content) or where_now(engine, parent)
