"""Dreams: sounds that nobody made, drawn in abundance; the good and varied ones become files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import Engine

from index.answers import DreamReport
from index.dream_drawing import dreamer, matching
from index.dream_judging import Good
from index.dream_writing import VERB, write_dreams
from index.open_spaces import OpenSpace
from index.search import SearchIndex
from index.take_files import Making, prepare_folder
from library.errors import UserError
from library.progress import Job, Progress
from library.recipe import Plain
from vae.dream_ranking import varied
from vae.temperature import Temperature, as_text

# So many are drawn for each that is wanted, so often, until enough of them are good.
ABUNDANCE, ROUNDS = 6, 3
MOST = 1000


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
    remember: bool = True,
) -> Job[DreamReport]:
    """Dream, and write what is new, good and varied; a job.

    Args:
        engine: The library.
        wish: What is asked for.
        out: Folder for the WAV files.
        opened: The space, with a vector for every sample.
        index: Of the space.
        priors: Folder where priors are kept.
        remember: Whether the library is to know the takes.

    Raises:
        LibraryError: Nothing matches.
        UserError: The folder cannot be made.
        ModelError: The samples are too few, or the codec's latents are codes.
    """
    # Before minutes of learning, and before a folder is made.
    matching(engine, wish.where)
    if wish.like.strip():
        matching(engine, wish.like, index)
    prepare_folder(out)
    drawing = yield from dreamer(engine, wish.where, opened, index, priors)
    taste = drawing.taste(wish.like)
    fell: Counter[str] = Counter()
    good: list[Good] = []
    drawn, count = 0, ABUNDANCE * wish.n
    for turn in range(ROUNDS):
        rng = np.random.default_rng([wish.seed, turn])
        for verdict in drawing.drawn(count, wish.temperature, taste, rng):
            drawn += 1
            if isinstance(verdict, str):
                fell[verdict] += 1
            else:
                good.append(verdict)
            yield Progress("dream", drawn, (turn + 1) * count, f"{len(good)} good")
        if len(good) >= wish.n:
            break
    options: dict[str, Plain] = {
        "n": wish.n,
        "temperature": as_text(wish.temperature),
        "where": wish.where,
        "like": wish.like,
    }
    known = engine if remember else None
    making = Making(VERB, options, (), opened.codec, opened.space, wish.seed, known)
    chosen = _chosen(good, wish.n)
    takes = yield from write_dreams(drawing, chosen, wish.temperature, making, out)
    fell["spare"] = len(good) - len(takes)
    told = {reason: number for reason, number in fell.most_common() if number}
    prior = drawing.prior
    return DreamReport(tuple(takes), drawn, told, opened.row.name, len(prior.steps), prior.loss)


def _chosen(good: list[Good], n: int) -> list[tuple[Good, float | None]]:
    """Return the most varied of the good ones."""
    if not good:
        return []
    densities = [each.standing.density for each in good]
    chosen, apart = varied(np.stack([each.vector for each in good]), densities, n)
    return [(good[i], distance) for i, distance in zip(chosen, apart, strict=True)]
