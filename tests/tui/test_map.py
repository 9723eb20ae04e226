"""The map by its keys and the mouse: what is coloured, what is heard, what the lasso takes."""

from __future__ import annotations

import threading

import numpy as np
from textual import events

from tests.tui.conftest import Run, Running, settle
from tests.tui.fake_workspace import FakeWorkspace
from tui.messages import LassoReady, ListReady, PaintReady
from tui.widgets.map_drawing import MARGIN, View
from tui.widgets.map_lasso import inside
from tui.widgets.map_view import MapView


def _map(running: Running) -> MapView:
    return running.browse.finder.map_view


def _legend(running: Running) -> str:
    return running.browse.finder.legend.render().plain


def _cell(running: Running, sample_id: int) -> tuple[int, int]:
    """Where a sample is on the map, in characters and lines."""
    map_view = _map(running)
    place = map_view._points.place_of(sample_id)
    x, y = float(map_view._points.x[place]), float(map_view._points.y[place])
    return map_view.view.cell(x, y, map_view.size)


async def _drag(running: Running, path: list[tuple[int, int]], **keys: bool) -> None:
    await running.pilot.mouse_down(MapView, offset=path[0], **keys)
    for place in path[1:]:
        await running.pilot.hover(MapView, offset=place)
    await running.pilot.mouse_up(MapView, offset=path[-1])
    await settle(running.pilot)


def _inside(outline: np.ndarray) -> set[int]:
    points = FakeWorkspace().map_points()
    return set(points.ids[inside(points.xy[:, 0], points.xy[:, 1], outline)].tolist())


# Colours.


async def test_the_map_is_coloured_by_the_next_thing(run: Run) -> None:
    async with run() as running:
        await running.press("tab")
        assert _legend(running).startswith("category  ● ")
        await running.press("o")
        assert ("values", "rating") in running.workspace.calls
        await running.press("o")
        assert ("selected", "is:used") in running.workspace.calls
        await running.press("o")
        assert ("kinds", "folder") in running.workspace.calls
        assert _legend(running).startswith("folder  ● ")
        await running.press("o", "o")
        assert ("values", "brightness") in running.workspace.calls
        assert _legend(running).startswith("brightness  ")
        assert "▇" in _legend(running)
        paint = running.of(PaintReady)[-1].paint
        assert paint.colouring.graded
        assert len(set(paint.colouring.numbers.tolist())) > 5


async def test_the_map_is_coloured_by_a_tag_and_follows_it(run: Run) -> None:
    async with run() as running:
        await running.press("t")
        await running.answer("dark")
        await running.press("tab", "O")
        await running.answer("tag:dark")
        assert ("selected", "tag:dark") in running.workspace.calls
        assert _legend(running).strip() == "tag:dark  ● yes 1  ● no 39"
        await running.press("t")
        await running.answer("-dark")
        await settle(running.pilot)
        assert _legend(running).strip() == "tag:dark  ● yes 0  ● no 40"


async def test_what_is_no_query_colours_nothing(run: Run) -> None:
    async with run() as running:
        await running.press("tab", "O")
        await running.answer("nosuch:thing")
        assert any("nosuch" in line for line in running.text())
        await running.press("escape")
        assert _legend(running).startswith("category")


async def test_words_say_what_lies_where(run: Run) -> None:
    async with run(FakeWorkspace(700)) as running:
        await running.press("tab")
        width = _map(running).size.width
        map_text = " ".join(line[:width] for line in running.text()[2:-3])
        assert {"kick", "bass", "voice"} <= set(map_text.split())


async def test_the_query_lights_its_hits(run: Run) -> None:
    async with run() as running:
        await running.press("tab", "slash", *"kick", "enter")
        within = _map(running)._paint.within
        ids = _map(running)._points.ids
        assert sorted(ids[within].tolist()) == [7, 14, 21, 28, 35]
        await running.press("escape")
        assert _map(running)._paint.within is None


# The mouse.


async def test_passing_over_a_sound_hears_it_once(run: Run) -> None:
    async with run() as running:
        await running.press("tab")
        place = _cell(running, 11)
        await running.pilot.hover(MapView, offset=place)
        await settle(running.pilot)
        assert _map(running).current == 11
        heard = len(running.player.played)
        assert heard == 1
        await running.pilot.hover(MapView, offset=place)
        await settle(running.pilot)
        assert len(running.player.played) == heard


async def test_the_wheel_zooms_around_the_pointer_and_a_drag_pans(run: Run) -> None:
    async with run() as running:
        await running.press("tab")
        map_view = _map(running)
        at = (20, 8)
        before = map_view.view.place(at[0] + 0.5, at[1] + 0.5, map_view.size)
        await running.pilot._post_mouse_events([events.MouseScrollUp], MapView, at)
        await settle(running.pilot)
        assert map_view.view.span == MARGIN / 1.6
        after = map_view.view.place(at[0] + 0.5, at[1] + 0.5, map_view.size)
        np.testing.assert_allclose(before, after, atol=1e-9)
        await running.press("plus", "plus")
        view, current = map_view.view, map_view.current
        await _drag(running, [(20, 10), (25, 12), (28, 12)])
        width, height = map_view.size
        assert map_view.view == view.panned(-5 / width, -2 / height).panned(-3 / width, 0)
        assert map_view.current == current
        await running.press("home")
        assert map_view.view == View()


async def test_a_line_drawn_with_the_mouse_takes_what_is_in_it(run: Run) -> None:
    async with run() as running:
        await running.press("tab")
        path = [(4, 2), (60, 3), (62, 20), (30, 26), (3, 22)]
        map_view = _map(running)
        corners = [map_view.view.place(x + 0.5, y + 0.5, map_view.size) for x, y in path]
        await _drag(running, path, shift=True)
        found = running.of(LassoReady)[-1].ids.tolist()
        assert set(found) == _inside(np.array(corners))
        assert found == sorted(found)
        assert found


async def test_a_click_in_lasso_mode_takes_nothing(run: Run) -> None:
    async with run() as running:
        await running.press("tab", "n")
        await _drag(running, [(20, 8)])
        assert _map(running).lasso is None
        assert running.of(LassoReady) == []


# The lasso by keys.


async def _lasso(running: Running) -> np.ndarray:
    """Draw a box from the first sound over the whole lower right of the map."""
    await running.press("tab", "n", *["L"] * 9, *["J"] * 9, *["l"] * 3)
    assert "enter takes" in _legend(running)
    outline = _map(running).lasso.outline
    await running.press("enter")
    return outline


async def test_a_lasso_goes_to_a_collection(run: Run) -> None:
    async with run() as running:
        outline = await _lasso(running)
        wanted = _inside(outline)
        assert 1 < len(wanted) < 40
        assert any(f"{len(wanted)} sounds in the lasso" in line for line in running.text())
        await running.answer(" bright ones ")
        assert ("collect", tuple(sorted(wanted)), "bright ones") in running.workspace.calls
        assert _map(running).lasso is None
        assert _legend(running).startswith("category")


async def test_a_lasso_becomes_the_list_which_a_query_narrows(run: Run) -> None:
    async with run() as running:
        wanted = _inside(await _lasso(running))
        await running.answer("")
        ready = running.of(ListReady)[-1]
        assert set(ready.ids.tolist()) == wanted
        assert any("from the lasso" in line for line in running.text())
        within = _map(running)._paint.within
        assert set(_map(running)._points.ids[within].tolist()) == wanted
        await running.press("slash", *"kick", "enter")
        narrowed = set(running.of(ListReady)[-1].ids.tolist())
        assert narrowed == {each for each in wanted if each % 7 == 0}
        await running.press("escape", "escape")
        assert len(running.of(ListReady)[-1].ids) == 40
        assert not any("from the lasso" in line for line in running.text())


async def test_a_lasso_takes_only_what_the_query_found(run: Run) -> None:
    async with run() as running:
        await running.press("slash", *"snare", "enter")
        wanted = {each for each in _inside(await _lasso(running)) if each % 7 == 1}
        assert wanted == set(running.of(LassoReady)[-1].ids.tolist())


async def test_escape_leaves_the_lasso_and_then_the_query(run: Run) -> None:
    async with run() as running:
        await running.press("slash", *"kick", "enter", "tab", "n", "l")
        await running.press("escape")
        assert _map(running).lasso is None
        assert running.browse.query_text == "kick"
        await running.press("escape")
        assert running.browse.query_text == ""


async def test_an_empty_lasso_says_so(run: Run) -> None:
    async with run() as running:
        await running.press("tab", "n", "enter")
        assert running.of(LassoReady)[-1].ids.tolist() == []
        assert _map(running).lasso is not None


async def test_no_verb_of_the_map_runs_on_the_thread_of_the_keyboard(run: Run) -> None:
    async with run() as running:
        await _lasso(running)
        await running.answer("here")
        await running.press("o", "o", "o", "o")
        assert {"collect", "kinds", "values"} <= {call[0] for call in running.workspace.calls}
        assert threading.get_ident() not in running.workspace.threads
