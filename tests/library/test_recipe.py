"""Recipes as text: they come back as they were, and what is no recipe is refused in one line."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from library.recipe import Parent, Plain, Recipe, RecipeError, as_plain, from_text, to_text
from library.recipe_reading import flag, named_texts, number, numbers, one_of, texts
from library.version import __version__

RECIPE = Recipe(
    verb="vary",
    options={"n": 8, "amount": 1.0, "settings": {"brightness": "0:+1"}, "hold": [], "cut": False},
    made={"number": 3, "shift": np.random.default_rng(1).normal(size=5).tolist()},
    parents=(Parent("kick å\\xff.wav", "0" * 32), Parent("bell.flac", "a1" * 16)),
    codec="ab" * 16,
    space="fake-0",
    seed=2**64,
    audio="f" * 32,
    threads=3,
)


def test_a_recipe_comes_back_as_it_was() -> None:
    text = to_text(RECIPE)
    assert text.isascii()
    assert from_text(text.encode()) == RECIPE
    assert RECIPE.versions["latentcrate"] == __version__
    assert {"numpy", "torch"} <= set(RECIPE.versions)


def test_numbers_come_back_to_the_last_bit() -> None:
    drawn = np.random.default_rng(2).normal(size=100).astype(np.float32)
    said = from_text(to_text(replace(RECIPE, made={"shift": drawn.tolist()})).encode()).made
    assert np.array_equal(np.array(numbers(said, "shift", -9, 9), np.float32), drawn)
    thirds = [1 / 3, 2 / 3, 0.1 + 0.2]
    assert from_text(to_text(replace(RECIPE, made={"w": thirds})).encode()).made["w"] == thirds


def changed(**to: object) -> bytes:
    return json.dumps({**as_plain(RECIPE), **to}).encode()


def without(name: str) -> bytes:
    return json.dumps({k: v for k, v in as_plain(RECIPE).items() if k != name}).encode()


def deep(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe",
        b"not json",
        b"[]",
        b"null",
        b"{}",
        b'{"recipe": "1"}',
        b"[" * 200_000,
        b'{"recipe":' * 50_000,
        b" " * (2**20 + 1),
        b'{"recipe": 1, "seed": ' + b"9" * 5000 + b"}",
        changed(verb="rm -rf"),
        changed(verb=1),
        changed(verb="vary\x1b[2J"),
        changed(options=[]),
        changed(options={"settings": {"a": "\x1b]0;x\x07"}}),
        changed(options={"a": deep(10)}),
        changed(options={"a": "x" * 30_000}),
        changed(options={"\x9b2J": 1}),
        changed(made=None),
        changed(parents={}),
        changed(parents=["kick.wav"]),
        changed(parents=[{"name": "kick.wav"}]),
        changed(parents=[{"name": "kick.wav", "content": "../../etc"}]),
        changed(parents=[{"name": "/etc/passwd", "content": "0" * 32}]),
        changed(parents=[{"name": "a\u202egpj.wav", "content": "0" * 32}]),
        changed(parents=[{"name": 5, "content": "0" * 32}]),
        changed(codec="../x"),
        changed(codec=["ab"]),
        changed(space=""),
        changed(space=False),
        changed(seed=-1),
        changed(seed=1.5),
        changed(seed=True),
        changed(seed=2**200),
        changed(audio=None),
        changed(audio="F" * 32),
        changed(threads=0),
        changed(threads=10_000),
        changed(threads="1"),
        changed(versions={}),
        changed(versions={"latentcrate": 1}),
        changed(versions="0.1"),
        to_text(RECIPE).replace("1.0", "1e999").encode(),
        to_text(RECIPE).replace("1.0", "NaN").encode(),
        to_text(RECIPE).encode()[:-1],
        *(without(name) for name in ("verb", "options", "made", "parents", "audio", "versions")),
    ],
)
def test_what_is_no_recipe_is_refused_in_one_line(text: bytes) -> None:
    with pytest.raises(RecipeError) as refused:
        from_text(text)
    told = str(refused.value)
    assert told.isprintable()
    assert len(told) < 120
    assert "damaged" in told


def test_a_recipe_of_a_newer_form_says_so() -> None:
    with pytest.raises(RecipeError, match="newer version of latentcrate: update"):
        from_text(changed(recipe=2, verb={"any": "thing"}))


SAID: dict[str, Plain] = {
    "n": 3, "half": 0.5, "yes": True, "word": "space", "list": [1, 2.5], "words": ["a", "b"],
    "map": {"a": "+1"}, "mixed": [1, "a"], "of": {"a": 1},
}  # fmt: skip


def test_what_a_recipe_says_is_read_as_what_it_must_be() -> None:
    assert number(SAID, "n", 1, 3) == 3
    assert numbers(SAID, "list", 0, 3) == [1, 2.5]
    assert flag(SAID, "yes") is True
    assert one_of(SAID, "word", ("codec", "space")) == "space"
    assert texts(SAID, "words") == ["a", "b"]
    assert named_texts(SAID, "map") == {"a": "+1"}


@pytest.mark.parametrize(
    ("read", "name"),
    [
        *((lambda said, name: number(said, name, 1, 2), each) for each in SAID),
        *((lambda said, name: numbers(said, name, 0, 2), each) for each in SAID),
        *((flag, each) for each in SAID if each != "yes"),
        *((lambda said, name: one_of(said, name, ("codec",)), each) for each in SAID),
        *((texts, each) for each in SAID if each != "words"),
        *((named_texts, each) for each in SAID if each != "map"),
        (flag, "none"),
        (texts, "none"),
    ],
)
def test_what_is_of_another_kind_is_told(read, name: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(RecipeError, match=f"damaged .{name} is not what it must be"):
        read(SAID, name)
