"""The query line completes itself; searches are saved, found again and forgotten."""

from __future__ import annotations

import pytest
from textual.widgets import OptionList

from tests.tui.conftest import Run
from tests.tui.fake_workspace import FakeWorkspace
from tui.completion import Vocabulary, completed, last_term, offers, suggestion
from tui.messages import SearchSaved
from tui.screens.pick import Pick
from tui.widgets.search_line import SearchOffers

WORDS = Vocabulary(
    texts=("tag", "in", "folder", "is"),
    numbers=("len", "bright"),
    values={
        "tag": ("dark", "dusty", "very dark"),
        "is": ("failed", "missing"),
        "sort": ("len", "bright"),
    },
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ("tag:", "in:", "folder:", "is:", "sort:")),
        ("kick t", ("tag:",)),
        ("kick -t", ("-tag:",)),
        ("s", ("sort:",)),
        ("le", ("len<",)),
        ("tag:d", ("tag:dark", "tag:dusty", 'tag:"very dark"')),
        ("-tag:du", ("-tag:dusty",)),
        ('tag:"very', ('tag:"very dark"',)),
        ("is:m", ("is:missing",)),
        ("sort:-b", ("sort:-bright",)),
        ("nothing:x", ()),
        ("xyz", ()),
    ],
)
def test_what_may_stand_there(text: str, found: tuple[str, ...]) -> None:
    assert offers(text, WORDS) == found


def test_a_query_goes_on_from_what_is_typed() -> None:
    assert suggestion("kick ta", WORDS) == "kick tag:"
    assert suggestion("kick tag:da", WORDS) == "kick tag:dark"
    assert suggestion("kick tag:ver", WORDS) is None
    assert suggestion("kick ", WORDS) is None
    assert suggestion("tag:dark", WORDS) is None
    assert completed("kick tag:ver", 'tag:"very dark"') == 'kick tag:"very dark" '
    assert completed("ta", "tag:") == "tag:"
    assert last_term('a "b c') == '"b c'
    assert last_term("a ") == ""


async def test_tab_takes_the_offer_and_then_goes_on_to_the_list(run: Run) -> None:
    workspace = FakeWorkspace()
    workspace.tag([2, 5], ["dark"])
    async with run(workspace) as running:
        await running.press("slash", "t")
        assert running.browse.query_one(SearchOffers).display
        assert any("tag:" in line and "tab takes it" in line for line in running.text())
        await running.press("tab", "d", "tab")
        assert running.browse.search.query_text == "tag:dark "
        assert running.browse.finder.table.ids.tolist() == [2, 5]
        await running.press("tab")
        assert running.app.focused is running.browse.finder.table
        assert not running.browse.query_one(SearchOffers).display


async def test_the_right_arrow_takes_the_suggestion(run: Run) -> None:
    async with run() as running:
        await running.press("slash", *"category:sn", "right")
        assert running.browse.search.query_text == "category:snare"
        assert running.browse.finder.table.ids.tolist()[:2] == [1, 8]


async def test_an_offer_is_taken_in_the_middle_of_a_query(run: Run) -> None:
    async with run() as running:
        await running.press("slash", *"kick", "home", *"cat", "tab")
        assert running.browse.search.query_text == "category:kick"


async def test_the_names_of_collections_are_completed(run: Run) -> None:
    workspace = FakeWorkspace()
    workspace.collect([3], "kit")
    async with run(workspace) as running:
        await running.press("slash", *"in:k", "tab", "enter")
        assert running.browse.finder.table.ids.tolist() == [3]


async def test_a_search_is_saved_and_found_again(run: Run) -> None:
    async with run() as running:
        await running.press("slash", *"kick", "enter", "ctrl+s")
        await running.answer("all kicks")
        assert ("save_search", "all kicks", "kick") in running.workspace.calls
        assert len(running.of(SearchSaved)) == 1
        await running.press("escape", "Q")
        assert isinstance(running.app.screen, Pick)
        assert any("all kicks" in line for line in running.text())
        await running.press("enter")
        assert running.browse.search.query_text == "kick"
        assert running.browse.finder.table.ids.tolist() == [7, 14, 21, 28, 35]
        await running.press("escape")
        assert running.browse.search.query_text == ""


async def test_a_search_is_forgotten_and_that_is_taken_back(run: Run) -> None:
    workspace = FakeWorkspace()
    workspace.save_search("hats", "hat")
    workspace.save_search("kicks", "kick")
    async with run(workspace) as running:
        await running.press("Q", "j", "d")
        assert workspace.searches == {"hats": "hat"}
        await running.press("u", "Q")
        assert running.app.screen.query_one(OptionList).option_count == 2


async def test_without_a_query_there_is_nothing_to_save(run: Run) -> None:
    async with run() as running:
        await running.press("ctrl+s", "Q")
        assert running.app.screen is running.browse
        assert not [call for call in running.workspace.calls if call[0] == "save_search"]
