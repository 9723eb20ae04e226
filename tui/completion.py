"""What may stand where one types in a query: fields, and the values that fields take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tui.query_edit import term

MOST = 12
"""So many are offered at once."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is known of the language and of the library.

    Attributes:
        texts: Fields that take ``:text``.
        numbers: Fields that take ``<``, ``>`` and ``:a..b``.
        values: What a field is known to take, by field; that of ``sort`` among them.
    """

    texts: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def last_term(text: str) -> str:
    """Return the term that is being typed; nothing behind a blank."""
    start = 0
    quoted = False
    for place, sign in enumerate(text):
        if sign == '"':
            quoted = not quoted
        elif sign.isspace() and not quoted:
            start = place + 1
    return text[start:]


def offers(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the terms that the one being typed may become, the likeliest first.

    Args:
        text: The query up to the place where one types.
        vocabulary: What may stand there.
    """
    typed = last_term(text)
    minus = "-" if typed.startswith("-") else ""
    name, colon, value = typed[len(minus) :].partition(":")
    if colon:
        return _values(minus, name.lower(), value, vocabulary)[:MOST]
    begun = name.lower()
    fields = [f"{minus}{each}:" for each in vocabulary.texts if each.startswith(begun)]
    if "sort".startswith(begun) and not minus:
        fields.append("sort:")
    fields += [f"{minus}{each}<" for each in vocabulary.numbers if begun and each.startswith(begun)]
    return tuple(fields)[:MOST]


def _values(minus: str, name: str, value: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the terms of one field whose values begin with what is typed, then those within."""
    known = vocabulary.values.get(name, ())
    reverse = "-" if name == "sort" and value.startswith("-") else ""
    begun = value[len(reverse) :].replace('"', "").lower()
    first = [each for each in known if each.lower().startswith(begun)]
    within = [each for each in known if begun in each.lower() and each not in first]
    made = [minus + term(name, each) for each in first + within]
    if reverse:
        made = [each.replace(":", ":-", 1) for each in made]
    return tuple(made)


def completed(text: str, offer: str) -> str:
    """Return the query with an offer in place of the term that is being typed.

    A term that is whole has a blank behind it, for the next one.
    """
    head = text[: len(text) - len(last_term(text))]
    return head + offer + ("" if offer[-1] in ":<" else " ")


def suggestion(text: str, vocabulary: Vocabulary) -> str | None:
    """Return the query as the likeliest offer goes on from it; None where none does."""
    typed = last_term(text)
    for offer in offers(text, vocabulary) if typed.strip("-") else ():
        if offer.lower().startswith(typed.lower()) and len(offer) > len(typed):
            return text + offer[len(typed) :]
    return None
