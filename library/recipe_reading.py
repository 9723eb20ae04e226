"""What a recipe says, read as what a command needs; what is of another kind is told, not used."""

from __future__ import annotations

from collections.abc import Mapping

from library.recipe import Plain, RecipeError


def _wrong(name: str) -> RecipeError:
    return RecipeError(
        f"the recipe is damaged ({name} is not what it must be)", "take another copy of the file"
    )


def _in_range(value: Plain, name: str, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise _wrong(name)
    return value


def number(said: Mapping[str, Plain], name: str, low: float, high: float) -> float:
    """Return a number of a recipe; raise RecipeError where there is none within the bounds."""
    return _in_range(said.get(name), name, low, high)


def numbers(said: Mapping[str, Plain], name: str, low: float, high: float) -> list[float]:
    """Return a list of numbers; raise RecipeError where one is out of bounds."""
    value = said.get(name)
    if not isinstance(value, list):
        raise _wrong(name)
    return [_in_range(each, name, low, high) for each in value]


def number_rows(said: Mapping[str, Plain], name: str, low: float, high: float) -> list[list[float]]:
    """Return a list of lists of numbers; raise RecipeError where one is out of bounds."""
    value = said.get(name)
    if not isinstance(value, list):
        raise _wrong(name)
    return [numbers({name: each}, name, low, high) for each in value]


def whole_numbers(said: Mapping[str, Plain], name: str, low: int, high: int) -> list[int]:
    """Return a list of whole numbers; raise RecipeError where one is none, or out of bounds."""
    found = numbers(said, name, low, high)
    if not all(isinstance(each, int) for each in found):
        raise _wrong(name)
    return [int(each) for each in found]


def flag(said: Mapping[str, Plain], name: str) -> bool:
    """Return what is true or false; raise RecipeError where it is neither."""
    value = said.get(name)
    if not isinstance(value, bool):
        raise _wrong(name)
    return value


def one_of(said: Mapping[str, Plain], name: str, words: tuple[str, ...]) -> str:
    """Return one of some words; raise RecipeError where it is another."""
    value = said.get(name)
    if not isinstance(value, str) or value not in words:
        raise _wrong(name)
    return value


def text(said: Mapping[str, Plain], name: str) -> str:
    """Return a text of a recipe; raise RecipeError where it is something else."""
    value = said.get(name)
    if not isinstance(value, str):
        raise _wrong(name)
    return value


def texts(said: Mapping[str, Plain], name: str) -> list[str]:
    """Return a list of texts; raise RecipeError where it is something else."""
    value = said.get(name)
    if not isinstance(value, list):
        raise _wrong(name)
    found = [each for each in value if isinstance(each, str)]
    if len(found) < len(value):
        raise _wrong(name)
    return found


def named_texts(said: Mapping[str, Plain], name: str) -> dict[str, str]:
    """Return texts by name; raise RecipeError where it is something else."""
    value = said.get(name)
    if not isinstance(value, dict):
        raise _wrong(name)
    found = {key: each for key, each in value.items() if isinstance(each, str)}
    if len(found) < len(value):
        raise _wrong(name)
    return found
