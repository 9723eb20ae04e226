"""Teaching a word: what is said is kept, in the order it was said, and heard on the way."""

from __future__ import annotations

import numpy as np

from tests.tui.conftest import Run, Running
from tests.tui.fake_workspace import tone
from tui.messages import ExamplesReady, ProposalsReady
from tui.playback import prepared
from tui.screens.browse import Browse
from tui.screens.teach import Teach


async def _teach(running: Running, word: str = "crunchy") -> Teach:
    await running.press("Y", *word, "enter")
    screen = running.app.screen
    assert isinstance(screen, Teach)
    return screen


async def test_answers_are_kept_at_once_and_the_next_sound_is_heard(run: Run) -> None:
    async with run() as running:
        screen = await _teach(running, "Crunchy")
        assert screen.word == "crunchy"
        played = len(running.player.played)
        await running.press("y")
        assert len(running.player.played) == played + 1
        wanted = prepared(tone(2), running.player.sample_rate)
        assert np.array_equal(running.player.played[-1], wanted)
        await running.press("n", "y")
        assert running.workspace.taught == {"crunchy": {1: True, 2: False, 3: True}}
        assert running.of(ExamplesReady)
        assert any("2 yes" in line and "1 no" in line for line in running.text())
        assert screen.current is not None
        assert screen.current.id == 4


async def test_an_answer_is_taken_back(run: Run) -> None:
    async with run() as running:
        await _teach(running)
        await running.press("y", "up", "c")
        assert running.workspace.taught == {"crunchy": {}}
        assert ("forget word", "crunchy", (1,)) in running.workspace.calls


async def test_quick_answers_all_arrive_in_their_order(run: Run) -> None:
    async with run() as running:
        await _teach(running)
        await running.press("y", *["y", "k", "n"] * 3, "k", "c")
        said = running.workspace.taught["crunchy"]
        assert said == {1: True, 2: False, 3: False}


async def test_marked_sounds_come_first(run: Run) -> None:
    async with run() as running:
        await running.press("down", "down", "m", "home")
        screen = await _teach(running)
        assert screen.current is not None
        assert screen.current.id == 3
        await running.press("y")
        assert running.workspace.taught == {"crunchy": {3: True}}


async def test_sounds_are_proposed_once_one_is_it(run: Run) -> None:
    async with run() as running:
        screen = await _teach(running)
        await running.press("p")
        assert any("nothing can be proposed yet" in note for note in running.told)
        await running.press("y", "p")
        assert running.of(ProposalsReady)[-1].what.startswith("proposed")
        assert screen.current is not None
        assert screen.current.id == 17
        await running.press("l")
        assert screen.current.id == 1


async def test_examples_are_listed_and_the_word_is_forgotten_after_asking(run: Run) -> None:
    async with run() as running:
        running.workspace.taught = {"dusty": {5: True, 9: False}}
        screen = await _teach(running, "dusty")
        await running.press("e")
        assert [row.id for row in screen._rows] == [5, 9]
        await running.press("F", "escape")
        assert running.workspace.taught == {"dusty": {5: True, 9: False}}
        await running.press("F", "enter")
        assert running.workspace.taught == {"dusty": {}}
        assert any("0 yes" in line for line in running.text())


async def test_another_word_starts_without_the_answers_of_the_first(run: Run) -> None:
    async with run() as running:
        screen = await _teach(running)
        await running.press("y", "w")
        await running.answer("dark")
        assert screen.word == "dark"
        assert screen.said == {}
        await running.press("n")
        assert running.workspace.taught == {"crunchy": {1: True}, "dark": {2: False}}


async def test_no_word_is_no_teaching_and_odd_words_are_refused(run: Run) -> None:
    async with run() as running:
        await running.press("Y", *"a=b", "enter")
        assert any("is no word to teach" in line for line in running.text())
        await running.press("escape")
        assert isinstance(running.app.screen, Browse)


async def test_it_plays_stops_and_falls_silent(run: Run) -> None:
    async with run() as running:
        await _teach(running)
        await running.press("space")
        assert running.player.playing
        await running.press("space")
        assert not running.player.playing
        await running.press("down", "escape")
        assert not running.player.playing
        assert isinstance(running.app.screen, Browse)


async def test_likeness_is_said_of_marked_sounds(run: Run) -> None:
    async with run() as running:
        await running.press("A")
        assert any("mark two sounds or more" in note for note in running.told)
        await running.press("m", "down", "m", "A", "d")
        assert ("alike", (1, 2), True) in running.workspace.calls
        assert ("alike", (1, 2), False) in running.workspace.calls
        assert any(note.startswith("2 sounds do not belong together") for note in running.told)
