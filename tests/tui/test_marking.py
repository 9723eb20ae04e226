"""Marks, and what is said of all marked sounds at once, and taken back."""

from __future__ import annotations

import numpy as np
import pytest
from textual.widgets import Input

from tests.tui.conftest import Run
from tests.tui.fake_workspace import FakeWorkspace
from tui.marks import Marks
from tui.messages import RowsChanged


def _ids(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)


def test_marks_keep_their_order() -> None:
    marks = Marks().toggled(5).toggled(2).toggled(9)
    assert marks.ids.tolist() == [5, 2, 9]
    assert [marks.number(each) for each in (5, 2, 9, 1)] == [1, 2, 3, 0]
    assert marks.toggled(2).ids.tolist() == [5, 9]
    assert marks.joined(_ids(1, 2, 3)).ids.tolist() == [5, 2, 9, 1, 3]
    assert marks.inverted(_ids(1, 2, 3)).ids.tolist() == [5, 9, 1, 3]
    assert 5 in marks
    assert 6 not in marks
    assert 10 not in marks


def test_many_marks_look_alike() -> None:
    marks = Marks(np.arange(1, 500_001))
    assert marks.number(9) == 9
    assert marks.number(10) == marks.number(500_000) == 10
    assert marks.number(500_001) == 0


async def test_shift_and_an_arrow_mark_what_lies_between(run: Run) -> None:
    async with run() as running:
        await running.press("down", "shift+down", "shift+down", "J")
        assert running.browse._marks.ids.tolist() == [2, 3, 4, 5]
        assert running.browse.finder.table.current == 5
        assert any("4 marked" in line for line in running.text())
        await running.press("N")
        assert not len(running.browse._marks)
        await running.press("shift+up")
        assert running.browse._marks.ids.tolist() == [5, 4]


async def test_the_whole_list_is_marked_and_inverted(run: Run) -> None:
    async with run() as running:
        await running.press("slash", *"kick", "enter", "m", "exclamation_mark")
        assert running.browse._marks.ids.tolist() == [14, 21, 28, 35]
        await running.press("ctrl+a")
        assert running.browse._marks.ids.tolist() == [14, 21, 28, 35, 7]
        await running.press("escape")
        assert len(running.browse._marks) == 5


@pytest.mark.parametrize(
    ("keys", "call"),
    [
        (("4",), ("rate", (1, 2), 4)),
        (("t", *"dark", "enter"), ("tag", (1, 2), ("dark",))),
        (("x",), ("used", (1, 2), True)),
        (("i", *"kit", "enter"), ("collect", (1, 2), "kit")),
    ],
)
async def test_what_is_said_is_said_of_all_marked(run: Run, keys, call) -> None:
    async with run() as running:
        await running.press("m", "down", "m", "down", *keys)
        assert call in running.workspace.calls
        changed = running.of(RowsChanged)[-1]
        assert isinstance(changed, RowsChanged)
        assert tuple(changed.ids) == (1, 2)
        assert "2 sounds" in changed.told


async def test_a_category_is_said_of_all_marked(run: Run) -> None:
    async with run() as running:
        await running.press("m", "down", "m", "c")
        assert running.app.screen.query_one(Input).value == ""
        await running.answer("tom")
        assert ("category", (1, 2), "tom") in running.workspace.calls
        assert sum("tom" in line.split() for line in running.text()) >= 2


async def test_without_marks_the_sound_at_the_cursor_is_meant(run: Run) -> None:
    async with run() as running:
        await running.press("down", "x")
        assert ("used", (2,), True) in running.workspace.calls
        await running.press("x")
        assert ("used", (2,), False) in running.workspace.calls


async def test_what_was_said_is_taken_back_and_said_again(run: Run) -> None:
    async with run() as running:
        await running.press("4", "t", *"dark", "enter")
        await running.press("u")
        assert running.workspace.rows([1])[0].tags == ()
        assert running.workspace.rows([1])[0].rating == 4
        assert running.of(RowsChanged)[-1].told == "Taken back: tag dark"
        await running.press("u")
        assert running.workspace.rows([1])[0].rating is None
        assert not any("★" in line for line in running.text())
        await running.press("u")
        assert running.of(RowsChanged)[-1].told == "Nothing to take back"
        await running.press("U", "U")
        assert any("#dark" in line for line in running.text())
        assert running.workspace.rows([1])[0].rating == 4


async def test_keys_faster_than_the_library_are_written_in_their_order(run: Run) -> None:
    async with run() as running:
        await running.pilot.press("1", "2", "u", "3", "u", "u")
        await running.press()
        writes = [call for call in running.workspace.calls if call[0] in ("rate", "undo")]
        assert [call[-1] for call in writes] == [1, 2, "undo", 3, "undo", "undo"]
        assert running.workspace.rows([1])[0].rating is None


async def test_what_is_taken_out_of_a_collection_leaves_the_list_and_the_cursor_stays(
    run: Run,
) -> None:
    workspace = FakeWorkspace()
    workspace.collect([3, 5, 7, 9], "kit")
    async with run(workspace) as running:
        await running.press("slash", *"in:kit", "enter", "home", "down", "I")
        assert running.app.screen.query_one(Input).value == "kit"
        await running.press("enter")
        assert ("uncollect", (5,), "kit") in workspace.calls
        assert running.browse.finder.table.ids.tolist() == [3, 7, 9]
        assert running.browse.finder.table.current == 7
        await running.press("u")
        assert running.browse.finder.table.ids.tolist() == [3, 5, 7, 9]


async def test_a_collection_is_completed(run: Run) -> None:
    workspace = FakeWorkspace()
    workspace.collect([3], "night drums")
    async with run(workspace) as running:
        await running.press("i", *"nig", "right", "enter")
        assert workspace.collected["night drums"] == [3, 1]


async def test_half_a_million_are_marked_at_once(run: Run) -> None:
    async with run(FakeWorkspace(500_000)) as running:
        await running.press("ctrl+a", "exclamation_mark", "exclamation_mark")
        assert len(running.browse._marks) == 500_000
        assert any("500,000 marked" in line for line in running.text())
        assert running.workspace.rows_fetched < 1_000
