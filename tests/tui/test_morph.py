"""The morph screen: its ends, its steps, and what is written."""

from __future__ import annotations

from pathlib import Path

from tests.tui.conftest import Run
from tui.screens.morph import Morph


def _morphs(running):
    return [call for call in running.workspace.calls if call[0] == "morph"]


async def test_steps_are_made_at_once_and_heard(run: Run) -> None:
    async with run() as running:
        await running.press("m", "down", "down", "m", "M")
        assert isinstance(running.app.screen, Morph)
        (made,) = _morphs(running)
        assert made[1:3] == (("1", "3"), 9)
        played = len(running.player.played)
        await running.press("down")
        assert len(running.player.played) == played + 1
        assert any("88% A   12% B" in line for line in running.text())


async def test_ends_and_steps_can_be_changed(run: Run) -> None:
    async with run() as running:
        await running.press("m", "down", "m", "down", "m", "M")
        await running.press("x", "a", "plus", "plus", "minus", "enter")
        made = _morphs(running)[-1]
        assert made[1:3] == (("3", "1"), 10)


async def test_saving_writes_into_the_folder_and_nothing_else_stays(
    run: Run, tmp_path: Path
) -> None:
    async with run() as running:
        await running.press("m", "down", "m", "M")
        (heard,) = _morphs(running)
        out = tmp_path / "new" / "morph"
        await running.press("w")
        await running.answer(str(out))
        assert len(list(out.glob("*.wav"))) == 9
        assert heard[3] != out
        # The library is to know what is kept, and nothing of what is only listened to.
        assert [call[4] for call in _morphs(running)] == [False, True]
        assert heard[3].is_dir()
        await running.press("escape")
        assert not isinstance(running.app.screen, Morph)
    assert not heard[3].exists()
