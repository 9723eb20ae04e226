"""The main screen by its keys: what is asked, what is played, what is shown."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from textual.strip import Strip
from textual.widgets import Input

from tests.tui.conftest import Run
from tests.tui.fake_workspace import FakeWorkspace
from tui.colours import number_of
from tui.messages import ListReady, SoundReady, Trouble
from tui.playback import prepared
from tui.screens.morph import Morph
from tui.widgets.sample_table import SampleTable
from tui.widgets.search_line import SearchLine
from tui.widgets.top_line import TopLine


def _was_played(running, sample_id: int) -> bool:
    from tests.tui.fake_workspace import tone

    wanted = prepared(tone(sample_id), running.player.sample_rate)
    return np.array_equal(running.player.played[-1], wanted)


def _colour_on_map(running, sample_id: int) -> int:
    map_view = running.browse.finder.map_view
    return int(map_view._paint.colouring.numbers[map_view._points.place_of(sample_id)])


async def test_the_list_comes_at_once_and_makes_no_sound(run: Run) -> None:
    async with run() as running:
        assert running.browse.finder.table.current == 1
        assert running.player.played == []
        assert any("snare_0001.wav" in line for line in running.text())
        assert running.browse.query_one(TopLine).samples == 40


async def test_moving_the_cursor_plays_the_sound(run: Run) -> None:
    async with run() as running:
        await running.press("down", "down")
        assert running.browse.finder.table.current == 3
        assert _was_played(running, 3)
        assert running.player.playing


async def test_what_is_looked_at_is_analysed_first(run: Run) -> None:
    async with run(FakeWorkspace(500)) as running:
        seen = running.workspace.attention.take()
        assert seen[0] == 1
        assert set(range(1, 11)) <= set(seen)
        await running.press("end", "up")
        seen = running.workspace.attention.take()
        assert seen[0] == 499
        assert 500 in seen
        assert 1 not in seen


async def test_autoplay_obeys_its_switch(run: Run) -> None:
    async with run() as running:
        await running.press("a", "down", "down")
        assert running.player.played == []
        assert any("autoplay off" in line for line in running.text())
        await running.press("space")
        assert _was_played(running, 3)
        await running.press("a", "down")
        assert _was_played(running, 4)


async def test_space_stops_what_plays(run: Run) -> None:
    async with run() as running:
        await running.press("down")
        await running.press("space")
        assert not running.player.playing
        await running.press("space")
        assert running.player.playing


async def test_a_held_key_decodes_few_sounds_and_plays_the_last(run: Run) -> None:
    async with run(FakeWorkspace(2000)) as running:
        await running.press(*["down"] * 40)
        assert running.browse.finder.table.current == 41
        assert _was_played(running, 41)


async def test_the_next_sounds_are_decoded_ahead(run: Run) -> None:
    async with run() as running:
        await running.press("down", "down")
        assert {4, 5} <= set(running.workspace.decoded)
        before = running.workspace.decoded.count(4)
        await running.press("down")
        assert running.workspace.decoded.count(4) == before


@pytest.mark.parametrize(
    ("workspace", "reason"),
    [
        (FakeWorkspace(missing=[2]), "not there now"),
        (FakeWorkspace(failed=[2]), "not an audio file"),
        (FakeWorkspace(undecodable=[2]), "The file ends in the middle"),
    ],
)
async def test_a_sound_that_cannot_be_heard_says_why(
    run: Run, workspace: FakeWorkspace, reason: str
) -> None:
    async with run(workspace) as running:
        await running.press("down")
        assert running.player.played == []
        assert any(reason in line for line in running.text())
        await running.press("down")
        assert _was_played(running, 3)


async def test_every_letter_of_a_query_is_answered(run: Run) -> None:
    async with run() as running:
        await running.press("slash", *"kick")
        ready = running.of(ListReady)[-1]
        assert isinstance(ready, ListReady)
        assert ready.look.query == "kick"
        assert ready.ids.tolist() == [7, 14, 21, 28, 35]
        assert any("5 found" in line for line in running.text())
        assert running.player.played == []


async def test_a_wrong_query_is_explained_and_the_list_stays(run: Run) -> None:
    async with run() as running:
        await running.press("slash", *"kick", "space", "colon")
        troubles = [each for each in running.of(Trouble) if each.group == "list"]
        assert troubles
        assert running.browse.query_one(SearchLine).has_class("-wrong")
        assert any("there is no such term: try tag: or folder:" in line for line in running.text())
        await running.press("enter")
        assert running.browse.finder.table.current == 7
        await running.press("slash", *["backspace"] * 6)
        assert not running.browse.query_one(SearchLine).has_class("-wrong")


async def test_a_slow_query_never_blocks_and_only_the_newest_counts(run: Run) -> None:
    async with run() as running:
        running.workspace.hold.clear()
        asked = len(running.workspace.calls)
        await running.pilot.press("slash", *"kick_00")
        await running.pilot.pause()
        queries = [call for call in running.workspace.calls[asked:] if call[0] == "ids"]
        assert queries == [("ids", "k")]
        running.workspace.hold.set()
        await running.press("enter")
        queries = [call for call in running.workspace.calls[asked:] if call[0] == "ids"]
        assert queries == [("ids", "k"), ("ids", "kick_00")]
        assert running.browse.finder.table.current == 7


async def test_similar_goes_in_and_back_comes_out(run: Run) -> None:
    async with run() as running:
        await running.press("slash", *"kick", "enter", "down")
        await running.press("s")
        assert ("similar", "14", "kick") in running.workspace.calls
        assert running.browse.finder.table.current == 14
        assert any("sounds like kick_0014.wav" in line for line in running.text())
        await running.press("down")
        await running.press("escape")
        assert running.browse.finder.table.current == 14
        assert running.browse.query_one(SearchLine).query_text == "kick"
        await running.press("backspace")
        assert running.browse.query_one(SearchLine).query_text == ""
        assert not any("sounds like" in line for line in running.text())


async def test_words_and_stars_are_written_and_shown(run: Run) -> None:
    async with run(size=(140, 36)) as running:  # in the list and beside it
        await running.press("4", "t")
        await running.press(*"dark", "space", *"warm", "enter")
        assert ("rate", (1,), 4) in running.workspace.calls
        assert ("tag", (1,), ("dark", "warm")) in running.workspace.calls
        assert any("#dark #warm" in line for line in running.text())
        assert sum("★★★★·" in line for line in running.text()) == 2
        await running.press("t", *"-dark", "enter", "0")
        assert ("untag", (1,), ("dark",)) in running.workspace.calls
        assert ("rate", (1,), None) in running.workspace.calls
        assert not any("#dark" in line for line in running.text())


async def test_a_category_is_said_and_taken_back(run: Run) -> None:
    async with run() as running:
        assert any("snare · by name" in line for line in running.text())
        await running.press("c")
        assert running.app.screen.query_one(Input).value == "snare"
        await running.answer(" Tom ")
        assert ("category", (1,), "Tom") in running.workspace.calls
        assert any("tom · by you" in line for line in running.text())
        assert _colour_on_map(running, 1) == number_of("tom")
        await running.press("c")
        await running.answer("")
        assert ("category", (1,), None) in running.workspace.calls
        assert any("snare · by name" in line for line in running.text())
        assert _colour_on_map(running, 1) == number_of("snare")


async def test_a_word_that_is_no_category_is_refused_where_it_is_written(run: Run) -> None:
    async with run(size=(160, 36)) as running:
        await running.press("c")
        await running.answer("kicks")
        assert any("kicks is not a category" in line for line in running.text())
        await running.press("escape")
        assert not [call for call in running.workspace.calls if call[0] == "category"]


async def test_what_a_sound_is_of_is_confirmed_with_two_keys(run: Run) -> None:
    async with run() as running:
        await running.press("c", "enter")
        assert ("category", (1,), "snare") in running.workspace.calls


async def test_a_category_is_completed(run: Run) -> None:
    async with run() as running:
        await running.press("c")
        running.app.screen.query_one(Input).value = ""
        await running.press(*"inst", "right", "enter")
        assert ("category", (1,), "instrument") in running.workspace.calls


async def test_the_map_and_the_list_share_a_cursor(run: Run) -> None:
    async with run() as running:
        await running.press("down", "tab")
        map_view = running.browse.finder.map_view
        assert running.app.focused is map_view
        assert map_view.current == 2
        before = len(running.player.played)
        await running.press("left")
        assert map_view.current != 2
        assert len(running.player.played) == before + 1
        assert _was_played(running, map_view.current)
        await running.press("tab")
        assert running.browse.finder.table.current == map_view.current


async def test_the_map_says_how_to_get_one(run: Run) -> None:
    workspace = FakeWorkspace()
    workspace.mapped = False
    async with run(workspace) as running:
        await running.press("tab")
        assert any("P computes it" in line for line in running.text())
        await running.press("left", "plus", "enter")
        await running.press("P")
        assert running.browse.finder.map_view.current == 1


async def test_marked_sounds_open_the_morph(run: Run) -> None:
    async with run() as running:
        await running.press("M")
        assert not isinstance(running.app.screen, Morph)
        await running.press("m", "down", "m")
        assert any("2 marked" in line for line in running.text())
        await running.press("enter")
        assert isinstance(running.app.screen, Morph)
        assert running.app.screen.sounds == (1, 2)


async def test_no_verb_runs_on_the_thread_of_the_keyboard(run: Run) -> None:
    async with run() as running:
        await running.press("down", "3", "s", "slash", *"hat", "enter", "escape", "P")
        assert threading.get_ident() not in running.workspace.threads


async def test_only_what_is_in_sight_is_fetched(run: Run) -> None:
    """Half a million samples: jumping about fetches a few screens of rows."""
    async with run(FakeWorkspace(500_000)) as running:
        await running.press("end", "home", "pagedown", "end")
        assert running.browse.finder.table.current == 500_000
        assert any("500000" in line for line in running.text())
        assert running.workspace.rows_fetched < 1_000


async def test_a_move_draws_the_line_that_is_left_and_the_one_that_is_reached(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []
    draw = SampleTable.render_line

    def noted(table: SampleTable, y: int) -> Strip:
        drawn.append(y)
        return draw(table, y)

    async with run() as running:
        await running.press("down")
        monkeypatch.setattr(SampleTable, "render_line", noted)
        await running.press("down")
        assert sorted(set(drawn)) == [1, 2]


async def test_a_stale_answer_is_not_shown(run: Run) -> None:
    async with run() as running:
        await running.press("down")
        old = running.of(ListReady)[0]
        await running.press("slash", *"hat", "enter")
        running.browse.post_message(ListReady(old.look, old.ids, None))
        await running.press("down")
        heard = running.of(SoundReady)[-1]
        assert heard.row.category == "hat"


async def test_keys_faster_than_the_screen_mean_the_sample_under_the_cursor(run: Run) -> None:
    async with run() as running:
        # The cursor is two lines on, and nothing has told the screen of it yet.
        running.browse.finder.table.set_reactive(SampleTable.cursor, 2)
        running.browse.action_similar()
        await running.press()
        asked = [call for call in running.workspace.calls if call[0] == "similar"]
        assert asked == [("similar", "3", "")]
