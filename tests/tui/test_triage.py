"""The triage: one key for each sound, the cursor goes on by itself, and every key is taken back."""

from __future__ import annotations

import numpy as np

from tests.tui.conftest import Run
from tests.tui.fake_workspace import FakeWorkspace
from tui.triage import KEPT, SKIPPED, Decision, Triage
from tui.widgets.triage_line import TriageLine


async def _begin(running, target: str = "keepers") -> None:
    await running.press("ctrl+r")
    await running.answer(target)
    assert isinstance(running.app.focused, TriageLine)


def _writes(running) -> list[tuple[object, ...]]:
    kinds = ("collect", "tag", "rate", "undo")
    return [call for call in running.workspace.calls if call[0] in kinds]


def test_a_triage_goes_round_to_what_is_left() -> None:
    triage = Triage(np.arange(10, 15), "kit")
    triage.decide(1, KEPT)
    triage.decide(4, SKIPPED)
    assert triage.following(4) == 0
    assert triage.following(0) == 2
    assert (triage.done, triage.count(KEPT), triage.count(SKIPPED)) == (2, 1, 1)
    triage.said()
    assert triage.take_back() == Decision(None)
    assert triage.take_back() == Decision(4, SKIPPED)
    assert triage.following(3) == 4
    for place in range(5):
        triage.decide(place, SKIPPED)
    assert triage.following(0) is None


async def test_one_key_keeps_and_goes_on_and_plays(run: Run) -> None:
    async with run() as running:
        await _begin(running)
        played = len(running.player.played)
        await running.press("k", "s", "enter", "n")
        assert running.workspace.collected == {"keepers": [1, 3]}
        assert running.browse.finder.table.current == 5
        assert len(running.player.played) == played + 4
        assert any("3 of 40   2 kept, 1 skipped" in line for line in running.text())


async def test_kept_sounds_can_get_a_word_instead(run: Run) -> None:
    async with run() as running:
        await _begin(running, "#good")
        await running.press("k")
        assert _writes(running) == [("tag", (1,), ("good",))]
        assert running.browse.finder.table.current == 2


async def test_a_sound_gets_words_and_the_cursor_goes_on(run: Run) -> None:
    async with run() as running:
        await _begin(running)
        await running.press("t", *"dusty", "enter")
        assert _writes(running) == [("tag", (1,), ("dusty",))]
        assert running.browse.finder.table.current == 2
        assert isinstance(running.app.focused, TriageLine)
        await running.press("t", "escape")
        assert running.browse.finder.table.current == 2


async def test_every_key_is_taken_back_in_turn(run: Run) -> None:
    async with run() as running:
        await _begin(running)
        await running.press("k", "s", "4", "k")
        assert running.workspace.rows([3])[0].rating == 4
        await running.press("u")
        assert running.workspace.collected == {"keepers": [1]}
        assert running.browse.finder.table.current == 3
        await running.press("u")
        assert running.workspace.rows([3])[0].rating is None
        await running.press("u")
        assert running.browse.finder.table.current == 2
        assert running.workspace.collected == {"keepers": [1]}
        await running.press("u")
        assert running.browse.finder.table.current == 1
        assert running.workspace.collected == {}
        await running.press("u")
        assert [call[0] for call in _writes(running)].count("undo") == 3


async def test_the_triage_ends_when_all_is_decided(run: Run) -> None:
    async with run(FakeWorkspace(3)) as running:
        await _begin(running)
        await running.press("n", "k", "k", "s")
        assert running.workspace.collected == {"keepers": [2, 3]}
        assert not running.browse.triage_line.has_class("-shown")
        assert running.app.focused is running.browse.finder.table


async def test_the_triage_ends_with_the_list_it_was_for(run: Run) -> None:
    async with run() as running:
        await _begin(running)
        await running.press("k", "slash", *"hat", "enter")
        assert not running.browse.triage_line.has_class("-shown")
        await running.press("ctrl+r", "escape")
        assert not running.browse.triage_line.has_class("-shown")


async def test_leaving_keeps_what_is_kept(run: Run) -> None:
    async with run() as running:
        await _begin(running)
        await running.press("k", "escape")
        assert running.app.focused is running.browse.finder.table
        assert running.workspace.collected == {"keepers": [1]}
        await running.press("k")
        assert running.browse.finder.table.current == 1


async def test_on_the_map_the_triage_shows_the_list(run: Run) -> None:
    async with run() as running:
        await running.press("tab")
        await _begin(running)
        assert running.browse.finder.view == "list"
