"""One hit as many, for samplers: round robins, and velocity layers, written as takes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine

from index.answers import Take, TakeMade
from index.sounds import Sound
from index.take_files import Made, Making, free_name, prepare_folder, stem_of, write_take
from library.errors import UserError
from library.progress import Job
from library.recipe import Recipe, RecipeError
from library.recipe_reading import number
from vae.played_softer import played, velocity_db
from vae.round_robin import RoundRobin

ROBINS, VELOCITIES = "robins", "velocities"
MOST_ROBINS, MOST_LAYERS, MOST_AMOUNT = 128, 32, 3.0
HARDEST = 127
# A hit is looked at as a whole, at a column each 3 ms.
_LONGEST_S = 30.0


def robins(
    sound: Sound, n: int, out: Path, amount: float, seed: int, engine: Engine | None = None
) -> Job[list[Take]]:
    """Write takes of a hit that sound like the same player hitting again; a job.

    Args:
        sound: The hit.
        n: Files wanted.
        out: Folder for the WAV files.
        amount: How much they differ; 1 as real ones do.
        seed: Of all chance.
        engine: The library that is to remember the takes, if any.

    Raises:
        UserError: A number is out of range, or the sound is too long for a hit.
    """
    if not 1 <= n <= MOST_ROBINS:
        raise UserError(f"{n} takes cannot be made", f"choose 1 to {MOST_ROBINS}")
    if not 0 < amount <= MOST_AMOUNT:
        raise UserError(
            f"an amount of {amount:g} is out of range", f"choose more than 0, to {MOST_AMOUNT:g}"
        )
    if seed < 0:
        raise UserError(f"{seed} is no seed", "a seed is 0 or more")
    _check_length(sound)
    prepare_folder(out)
    making = Making(ROBINS, {"n": n, "amount": amount}, [sound], seed=seed, engine=engine)
    hit = RoundRobin(sound.clip, seed)
    takes = []
    for i in range(1, n + 1):
        path = free_name(out, f"{stem_of(sound.name)}_rr{i:02d}")
        takes.append(write_take(making, Made(hit.take(i, amount), {"number": i}), path))
        yield TakeMade("robins", i, n, path.name, take=takes[-1])
    return takes


def robin_again(recipe: Recipe, sounds: Sequence[Sound]) -> Made:
    """Return a take of a hit once more.

    Raises:
        RecipeError: The recipe is of none that there can be.
        UserError: The sound is too long.
    """
    sound = _only(sounds)
    if recipe.seed is None:
        raise RecipeError("the recipe is damaged (no seed)", "take another copy of it")
    which = int(number(recipe.made, "number", 1, MOST_ROBINS))
    amount = number(recipe.options, "amount", 0, MOST_AMOUNT)
    return Made(RoundRobin(sound.clip, recipe.seed).take(which, amount), {"number": which})


def velocities(
    sound: Sound, n: int, out: Path, at: int = HARDEST, engine: Engine | None = None
) -> Job[list[Take]]:
    """Write a hit as it is played softer, and harder, the hit itself among them; a job.

    Args:
        sound: The hit.
        n: Files wanted.
        out: Folder for the WAV files.
        at: The hit's own velocity.
        engine: The library that is to remember the takes, if any.

    Raises:
        UserError: A number is out of range, or the sound is too long for a hit.
    """
    if not 2 <= n <= MOST_LAYERS:
        raise UserError(f"{n} layers cannot be made", f"choose 2 to {MOST_LAYERS}")
    if not 1 <= at <= HARDEST:
        raise UserError(f"{at} is no velocity", f"choose 1 to {HARDEST}")
    _check_length(sound)
    prepare_folder(out)
    making = Making(VELOCITIES, {"n": n, "at": at}, [sound], engine=engine)
    takes = []
    for i, velocity in enumerate(layers(n, at), start=1):
        path = free_name(out, f"{stem_of(sound.name)}_v{velocity:03d}")
        takes.append(write_take(making, _layer(sound, velocity, at), path))
        yield TakeMade("velocities", i, n, path.name, take=takes[-1])
    return takes


def layers(n: int, at: int) -> list[int]:
    """Return the velocities of layers, evenly up to 127, the nearest to one of them moved to it."""
    even = [round(HARDEST * i / n) for i in range(1, n + 1)]
    nearest = min(range(n), key=lambda i: abs(even[i] - at))
    even[nearest] = at
    return even


def layer_again(recipe: Recipe, sounds: Sequence[Sound]) -> Made:
    """Return a layer once more.

    Raises:
        RecipeError: The recipe is of none that there can be.
        UserError: The sound is too long.
    """
    velocity = int(number(recipe.made, "velocity", 1, HARDEST))
    return _layer(_only(sounds), velocity, int(number(recipe.options, "at", 1, HARDEST)))


def _layer(sound: Sound, velocity: int, at: int) -> Made:
    # Exact, as a peak that is turned down would no longer be as loud as its velocity says.
    clip = played(sound.clip, velocity_db(velocity, at))
    return Made(clip, {"velocity": velocity}, exact=True)


def _only(sounds: Sequence[Sound]) -> Sound:
    if len(sounds) != 1:
        raise RecipeError("the recipe is damaged (not of one sound)", "take another copy of it")
    _check_length(sounds[0])
    return sounds[0]


def _check_length(sound: Sound) -> None:
    if sound.clip.duration > _LONGEST_S:
        raise UserError(
            f"{sound.name} is too long for a hit",
            f"take a sound of at most {_LONGEST_S:.0f} s, or cut it first",
        )
