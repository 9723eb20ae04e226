"""Recipes: what made a take, as plain data that is written into it, and read back with suspicion.

A recipe comes from a file that anybody may have written. Nothing in it is executed; what it says is
bounded, typed and free of control characters, or it is refused as a whole.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TypeAlias

from library.errors import UserError
from library.names import displayable
from library.version import __version__

Plain: TypeAlias = "bool | int | float | str | Sequence[Plain] | Mapping[str, Plain] | None"
"""What JSON can say."""

MOST_BYTES = 2**20
"""Of a recipe as text; one of a thousand sounds is a third of it."""

_FORM = 1
_DEEPEST, _LONGEST, _LARGEST = 6, 20_000, 2**128
_MOST_THREADS = 256
# What the arithmetic of a take is done with: another version may round another way.
_LIBRARIES = ("numpy", "scipy", "soxr", "torch")
_DIGEST = re.compile(r"[0-9A-Za-z_.-]{1,128}", re.ASCII)
_CONTENT = re.compile(r"[0-9a-f]{32}", re.ASCII)
_VERB = re.compile(r"[a-z]{1,20}", re.ASCII)


class RecipeError(UserError):
    """A recipe cannot be believed."""


@dataclass(frozen=True, slots=True)
class Parent:
    """A sound that a take was made from.

    Attributes:
        name: Of its file, safe to show; never a folder.
        content: `library.content.content_hash` of its file.
    """

    name: str
    content: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """What made a take.

    Attributes:
        verb: The command, such as ``morph``.
        options: Of the command, for all of its takes.
        made: What only this one of the takes has, such as its weights or its shift.
        parents: The sounds it was made from, in order.
        codec: Digest of the codec that was used; None where there was none.
        space: Digest of the space that was used; None where there was none.
        seed: Of all chance; None where there was none.
        audio: `library.content.audio_digest` of the take.
        threads: On how many torch computed: on another number it rounds another way.
        versions: Of the program (``latentcrate``) and of what it computes with.
    """

    verb: str
    options: Mapping[str, Plain]
    made: Mapping[str, Plain]
    parents: tuple[Parent, ...]
    codec: str | None
    space: str | None
    seed: int | None
    audio: str
    threads: int = 1
    versions: Mapping[str, str] = field(default_factory=lambda: versions_now())


def versions_now() -> dict[str, str]:
    """Return the versions of the program and of what it computes with."""
    return dict(_installed())


@cache
def _installed() -> dict[str, str]:
    found = {"latentcrate": __version__}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # built by hand, without metadata
            found[name] = "unknown"
    return found


def as_plain(recipe: Recipe) -> dict[str, Plain]:
    """Return a recipe as JSON can say it."""
    return {
        "recipe": _FORM,
        "versions": dict(recipe.versions),
        "threads": recipe.threads,
        "verb": recipe.verb,
        "options": recipe.options,
        "seed": recipe.seed,
        "parents": [{"name": each.name, "content": each.content} for each in recipe.parents],
        "codec": recipe.codec,
        "space": recipe.space,
        "made": recipe.made,
        "audio": recipe.audio,
    }


def to_text(recipe: Recipe) -> str:
    """Return a recipe as JSON, in ASCII; numbers come back as the very same numbers."""
    return json.dumps(as_plain(recipe), separators=(",", ":"), allow_nan=False)


def from_text(text: bytes) -> Recipe:
    """Return the recipe of a text.

    Raises:
        RecipeError: It is none, or holds what no recipe of this program holds.
    """
    if len(text) > MOST_BYTES:
        raise _damaged(f"of more than {MOST_BYTES // 2**20} MiB")
    try:
        found = json.loads(text.decode("utf-8"))
    # Numbers of thousands of digits and brackets without an end are errors of Python's own.
    except (ValueError, RecursionError) as error:
        raise _damaged("no JSON") from error
    if not isinstance(found, dict) or not isinstance(form := found.get("recipe"), int):
        raise _damaged("not of a take")
    if form > _FORM:
        raise RecipeError("the recipe is of a newer version of latentcrate", "update latentcrate")
    _check(found, 0)
    return Recipe(
        verb=_matching(found, "verb", _VERB),
        options=_mapping(found, "options"),
        made=_mapping(found, "made"),
        parents=_parents(found.get("parents")),
        codec=_digest(found, "codec"),
        space=_digest(found, "space"),
        seed=_seed(found.get("seed")),
        audio=_matching(found, "audio", _CONTENT),
        threads=_threads(found.get("threads")),
        versions=_versions(_mapping(found, "versions")),
    )


def _damaged(why: str) -> RecipeError:
    return RecipeError(f"the recipe is damaged ({why})", "take another copy of the file")


def _check(value: object, depth: int) -> None:
    """Refuse what is too deep, too long, too large, or would steer a terminal."""
    if depth > _DEEPEST:
        raise _damaged("too deep")
    if isinstance(value, str) and (len(value) > _LONGEST or displayable(value) != value):
        raise _damaged("a text that cannot be shown")
    if isinstance(value, float) and not math.isfinite(value):
        raise _damaged("a number that is none")
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise _damaged("a number out of range")
    if isinstance(value, dict):
        for each in (*value, *value.values()):
            _check(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            _check(each, depth + 1)


def _mapping(found: Mapping[str, Plain], name: str) -> Mapping[str, Plain]:
    value = found.get(name)
    if not isinstance(value, dict):
        raise _damaged(f"no {name}")
    return value


def _matching(found: Mapping[str, Plain], name: str, pattern: re.Pattern[str]) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise _damaged(f"no {name}")
    return value


def _digest(found: Mapping[str, Plain], name: str) -> str | None:
    return None if found.get(name) is None else _matching(found, name, _DIGEST)


def _seed(value: Plain) -> int | None:
    if value is not None and (type(value) is not int or value < 0):
        raise _damaged("no seed")
    return value


def _threads(value: Plain) -> int:
    if type(value) is not int or not 1 <= value <= _MOST_THREADS:
        raise _damaged("no threads")
    return value


def _versions(value: Mapping[str, Plain]) -> Mapping[str, str]:
    texts = {name: text for name, text in value.items() if isinstance(text, str)}
    if len(texts) < len(value) or "latentcrate" not in texts:
        raise _damaged("no versions")
    return texts


def _parents(value: Plain) -> tuple[Parent, ...]:
    if not isinstance(value, list):
        raise _damaged("no parents")
    found = []
    for each in value:
        name = each.get("name") if isinstance(each, dict) else None
        if not isinstance(each, dict) or not isinstance(name, str) or "/" in name:
            raise _damaged("a parent without a name")
        found.append(Parent(name, _matching(each, "content", _CONTENT)))
    return tuple(found)
