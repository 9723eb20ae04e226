"""Drawing dreams from a prior and judging them, for as long as somebody asks for more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from index.analyse import in_threads
from index.dream_judging import Good, hear, judged, spread_of
from index.dream_priors import prior_of
from index.latents import read_latents
from index.open_spaces import OpenSpace
from index.search import SearchIndex
from library import catalog
from library.errors import LibraryError
from library.progress import Job
from vae.dream import between, dream, lengths_like
from vae.dream_copies import copies
from vae.dream_prior import DreamPrior
from vae.dream_ranking import Spread
from vae.latents import Latents
from vae.temperature import Temperature

_FEWEST_LIKED = 20
_LIKED_AT_MOST = 1000


def dreamer(
    engine: Engine, where: str, opened: OpenSpace, index: SearchIndex, priors: Path
) -> Job[Dreamer]:
    """Return what draws dreams; a job that learns the prior where there is none.

    Args:
        engine: The library.
        where: A query: only from what matches is learned, and only among it a dream must fit.
        opened: The space, with a vector for every sample.
        index: Of the space.
        priors: Folder where priors are kept.

    Raises:
        LibraryError: Nothing matches.
        ModelError: The samples are too few, or the codec's latents are codes.
    """
    ids = matching(engine, where)
    prior = yield from prior_of(engine, opened, ids, where, priors)
    return Dreamer(engine, where, opened, index, prior, ids)


@dataclass(frozen=True, eq=False)
class Dreamer:
    """A prior with the library that it learned from.

    Attributes:
        engine: The library.
        where: The query whose samples it learned from.
        opened: The space, with a vector for every sample.
        index: Of the space.
        prior: What was learned.
        ids: The samples that match, rising.
    """

    engine: Engine
    where: str
    opened: OpenSpace
    index: SearchIndex
    prior: DreamPrior
    ids: NDArray[np.int64]

    @cached_property
    def _known(self) -> list[Latents]:
        digest, ids = self.opened.codec.digest, self.prior.sounds.tolist()
        return [each for _, each in read_latents(self.engine, digest, ids)]

    def taste(self, like: str) -> Taste:
        """Return between what dreams are to lie, and among what they must fit.

        Args:
            like: A query; any of the samples that were learned from, if empty.

        Raises:
            LibraryError: Nothing matches.
        """
        liked = matching(self.engine, like, self.index) if like.strip() else None
        among = _among(self.index, self.ids, liked)
        return Taste(liked, among, spread_of(self.index, among))

    def drawn(
        self, count: int, temperature: Temperature, taste: Taste, rng: np.random.Generator
    ) -> Iterator[Good | str]:
        """Draw sounds, and return of each what it is or why it falls.

        Args:
            count: How many.
            temperature: How daring, over each sound.
            taste: As `taste` has it.
            rng: Of all chance.
        """
        made = self._latents(count, temperature, taste.liked, rng)
        copied = copies(self.prior, made, self._known)
        yield from ["copy"] * int(copied.sum())
        new = [latents for latents, copy in zip(made, copied, strict=True) if not copy]
        codec = self.opened.codec
        listen = partial(hear, self.opened.space, codec)
        for heard in in_threads(new, listen, "dream", 1 if codec.one_at_a_time else 8):
            yield judged(heard, self.index, taste.among, taste.spread)

    def _latents(
        self,
        count: int,
        temperature: Temperature,
        liked: NDArray[np.int64] | None,
        rng: np.random.Generator,
    ) -> list[Latents]:
        """Return latents of sounds between samples, the liked ones where some are named."""
        z, steps = self.prior.places.numpy(), self.prior.steps.numpy()
        if liked is not None:
            some = np.sort(rng.permutation(liked)[:_LIKED_AT_MOST]).tolist()
            digest = self.opened.codec.digest
            sounds = [each for _, each in read_latents(self.engine, digest, some)]
            z = self.opened.space.encode(sounds, self.opened.codec)
            steps = np.array([each.steps for each in sounds])
        places, lengths = between(z, steps, count, rng)
        seed = int(rng.integers(2**31))
        return dream(self.prior, lengths_like(lengths, rng), temperature, seed, places)


@dataclass(frozen=True, slots=True, eq=False)
class Taste:
    """What dreams are to be like.

    Attributes:
        liked: Samples that they lie between, rising; None for any.
        among: Samples that they must fit among.
        spread: Of these.
    """

    liked: NDArray[np.int64] | None
    among: NDArray[np.int64]
    spread: Spread


def matching(engine: Engine, query: str, index: SearchIndex | None = None) -> NDArray[np.int64]:
    """Return the samples that match, rising; only those with a vector where an index is given.

    Raises:
        LibraryError: There are none.
    """
    ids = np.sort(catalog.id_set(engine, query))
    if not len(ids) and not query.strip():
        raise LibraryError("there are no sounds to dream from", "crate add FOLDER")
    if not len(ids):
        raise LibraryError(f"no sample matches {query!r}", "crate ls shows what a query finds")
    if index is not None:
        ids = np.intersect1d(ids, index.ids)
        if not len(ids):
            raise LibraryError(f"no sample that matches {query!r} is analysed", "crate scan")
    return ids


def _among(
    index: SearchIndex, ids: NDArray[np.int64], liked: NDArray[np.int64] | None
) -> NDArray[np.int64]:
    """Return among which samples a dream must fit: the liked ones, where they are enough."""
    among = ids if liked is None or len(liked) < _FEWEST_LIKED else liked
    found: NDArray[np.int64] = np.intersect1d(among, index.ids)
    return found
