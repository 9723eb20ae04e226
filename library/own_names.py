"""Names that the user gives to collections and searches: one line, the same in any case, once."""

from __future__ import annotations

import unicodedata
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from library.errors import LibraryError
from library.names import displayable
from library.query_terms import folded
from library.tables import Collection, SavedSearch

LONGEST_NAME = 80

Named = TypeVar("Named", Collection, SavedSearch)


def own_name(text: str, what: str) -> str:
    """Return a name as it is kept: without blanks around it, composed.

    Args:
        text: As it was typed.
        what: What it is to name, such as "collection".

    Raises:
        LibraryError: It is empty, too long, or holds a quotation mark or a control character.
    """
    name = unicodedata.normalize("NFC", text.strip())
    if not name or '"' in name or displayable(name) != name:
        raise LibraryError(
            f"{displayable(text) or 'nothing'} cannot name a {what}",
            "use letters, digits and blanks",
        )
    if len(name) > LONGEST_NAME:
        raise LibraryError(f"that is too long to name a {what}", f"{LONGEST_NAME} letters at most")
    return name


def find_named(session: Session, kind: type[Named], name: str) -> Named | None:
    """Return what has a name, in any case; None where nothing has."""
    return session.scalars(select(kind).where(kind.folded == folded(name))).first()


def rename(session: Session, found: Named, new: str, what: str) -> None:
    """Give a collection or a search another name, as `own_name` returns it.

    Raises:
        LibraryError: Another has the name.
    """
    other = find_named(session, type(found), new)
    if other is not None and other is not found:
        raise LibraryError(f"there is a {what} {other.name} already", "choose another name")
    found.name, found.folded = new, folded(new)
