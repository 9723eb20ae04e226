"""One fact of very many samples at once, as an array. Half a million take well under a second.

SQLite joins the numbers into long texts without Python's interpreter lock, so that a keyboard is
not kept waiting meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, func, select

from library.catalog import id_set
from library.database import reading
from library.descriptors import DESCRIPTORS
from library.errors import LibraryError
from library.names import displayable
from library.tables import Descriptor, Sample

VALUES = ("rating", "duration", *(fact.name for fact in DESCRIPTORS))
"""What :func:`values_of` knows."""

_AT_ONCE = 50_000  # rows in one text: to parse it holds the lock for some milliseconds


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """Which of a few words holds of each sample.

    Attributes:
        words: In the order of the alphabet.
        numbers: int32, shape (n,): places in `words`; -1 where none holds.
    """

    words: tuple[str, ...]
    numbers: NDArray[np.int32]


def values_of(engine: Engine, sample_ids: NDArray[np.int64], name: str) -> NDArray[np.float32]:
    """Return one number of each sample.

    Args:
        engine: The library.
        sample_ids: int64, shape (n,), in any order.
        name: One of :data:`VALUES`.

    Returns:
        float32, shape (n,), in the order of the ids; NaN where there is none.

    Raises:
        LibraryError: There is no such number.
    """
    if name not in VALUES:
        raise LibraryError(
            f"{displayable(name)} is not measured of sounds", f"choose one of {', '.join(VALUES)}"
        )
    own = name in ("rating", "duration")
    key = Sample.id if own else Descriptor.sample_id
    value = getattr(Sample if own else Descriptor, name)
    order = np.argsort(sample_ids, kind="stable")
    ordered = sample_ids[order]
    found = np.full(len(ordered), np.nan, np.float32)
    with reading(engine) as session:
        for start in range(0, len(ordered), _AT_ONCE):
            asked = ordered[start : start + _AT_ONCE]
            between = key.between(int(asked[0]), int(asked[-1])) & value.is_not(None)
            ids, values = session.execute(
                select(func.group_concat(key), func.group_concat(value)).where(between)
            ).one()
            _put(found[start : start + len(asked)], asked, ids, values)
    answer = np.empty_like(found)
    answer[order] = found
    return answer


def _put(
    found: NDArray[np.float32], asked: NDArray[np.int64], ids: str | None, values: str | None
) -> None:
    numbers = np.fromstring(ids or "", np.int64, sep=",")
    places = np.searchsorted(asked, numbers).clip(max=len(asked) - 1)
    here = asked[places] == numbers
    found[places[here]] = np.fromstring(values or "", np.float32, sep=",")[here]


def kinds_of(engine: Engine, sample_ids: NDArray[np.int64], name: str) -> Kinds:
    """Return the category or the folder of each sample.

    Args:
        engine: The library.
        sample_ids: int64, shape (n,), in any order.
        name: ``category`` or ``folder``.
    """
    column = {"category": Sample.category, "folder": Sample.folder}[name]
    order = np.argsort(sample_ids, kind="stable")
    ordered = sample_ids[order]
    found = np.full(len(ordered), -1, np.int32)
    words: list[str] = []
    statement = select(column, func.group_concat(Sample.id)).where(column.is_not(None))
    with reading(engine) as session:
        for word, ids in session.execute(statement.group_by(column).order_by(column)):
            numbers = np.fromstring(ids, np.int64, sep=",")
            places = np.searchsorted(ordered, numbers).clip(max=max(0, len(ordered) - 1))
            here = places[ordered[places] == numbers] if len(ordered) else places[:0]
            if len(here):
                found[here] = len(words)
                words.append(word)
    answer = np.empty_like(found)
    answer[order] = found
    return Kinds(tuple(words), answer)


def selected(engine: Engine, sample_ids: NDArray[np.int64], query: str) -> NDArray[np.bool_]:
    """Return which samples a query selects, bool, shape (n,).

    Raises:
        QueryError: The query is wrong.
    """
    return np.isin(sample_ids, id_set(engine, query))
