"""The query language: one line of text to a selection of samples.

A query is a row of terms with blanks between them, and a sample must satisfy all of them:

==========================  ==================================================================
``kick``, ``"low tom"``     the text is in the name or the folder
``tag:dark``                the sample has the tag
``in:"night drums"``        the sample is in the collection
``folder:808``              the text is in the folder
``folder:/Kits/Deep/``      the folder, from the name of the root on, and those below it
``category:hat``            the sample is of the category
``category_by:sound``       its sound says so; also ``user``, ``name``, ``folder``, ``none``
``key:Am``                  the sample has the key, however it is written
``bpm_by:name``             its name says what tempo it has; ``key_by:`` of the key
``len<0.5``, ``len:1..2``   a number, also of a descriptor, is in a range
``is:failed``               what became of the sample
``-term``                   the term is not satisfied
``sort:bright``             the order; ``sort:-bright`` reverses it
==========================  ==================================================================

Samples whose file is missing are left out unless the query says ``is:missing``. Where nothing is
sorted by, what is in a collection comes in its order, and all else by folder and name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, UnaryExpression, false, select

from library import query_terms as terms
from library.errors import QueryError
from library.names import displayable
from library.tables import Descriptor, Sample

_TERM = re.compile(r'(?:[^\s"]|"[^"]*")+')
_COMPARED = re.compile(r"([a-z_]+)(<=|>=|<|>)(.*)", re.IGNORECASE | re.DOTALL)
_FIELD = re.compile(r"([a-z_]+):(.*)", re.IGNORECASE | re.DOTALL)

Order = UnaryExpression[Any]


@dataclass(frozen=True, slots=True)
class Query:
    """A query that is understood.

    Attributes:
        text: As it was written.
        where: Conditions that a sample must satisfy, all of them.
        order: What to sort by, ending in the id, so that every order is complete.
        descriptors: True when the conditions or the order name the table of descriptors.
        collections: The names of collections that it asks for, which must be there.
    """

    text: str
    where: tuple[ColumnElement[bool], ...]
    order: tuple[Order, ...]
    descriptors: bool
    collections: tuple[str, ...] = ()

    def selection(self) -> Select[int]:
        """Return the statement that gives the ids in order."""
        statement = select(Sample.id)
        if self.descriptors:
            statement = statement.outerjoin(Descriptor, Descriptor.sample_id == Sample.id)
        return statement.where(*self.where).order_by(*self.order)


def parse(text: str) -> Query:
    """Understand a query.

    Args:
        text: A line as described above; an empty one selects everything.

    Returns:
        The query.

    Raises:
        QueryError: A term is wrong; the message names it and the hint says what would be right.
    """
    if text.count('"') % 2:
        raise QueryError("a quotation mark is not closed", 'write "two words" with one at each end')
    conditions: list[terms.Condition] = []
    order: list[Order] = []
    descriptors = asks_missing = False
    inside: list[str] = []
    outside: list[str] = []
    for term in _TERM.findall(text):
        sort = re.fullmatch(r"sort:(-?)(.*)", term, re.IGNORECASE)
        if sort is not None:
            field = _field(sort[2])
            order += _order(field, reverse=bool(sort[1]))
            descriptors |= hasattr(Descriptor, field)
            continue
        negated = term.startswith("-") and term != "-"
        condition = _condition(term[1:] if negated else term)
        if (name := _collection(term[1:] if negated else term)) is not None:
            (outside if negated else inside).append(name)
        asks_missing |= term.lower() == "is:missing"
        conditions.append(condition.negated() if negated else condition)
    where = [condition.where for condition in conditions]
    if not asks_missing:
        where.insert(0, Sample.missing == false())
    descriptors |= any(condition.descriptors for condition in conditions)
    if not order and inside:
        order.append(terms.place(inside[0]).asc())
    order += [Sample.search_text.asc(), Sample.id.asc()]
    return Query(text, tuple(where), tuple(order), descriptors, (*inside, *outside))


def _condition(term: str) -> terms.Condition:
    """Return what one term, without its minus, asks."""
    if term.startswith('"'):
        return terms.words(_unquoted(term))
    comparison = _COMPARED.fullmatch(term)
    if comparison is not None:
        field = _field(comparison[1])
        if field not in terms.NUMBERS:
            raise _unknown(comparison[1], term, tuple(terms.NUMBERS))
        return terms.compared(field, comparison[2], comparison[3])
    match = _FIELD.fullmatch(term)
    if match is None:
        return terms.words(_unquoted(term))
    field, value = _field(match[1]), _unquoted(match[2])
    if field not in terms.TEXTS and field not in terms.NUMBERS:
        raise _unknown(match[1], term, (*terms.TEXTS, "sort", *terms.NUMBERS))
    if not value:
        raise QueryError(f"{field}: has nothing after it", "write it without a blank: tag:dark")
    return terms.TEXTS[field](value) if field in terms.TEXTS else terms.between(field, value)


def _collection(term: str) -> str | None:
    """Return the collection that a term names; None where it names none."""
    match = _FIELD.fullmatch(term)
    return _unquoted(match[2]) if match is not None and match[1].lower() == "in" else None


def _order(field: str, *, reverse: bool) -> list[Order]:
    """Return the order by one field; samples without a value come last."""
    if field not in terms.SORTS:
        raise QueryError(
            f"cannot sort by {displayable(field) or 'nothing'}",
            "use sort: with one of " + ", ".join(terms.SORTS),
        )
    column = terms.SORTS[field]
    return [column.is_(None).asc(), column.desc() if reverse else column.asc()]


def _field(word: str) -> str:
    lower = word.lower()
    return terms.ALIASES.get(lower, lower)


def _unquoted(value: str) -> str:
    return value.replace('"', "")


def _unknown(field: str, term: str, known: tuple[str, ...]) -> QueryError:
    return QueryError(
        f"{displayable(field)} is not known in {displayable(term)}",
        f'use one of {", ".join(known)}, or quotes to look for the text: "{displayable(term)}"',
    )
