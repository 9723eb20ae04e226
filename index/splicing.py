"""Splices: sounds and kept takes joined into one file, written as a take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import Engine

from index.answers import Take
from index.sounds import Sound, open_sound
from index.take_files import Made, Making, new_wav, write_take
from library.errors import UserError
from library.progress import Job, Progress
from library.recipe import Recipe
from library.recipe_reading import flag, number
from vae.splice import (
    LONGEST_FADE_MS,
    LONGEST_GAP_S,
    MOST_BEATS,
    MOST_SOUNDS,
    MOST_VALUES,
    TEMPOS_BPM,
    Timing,
    splice,
)

VERB = "splice"


def spliced(engine: Engine, named: Sequence[str], out: Path, timing: Timing) -> Job[Take]:
    """Join sounds in order, and write what comes of it; a job.

    Args:
        engine: The library, which remembers the take.
        named: Ids or paths of two sounds or more.
        out: The WAV file to write.
        timing: When each begins.

    Raises:
        UserError: The file is there already, is to be no WAV file, or the sounds are too many or
            too long.
        LibraryError: There is no such sound.
        DecodeError: One cannot be read.
    """
    if not 2 <= len(named) <= MOST_SOUNDS:
        raise UserError(
            f"{len(named)} sounds cannot be joined", f"name 2 to {MOST_SOUNDS}, in order"
        )
    path = new_wav(out)
    sounds: list[Sound] = []
    values = 0
    for name in named:
        sounds.append(open_sound(engine, name))
        values += sounds[-1].clip.frames.size
        if values > MOST_VALUES:
            raise UserError("the sounds are too long together", "join fewer at a time")
        yield Progress("read", len(sounds), len(named), sounds[-1].name)
    making = Making(VERB, asdict(timing), sounds, engine=engine)
    take = write_take(making, _joined(sounds, timing), path)
    yield Progress("splice", 1, 1, path.name)
    return take


def spliced_again(recipe: Recipe, sounds: Sequence[Sound]) -> Made:
    """Return a splice once more.

    Raises:
        RecipeError: The recipe is of no splice that there can be.
        UserError: Its numbers are out of range.
    """
    said = recipe.options

    def maybe(name: str, high: float) -> float | None:
        return None if said.get(name) is None else number(said, name, 0.0, high)

    timing = Timing(
        number(said, "gap", 0.0, LONGEST_GAP_S),
        maybe("bpm", TEMPOS_BPM[1]),
        maybe("beats", MOST_BEATS),
        flag(said, "cut"),
        maybe("fade_ms", LONGEST_FADE_MS),
    )
    return _joined(sounds, timing)


def _joined(sounds: Sequence[Sound], timing: Timing) -> Made:
    clip, starts = splice([sound.clip for sound in sounds], timing)
    seconds = tuple(start / clip.sample_rate for start in starts)
    return Made(clip, {"starts": list(starts)}, starts=seconds)
