"""The pad of a morph: what is heard where, what is kept, the path and the steps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from textual.message import Message
from textual.widgets import Input, Static

from index.workspace import Workspace
from library.clip import Clip
from library.decode import read
from library.progress import drive
from tests.conftest import MadeLibrary
from tests.tui.conftest import Run, Running, settle
from tests.tui.fake_making import FakePad
from tests.tui.fake_workspace import FakeWorkspace, tone
from tui.app import Browser
from tui.made import MadeMeasured, SoundMade, TakeKept
from tui.playback import SilentPlayer
from tui.screens.ask import Ask
from tui.screens.morph import Morph
from tui.widgets.measured import Measured
from tui.widgets.pad import Pad
from tui.widgets.pad_corner import PadCorner
from tui.widgets.take_list import TakeList
from vae.pad import weights_at

Kind = TypeVar("Kind", bound=Message)


async def opened(running: Running, sounds: int) -> tuple[Morph, FakePad]:
    """Mark the first sounds of the list and open the pad."""
    for _ in range(sounds):
        await running.press("m", "down")
    await running.press("M")
    screen = running.app.screen
    assert isinstance(screen, Morph)
    return screen, running.workspace.pads[-1]


def of(running: Running, kind: type[Kind]) -> list[Kind]:
    """The messages of a kind, each once, though several may have seen it pass."""
    return list({id(each): each for each in running.messages if type(each) is kind}.values())


def heard(running: Running) -> SoundMade:
    """What was made last, which is what plays."""
    made = of(running, SoundMade)[-1]
    assert np.array_equal(running.player.played[-1], made.sound.frames)
    return made


def places(pad: FakePad, kind: str = "at") -> list[object]:
    return [call[1] for call in pad.calls if call[0] == kind]


def same(written: Clip, made: Clip) -> bool:
    """Whether 24 bits are all that differs."""
    return bool(np.abs(written.frames - made.frames).max() < 2**-23)


def weights_shown(screen: Morph) -> list[float]:
    return [card.weight for card in screen._cards]


def told(running: Running) -> list[str]:
    return [note.message for note in running.app._notifications]


async def test_the_middle_is_heard_at_once_and_every_move_after(run: Run) -> None:
    async with run() as running:
        screen, pad = await opened(running, 2)
        assert ("pad", ("1", "2"), True) in running.workspace.calls
        assert heard(running).of == (0.5, 0.5)
        await running.press("right")
        assert heard(running).of == (0.55, 0.5)
        mixed = 0.45 * tone(1).frames + 0.55 * tone(2).frames
        assert np.abs(heard(running).clip.frames - mixed).max() < 1e-6
        assert weights_shown(screen) == pytest.approx([0.45, 0.55])
        assert [moved.position for moved in of(running, Pad.Moved)] == [(0.55, 0.5)]
        # What takes long is done in threads.
        assert pad.threads.isdisjoint({running.app._thread_id})


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ("hhk", (0.4, 0.45)),
        ("left left up", (0.4, 0.45)),
        ("LLJ", (0.52, 0.51)),
        ("shift+right shift+right shift+down", (0.52, 0.51)),
        ("1k", (0.0, 0.0)),
        ("3", (1.0, 1.0)),
        ("4 l 0", (0.5, 0.5)),
    ],
)
async def test_keys_move_over_the_pad_and_not_beyond(
    run: Run, keys: str, place: tuple[float, float]
) -> None:
    async with run() as running:
        screen, _ = await opened(running, 4)
        await running.press(*(keys.split() if " " in keys else keys))
        assert screen.pad.position == pytest.approx(place)
        assert heard(running).of == pytest.approx(place)
        assert weights_shown(screen) == pytest.approx(weights_at(4, place))


@pytest.mark.parametrize("sounds", [2, 3, 4])
async def test_corners_are_the_sounds_themselves(run: Run, sounds: int) -> None:
    async with run() as running:
        _, pad = await opened(running, sounds)
        for number in range(sounds):
            await running.press(str(number + 1))
            assert heard(running).clip is pad.corners[number]
        made = len(of(running, SoundMade))
        await running.press("4" if sounds < 4 else "9")
        assert len(of(running, SoundMade)) == made


async def test_steps_over_the_pad_end_exactly_in_the_corner(run: Run) -> None:
    async with run() as running:
        _, pad = await opened(running, 4)
        await running.press("1", *["l"] * 20, *["j"] * 20)
        assert heard(running).clip is pad.corners[2]


async def test_the_mouse_moves_and_drags(run: Run) -> None:
    async with run() as running:
        screen, _ = await opened(running, 4)
        width, height = screen.pad.size
        await running.pilot.mouse_down(Pad, offset=(0, 0))
        assert screen.pad.position == (0.0, 0.0)
        await running.pilot.hover(Pad, offset=(width - 1, 0))
        assert screen.pad.position == (1.0, 0.0)
        await running.pilot.mouse_up(Pad, offset=(width - 1, 0))
        await running.pilot.hover(Pad, offset=(3, height - 1))
        await running.press()
        assert screen.pad.position == (1.0, 0.0)
        assert heard(running).of == (1.0, 0.0)


async def test_moves_while_a_sound_is_made_are_not_piled_up(run: Run) -> None:
    async with run() as running:
        _, pad = await opened(running, 2)
        await running.pilot.press(*["right"] * 10)
        await running.press()
        assert heard(running).of == pytest.approx((1.0, 0.5))
        assert len(places(pad)) <= 11
        assert [made.of for made in of(running, SoundMade)] == places(pad)


async def test_what_is_heard_is_measured_and_drawn(run: Run) -> None:
    async with run() as running:
        screen, _ = await opened(running, 2)
        await running.press("1")
        (*_, event) = of(running, MadeMeasured)
        assert event.of == (0.0, 0.5)
        assert screen.query_one(Measured).attributes == event.attributes
        lines = running.text()
        assert any("loudness" in line and "dB" in line for line in lines)
        assert any("A  " in line and "100%" in line and "B  " in line for line in lines)


async def test_playing_can_be_stopped_and_begun_again(run: Run) -> None:
    async with run() as running:
        await opened(running, 2)
        assert running.player.playing
        await running.press("space")
        assert not running.player.playing
        played = len(running.player.played)
        await running.press("space")
        assert running.player.playing
        assert len(running.player.played) == played + 1
        await running.press("escape")
        assert not running.player.playing


async def test_a_take_is_kept_in_a_folder_that_is_asked_for_once(run: Run, tmp_path: Path) -> None:
    async with run() as running:
        screen, pad = await opened(running, 2)
        out = tmp_path / "new" / "takes"
        await running.press("right", "enter")
        assert isinstance(running.app.screen, Ask)
        await running.answer(str(out))
        assert running.app.screen is screen
        await running.press("w")
        assert places(pad, "keep") == [(0.55, 0.5)] * 2
        names = [each.take.path.name for each in of(running, TakeKept)]
        assert names == ["place.wav", "place_2.wav"]
        assert sorted(each.name for each in out.iterdir()) == sorted(names)
        assert screen.takes.names == ("place_2.wav", "place.wav")
        assert same(read(out / "place.wav"), heard(running).clip)
        assert "Kept place.wav" in told(running)
        lines = running.text()
        assert any("A 45%  B 55%" in line for line in lines)
        # The next pad keeps there too.
        await running.press("escape", "M", "enter")
        assert isinstance(running.app.screen, Morph)
        assert len(list(out.iterdir())) == 3


async def test_another_folder_can_be_chosen_and_a_question_left(run: Run, tmp_path: Path) -> None:
    async with run() as running:
        screen, pad = await opened(running, 2)
        await running.press("enter", "escape")
        assert places(pad, "keep") == []
        for name in ("one", "two"):
            await running.press("f")
            await running.answer(str(tmp_path / name))
        await running.press("enter")
        assert (tmp_path / "two" / "place.wav").is_file()
        assert not (tmp_path / "one").exists()
        assert str(tmp_path / "two")[:20] in str(screen.query_one(TakeList).render())


async def test_a_path_is_recorded_heard_kept_and_left(run: Run, tmp_path: Path) -> None:
    async with run() as running:
        screen, pad = await opened(running, 4)
        state = screen.query_one("#made-state", Static)
        await running.press("1", "r")
        assert "recording" in str(state.render())
        await running.press("2", "3", "r")
        (way,) = places(pad, "along")
        assert isinstance(way, Sequence)
        shares = [share for share, _, _ in way]
        assert shares == sorted(shares)
        assert (shares[0], shares[-1]) == (0.0, 1.0)
        corners = [(x, y) for _, x, y in way]
        assert list(dict.fromkeys(corners)) == [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]
        assert heard(running).of == way
        assert "the path as one sound" in str(state.render())
        assert any("•" in line for line in running.text())
        await running.press("enter")
        await running.answer(str(tmp_path))
        assert (tmp_path / "path.wav").is_file()
        assert same(read(tmp_path / "path.wav"), pad.along(way))
        await running.press("h", "enter")
        assert heard(running).of == pytest.approx((0.95, 1.0))
        assert "the path" not in str(state.render())
        assert (tmp_path / "place.wav").is_file()
        await running.press("p")
        assert heard(running).of == way


async def test_no_path_is_told(run: Run) -> None:
    async with run() as running:
        screen, pad = await opened(running, 2)
        await running.press("p", "r", "r")
        assert told(running) == [
            "There is no path yet: press r, move, and press r again",
            "Nothing was recorded: press r, move, and press r again",
        ]
        assert places(pad, "along") == []
        assert screen.pad.position == (0.5, 0.5)


async def test_steps_between_corners_are_those_of_a_morph(run: Run, tmp_path: Path) -> None:
    async with run() as running:
        screen, _ = await opened(running, 3)
        await running.press("n")
        assert running.app.screen.query_one(Input).value == "AB 9"
        await running.answer("CA 5")
        await running.answer(str(tmp_path / "steps"))
        (call,) = [call for call in running.workspace.calls if call[0] == "morph"]
        assert call[1:] == (("3", "1"), 5, tmp_path / "steps", True)
        assert len(list((tmp_path / "steps").glob("*.wav"))) == 5
        assert len(screen.takes.names) == 5
        assert any("5 files written" in message for message in told(running))


async def test_steps_along_the_path(run: Run, tmp_path: Path) -> None:
    async with run() as running:
        _, pad = await opened(running, 2)
        await running.press("n")
        await running.answer("path 4")
        trouble = running.app.screen.query_one("#ask-trouble", Static)
        assert "There is no path yet" in str(trouble.render())
        await running.press("escape", "1", "r", "2", "r", "n")
        assert running.app.screen.query_one(Input).value == "path 9"
        await running.answer("path 3")
        await running.answer(str(tmp_path))
        (steps,) = [call for call in pad.calls if call[0] == "steps"]
        assert steps[2] == 3
        assert places(pad, "keep") == [(0.0, 0.5), (0.5, 0.5), (1.0, 0.5)]
        assert len(list(tmp_path.glob("*.wav"))) == 3


async def test_sounds_change_corners(run: Run) -> None:
    async with run() as running:
        screen, _ = await opened(running, 4)
        await running.press("2", "o")
        assert screen.sounds == (4, 1, 2, 3)
        # The place stays, and there is another sound now.
        assert heard(running).clip is running.workspace.pads[-1].corners[1]
        assert np.array_equal(heard(running).clip.frames, tone(1).frames)
        await running.press("x")
        assert screen.sounds == (1, 4, 2, 3)
        assert np.array_equal(heard(running).clip.frames, tone(4).frames)
        await running.press("a")
        assert told(running) == [
            "All marked sounds are on the pad; mark more with m to choose among them"
        ]


async def test_more_than_four_take_turns_in_the_nearest_corner(run: Run) -> None:
    async with run() as running:
        screen, _ = await opened(running, 6)
        assert screen.sounds == (1, 2, 3, 4)
        await running.press("3", "a")
        assert screen.sounds == (1, 2, 5, 4)
        await running.press("a")
        assert screen.sounds == (1, 2, 6, 4)
        await running.press("a")
        assert screen.sounds == (1, 2, 3, 4)


async def test_a_sound_that_cannot_be_read_is_told(run: Run) -> None:
    async with run(FakeWorkspace(undecodable=[2])) as running:
        for _ in range(2):
            await running.press("m", "down")
        await running.press("M")
        screen = running.app.screen
        assert isinstance(screen, Morph)
        assert "The file ends in the middle: copy it again" in told(running)
        # It stays on the screen.
        state = screen.query_one("#made-state", Static)
        assert "The file ends in the middle" in str(state.render())
        await running.press("right", "enter", "r", "left", "r", "p")
        assert of(running, SoundMade) == []
        assert running.app.screen is screen


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (40, 12)])
@pytest.mark.parametrize("sounds", [2, 3, 4])
async def test_it_fits(run: Run, size: tuple[int, int], sounds: int) -> None:
    async with run(size=size) as running:
        screen, _ = await opened(running, sounds)
        await running.press("right", "down")
        assert "◉" in "".join(running.text())
        assert all(card.size.height >= 2 for card in screen.query(PadCorner)) or size == (40, 12)


async def test_on_a_real_library_a_kept_place_is_made_again_bit_for_bit(
    library_copy: MadeLibrary, tmp_path: Path
) -> None:
    workspace = Workspace.open(library_copy.path)
    messages: list[Message] = []
    app = Browser(lambda: workspace, lambda: SilentPlayer(""))
    async with app.run_test(size=(120, 36), message_hook=messages.append) as pilot:
        await settle(pilot)
        await pilot.press("down", "m", "down", "m", "down", "m", "M")
        await settle(pilot)
        assert isinstance(app.screen, Morph)
        ids = app.screen.sounds
        app.screen._keep_in.path = tmp_path / "takes"
        for keys in (("1",), ("l", "l", "j"), ("r", "2", "3", "r")):
            await pilot.press(*keys)
            await settle(pilot)
            await pilot.press("enter")
            await settle(pilot)
    kept = {id(each): each for each in messages if type(each) is TakeKept}
    takes = [each.take for each in kept.values()]
    assert [take.weights is None for take in takes] == [False, False, True]
    corner, original = read(takes[0].path), workspace.clip(ids[0])
    assert takes[0].weights == (1.0, 0.0, 0.0)
    assert np.array_equal(corner.frames[: original.channels], original.frames)
    for take in takes:
        found = workspace.recipe(str(take.path))
        assert found is not None
        assert drive(workspace.make_again(found, tmp_path / "again")).same
    app.let_go()
