"""The grid of variations: made one by one, played through, kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import SelectionList

from library.descriptors import DESCRIPTORS
from tests.tui.conftest import Run, Running, settle
from tests.tui.fake_workspace import FakeWorkspace
from tui.changes import changes
from tui.messages import TakeArrived, TakesKept
from tui.screens.choose import Choose
from tui.screens.variations import HOLDABLE, THROWS, Variations
from tui.take_kinds import GRAINS_MS, TRANSFERS
from tui.widgets.take_grid import HIGHEST, LOWEST, NARROWEST, Tile, draw
from vae.attributes import ATTRIBUTES


def calls(running: Running, verb: str) -> list[tuple[object, ...]]:
    return [call for call in running.workspace.calls if call[0] == verb]


def screen(running: Running) -> Variations:
    found = running.app.screen
    assert isinstance(found, Variations)
    return found


def tiles(running: Running) -> list[Tile]:
    return screen(running).grid._tiles


async def arrived(running: Running, count: int) -> None:
    """Wait until so many takes have come, while their job goes on."""
    while len(running.of(TakeArrived)) < count:
        await running.pilot.pause()
    await running.pilot.pause()


async def stopped(running: Running) -> None:
    """Wait until the running job was told to stop."""
    while not any(job.state == "stops" for job in running.app.jobs.shown(0.0)):
        await running.pilot.pause()


def notes(running: Running) -> list[str]:
    return [str(note.message) for note in running.app._notifications]


async def test_takes_are_made_at_once_and_nothing_is_remembered(run: Run) -> None:
    async with run() as running:
        await running.press("down", "down", "v")
        assert calls(running, "vary") == [("vary", "3", 11, 1.0, 0, (), False)]
        assert len(running.of(TakeArrived)) == 11
        assert all(tile.overview is not None for tile in tiles(running))
        assert [tile.title for tile in tiles(running)[:3]] == ["original", "1", "2"]
        assert tiles(running)[1].caption == "moved 0.75"
        assert tiles(running)[1].lines[0][0].startswith(("↑ ", "↓ "))
        lines = running.text()
        assert "Variations of bass_0003.wav" in lines[0]
        assert any("moved 0.75" in line for line in lines)


async def test_tiles_fill_one_by_one_and_sound_where_the_cursor_waits(run: Run) -> None:
    workspace = FakeWorkspace()
    workspace.pace.hold()
    async with run(workspace) as running:
        await running.pilot.press("v")
        workspace.pace.let(2)
        await arrived(running, 2)
        assert [tile.overview is not None for tile in tiles(running)[1:4]] == [True, True, False]
        await running.pilot.press("right", "right", "right")
        await running.pilot.pause()
        assert screen(running).current is None
        before = len(running.player.played)
        workspace.pace.let(1)
        await arrived(running, 3)
        assert len(running.player.played) == before + 1
        # What is not under the cursor stays silent.
        workspace.pace.let(8)
        await settle(running.pilot)
        assert len(running.player.played) == before + 1


async def test_every_move_plays(run: Run) -> None:
    async with run() as running:
        await running.press("v")
        before = len(running.player.played)
        await running.press("right")
        await running.press("j")
        assert screen(running).grid.cursor == 5
        await running.press("up")
        assert screen(running).grid.cursor == 1
        await running.press("h")
        assert screen(running).current == 0
        assert len(running.player.played) == before + 4
        await running.press("G")
        assert screen(running).grid.cursor == 11
        await running.press("home")
        assert screen(running).grid.cursor == 0
        played = len(running.player.played)
        await running.press("space")
        assert not running.player.playing
        await running.press("space")
        assert len(running.player.played) == played + 1


async def test_a_tile_is_chosen_with_the_mouse(run: Run) -> None:
    async with run() as running:
        await running.press("v")
        await running.pilot.click("TakeGrid", offset=(65, 12))
        await settle(running.pilot)
        assert screen(running).grid.cursor == 6
        played = len(running.player.played)
        await running.pilot.click("TakeGrid", offset=(65, 12))
        await settle(running.pilot)
        assert len(running.player.played) == played + 1


async def test_amount_throw_and_what_is_held_make_others(run: Run) -> None:
    async with run() as running:
        await running.press("v")
        await running.press("plus")
        await running.press("n")
        assert calls(running, "vary")[-1] == ("vary", "1", 11, 1.25, 1, (), False)
        await running.press("p")
        await running.press("minus")
        await running.press("minus")
        assert calls(running, "vary")[-1] == ("vary", "1", 11, 0.75, 0, (), False)
        made = len(calls(running, "vary"))
        await running.press("p")
        assert len(calls(running, "vary")) == made
        await running.press("o")
        assert isinstance(running.app.screen, Choose)
        running.app.screen.query_one(SelectionList).select_all()
        await running.press("enter")
        assert calls(running, "vary")[-1][5] == tuple(name for name, _ in HOLDABLE)
        assert "held brightness" in running.text()[1]
        await running.press("o", "escape")
        assert len(calls(running, "vary")) == made + 1


async def test_the_chooser_answers_to_its_keys(run: Run) -> None:
    async with run() as running:
        await running.press("v", "o", "j", "space", "j", "k", "j", "space", "enter")
        assert calls(running, "vary")[-1][5] == (HOLDABLE[1][0], HOLDABLE[2][0])


async def test_another_amount_gives_up_what_is_being_made(run: Run) -> None:
    workspace = FakeWorkspace()
    workspace.pace.hold()
    async with run(workspace) as running:
        await running.pilot.press("v")
        workspace.pace.let(3)
        await arrived(running, 3)
        await running.pilot.press("plus", "plus", "plus")
        while screen(running)._amounts["variations"] != 2.0:
            await running.pilot.pause()
        workspace.pace.let(100)
        await settle(running.pilot)
        # The last amount alone is made, after the first job has ended early.
        assert [call[3] for call in calls(running, "vary")] == [1.0, 2.0]
        assert calls(running, "vary over")[0][1] in (3, 4)
        assert calls(running, "vary over")[-1] == ("vary over", 11)
        assert all(tile.overview is not None for tile in tiles(running))
        assert tiles(running)[1].caption == f"moved {2.0 * 0.75:.2f}"


async def test_kinds_are_gone_through(run: Run) -> None:
    async with run() as running:
        await running.press("v")
        await running.press("v")
        assert calls(running, "robins") == [("robins", "1", 11, 1.0, 0, False)]
        await running.press("o")
        await running.press("v")
        assert calls(running, "velocities") == [("velocities", "1", 11, False)]
        assert tiles(running)[-1].caption == "velocity 127"
        await running.press("plus")
        await running.press("n")
        assert notes(running) == [
            "Round robins hold nothing",
            "Velocity layers have no amount",
            "Velocity layers are the same every time",
        ]
        await running.press("v")
        assert [call[2:4] for call in calls(running, "transfer")] == list(TRANSFERS)
        captions = [tile.caption for tile in tiles(running)]
        assert (captions[1], captions[5], captions[-1]) == ("0.25 envelope", "0.25 pitch", "1 free")
        await running.press("v")
        assert [call[2] for call in calls(running, "mosaic")] == list(GRAINS_MS)
        assert all(call[-1] is False for call in calls(running, "mosaic"))
        assert tiles(running)[1].caption == "40 ms"
        await running.press("v")
        assert running.text()[0].split()[0] == "Variations"
        await running.press("V")
        assert running.text()[0].split()[0] == "Mosaics"


async def test_one_is_kept_and_the_folder_is_asked_for_once(run: Run, tmp_path: Path) -> None:
    async with run() as running:
        out = tmp_path / "kept"
        await running.press("v")
        await running.press("w")
        assert notes(running) == ["There is nothing to keep here"]
        await running.press("right", "w")
        await running.answer(str(out))
        assert calls(running, "keep") == [("keep", "1_var_01.wav", out, ("1",))]
        assert (out / "1_var_01.wav").exists()
        assert tiles(running)[1].kept
        assert notes(running)[-1] == f"1_var_01.wav kept in {out}"
        await running.press("w")
        assert notes(running)[-1] == "Kept already, as 1_var_01.wav"
        await running.press("right", "w")
        assert (out / "1_var_02.wav").exists()
        # The next screen knows the folder.
        await running.press("escape", "down", "v", "right", "w")
        assert (out / "2_var_01.wav").exists()
        await running.press("F")
        await running.answer(str(tmp_path / "other"))
        await running.press("right", "w")
        assert (tmp_path / "other" / "2_var_02.wav").exists()
        assert len(running.of(TakesKept)) == 4


async def test_marked_ones_are_kept_together(run: Run, tmp_path: Path) -> None:
    async with run() as running:
        await running.press("v", "m", "W")
        assert notes(running) == [
            "Only takes that are made can be marked",
            "Mark takes with m, then W keeps them",
        ]
        await running.press("right", "m", "right", "m", "right", "m", "m")
        assert [tile.marked for tile in tiles(running)[:4]] == [False, True, True, False]
        await running.press("W")
        await running.answer(str(tmp_path))
        assert sorted(path.name for path in tmp_path.glob("*.wav")) == [
            "1_var_01.wav",
            "1_var_02.wav",
        ]
        assert [tile.kept for tile in tiles(running)[:4]] == [False, True, True, False]
        assert notes(running)[-1] == f"2 takes kept in {tmp_path}"
        await running.press("W")
        assert len(calls(running, "keep")) == 2


async def test_a_disk_that_refuses_is_told_and_the_rest_is_kept(run: Run, tmp_path: Path) -> None:
    workspace = FakeWorkspace()
    workspace.refusing.add("1_var_02.wav")
    async with run(workspace) as running:
        await running.press("v", "right", "m", "right", "m", "W")
        await running.answer(str(tmp_path))
        assert [tile.kept for tile in tiles(running)[:4]] == [False, True, False, False]
        assert notes(running)[-1] == "cannot write 1_var_02.wav: choose another folder"


async def test_making_is_stopped_and_gone_on_with(run: Run) -> None:
    workspace = FakeWorkspace()
    workspace.pace.hold()
    async with run(workspace) as running:
        await running.pilot.press("v")
        workspace.pace.let(2)
        await arrived(running, 2)
        await running.pilot.press("X")
        await stopped(running)
        workspace.pace.let(100)
        await settle(running.pilot)
        made = len(running.of(TakeArrived))
        assert made < 11
        assert tiles(running)[-1].waiting == "r makes it"
        await running.press("r")
        assert all(tile.overview is not None for tile in tiles(running))


async def test_what_cannot_be_made_is_told(run: Run) -> None:
    workspace = FakeWorkspace(missing=[2])
    workspace.refusing.add("vary")
    async with run(workspace) as running:
        await running.press("v")
        assert notes(running) == ["vary cannot be done: try another"]
        assert {tile.waiting for tile in tiles(running)[1:]} == {"r makes it"}
        await running.press("escape", "down", "v")
        assert notes(running)[-1] == "A sound that cannot be heard cannot be varied"


async def test_they_are_made_beside_another_job(run: Run) -> None:
    workspace = FakeWorkspace()
    workspace.learning.clear()
    async with run(workspace) as running:
        running.app.start("learning", lambda: workspace.train("new"), str)
        await running.pilot.press("v")
        await arrived(running, 11)
        assert [job.name for job in running.app.jobs.shown(0.0)] == ["learning"]
        workspace.learning.set()
        await settle(running.pilot)
        assert all(tile.overview is not None for tile in tiles(running))


async def test_what_is_not_kept_goes_with_the_screen(run: Run) -> None:
    workspace = FakeWorkspace()
    async with run(workspace) as running:
        await running.press("v")
        folder = screen(running)._folder
        for _ in range(THROWS + 2):
            await running.press("n")
        assert len(list(folder.iterdir())) == THROWS
        assert workspace.heard_in is not None
        assert len(list(workspace.heard_in.glob("*.wav"))) == 11
        await running.press("escape")
        assert not folder.exists()


async def test_closing_stops_what_is_made_and_removes_it(run: Run) -> None:
    workspace = FakeWorkspace()
    workspace.pace.hold()
    async with run(workspace) as running:
        await running.pilot.press("v")
        workspace.pace.let(2)
        await arrived(running, 2)
        folder = screen(running)._folder
        await running.pilot.press("escape")
        while isinstance(running.app.screen, Variations):
            await running.pilot.pause()
        workspace.pace.let(100)
        await settle(running.pilot)
        assert calls(running, "vary over")[0][1] in (2, 3)
        assert not folder.exists()
        assert notes(running) == []
        assert not running.player.playing


async def test_the_application_leaves_no_takes(run: Run) -> None:
    workspace = FakeWorkspace()
    async with run(workspace) as running:
        await running.press("v")
        root = screen(running)._folder.parent
        assert root.is_dir()
    assert not root.exists()


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (40, 12)])
async def test_the_cursor_is_always_in_sight(run: Run, size: tuple[int, int]) -> None:
    async with run(size=size) as running:
        await running.press("v")
        for _ in range(11):
            await running.press("right")
            number = str(screen(running).grid.cursor)
            assert any(f"─ {number} " in line for line in running.text())


@pytest.mark.parametrize("width", [NARROWEST, 29])
@pytest.mark.parametrize("height", [LOWEST, 6, HIGHEST])
def test_tiles_have_their_size(width: int, height: int) -> None:
    told = Tile("1", "moved 1.25", None, (("↑ brightness 2.4 kHz", "#ffffff"),) * 3, waiting="…")
    for tile in (
        told,
        Tile("original"),
        Tile("11", "a long caption indeed", marked=True, kept=True),
    ):
        for at_cursor in (False, True):
            lines = draw(tile, width, height, at_cursor)
            assert len(lines) == height
            assert {sum(len(text) for text, _ in line) for line in lines} == {width}


def test_what_can_be_held_are_the_attributes_that_are_measured() -> None:
    assert {name for name, _ in HOLDABLE} == {fact.name for fact in DESCRIPTORS} == set(ATTRIBUTES)


def test_changes_are_told_most_first() -> None:
    before = {"brightness": 1000.0, "noisiness": 0.5, "pitch": None, "low_end": 0.3}
    after = {"brightness": 2000.0, "noisiness": 0.1, "pitch": 60.0, "low_end": 0.3001}
    found = changes(before, after)
    assert [change.text for change in found] == ["↓ noise 10%", "↑ bright 2.0 kHz"]
    assert found[0].share == pytest.approx(-0.4)
    assert changes(before, before) == []
