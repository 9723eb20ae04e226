"""Vectors: what search compares. Plain L2 between them is how unlike two sounds are.

A vector is what the ear keeps of a sound, and what the space reads of it, in blocks by aspect. Each
block of the ear is a point on a sphere, times the root of its weight; attributes are in standard
deviations. The level is in none of them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from library.clip import Clip
from vae.attributes import ATTRIBUTES as MEASURED
from vae.codec import BaseCodec
from vae.ear import BLOCKS, block_slices
from vae.ear_file import house_ear
from vae.hearing import Hearing
from vae.latents import Latents
from vae.onset import from_onset
from vae.space import Space

# Measured by benchmarks/retrieval.py; docs/decisions/0002-vector.md has the figures.
WEIGHTS: Mapping[str, Mapping[str, float]] = {
    "ear": {"ear": 1.0},
    "timbre": {"shape": 0.2, "mfcc": 0.2},
    "spectrum": {"spectrum": 0.2},
    "envelope": {"envelope": 0.1},
    "pitch": {"pitch": 0.03},
    "rhythm": {"rhythm": 0.1},
}
"""What the blocks of `vae.ear.BLOCKS` weigh, by aspect."""

ATTRIBUTES, WORDS = "attributes", "words"
ATTRIBUTES_WEIGHT = 0.1
TYPICAL_DISTANCE = 0.9
MOST_DEVIATIONS = 4.0


def blocks(space: Space) -> dict[str, slice]:
    """Return where each aspect lies in a space's vectors."""
    found: dict[str, slice] = {}
    start = 0
    for aspect, weights in WEIGHTS.items():
        size = sum(BLOCKS[name] for name in weights)
        found[aspect] = slice(start, start + size)
        start += size
    found[ATTRIBUTES] = slice(start, start + len(_quality_dimensions(space)))
    if count := len(space.words.names):
        start = found[ATTRIBUTES].stop
        found[WORDS] = slice(start, start + count)
    return found


def scales() -> NDArray[np.float64]:
    """Return by what each number of `Hearing.whole` is multiplied to be in a vector, shape (f,)."""
    out = np.zeros(sum(BLOCKS.values()))
    places = block_slices()
    for weights in WEIGHTS.values():
        for name, weight in weights.items():
            out[places[name]] = np.sqrt(weight)
    return out


def _quality_dimensions(space: Space) -> list[int]:
    """Return the dimensions of measured attributes other than loudness.

    That must not change what is near, and words have a block of their own.
    """
    return [
        i for i, a in enumerate(space.attributes) if a.name in MEASURED and a.name != "loudness"
    ]


def vectors(
    space: Space, sounds: Sequence[Latents], wholes: NDArray[np.float32], codec: BaseCodec
) -> NDArray[np.float32]:
    """Return the vectors of sounds.

    Args:
        space: Its personal encoder makes the attributes; its words, and what it learned of pairs,
            move what is near.
        sounds: Base latents of clips from their onset on (`vae.onset`), so that silence before a
            sound changes no vector.
        wholes: What the ear keeps of the same clips, float32, shape (n, f).
        codec: What made the latents.

    Returns:
        float32, shape (n, d).
    """
    places = block_slices()
    points = space.alike.moved(wholes * scales())
    parts = [points[:, places[name]] for weights in WEIGHTS.values() for name in weights]
    z = space.encode([_at_common_level(space, latents, codec) for latents in sounds], codec)
    # Not on a sphere: of a space with one attribute only the sign would be left.
    read = z[:, _quality_dimensions(space)].clip(-MOST_DEVIATIONS, MOST_DEVIATIONS)
    parts.append(np.sqrt(ATTRIBUTES_WEIGHT / max(read.shape[1], 1)) * read)
    if count := len(space.words.names):
        # Of many words each counts less, but all of them together more than one.
        weight = space.words.weight / np.sqrt(count)
        parts.append(np.sqrt(weight) * space.words.scores(wholes))
    return np.concatenate(parts, axis=1).astype(np.float32)


def vector_of(
    clip: Clip, pitch: float | None, space: Space, codec: BaseCodec
) -> NDArray[np.float32]:
    """Return the vector of a clip, float32, (d,); the same as that of a sample of this audio.

    Args:
        clip: Any; it is looked at from its onset on.
        pitch: MIDI note number, None where it has none (`library.descriptors`).
        space: Which vectors.
        codec: Of the space.

    Raises:
        ModelError: The codec fails on it.
    """
    return vector_and_hearing(clip, pitch, space, codec)[0]


def vector_and_hearing(
    clip: Clip, pitch: float | None, space: Space, codec: BaseCodec
) -> tuple[NDArray[np.float32], Hearing]:
    """Return the vector of a clip, as `vector_of` does, and what the ear keeps of it."""
    sound = from_onset(clip)
    encoded = codec.encode(sound)
    # Both as they are cached: half precision.
    latents = Latents.from_bytes(encoded.to_bytes(), encoded.dims)
    heard = house_ear().hear(sound, pitch)
    heard = Hearing.from_bytes(*heard.to_bytes(), heard.windows.shape[1])
    return vectors(space, [latents], heard.whole[None], codec)[0], heard


def _at_common_level(space: Space, latents: Latents, codec: BaseCodec) -> Latents:
    """Return latents at the mean level of the space, so that a gain changes no vector."""
    values = latents.values.copy()
    values[:, : codec.level_dims] = space.mean_step[: codec.level_dims]
    return Latents(values)


def score(distance: float) -> float:
    """Return a distance as a grade in (0, 1]: 1 for the sound itself, 0.5 for a near sound."""
    return float(2.0 ** -(distance / TYPICAL_DISTANCE))


def distance_of(grade: float) -> float:
    """Return the distance that has a grade: the inverse of `score`."""
    return -TYPICAL_DISTANCE * math.log2(grade)
