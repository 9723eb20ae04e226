"""Which sounds are most worth an answer while a word is taught."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from index.hearings import wholes_of
from library.database import reading
from library.errors import UserError
from vae.ear_file import house_ear
from vae.vector import scales
from vae.words import Taught, learn_words

MOST_CONSIDERED = 4_000
"""Of more sounds a random choice is looked at: that takes less than a second."""


def propose(
    engine: Engine,
    fitting: Sequence[int],
    unfitting: Sequence[int],
    among: NDArray[np.int64],
    count: int,
) -> list[int]:
    """Return sounds of which nothing was said: in turns one that is likely it, and an unsure one.

    With examples enough on both sides the word is learned from them as training does it. With less,
    the first are those nearest to the sounds that are it, and the others those half way from there.

    Args:
        engine: The library.
        fitting: Samples that are what the word means; one at least.
        unfitting: Samples that are not.
        among: Ids to choose from, int64, shape (n,).
        count: How many, at most.

    Returns:
        Ids, those to be heard first coming first.

    Raises:
        UserError: No sound that is it was heard yet, or there is nothing else to choose from.
    """
    said = [*fitting, *unfitting]
    left = np.setdiff1d(among, np.array(said, np.int64))
    if len(left) > MOST_CONSIDERED:
        left = np.random.default_rng(0).choice(left, MOST_CONSIDERED, replace=False)
    with reading(engine) as session:
        wholes = wholes_of(session, house_ear().digest, [*said, *left.tolist()])
    known = [i for i in fitting if i in wholes]
    others = [i for i in left.tolist() if i in wholes]
    if not known or not others:
        raise UserError(
            "nothing can be proposed yet",
            "say of one analysed sound that it is what the word means, and widen the query",
        )
    amounts = _amounts(wholes, known, [i for i in unfitting if i in wholes], others)
    likely = np.argsort(-amounts, kind="stable").tolist()
    unsure = np.argsort(np.abs(amounts), kind="stable").tolist()
    turns = dict.fromkeys(place for pair in zip(likely, unsure, strict=True) for place in pair)
    return [others[place] for place in list(turns)[:count]]


def _amounts(
    wholes: dict[int, NDArray[np.float32]],
    fitting: Sequence[int],
    unfitting: Sequence[int],
    others: Sequence[int],
) -> NDArray[np.float64]:
    """Return how much each of the others may be what the word says; 0 is least sure, (n,)."""
    order = [*fitting, *unfitting, *others]
    points = np.stack([wholes[i] for i in order])
    yes, no = len(fitting), len(unfitting)
    taught = Taught(tuple(range(yes)), tuple(range(yes, yes + no)))
    if taught.is_enough:
        learned = learn_words(points, {}, scales(), {"word": taught})
        return learned.amounts(points[yes + no :])[:, 0].astype(np.float64)
    near = points * scales()
    told, asked = near[:yes], near[yes + no :]
    squares = (told**2).sum(axis=1) - 2 * asked @ told.T  # and the square of the other, the same
    far = np.sqrt(np.maximum(squares.min(axis=1) + (asked**2).sum(axis=1), 0))
    middle: NDArray[np.float64] = np.median(far) - far
    return middle
