"""The words that a space learns: tags, folders' names, and what was taught by example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from library.catalog import SampleRow
from library.errors import UserError
from library.names import displayable
from library.word_examples import Examples
from vae.attributes import ATTRIBUTES
from vae.vector import scales
from vae.words import FEWEST, Taught, Words, how_sure, learn_words

Facts = Mapping[str, float | int]


def learned_words(
    rows: Mapping[int, SampleRow],
    ids: Sequence[int],
    wholes: NDArray[np.float32],
    said: Sequence[Examples],
    folders: bool,
) -> tuple[Words, dict[str, Facts]]:
    """Learn words.

    Args:
        rows: Of the samples.
        ids: The samples that were heard.
        wholes: What the ear keeps of them, float32, shape (n, f).
        said: Examples; those of samples that are not among the ids are left out.
        folders: Whether the names of the samples' folders are words too.

    Returns:
        The words; and of each taught one how many examples it has, how well examples are told that
        it was learned without (`auc`), and the standard error of that.
    """
    place = {sample_id: i for i, sample_id in enumerate(ids)}
    carriers: dict[str, list[int]] = {}
    for sample_id, at in place.items():
        row = rows[sample_id]
        for word in {*row.tags, *([row.path.parent.name.casefold()] if folders else [])}:
            carriers.setdefault(word, []).append(at)
    taught = {
        each.word: Taught(_placed(each.fitting, place), _placed(each.unfitting, place))
        for each in said
    }
    words = learn_words(wholes, carriers, scales(), taught)
    return words, {
        word: _facts(wholes, each) for word, each in taught.items() if word in words.names
    }


def check_followed(wanted: Sequence[str], words: Words) -> None:
    """Refuse words that a space cannot follow.

    Raises:
        UserError: A word has too few examples, or is the name of a measured attribute.
    """
    for word in wanted:
        if word in ATTRIBUTES:
            raise UserError(f"{word} is measured, and needs no teaching", "choose another word")
        if word not in words.names:
            raise UserError(
                f"the word {displayable(word)} is not known well enough",
                f"crate teach it with {FEWEST} sounds or more on either side, 8 and 8 are better",
            )


def _facts(wholes: NDArray[np.float32], taught: Taught) -> Facts:
    area, error = how_sure(wholes, taught, scales())
    return {
        "yes": len(taught.fitting),
        "no": len(taught.unfitting),
        "auc": round(area, 3),
        "error": round(error, 3),
    }


def _placed(ids: Sequence[int], place: Mapping[int, int]) -> tuple[int, ...]:
    return tuple(place[i] for i in ids if i in place)
