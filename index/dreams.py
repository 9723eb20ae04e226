"""Dreams: sounds that nobody made, drawn in abundance; the good and varied ones become files."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from index.analyse import in_threads
from index.answers import DreamReport, Take, WhyKept
from index.dream_judging import Good, hear, judged, sound_of, spread_of
from index.dream_priors import prior_of
from index.latents import read_latents
from index.open_spaces import OpenSpace
from index.search import SearchIndex
from index.take_files import Made, Making, free_name, prepare_folder, write_take
from library import catalog
from library.clip import Clip
from library.errors import LibraryError, UserError
from library.progress import Job, Progress
from library.recipe import Plain, Recipe, RecipeError
from vae.codec import BaseCodec
from vae.dream import between, dream, lengths_like
from vae.dream_copies import copies
from vae.dream_prior import MOST_STEPS, DreamPrior
from vae.dream_ranking import varied
from vae.latents import Latents
from vae.space import Space
from vae.temperature import Temperature

VERB = "dream"
# So many are drawn for each that is wanted, so often, until enough of them are good.
ABUNDANCE, ROUNDS = 6, 3
MOST = 1000
_FEWEST_LIKED = 20
_LIKED_AT_MOST = 1000


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for.

    Attributes:
        n: Files wanted.
        temperature: How daring, over each sound.
        where: A query: only from what matches is learned, and only among it a dream must fit.
        like: A query: dreams lie between sounds that match; between any of `where` if empty.
        seed: Of all chance.

    Raises:
        UserError: The number or the seed is out of range.
    """

    n: int
    temperature: Temperature
    where: str = ""
    like: str = ""
    seed: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.n <= MOST:
            raise UserError(f"{self.n} dreams cannot be made", f"choose 1 to {MOST}")
        if self.seed < 0:
            raise UserError(f"{self.seed} is no seed", "a seed is 0 or more")


def dreams(
    engine: Engine,
    wish: Wish,
    out: Path,
    opened: OpenSpace,
    index: SearchIndex,
    priors: Path,
) -> Job[DreamReport]:
    """Dream, and write what is new, good and varied; a job.

    Args:
        engine: The library.
        wish: What is asked for.
        out: Folder for the WAV files.
        opened: The space, with a vector for every sample.
        index: Of the space.
        priors: Folder where priors are kept.

    Raises:
        LibraryError: Nothing matches.
        UserError: The folder cannot be made.
        ModelError: The samples are too few, or the codec's latents are codes.
    """
    ids = _matching(engine, wish.where)
    liked = _matching(engine, wish.like, index) if wish.like.strip() else None
    prepare_folder(out)
    prior = yield from prior_of(engine, opened, ids, wish.where, priors)
    known = [each for _, each in read_latents(engine, opened.codec.digest, prior.sounds.tolist())]
    among = _among(index, ids, liked)
    spread = spread_of(index, among)
    fell: Counter[str] = Counter()
    good: list[Good] = []
    drawn, count = 0, ABUNDANCE * wish.n
    listen = partial(hear, opened.space, opened.codec)
    at_once = 1 if opened.codec.one_at_a_time else 8
    for turn in range(ROUNDS):
        rng = np.random.default_rng([wish.seed, turn])
        made = _drawn(engine, wish, opened, prior, liked, count, rng)
        copied = copies(prior, made, known)
        fell["copy"] += int(copied.sum())
        drawn += int(copied.sum())
        new = [latents for latents, copy in zip(made, copied, strict=True) if not copy]
        for heard in in_threads(new, listen, "dream", at_once):
            drawn += 1
            verdict = judged(heard, index, among, spread)
            if isinstance(verdict, str):
                fell[verdict] += 1
            else:
                good.append(verdict)
            yield Progress("dream", drawn, (turn + 1) * count, f"{len(good)} good")
        if len(good) >= wish.n:
            break
    takes = yield from _write(engine, good, wish, out, opened)
    fell["spare"] = len(good) - len(takes)
    told = {reason: number for reason, number in fell.most_common() if number}
    return DreamReport(tuple(takes), drawn, told, opened.row.name, len(prior.steps), prior.loss)


def _write(
    engine: Engine, good: Sequence[Good], wish: Wish, out: Path, opened: OpenSpace
) -> Job[list[Take]]:
    """Write the most varied of the good ones; a job."""
    if not good:
        return []
    densities = [each.standing.density for each in good]
    chosen, apart = varied(np.stack([each.vector for each in good]), densities, wish.n)
    nearest = {
        row.id: row for row in catalog.rows(engine, [good[i].standing.nearest for i in chosen])
    }
    heat = (wish.temperature.first, wish.temperature.last)
    options: dict[str, Plain] = {
        "n": wish.n,
        "temperature": ":".join(f"{each:g}" for each in heat),
        "where": wish.where,
        "like": wish.like,
    }
    making = Making(VERB, options, (), opened.codec, opened.space, wish.seed, engine)
    takes = []
    for number, (i, distance) in enumerate(zip(chosen, apart, strict=True), start=1):
        standing = good[i].standing
        path = free_name(out, f"dream_{number:02d}")
        made = _made(good[i].heard.latents, good[i].heard.clip, opened.space, opened.codec)
        written = write_take(making, made, path)
        why = WhyKept(
            nearest[standing.nearest],
            standing.distance,
            standing.novelty,
            standing.density,
            distance,
        )
        takes.append(replace(written, temperature=heat, why=why))
        yield Progress("write", number, len(chosen), path.name)
    return takes


def _made(latents: Latents, clip: Clip, space: Space, codec: BaseCodec) -> Made:
    facts = {"latents": b64encode(latents.to_bytes()).decode("ascii")}
    z = space.encode([latents], codec)[0]
    return Made(clip, facts, z=tuple(float(v) for v in z))


def dreamt_again(recipe: Recipe, space: Space, codec: BaseCodec) -> Made:
    """Return a dream once more: its recipe holds what was drawn, and no prior is needed.

    Raises:
        RecipeError: The recipe is of no dream that there can be.
    """
    damaged = RecipeError("the recipe is damaged (no latents)", "take another copy of the file")
    try:
        data = b64decode(str(recipe.made.get("latents")), validate=True)
        latents = Latents.from_bytes(data, codec.dims)
    except ValueError as error:
        raise damaged from error
    if not 1 <= latents.steps <= MOST_STEPS or not np.isfinite(latents.values).all():
        raise damaged
    clip = sound_of(codec, latents)
    if not np.isfinite(clip.frames).all():
        raise damaged
    return _made(latents, clip, space, codec)


def _matching(engine: Engine, query: str, index: SearchIndex | None = None) -> NDArray[np.int64]:
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


def _drawn(
    engine: Engine,
    wish: Wish,
    opened: OpenSpace,
    prior: DreamPrior,
    liked: NDArray[np.int64] | None,
    count: int,
    rng: np.random.Generator,
) -> list[Latents]:
    """Return latents of sounds between samples, the liked ones where some are named."""
    z, steps = prior.places.numpy(), prior.steps.numpy()
    if liked is not None:
        some = np.sort(rng.permutation(liked)[:_LIKED_AT_MOST])
        sounds = [each for _, each in read_latents(engine, opened.codec.digest, some.tolist())]
        z = opened.space.encode(sounds, opened.codec)
        steps = np.array([each.steps for each in sounds])
    places, lengths = between(z, steps, count, rng)
    seed = int(rng.integers(2**31))
    return dream(prior, lengths_like(lengths, rng), wish.temperature, seed, places)
