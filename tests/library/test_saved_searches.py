"""Saved searches: query lines under a name, checked when they are saved."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from library.errors import LibraryError, QueryError, UserError
from library.saved_searches import forget_search, rename_search, save_search, saved_searches
from tests.library.organised import with_samples


@pytest.fixture
def filled(engine: Engine) -> Engine:
    return with_samples(engine, 2)


def searches(engine: Engine) -> dict[str, str]:
    return {each.name: each.query for each in saved_searches(engine)}


def test_searches_are_saved_renamed_and_forgotten(filled: Engine) -> None:
    save_search(filled, "Short ones", " len<0.5 sort:-len ")
    save_search(filled, "dark", 'tag:"very dark"')
    assert list(searches(filled).items()) == [
        ("dark", 'tag:"very dark"'),
        ("Short ones", "len<0.5 sort:-len"),
    ]
    save_search(filled, "Dark", "tag:dark")
    assert searches(filled)["Dark"] == "tag:dark"
    rename_search(filled, "DARK", "Night")
    with pytest.raises(LibraryError, match="there is a search Night already"):
        rename_search(filled, "short ones", "night")
    forget_search(filled, "short ONES")
    assert searches(filled) == {"Night": "tag:dark"}


@pytest.mark.parametrize("query", ["len>>1", '"open', "in:nowhere", "is:nothing"])
def test_a_query_that_is_wrong_is_not_saved(filled: Engine, query: str) -> None:
    with pytest.raises(QueryError):
        save_search(filled, "wrong", query)
    assert searches(filled) == {}


@pytest.mark.parametrize(
    ("name", "query"), [("", "kick"), ('a"', "kick"), ("a", ""), ("a", "b\nc"), ("a", "\x1b[2J")]
)
def test_what_is_no_name_or_no_line_is_not_saved(filled: Engine, name: str, query: str) -> None:
    with pytest.raises(UserError) as failure:
        save_search(filled, name, query)
    assert "\n" not in str(failure.value)
    assert searches(filled) == {}


def test_a_search_that_is_not_there_is_told(filled: Engine) -> None:
    for verb in (lambda: forget_search(filled, "x"), lambda: rename_search(filled, "x", "y")):
        with pytest.raises(LibraryError, match="there is no saved search x"):
            verb()
