"""The stream of dreams: it goes on by itself, waits for the user, and keeps what is wanted."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.tui.conftest import Run, Running, settle
from tests.tui.fake_workspace import FakeWorkspace
from tui.messages import TakeArrived
from tui.screens import dream as dream_screen
from tui.screens.dream import FRUITLESS, LISTED, UNHEARD, Dream
from tui.widgets.dream_list import LINES, Dreamt, draw


def calls(running: Running, verb: str) -> list[tuple[object, ...]]:
    return [call for call in running.workspace.calls if call[0] == verb]


def screen(running: Running) -> Dream:
    found = running.app.screen
    assert isinstance(found, Dream)
    return found


def numbers(running: Running) -> list[int]:
    return [dream.number for dream in screen(running)._dreams]


async def stopped(running: Running) -> None:
    """Wait until the running job was told to stop."""
    while not any(job.state == "stops" for job in running.app.jobs.shown(0.0)):
        await running.pilot.pause()


def notes(running: Running) -> list[str]:
    return [str(note.message) for note in running.app._notifications]


async def arrived(running: Running, count: int) -> None:
    """Wait until so many dreams have come, while their job goes on."""
    while len(running.of(TakeArrived)) < count:
        await running.pilot.pause()
    await running.pilot.pause()


async def test_dreams_come_by_themselves_until_enough_wait(run: Run) -> None:
    async with run() as running:
        await running.press("D")
        assert len(calls(running, "dream_stream")) == 1
        assert calls(running, "dream")[0] == ("dream", UNHEARD, "0.9", "")
        # The cursor waited for the first, which is heard; so many more wait.
        assert numbers(running) == list(range(1, UNHEARD + 2))
        assert len(running.player.played) == 1
        assert screen(running)._dreams[0].heard
        assert f"{UNHEARD} wait to be heard" in running.text()[0]
        made = len(calls(running, "dream"))
        await running.press("down")
        assert len(running.player.played) == 2
        assert calls(running, "dream")[made:] == [("dream", 1, "0.9", "")]
        assert numbers(running)[-1] == UNHEARD + 2
        assert any("like kick_0007.wav · newer than 60%" in line for line in running.text())


async def test_the_first_time_learning_is_told(run: Run) -> None:
    workspace = FakeWorkspace()
    workspace.pace.hold()
    async with run(workspace) as running:
        await running.pilot.press("D")
        while not calls(running, "dream"):
            await running.pilot.pause()
        assert numbers(running) == []
        await running.pilot.press("d", "w")
        await running.pilot.pause()
        assert notes(running) == [
            "There is nothing to throw away here",
            "There is nothing to keep here",
        ]
        workspace.pace.let(1)
        await arrived(running, 1)
        assert numbers(running) == [1]
        assert "dreaming" in running.text()[0]
        workspace.pace.let(100)
        await settle(running.pilot)


async def test_what_is_thrown_away_goes_and_the_next_plays_at_once(run: Run) -> None:
    async with run() as running:
        await running.press("D")
        folder = screen(running)._folder
        await running.press("d")
        assert not (folder / "dream_01.wav").exists()
        assert (folder / "dream_02.wav").exists()
        assert numbers(running)[0] == 2
        assert screen(running).current == 2
        assert len(running.player.played) == 2
        # Another one comes in its place.
        assert numbers(running)[-1] == UNHEARD + 2
        await running.press("delete")
        assert numbers(running)[0] == 3


async def test_the_last_one_thrown_away_is_followed_by_the_next_that_comes(run: Run) -> None:
    workspace = FakeWorkspace()
    workspace.pace.hold()
    async with run(workspace) as running:
        await running.pilot.press("D")
        workspace.pace.let(1)
        await arrived(running, 1)
        await running.pilot.press("d")
        await running.pilot.pause()
        assert numbers(running) == []
        assert not running.player.playing
        workspace.pace.let(1)
        await arrived(running, 2)
        assert screen(running).current == 2
        assert running.player.playing
        workspace.pace.let(100)
        await settle(running.pilot)


async def test_dreams_are_kept(run: Run, tmp_path: Path) -> None:
    async with run() as running:
        await running.press("D", "down", "w")
        await running.answer(str(tmp_path))
        assert [path.name for path in tmp_path.glob("*.wav")] == ["dream_02.wav"]
        assert [dream.kept for dream in screen(running)._dreams[:3]] == [False, True, False]
        assert any("✓  2" in line for line in running.text())
        await running.press("w")
        assert notes(running)[-1] == "Kept already, as dream_02.wav"


async def test_moves_play(run: Run) -> None:
    async with run() as running:
        await running.press("D")
        await running.press("G")
        assert screen(running).current == UNHEARD + 1
        await running.press("g")
        assert screen(running).current == 1
        await running.press("j")
        await running.press("k")
        assert screen(running).current == 1
        assert len(running.player.played) == 5
        await running.press("space")
        assert not running.player.playing
        await running.press("space")
        assert running.player.playing
        await running.pilot.click("DreamList", offset=(10, 2 * LINES))
        await settle(running.pilot)
        assert screen(running).current == 3
        played = len(running.player.played)
        await running.pilot.click("DreamList", offset=(10, 2 * LINES))
        await settle(running.pilot)
        assert len(running.player.played) == played + 1


async def test_temperature_ramp_and_likeness_change_what_comes(run: Run) -> None:
    async with run() as running:
        await running.press("D")
        before = numbers(running)
        await running.press("plus")
        # Those that wait stay, and others come at once.
        assert numbers(running) == [*before, *(before[-1] + n for n in range(1, UNHEARD + 1))]
        assert calls(running, "dream")[-1] == ("dream", UNHEARD, "1.0", "")
        await running.press("plus", "minus", "r")
        assert calls(running, "dream")[-1][2:] == ("0.8:1.2", "")
        await running.press("r")
        assert calls(running, "dream")[-1][2:] == ("1.2:0.8", "")
        await running.press("r", "slash")
        await running.answer("category:kick")
        assert calls(running, "dream")[-1][2:] == ("1.0", "category:kick")
        assert "like category:kick" in running.text()[1]


async def test_what_is_being_dreamt_is_given_up_for_another_temperature(run: Run) -> None:
    workspace = FakeWorkspace()
    workspace.pace.hold()
    async with run(workspace) as running:
        await running.pilot.press("D")
        workspace.pace.let(2)
        await arrived(running, 2)
        await running.pilot.press("plus", "plus")
        while screen(running).temperature != "1.1":
            await running.pilot.pause()
        workspace.pace.let(100)
        await settle(running.pilot)
        assert [call[2] for call in calls(running, "dream")][:2] == ["0.9", "1.1"]


async def test_it_is_stopped_and_goes_on(run: Run) -> None:
    workspace = FakeWorkspace()
    workspace.pace.hold()
    async with run(workspace) as running:
        await running.pilot.press("D")
        workspace.pace.let(2)
        await arrived(running, 2)
        await running.pilot.press("X")
        await stopped(running)
        workspace.pace.let(100)
        await settle(running.pilot)
        made = len(numbers(running))
        assert made < UNHEARD
        assert "paused: n goes on" in running.text()[0]
        await running.press("down")
        assert len(numbers(running)) == made
        await running.press("n")
        assert screen(running)._unheard == UNHEARD
        # More than enough, when they are asked for.
        await running.press("n")
        assert screen(running)._unheard == 2 * UNHEARD


async def test_it_pauses_where_nothing_good_comes(run: Run) -> None:
    workspace = FakeWorkspace()
    workspace.refusing.add("dreams")
    async with run(workspace) as running:
        await running.press("D")
        assert len(calls(running, "dream")) == FRUITLESS
        assert notes(running) == ["Nothing good comes: try another temperature, or n for more"]
        assert "paused: n goes on" in running.text()[0]
        workspace.refusing.clear()
        await running.press("minus")
        assert len(numbers(running)) == UNHEARD + 1


async def test_a_library_that_cannot_dream_says_why(run: Run) -> None:
    workspace = FakeWorkspace()
    workspace.refusing.add("dream")
    async with run(workspace) as running:
        await running.press("D")
        assert notes(running) == ["there are no sounds to dream from: crate add FOLDER"]
        assert "paused: n begins again" in running.text()[0]
        workspace.refusing.clear()
        await running.press("n")
        assert numbers(running)


async def test_the_list_and_the_disk_are_bounded(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dream_screen, "LISTED", 8)
    assert LISTED >= 2 * UNHEARD
    async with run() as running:
        await running.press("D")
        folder = screen(running)._folder
        for _ in range(6):
            await running.press("down")
        assert len(numbers(running)) == 8
        assert len(list(folder.glob("*.wav"))) == 8
        assert screen(running).current in numbers(running)
        assert numbers(running)[0] > 1
        await running.press("escape")
        assert not folder.exists()


@pytest.mark.parametrize("width", [20, 40, 77])
def test_a_dream_has_two_lines_of_the_width(width: int) -> None:
    dream = Dreamt(7, "kick", told=("0.42 s", "bright 1.2 kHz"), near="like 日本.wav", kept=True)
    for at_cursor in (False, True):
        lines = draw(dream, max(width, 26), at_cursor)
        assert len(lines) == LINES
        assert {sum(cell_len(text) for text, _ in line) for line in lines} == {max(width, 26)}
