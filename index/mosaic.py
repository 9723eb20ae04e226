"""A sound rebuilt from the samples of the library, written as a take.

The recipe says which piece of which sample stands for what, so that a mosaic can be made again
whatever has come into the library since.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from index.answers import MosaicPiece, MosaicReport
from index.inside import InsideIndex
from index.mosaic_samples import Choice, Decoded
from index.sounds import Sound, unheard
from index.take_files import Made, Making, new_wav, write_take
from library.clip import Clip
from library.errors import UserError
from library.progress import Job, Progress
from library.recipe import Plain, Recipe, RecipeError
from library.recipe_reading import whole_numbers
from library.take_rows import Origin
from vae.ear import Ear
from vae.mosaic import GRAINS_MS, played
from vae.pieces import Piece, cut_at, joined, pieces_of

VERB = "mosaic"
# A sample that is over is followed by another where both have that long.
_LEAST_S = 0.06
_MOST_FRAMES = 2**31


@dataclass(frozen=True, slots=True)
class _Laid:
    """A piece of the sound, and what stands for it.

    Attributes:
        piece: Of the sound.
        source: Number of the parent, from 1; 0 for silence.
        frame: Where the piece begins in that.
    """

    piece: Piece
    source: int = 0
    frame: int = 0


def mosaic(
    engine: Engine,
    sound: Sound,
    out: Path,
    ear: Ear,
    inside: InsideIndex,
    scope: NDArray[np.int64] | None,
    grain_ms: float,
    where: str = "",
    remember: bool = True,
) -> Job[MosaicReport]:
    """Rebuild a sound from the samples that are most like its pieces; a job.

    Args:
        engine: The library.
        sound: The sound.
        out: The WAV file to write, of the sound's rate, length and channels.
        ear: That heard the samples.
        inside: The half seconds of the samples.
        scope: Only these samples are used, ids, rising; None for all.
        grain_ms: A piece is no longer.
        where: The query that the scope comes from.
        remember: Whether the library is to know the take.

    Raises:
        UserError: The file is there, or is to be no WAV file; the grain is out of range; there is
            nothing to rebuild, or no sample to do it with.
    """
    path = new_wav(out)
    low, high = GRAINS_MS
    if not low <= grain_ms <= high:
        raise UserError(f"a grain of {grain_ms:g} ms cannot be", f"choose {low:g} to {high:g}")
    clip, rate = sound.clip, sound.clip.sample_rate
    if not clip.frames.any():
        raise UserError(f"{sound.name} is silent", "there is nothing to rebuild")
    decoded = Decoded()
    choice = Choice(engine, ear, inside, scope, sound.origin.sample_id, decoded)
    waiting = deque(pieces_of(clip, grain_ms / 1000))
    numbers: dict[Origin, int] = {}
    laid, pieces = [], []
    while waiting:
        each = waiting.popleft()
        found = choice.nearest(clip, each)
        if found is None:
            laid.append(_Laid(each))
        else:
            row, fit = found
            end = each.start + round(fit.lasts * rate)
            if min(end - each.start, each.end - end) >= _LEAST_S * rate:
                each, rest = cut_at(each, end, rate)
                waiting.appendleft(rest)
            origin = Origin(row.path, row.id)
            number = numbers.setdefault(origin, len(numbers) + 1)
            laid.append(_Laid(each, number, fit.frame))
            at = fit.frame / decoded.clip(origin).sample_rate
            seconds = (each.end - each.start) / rate
            pieces.append(MosaicPiece(each.start / rate, seconds, row, at, fit.distance))
        note = "" if found is None else found[0].name
        yield Progress("mosaic", len(laid), len(laid) + len(waiting), note)
    if not pieces:
        raise UserError("no sample can stand for any piece", "crate scan, or another --where")
    parents = [sound, *(unheard(origin) for origin in numbers)]
    options: dict[str, Plain] = {"grain": grain_ms, "where": where}
    making = Making(VERB, options, parents, engine=engine if remember else None)
    take = write_take(making, _made(laid, parents, decoded), path)
    return MosaicReport(take, tuple(pieces))


def rebuilt_again(recipe: Recipe, sounds: Sequence[Sound]) -> Made:
    """Return a mosaic once more.

    Args:
        recipe: Of it.
        sounds: The sound that was rebuilt, then the samples, whose audio is read here.

    Raises:
        RecipeError: The recipe is of no mosaic that there can be.
        DecodeError: A sample cannot be read.
    """
    return _made(_told(recipe.made, sounds), sounds, Decoded())


def _made(laid: Sequence[_Laid], sounds: Sequence[Sound], decoded: Decoded) -> Made:
    """Return a sound made of what stands for its pieces."""
    clip = sounds[0].clip
    parts = []
    for each in laid:
        piece = each.piece.of(clip)
        if not each.source:
            parts.append(np.zeros_like(piece.frames))
            continue
        source = decoded.clip(sounds[each.source].origin)
        made = played(piece, each.piece.join, each.piece.begins, source, each.frame)
        parts.append(made.frames)
    frames = joined(parts, [each.piece for each in laid])
    return Made(Clip(frames, clip.sample_rate), _facts(laid))


def _facts(laid: Sequence[_Laid]) -> dict[str, Plain]:
    """Return as plain lists, one number for each piece, what lies where; see `_told`."""
    return {
        "lengths": [each.piece.end - each.piece.start for each in laid],
        "joins": [each.piece.join for each in laid],
        "begun": [number for number, each in enumerate(laid) if each.piece.begins],
        "samples": [each.source for each in laid],
        "frames": [each.frame for each in laid],
    }


def _told(said: Mapping[str, Plain], sounds: Sequence[Sound]) -> list[_Laid]:
    """Return what lies where, as a recipe says it.

    Raises:
        RecipeError: It says what cannot be.
    """
    if "lengths" not in said:
        raise RecipeError("this mosaic is of before mosaics could be made again", "make a new one")
    lengths = whole_numbers(said, "lengths", 1, _MOST_FRAMES)
    joins = whole_numbers(said, "joins", 0, _MOST_FRAMES)
    begun = set(whole_numbers(said, "begun", 0, len(lengths)))
    samples = whole_numbers(said, "samples", 0, len(sounds) - 1)
    frames = whole_numbers(said, "frames", 0, _MOST_FRAMES)
    damaged = RecipeError(
        "the recipe is damaged (its pieces are not those of the sound)", "take another copy of it"
    )
    if not sounds or not len(lengths) == len(joins) == len(samples) == len(frames):
        raise damaged
    laid: list[_Laid] = []
    start = before = 0
    for number, (length, join, source, frame) in enumerate(
        zip(lengths, joins, samples, frames, strict=True)
    ):
        # What fades over into a piece is of the one before it.
        if join > before:
            raise damaged
        piece = Piece(start, start + length, join, number in begun)
        laid.append(_Laid(piece, source, frame))
        start, before = start + length, length
    if start != sounds[0].clip.length:
        raise damaged
    return laid
