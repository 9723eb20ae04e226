"""Which drawn sounds are good: heard as search hears, and held against the samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.search import SearchIndex
from library.clip import Clip
from library.descriptors import describe
from vae.codec import BaseCodec
from vae.dream_copies import SAME
from vae.dream_ranking import NEIGHBOURS, Spread, Standing, fault_of
from vae.dream_sound import fault_in, levelled, trimmed
from vae.latents import Latents
from vae.space import Space
from vae.vector import vector_of

_ASKED = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """A dream as audio, and where it lies.

    Attributes:
        latents: That were drawn, in half precision.
        clip: Their sound.
        fault: What is broken in it; None where nothing is.
        vector: float32, shape (d,); None where something is broken.
    """

    latents: Latents
    clip: Clip
    fault: str | None
    vector: NDArray[np.float32] | None


@dataclass(frozen=True, slots=True, eq=False)
class Good:
    """A dream that may be kept.

    Attributes:
        heard: What it is.
        vector: float32, shape (d,).
        standing: Among the samples.
    """

    heard: Heard
    vector: NDArray[np.float32]
    standing: Standing


def sound_of(codec: BaseCodec, latents: Latents) -> Clip:
    """Return what drawn latents sound like, without silence around it, at a level to work with."""
    return levelled(trimmed(codec.decode(latents)))


def hear(space: Space, codec: BaseCodec, latents: Latents) -> Heard:
    """Return a drawn sound as audio, as search compares it."""
    latents = Latents.from_bytes(latents.to_bytes(), latents.dims)  # as a recipe keeps them
    drawn = trimmed(codec.decode(latents))
    fault = fault_in(drawn)
    if fault is not None:
        return Heard(latents, drawn, fault, None)
    clip = levelled(drawn)
    pitch = describe(clip).pitch
    return Heard(latents, clip, None, vector_of(clip, pitch, space, codec))


def judged(
    heard: Heard, index: SearchIndex, among: NDArray[np.int64], spread: Spread
) -> Good | str:
    """Return a sound that may be kept, or why another one may not."""
    if heard.vector is None:
        return str(heard.fault)
    ids, distances = index.nearest(heard.vector, 1)
    around = index.nearest(heard.vector, NEIGHBOURS, among)[1][-1]
    nearest = float(distances[0])
    standing = Standing(
        int(ids[0]), nearest, spread.novelty(nearest), spread.density(float(around))
    )
    fault = fault_of(standing, spread)
    return Good(heard, heard.vector, standing) if fault is None else fault


def spread_of(index: SearchIndex, among: NDArray[np.int64]) -> Spread:
    """Return how near to each other samples are, by at most `_ASKED` of them."""
    asked = np.random.default_rng(0).permutation(among)[:_ASKED]
    vectors = index.vectors_of(asked)
    others = _without_own(*index.nearest_of_each(vectors, NEIGHBOURS + 1), asked)
    nearest = np.where(others < SAME, np.inf, others).min(axis=1)
    third = _without_own(*index.nearest_of_each(vectors, NEIGHBOURS + 1, among), asked)[:, -1]
    return Spread(np.sort(nearest), np.sort(third))


def _without_own(
    near: NDArray[np.int64], distances: NDArray[np.float32], of: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return the distances to others, (n, k - 1)."""
    own = near == of[:, None]
    own[~own.any(axis=1), -1] = True  # one with many copies may not be among its own nearest
    others: NDArray[np.float32] = distances[~own].reshape(len(near), -1)
    return others
