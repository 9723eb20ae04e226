"""What the terms of a query mean, as SQL conditions."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, select
from sqlalchemy.orm import InstrumentedAttribute

from library.category import FOLDER, NAME, SOUND, USER
from library.descriptors import DESCRIPTORS
from library.errors import QueryError
from library.musical_key import key_number
from library.tables import (
    ANALYSED,
    FAILED,
    LISTED,
    Collection,
    CollectionSample,
    Descriptor,
    Sample,
    SampleTag,
    Tag,
)

NumberColumn = InstrumentedAttribute[Any]

NUMBERS: dict[str, NumberColumn] = {
    "len": Sample.duration,
    "rating": Sample.rating,
    "bpm": Sample.tempo,
    "probability": Sample.category_probability,
    **{fact.name: getattr(Descriptor, fact.name) for fact in DESCRIPTORS},
}
"""The fields that take ``<``, ``<=``, ``>``, ``>=``, ``:a..b`` and ``:a``."""

ALIASES = {
    "bright": "brightness",
    "noisy": "noisiness",
    "low": "low_end",
    "rough": "roughness",
    "tempo": "bpm",
}
"""Short words for fields."""

STATES: dict[str, ColumnElement[bool]] = {
    "analysed": Sample.state == ANALYSED,
    "failed": Sample.state == FAILED,
    "listed": Sample.state == LISTED,
    "missing": Sample.missing.is_(True),
    "used": Sample.used_at.is_not(None),
}
"""What may follow ``is:``."""

NOBODY = "none"
SOURCES = (USER, NAME, FOLDER, SOUND, NOBODY)
"""What may follow ``category_by:``."""

MUSICAL_SOURCES = (USER, NAME, "chunk", SOUND, NOBODY)
"""What may follow ``bpm_by:`` and ``key_by:``."""

SORTS: dict[str, ColumnElement[Any] | InstrumentedAttribute[Any]] = {
    "name": Sample.name.collate("NOCASE"),
    "folder": Sample.folder.collate("NOCASE"),
    "added": Sample.added_at,
    "category": Sample.category,
    "key": Sample.key,
    **NUMBERS,
}
"""What may follow ``sort:``, also with ``-`` before it for the reverse."""

_COMPARISONS: dict[str, Callable[[NumberColumn, float], ColumnElement[bool]]] = {
    "<": lambda column, value: column < value,
    "<=": lambda column, value: column <= value,
    ">": lambda column, value: column > value,
    ">=": lambda column, value: column >= value,
}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition, and whether it asks the table of descriptors."""

    where: ColumnElement[bool]
    descriptors: bool = False

    def negated(self) -> Condition:
        """Return the opposite; a sample of which the value is not known satisfies neither."""
        return Condition(not_(self.where), self.descriptors)


def folded(text: str) -> str:
    """Return text as names are compared: composed, without a difference of case."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def words(text: str) -> Condition:
    """Match text anywhere in the name or the folder."""
    return Condition(func.instr(Sample.search_text, folded(text)) > 0)


def folder(text: str) -> Condition:
    """Match text in the folder: anywhere, or where a slash at its start or end stands for one's."""
    end_of_folder = func.instr(Sample.search_text, "\n")
    place: ColumnElement[str] = func.substr(Sample.search_text, 1, end_of_folder - 1)
    if text.endswith("/"):
        place = place + "/"
    if text.startswith("/"):
        return Condition(func.instr(place, folded(text[1:])) == 1)
    return Condition(func.instr(place, folded(text)) > 0)


def category(text: str) -> Condition:
    """Match the whole category."""
    return Condition(func.coalesce(Sample.category, "") == folded(text))


def category_by(text: str) -> Condition:
    """Match who said of what category a sample is; ``none`` matches where nobody did."""
    return _said_by("category_by", Sample.category_source, SOURCES, text)


def bpm_by(text: str) -> Condition:
    """Match who said what tempo a sample has; ``none`` matches where nobody did."""
    return _said_by("bpm_by", Sample.tempo_source, MUSICAL_SOURCES, text)


def key_by(text: str) -> Condition:
    """Match who said what key a sample has; ``none`` matches where nobody did."""
    return _said_by("key_by", Sample.key_source, MUSICAL_SOURCES, text)


def _said_by(
    field: str, column: InstrumentedAttribute[str | None], sources: Sequence[str], text: str
) -> Condition:
    if folded(text) not in sources:
        by = ", ".join(f"{field}:{source}" for source in sources)
        raise QueryError(f"there is no {field}:{text}", f"use {by}")
    return Condition(func.coalesce(column, NOBODY) == folded(text))


def key(text: str) -> Condition:
    """Match a key, however it is written: ``A#m`` is ``Bbm``."""
    number = key_number(text)
    if number is None:
        raise QueryError(f"{text} is not a key", "write it like key:Am, key:F# or key:Bbm")
    return Condition(func.coalesce(Sample.key, -1) == number)


def tag(text: str) -> Condition:
    """Match a whole tag."""
    tagged = (
        select(SampleTag.sample_id)
        .join(Tag, Tag.id == SampleTag.tag_id)
        .where(Tag.word == folded(text))
    )
    return Condition(Sample.id.in_(tagged))


def collection(text: str) -> Condition:
    """Match what is in a collection; that there is one is for `library.catalog` to know."""
    members = _members(CollectionSample.sample_id, text)
    return Condition(Sample.id.in_(members))


def place(name: str) -> ColumnElement[Any]:
    """Return the place of a sample in a collection."""
    members = _members(CollectionSample.place, name)
    return members.where(CollectionSample.sample_id == Sample.id).scalar_subquery()


def _members(column: NumberColumn, name: str) -> Select[Any]:
    return (
        select(column)
        .join(Collection, Collection.id == CollectionSample.collection_id)
        .where(Collection.folded == folded(name))
    )


def state(text: str) -> Condition:
    """Match what became of a sample."""
    if text not in STATES:
        raise QueryError(f"there is no is:{text}", "use " + ", ".join(f"is:{w}" for w in STATES))
    return Condition(STATES[text])


TEXTS: dict[str, Callable[[str], Condition]] = {
    "tag": tag,
    "in": collection,
    "folder": folder,
    "category": category,
    "category_by": category_by,
    "key": key,
    "bpm_by": bpm_by,
    "key_by": key_by,
    "is": state,
}
"""The fields that take ``:text``."""


def compared(field: str, sign: str, text: str) -> Condition:
    """Match a number against a bound."""
    column = NUMBERS[field]
    return _known(field, _COMPARISONS[sign](column, _number(field, text)))


def between(field: str, text: str) -> Condition:
    """Match a number inside ``a..b``, both included and either left out, or exactly ``a``."""
    column = NUMBERS[field]
    low, dots, high = text.partition("..")
    if not dots:
        return _known(field, column == _number(field, text))
    if not low and not high:
        raise QueryError(f"{field}:.. has no bound", f"write {field}:1..2, {field}:1.. or ..2")
    bounds = []
    if low:
        bounds.append(column >= _number(field, low))
    if high:
        bounds.append(column <= _number(field, high))
    return _known(field, and_(*bounds))


def _known(field: str, where: ColumnElement[bool]) -> Condition:
    return Condition(where, descriptors=hasattr(Descriptor, field))


def _number(field: str, text: str) -> float:
    value = float(text) if _NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(value):
        raise QueryError(
            f"{text or 'nothing'} is not a number", f"write {field}<0.5 or {field}:0.2..1"
        )
    return value
