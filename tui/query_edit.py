"""Changing a query by its terms, so that what keys and clicks ask for stays one line of text.

It knows terms as text only; what they mean is for `library.query`.
"""

from __future__ import annotations

import re

_TERM = re.compile(r'(?:[^\s"]|"[^"]*"?)+')
_SORT = re.compile(r"sort:(-?)(.*)", re.IGNORECASE)
_SPECIAL = re.compile(r'[\s"<>:]|^-')


def terms(query: str) -> list[str]:
    """Return the terms of a query, as they are written."""
    return _TERM.findall(query)


def term(field: str, value: str) -> str:
    """Return a term, in quotation marks where its value needs them: ``tag:"very dark"``."""
    value = value.replace('"', "")
    return f'{field}:"{value}"' if _SPECIAL.search(value) else f"{field}:{value}"


def toggled(query: str, wanted: str) -> str:
    """Return a query with a term at its end, or without it where it has it."""
    found = terms(query)
    left = [each for each in found if each.lower() != wanted.lower()]
    return " ".join(left if len(left) < len(found) else [*found, wanted])


def replaced(query: str, field: str, wanted: str) -> str:
    """Return a query with a term in place of all others of its field.

    Where it has that term already, and no other of the field, the term is taken away.
    """
    found = terms(query)
    of_field = [each for each in found if each.lower().startswith(f"{field}:")]
    left = [each for each in found if each not in of_field]
    same = [each.lower() for each in of_field] == [wanted.lower()]
    return " ".join(left if same else [*left, wanted])


def sorting(query: str) -> tuple[str, bool]:
    """Return what a query sorts by first, in small letters, and whether in reverse.

    The field is empty where it says nothing.
    """
    for each in terms(query):
        match = _SORT.fullmatch(each)
        if match is not None:
            return match[2].lower(), bool(match[1])
    return "", False


def sorted_by(query: str, field: str, reverse: bool = False) -> str:
    """Return a query in another order; an empty field leaves it in its own."""
    left = [each for each in terms(query) if _SORT.fullmatch(each) is None]
    sort = [f"sort:{'-' if reverse else ''}{field}"] if field else []
    return " ".join(left + sort)


def value_of_field(query: str, field: str) -> str:
    """Return what the first term of a field says, without quotation marks; else nothing."""
    for each in terms(query):
        if each.lower().startswith(f"{field}:"):
            return each[len(field) + 1 :].replace('"', "")
    return ""
