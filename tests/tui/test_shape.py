"""Attribute sliders: moved, heard, compared and kept."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from textual.message import Message

from library.decode import read
from tests.tui.conftest import Run, Running
from tests.tui.fake_making import FakeShaper
from tests.tui.fake_workspace import tone
from tui.made import MadeMeasured, SoundMade, TakeKept
from tui.screens.browse import Browse
from tui.screens.shape import Shape
from tui.widgets.sliders import LABEL, Sliders, cell_of, moved, track, values

Kind = TypeVar("Kind", bound=Message)


async def opened(running: Running) -> tuple[Shape, FakeShaper]:
    """Open the sliders of the third sound of the list."""
    await running.press("down", "down", "e")
    screen = running.app.screen
    assert isinstance(screen, Shape)
    return screen, running.workspace.shapers[-1]


def of(running: Running, kind: type[Kind]) -> list[Kind]:
    """The messages of a kind, each once, though several may have seen it pass."""
    return list({id(each): each for each in running.messages if type(each) is kind}.values())


def heard(running: Running) -> SoundMade:
    """What was made last, which is what plays."""
    made = of(running, SoundMade)[-1]
    assert running.player.played[-1] is made.sound.frames
    return made


def told(running: Running) -> list[str]:
    return [note.message for note in running.app._notifications]


async def test_the_original_is_heard_first_and_every_move_after(run: Run) -> None:
    async with run() as running:
        _, shaper = await opened(running)
        assert ("shaper", "3", None) in running.workspace.calls
        assert heard(running).of == {}
        assert heard(running).clip is shaper.clip
        await running.press("right", "right")
        assert heard(running).of == {"brightness": 0.5}
        assert not np.array_equal(heard(running).clip.frames, tone(3).frames)
        await running.press("down", "left")
        assert heard(running).of == {"brightness": 0.5, "loudness": -1.0}
        messages = of(running, Sliders.Moved)
        assert [each.moves for each in messages] == [
            {"brightness": 0.25},
            {"brightness": 0.5},
            {"brightness": 0.5, "loudness": -1.0},
        ]


async def test_sliders_go_far_reset_and_end(run: Run) -> None:
    async with run() as running:
        screen, _ = await opened(running)
        await running.press("L", "l", "h", "shift+right")
        assert screen.sliders.moves == {"brightness": 2.0}
        await running.press(*["L"] * 4)
        assert screen.sliders.moves == {"brightness": 4.0}
        made = len(of(running, SoundMade))
        await running.press("right")
        assert len(of(running, SoundMade)) == made
        await running.press("j", "H", "k", "0")
        assert screen.sliders.moves == {"loudness": -4.0}
        assert heard(running).of == {"loudness": -4.0}
        await running.press("r")
        assert screen.sliders.moves == {}
        assert heard(running).of == {}
        await running.press("up", "up", "0", "r")
        assert screen.sliders.cursor == 0


async def test_the_original_is_one_key_away(run: Run) -> None:
    async with run() as running:
        _, shaper = await opened(running)
        await running.press("b")
        assert told(running) == ["Nothing is moved yet: what you hear is the original"]
        await running.press("right", "b")
        assert heard(running).clip is shaper.clip
        assert any("this is the original" in line for line in running.text())
        await running.press("b")
        assert heard(running).of == {"brightness": 0.25}
        await running.press("b", "right")
        assert heard(running).of == {"brightness": 0.5}
        assert not any("this is the original" in line for line in running.text())


async def test_what_is_reached_is_told_beside_what_was_asked(run: Run) -> None:
    async with run() as running:
        await opened(running)
        await running.press("down", "left", "left")
        (*_, event) = of(running, MadeMeasured)
        assert event.of == {"loudness": -2.0}
        line = next(line for line in running.text() if "loudness" in line)
        assert "-2 dB" in line
        assert "-20.0 dB → -22.0 dB" in line
        assert f"is {event.attributes['loudness']:.1f} dB" in line


async def test_a_take_is_kept(run: Run, tmp_path: Path) -> None:
    async with run() as running:
        screen, shaper = await opened(running)
        await running.press("enter")
        assert told(running) == ["Nothing is moved, and the original is there: move a slider first"]
        await running.press("right", "enter")
        await running.answer(str(tmp_path / "takes"))
        (kept,) = of(running, TakeKept)
        assert kept.take.path == tmp_path / "takes" / "shaped.wav"
        wanted = shaper.at({"brightness": 0.25})
        assert np.abs(read(kept.take.path).frames - wanted.frames).max() < 2**-23
        assert screen.takes.names == ("shaped.wav",)
        assert any("loudness -22.0 dB" in line for line in running.text())
        await running.press("w", "space")
        assert not running.player.playing
        assert len(list((tmp_path / "takes").iterdir())) == 2
        await running.press("escape")
        assert isinstance(running.app.screen, Browse)


async def test_the_mouse_moves_a_slider(run: Run) -> None:
    async with run() as running:
        screen, _ = await opened(running)
        middle = LABEL + screen.sliders._across // 2
        await running.pilot.mouse_down(Sliders, offset=(middle + 4, 1))
        assert screen.sliders.cursor == 1
        assert screen.sliders.moves["loudness"] > 0
        await running.pilot.hover(Sliders, offset=(LABEL, 1))
        await running.pilot.mouse_up(Sliders, offset=(LABEL, 1))
        await running.pilot.hover(Sliders, offset=(middle, 1))
        await running.press()
        assert screen.sliders.moves == {"loudness": -24.0}
        assert heard(running).of == {"loudness": -24.0}


async def test_what_cannot_be_made_is_told_and_nothing_changes(run: Run) -> None:
    async with run() as running:
        await opened(running)
        played = len(running.player.played)
        await running.press("down", "down", "right")
        assert len(running.player.played) == played
        assert "crunchy needs a second of sound: take a longer one" in told(running)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (40, 12)])
async def test_it_fits(run: Run, size: tuple[int, int]) -> None:
    async with run(size=size) as running:
        screen, _ = await opened(running)
        await running.press("right")
        lines = running.text()
        assert any("brightness" in line and "●" in line for line in lines)
        assert screen.sliders._across % 2 == 1


def test_a_track_has_its_handle_where_the_move_is() -> None:
    for move, at in ((0.0, 10), (4.0, 20), (-4.0, 0), (2.0, 15)):
        drawn = "".join(text for text, _ in track(21, move, 4.0, 9.0))
        assert len(drawn) == 21
        assert drawn.index("●") == at == cell_of(move, 21, 4.0)
        assert "╎" not in drawn
    assert "".join(text for text, _ in track(9, 2.0, 4.0, -3.0)) == "─╎──┼━●──"


def test_what_a_slider_says() -> None:
    brightness, loudness, crunchy = FakeShaper.sliders
    assert moved(brightness, 0.5) == "+0.5 sd"
    assert moved(loudness, -3.0) == "-3 dB"
    assert moved(loudness, 0.0) == "·"
    assert values(loudness, 0.0, None) == "-20.0 dB"
    assert values(loudness, -6.0, None) == "-20.0 dB → -26.0 dB"
    assert values(loudness, -6.0, -25.5) == "-20.0 dB → -26.0 dB  is -25.5 dB"
    assert values(crunchy, 1.0, None) == ""
