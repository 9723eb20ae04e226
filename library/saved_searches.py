"""Searches that the user has kept under a name: query lines, checked as they are saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from library.catalog import check
from library.database import reading
from library.errors import LibraryError
from library.journal import changing
from library.names import displayable
from library.own_names import find_named, own_name, rename
from library.query_terms import folded
from library.tables import SavedSearch, now

_WHAT = "search"


@dataclass(frozen=True, slots=True)
class SearchRow:
    """A saved search.

    Attributes:
        name: As the user wrote it.
        query: The line.
        saved_at: When it was saved last.
    """

    name: str
    query: str
    saved_at: datetime


def save_search(engine: Engine, name: str, query: str) -> None:
    """Keep a query line under a name; one that has the name is replaced.

    Raises:
        QueryError: The query is wrong.
        LibraryError: The name cannot be one, or the line is empty or not one line.
    """
    name, query = own_name(name, _WHAT), query.strip()
    if not query or displayable(query) != query:
        raise LibraryError(
            f"{displayable(query) or 'nothing'} is no search", "write one line, such as tag:dark"
        )
    check(engine, query)
    with changing(engine, lambda _: f"saved the search {name}") as session:
        found = find_named(session, SavedSearch, name)
        if found is None:
            session.add(SavedSearch(name=name, folded=folded(name), query=query))
        elif (found.name, found.query) != (name, query):
            found.name, found.query, found.saved_at = name, query, now()


def saved_searches(engine: Engine) -> list[SearchRow]:
    """Return the saved searches, by name."""
    columns = (SavedSearch.name, SavedSearch.query, SavedSearch.saved_at)
    with reading(engine) as session:
        rows = session.execute(select(*columns).order_by(SavedSearch.folded))
        return [SearchRow(*row) for row in rows]


def rename_search(engine: Engine, old: str, new: str) -> None:
    """Give a saved search another name.

    Raises:
        LibraryError: There is no such search, another has the new name, or it cannot be one.
    """
    new = own_name(new, _WHAT)
    with changing(engine, lambda _: f"renamed the search {was} to {new}") as session:
        found = _known(session, old)
        was = found.name
        rename(session, found, new, _WHAT)


def forget_search(engine: Engine, name: str) -> None:
    """Forget a saved search.

    Raises:
        LibraryError: There is no such search.
    """
    with changing(engine, lambda _: f"deleted the search {was}") as session:
        found = _known(session, name)
        was = found.name
        session.delete(found)


def _known(session: Session, name: str) -> SavedSearch:
    found = find_named(session, SavedSearch, name.strip())
    if found is None:
        raise LibraryError(
            f"there is no saved search {displayable(name) or 'without a name'}",
            "crate searches lists them",
        )
    return found
