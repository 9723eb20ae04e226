"""What `crate recipe` does: tell how a take was made, and make it again."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator, Mapping

from index.answers import Remade, ToldRecipe
from index.workspace import Workspace
from library.errors import UserError
from library.recipe import Plain, Recipe, as_plain
from tui.cli_output import print_json, print_table, say, take_facts, with_progress

Options = argparse.Namespace

# What a recipe calls otherwise than the command line does.
_OPTION = {"n": "-n", "settings": "--set", "fade_ms": "--fade", "keep_pitch": "--keep-pitch"}
_LONGEST = 200
_DIGITS = 12


def run_recipe(options: Options) -> bool:
    """`crate recipe`."""
    if options.again and options.out is None:
        raise UserError("--again needs a folder for the new take", "add --out DIR")
    if options.out is not None and not options.again:
        raise UserError("without --again nothing is written", "add --again, or leave --out out")
    with Workspace.open(options.library) as workspace:
        told = workspace.recipe(options.file)
        if told is None:
            say(f"{options.file} has no recipe: latentcrate did not make it, or not this library")
            return False
        if options.again:
            return _again(workspace, told, options)
    if options.json:
        print_json(_facts(told))
    else:
        print_table(_lines(told))
    return True


def _again(workspace: Workspace, told: ToldRecipe, options: Options) -> bool:
    """Make a take again; return whether it is the same."""
    from index.remaking import LackingError

    try:
        remade = with_progress(workspace.make_again(told, options.out))
    except LackingError as error:
        if len(error.lines) > 1:
            for line in error.lines:
                say(line)
        raise
    if told.changed:
        say(f"{told.path.name} was changed since it was made; compared with how it was made")
    if not remade.same:
        say(_why_other(remade))
    if options.json:
        versions = {name: list(pair) for name, pair in remade.versions.items()}
        file = take_facts(remade.take)
        print_json({"same": remade.same, "files": [file], "versions": versions})
    else:
        print_table([(remade.take.path, "the same" if remade.same else "not the same")])
    return remade.same


def _why_other(remade: Remade) -> str:
    if not remade.versions:
        return "not the same, by the same versions: was it made on another machine?"
    pairs = [
        f"{name} {then or 'unknown'}, now {now or 'unknown'}"
        for name, (then, now) in remade.versions.items()
    ]
    return f"not the same: it was made with {'; '.join(pairs)}"


def _facts(told: ToldRecipe) -> dict[str, object]:
    """Return what JSON says of a recipe."""
    pairs = zip(told.recipe.parents, told.parents, strict=True)
    parents = [
        {
            "name": parent.name,
            "content": parent.content,
            "id": origin.sample_id if origin is not None else None,
            "path": str(origin.path) if origin is not None else None,
        }
        for parent, origin in pairs
    ]
    return {
        "path": str(told.path.absolute()),
        "kept_in": told.kept_in,
        "changed": told.changed,
        "parents": parents,
        "codec": told.codec,
        "space": told.space,
        "recipe": as_plain(told.recipe),
    }


def _lines(told: ToldRecipe) -> Iterator[tuple[object, ...]]:
    """Yield what a table says of a recipe."""
    recipe = told.recipe
    yield ("made by", f"latentcrate {recipe.versions['latentcrate']}")
    yield ("command", _command(recipe))
    for parent, origin in zip(recipe.parents, told.parents, strict=True):
        if origin is None:
            yield ("from", parent.name, "", "not there now")
        else:
            yield ("from", parent.name, origin.sample_id, origin.path)
    for kind, digest, name in (
        ("space", recipe.space, told.space),
        ("codec", recipe.codec, told.codec),
    ):
        if digest is not None:
            yield (kind, name if name is not None else f"{digest[:_DIGITS]}, which is gone")
    for name, value in recipe.made.items():
        said = _written(value)
        yield (name, said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…")
    yield ("with", ", ".join(f"{k} {v}" for k, v in recipe.versions.items() if k != "latentcrate"))
    if told.changed:
        yield ("audio", "changed since it was made")
    if told.kept_in == "library":
        yield ("kept in", "the library: the file itself says nothing of it")


def _command(recipe: Recipe) -> str:
    """Return the command that a recipe is of."""
    words = ["crate", recipe.verb, *(parent.name for parent in recipe.parents)]
    for name, value in recipe.options.items():
        option = _OPTION.get(name, f"--{name}")
        if isinstance(value, Mapping):
            for key, each in value.items():
                words += [option, f"{key}={_written(each)}"]
        elif value is True:
            words.append(option)
        elif value or (value == 0 and value is not False and name != "gap"):
            words += [option, _written(value, ",")]
    if recipe.seed is not None:
        words += ["--seed", str(recipe.seed)]
    return shlex.join(words)


def _written(value: Plain, between: str = " ") -> str:
    if isinstance(value, list):
        return between.join(_written(each) for each in value)
    return f"{value:.6g}" if isinstance(value, float) else str(value)
