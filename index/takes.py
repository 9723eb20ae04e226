"""Takes: morphs and variations, written as WAV files into a folder of the user's choice."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.answers import Take
from index.take_files import free_name as _free_name
from index.take_files import prepare_folder as _prepare_folder
from index.take_files import write_take as _take
from library.clip import Clip
from library.errors import UserError
from library.names import displayable
from library.progress import Job, Progress
from vae.codec import BaseCodec
from vae.morph import Morph, even_positions, path_weights
from vae.onset import from_onset
from vae.space import Space
from vae.vary import DEFAULT_AMOUNT, free_shift, more_like_mine, settings_shift, vary
from vae.vector import vector_of

# Renderings by which the path of a morph is measured, for each leg of it.
PROBES = 24
# Bytes that one parent's name may take of a take's.
LONGEST_STEM = 80


def _stem(name: str) -> str:
    """Return a file's name without its ending, fit and short enough to be part of another."""
    stem = displayable(Path(name).stem)
    while len(os.fsencode(stem)) > LONGEST_STEM:
        stem = stem[:-1]
    return stem


def morph(
    clips: Sequence[Clip],
    names: Sequence[str],
    steps: int,
    out: Path,
    space: Space,
    codec: BaseCodec,
) -> Job[list[Take]]:
    """Write a morph from the first sound to the last in steps that sound even; a job.

    Args:
        clips: 2 to 4 sounds.
        names: Of the sounds, for the file names.
        steps: Files wanted; the first and the last are the originals.
        out: Folder for the WAV files.
        space: In which evenness is measured.
        codec: Of the space.

    Raises:
        UserError: Too few steps, or sounds of a number that cannot be mixed.
    """
    if not 2 <= len(clips) <= 4:
        raise UserError(f"a morph takes 2 to 4 sounds, not {len(clips)}", "name 2 to 4")
    if not 2 <= steps <= 1000:
        raise UserError(f"a morph cannot have {steps} steps", "choose 2 to 1000")
    _prepare_folder(out)
    mixer = Morph(clips)
    positions, places = yield from _probe(mixer, space, codec)
    stem = "_to_".join(_stem(name) for name in (names[0], names[-1]))
    takes = []
    for i, position in enumerate(even_positions(positions, _distances(places), steps)):
        weights = path_weights(len(clips), position)
        path = _free_name(out, f"{stem}_{i:02d}")
        takes.append(_take(mixer.mix(weights), path, exact=max(weights) == 1, weights=weights))
        yield Progress("morph", i + 1, steps, path.name)
    return takes


def _distances(places: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    distances: NDArray[np.float32] = np.linalg.norm(np.diff(np.stack(places), axis=0), axis=1)
    return distances


def _probe(
    mixer: Morph, space: Space, codec: BaseCodec
) -> Job[tuple[list[float], list[NDArray[np.float32]]]]:
    """Render the path of a morph where most happens on it; a job.

    Returns:
        Positions, rising from 0 to 1, and the vector at each.
    """

    def place(position: float) -> NDArray[np.float32]:
        rendered = mixer.mix(path_weights(len(mixer.parents), position))
        # No pitch: it would be found in some of the steps and not in others.
        return vector_of(rendered, None, space, codec)

    legs = len(mixer.parents) - 1
    count = PROBES * legs
    positions = [i / (4 * legs) for i in range(4 * legs + 1)]
    places = [place(position) for position in positions]
    while len(positions) < count:
        widest = int(np.argmax(_distances(places)))
        middle = (positions[widest] + positions[widest + 1]) / 2
        positions.insert(widest + 1, middle)
        places.insert(widest + 1, place(middle))
        yield Progress("measure", len(positions), count)
    return positions, places


def variations(
    clip: Clip,
    name: str,
    n: int,
    out: Path,
    space: Space,
    codec: BaseCodec,
    amount: float | None,
    settings: Mapping[str, str],
    seed: int,
    mine: float = 0.0,
) -> Job[list[Take]]:
    """Write variations of a sound; a job.

    Args:
        clip: The sound.
        name: Of the sound, for the file names.
        n: Files wanted.
        out: Folder for the WAV files.
        space: Where it is moved.
        codec: Of the space.
        amount: Of random movement in standard deviations; none where settings alone are given.
        settings: Attribute to relative step.
        seed: Of the random movement.
        mine: How far the sound is pulled towards those of the space first, 0 to 1.

    Raises:
        UserError: A setting cannot be read, or the number is out of range.
    """
    if not 1 <= n <= 1000:
        raise UserError(f"{n} variations cannot be made", "choose 1 to 1000")
    if amount is None:
        amount = 0.0 if settings or mine else DEFAULT_AMOUNT
    if not 0 <= mine <= 1:
        raise UserError(f"a sound cannot be pulled by {mine}", "choose 0 to 1")
    if not 0 <= amount <= 6:
        raise UserError(f"an amount of {amount} is out of range", "choose 0 to 6")
    if amount == 0 and n > 1:
        raise UserError("without an amount all variations are the same", "add --amount, or -n 1")
    base = settings_shift(space, settings)
    moved = "_".join(f"{attribute}{step.strip()}" for attribute, step in settings.items())
    moved = "_".join(filter(None, (f"mine{mine:g}" if mine else "", moved))) or "same"
    _prepare_folder(out)
    clip = more_like_mine(clip, space, codec, mine)
    latents = codec.encode(from_onset(clip))
    z = space.encode([latents], codec)[0]
    rng = np.random.default_rng(seed)
    takes = []
    for i in range(n):
        shift = base + free_shift(space, amount, rng) if amount else base
        path = _free_name(out, f"{_stem(name)}_{f'var_{i + 1:02d}' if amount else moved}")
        made = vary(clip, latents, space, codec, shift)
        takes.append(_take(made, path, z=tuple(float(v) for v in z + shift)))
        yield Progress("vary", i + 1, n, path.name)
    return takes
