"""Similar sounds: grades by aspect, weights from the keyboard, and the way back and forward."""

from __future__ import annotations

import pytest

from tests.tui.conftest import Run
from tests.tui.fake_workspace import ASPECTS
from tui.looks import History, Look
from tui.messages import ListReady
from tui.widgets.aspect_strip import AspectStrip, turned


@pytest.mark.parametrize(
    ("aspect", "weight", "by", "then"),
    [
        ("pitch", 1.0, 1, 2.0),
        ("pitch", 1.0, -1, 0.5),
        ("pitch", 4.0, 1, 4.0),
        ("pitch", 0.0, -1, 0.0),
        ("pitch", 1.7, 1, 4.0),
        ("pitch", 2.0, 0, 0.0),
        ("pitch", 0.0, 0, 1.0),
        ("loudness", 0.0, 0, 1.0),
        ("loudness", 0.0, 1, 0.25),
    ],
)
def test_a_weight_goes_by_steps(aspect: str, weight: float, by: int, then: float) -> None:
    assert turned(aspect, weight, by) == then


async def test_similar_sounds_have_a_grade_for_each_aspect(run: Run) -> None:
    async with run() as running:
        await running.press("s")
        ready = running.of(ListReady)[-1]
        assert isinstance(ready, ListReady)
        assert tuple(ready.aspects) == ASPECTS
        assert all(len(grades) == len(ready.ids) == 40 for grades in ready.aspects.values())
        assert ready.aspects["pitch"][0] == 1.0
        assert any("likeness" in line and "t s e p r a l" in line for line in running.text())


async def test_aspects_are_weighed_from_the_keyboard_and_the_list_follows(run: Run) -> None:
    async with run() as running:
        await running.press("s", "w")
        assert isinstance(running.app.focused, AspectStrip)
        await running.press("right", "up")
        assert running.workspace.weights[-1] == {"spectrum": 2.0}
        await running.press("l", "l", "0")
        assert running.workspace.weights[-1] == {"spectrum": 2.0, "pitch": 0.0}
        assert any("spectrum x2" in line and "pitch off" in line for line in running.text())
        await running.press("r")
        assert running.workspace.weights[-1] == {}
        await running.press("enter")
        assert running.app.focused is running.browse.finder.table


async def test_all_weighing_in_a_row_is_one_step_back(run: Run) -> None:
    async with run() as running:
        await running.press("s", "w", "up", "up", "right", "down", "enter")
        assert dict(running.browse._history.here.weights) == {"timbre": 4.0, "spectrum": 0.5}
        await running.press("escape")
        assert running.browse._history.here.weights == ()
        assert running.browse._history.here.sound == 1
        await running.press("F")
        assert dict(running.browse._history.here.weights) == {"timbre": 4.0, "spectrum": 0.5}
        assert running.workspace.weights[-1] == {"timbre": 4.0, "spectrum": 0.5}


async def test_a_click_on_an_aspect_chooses_it_and_another_switches_it_off(run: Run) -> None:
    async with run() as running:
        await running.press("s")
        strip = running.browse.finder.strip
        await running.pilot.click(strip, offset=(11, 1))
        await running.pilot.click(strip, offset=(11, 1))
        await running.press()
        assert running.workspace.weights[-1] == {"spectrum": 0.0}


async def test_nothing_is_weighed_in_a_plain_list(run: Run) -> None:
    async with run() as running:
        await running.press("w")
        assert running.app.focused is running.browse.finder.table
        assert not running.browse.finder.strip.has_class("-shown")


async def test_weights_go_on_to_the_next_sound(run: Run) -> None:
    async with run() as running:
        await running.press("s", "w", "up", "enter", "down", "s")
        assert running.workspace.weights[-1] == {"timbre": 2.0}
        assert running.browse._history.here.sound == 2


async def test_the_way_leads_back_and_forward_and_keeps_the_cursor(run: Run) -> None:
    async with run() as running:
        await running.press("slash", *"kick", "enter", "down", "s", "down")
        there = running.browse.finder.table.current
        await running.press("escape")
        assert running.browse.finder.table.current == 14
        await running.press("escape")
        assert running.browse.search.query_text == ""
        await running.press("F")
        assert running.browse.search.query_text == "kick"
        assert running.browse.finder.table.current == 14
        await running.press("F")
        assert running.browse.finder.table.current == there
        await running.press("F")
        assert running.browse._history.here.sound == 14


def test_a_new_step_ends_the_way_forward() -> None:
    history = History()
    history.go(Look("kick"))
    assert history.back() == Look()
    history.go(Look("hat"))
    assert history.forward() is None
    assert history.back() == Look()
    assert history.forward() == Look("hat")


def test_a_look_shows_the_same_wherever_its_cursor_is() -> None:
    assert Look("kick", current=1).shows_as(Look("kick", current=2))
    assert not Look("kick").shows_as(Look("kick", weights=(("pitch", 0.0),)))
