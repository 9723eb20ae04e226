"""The columns of the list: how they are laid out, drawn and chosen, and how the list is sorted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.tui.conftest import Run, settle
from tests.tui.fake_workspace import FakePlayer, FakeWorkspace
from tui.app import Browser
from tui.columns import COLUMNS, SCORE, ListColumns, laid_out, value_of
from tui.query_edit import (
    replaced,
    sorted_by,
    sorting,
    term,
    terms,
    toggled,
    value_of_field,
)
from tui.screens.choose_columns import ChooseColumns
from tui.widgets.list_heading import ListHeading
from tui.widgets.sample_line import column_at, draw_headings, draw_row


def _names(layout) -> list[str]:
    return [placed.column.name for placed in layout]


def test_columns_give_way_where_there_is_no_room() -> None:
    assert _names(laid_out(ListColumns(), 30)) == ["name"]
    assert _names(laid_out(ListColumns(), 44)) == ["name", "category", "length"]
    assert _names(laid_out(ListColumns(), 58)) == ["name", "category", "rating", "length"]
    own = ("name", "category", "tempo", "rating", "length")
    assert _names(laid_out(ListColumns(own), 58)) == list(own)
    assert _names(laid_out(ListColumns(), 120)) == list(ListColumns().names)
    chosen = ListColumns(("length", "pitch", "name"))
    assert _names(laid_out(chosen, 80)) == ["length", "pitch", "name"]
    assert _names(laid_out(ListColumns(("gone", "length")), 80)) == ["name", "length"]


def test_the_name_keeps_the_room_that_is_left() -> None:
    layout = laid_out(ListColumns(("name", "length")), 100)
    assert [placed.width for placed in layout] == [89, 9]


def test_likeness_stands_first_and_its_aspects_narrow_where_they_must() -> None:
    aspects = ("timbre", "pitch")
    narrow = laid_out(ListColumns(), 58, True, aspects)
    assert _names(narrow)[:4] == [SCORE, "aspect timbre", "aspect pitch", "name"]
    assert [placed.width for placed in narrow][:3] == [10, 2, 2]
    wide = laid_out(ListColumns(), 100, True, aspects)
    assert [placed.width for placed in wide][:3] == [10, 7, 7]


def test_columns_are_shown_hidden_and_carried() -> None:
    columns = ListColumns(("name", "length"))
    assert columns.toggled("category").names == ("name", "category", "length")
    assert columns.toggled("brightness").names == ("name", "length", "brightness")
    assert columns.toggled("length").names == ("name",)
    assert columns.toggled("name") == columns
    assert columns.moved("length", -1).names == ("length", "name")
    assert columns.moved("length", 9).names == ("name", "length")
    assert columns.moved("pitch", 1) == columns


def test_what_columns_show() -> None:
    row = replace(FakeWorkspace()._row(7), tags=("dark",), rating=2, used=True)
    columns = ListColumns(
        ("name", "tags", "rating", "used", "added", "format", "brightness", "length")
    )
    line = "".join(cell.text for cell in draw_row(row, laid_out(columns, 100)))
    assert line.split() == [
        "kick_0007.wav", "#dark", "★★···", "✓", "2025-01-02", "WAV", "24", "bit", "1.2",
        "kHz", "0.40", "s",
    ]  # fmt: skip


def test_aspects_are_blocks_in_a_narrow_list() -> None:
    layout = laid_out(ListColumns(("name",)), 58, True, ("timbre", "pitch", "rhythm"))
    row = FakeWorkspace()._row(7)
    line = "".join(
        cell.text for cell in draw_row(row, layout, 0, 0.5, {"timbre": 1.0, "pitch": 0.0})
    )
    assert line.startswith("  ━━━━────  █ ▁   kick_0007.wav")


def test_headings_stand_over_their_columns() -> None:
    layout = laid_out(ListColumns(("name", "category", "length")), 44)
    line = "".join(cell.text for cell in draw_headings(layout, "len", True))
    assert line == "  name                  category    length▼ "
    assert column_at(layout, 3) is COLUMNS["name"]
    assert column_at(layout, 24) is COLUMNS["category"]
    assert column_at(layout, 43) is COLUMNS["length"]
    assert column_at(layout, 0) is None
    assert column_at(layout, 44) is None


def test_every_column_that_sorts_is_known_to_the_language() -> None:
    from library.query_terms import SORTS

    known = {column.sort for column in COLUMNS.values() if column.sort}
    assert known <= {*SORTS, "bpm", "key"}


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_neighbours_can_be_sorted_by_what_is_shown(name: str) -> None:
    row = FakeWorkspace()._row(7)
    if name in ("tempo", "key", "rating"):
        assert value_of(COLUMNS[name], row) is None
    else:
        assert value_of(COLUMNS[name], row) is not None


def test_terms_are_taken_apart_and_put_together() -> None:
    assert terms('kick  tag:"very dark" -x') == ["kick", 'tag:"very dark"', "-x"]
    assert term("tag", "dark") == "tag:dark"
    assert term("tag", "very dark") == 'tag:"very dark"'
    assert term("in", 'a"b') == "in:ab"
    assert toggled("kick", "tag:dark") == "kick tag:dark"
    assert toggled("kick tag:dark", "tag:dark") == "kick"
    assert replaced("kick in:a", "in", "in:b") == "kick in:b"
    assert replaced("kick in:b", "in", "in:b") == "kick"
    assert sorting("kick sort:-Bright sort:len") == ("bright", True)
    assert sorting("kick") == ("", False)
    assert sorted_by("sort:len kick", "rating", reverse=True) == "kick sort:-rating"
    assert sorted_by("sort:len kick", "") == "kick"
    assert value_of_field('kick in:"night drums"', "in") == "night drums"
    assert value_of_field("kick", "in") == ""


async def test_a_click_sorts_and_reverses_and_sorts_no_more(run: Run) -> None:
    async with run() as running:
        heading = running.browse.query_one(ListHeading)
        x = next(
            x for x in range(60)
            if (column := column_at(heading.layout_now, x)) and column.name == "length"
        )  # fmt: skip
        await running.press("down")
        shown = []
        for _ in range(3):
            await running.pilot.click(heading, offset=(x, 0))
            await running.press()
            shown.append((running.browse.search.query_text, running.browse.finder.table.current))
        assert shown == [("sort:len", 2), ("sort:-len", 2), ("", 2)]


async def test_keys_sort_by_each_column_in_turn(run: Run) -> None:
    async with run() as running:
        await running.press("o")
        assert running.browse.search.query_text == "sort:name"
        assert any("name▲" in line for line in running.text())
        await running.press("O")
        assert running.browse.search.query_text == "sort:-name"
        assert running.browse.finder.table.ids.tolist()[0] == 40
        await running.press("o")
        assert running.browse.search.query_text == "sort:category"
        await running.press("escape")
        assert running.browse.search.query_text == ""


async def test_sorting_keeps_the_rest_of_the_query(run: Run) -> None:
    async with run() as running:
        await running.press("slash", *"kick", "enter", "o", "O")
        assert running.browse.search.query_text == "kick sort:-name"
        assert running.browse.finder.table.ids.tolist() == [35, 28, 21, 14, 7]


async def test_neighbours_are_sorted_too_and_the_sound_stays_first(run: Run) -> None:
    async with run() as running:
        await running.press("s", "o", "O")
        names = [row.name for row in running.workspace.rows(running.browse.finder.table.ids)]
        assert names[0] == "snare_0001.wav"
        assert names[1:] == sorted(names[1:], reverse=True)


async def test_columns_are_chosen_in_a_dialog(run: Run) -> None:
    async with run() as running:
        await running.press("C")
        assert isinstance(running.app.screen, ChooseColumns)
        await running.press("down", "space", "end", *["down"] * 30, "space", "enter")
        assert "folder" not in running.browse.columns.names
        assert running.browse.columns.names[-1] == "roughness"
        assert any(" rough " in line for line in running.text())


async def test_columns_are_carried_and_left_as_they_were(run: Run) -> None:
    async with run() as running:
        await running.press("C", "shift+down", "enter")
        assert running.browse.columns.names[:2] == ("folder", "name")
        await running.press("C", "r", "escape")
        assert running.browse.columns.names[:2] == ("folder", "name")
        await running.press("C", "r", "enter")
        assert running.browse.columns == ListColumns()


async def test_columns_are_kept_for_the_next_start(tmp_path: Path) -> None:
    def app() -> Browser:
        workspace = FakeWorkspace()
        workspace.path = tmp_path / "library.sqlite"
        return Browser(lambda: workspace, FakePlayer, keep=True)  # type: ignore

    first = app()
    async with first.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await pilot.press("C", "down", "space", "enter")
        await settle(pilot)
        chosen = first._browse.columns
    first.let_go()
    assert chosen != ListColumns()
    second = app()
    async with second.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        assert second._browse.columns == chosen
        assert second._browse.finder.heading.layout_now[0].column.name == "name"
    second.let_go()
