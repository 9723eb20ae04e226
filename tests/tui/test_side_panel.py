"""The side panel: folders, collections, tags and searches, and what choosing one does."""

from __future__ import annotations

from tests.tui.conftest import Run
from tests.tui.fake_workspace import FakeWorkspace
from tui.places import folder_tree
from tui.widgets.side_panel import SidePanel


def _library() -> FakeWorkspace:
    workspace = FakeWorkspace()
    workspace.tag([2, 3], ["very dark"])
    workspace.tag([3, 4], ["warm"])
    workspace.collect([1, 2, 3], "night drums")
    workspace.save_search("short", "kick sort:len")
    return workspace


def _shown(panel: SidePanel) -> list[str]:
    nodes, shown = [*panel.root.children], []
    while nodes:
        node = nodes.pop(0)
        assert node.data is not None
        shown.append(node.data.name)
        if node.is_expanded:
            nodes = [*node.children, *nodes]
    return shown


async def _choose(running, name: str) -> None:
    """Go down to a line and take it."""
    panel = running.browse.panel
    for _ in range(60):
        if panel.cursor_node is not None and panel.cursor_node.data.name == name:
            break
        await running.pilot.press("down")
    assert panel.cursor_node.data.name == name
    await running.press("enter")


def test_folders_hold_what_is_below_them() -> None:
    (root, other) = folder_tree({"a": 1, "a/b/c": 2, "a/d": 4, "z": 8})
    assert (root.name, root.path, root.samples) == ("a", "a", 7)
    assert [(each.path, each.samples) for each in root.folders.values()] == [("a/b", 2), ("a/d", 4)]
    assert root.folders["b"].folders["c"].path == "a/b/c"
    assert other.samples == 8


async def test_the_panel_is_there_where_there_is_room(run: Run) -> None:
    async with run(_library(), size=(140, 36)) as running:
        panel = running.browse.panel
        assert panel.has_class("-shown")
        assert _shown(panel) == [
            "collections", "night drums", "searches", "short", "tags", "very dark", "warm",
            "categories", "folders", "sounds", "bass", "hat", "kick", "other", "snare", "synth",
            "voice",
        ]  # fmt: skip
        assert any("night drums" in line and " 3 " in line for line in running.text())


async def test_a_narrow_screen_has_no_panel_until_it_is_asked_for(run: Run) -> None:
    async with run(_library(), size=(80, 24)) as running:
        assert not running.browse.panel.has_class("-shown")
        assert running.workspace.counted == 0
        await running.press("p")
        assert running.app.focused is running.browse.panel
        assert running.workspace.counted == 1
        assert "folders" in _shown(running.browse.panel)
        await running.press("p")
        assert not running.browse.panel.has_class("-shown")
        assert running.app.focused is running.browse.finder.table


async def test_what_is_chosen_joins_what_was_typed(run: Run) -> None:
    async with run(_library()) as running:
        await running.press("slash", *"0", "enter", "p")
        await _choose(running, "night drums")
        assert running.browse.search.query_text == '0 in:"night drums"'
        await _choose(running, "warm")
        assert running.browse.search.query_text == '0 in:"night drums" tag:warm'
        await _choose(running, "snare")
        assert running.browse.search.query_text.endswith("folder:/sounds/snare/")
        await _choose(running, "voice")
        assert running.browse.search.query_text.endswith("tag:warm folder:/sounds/voice/")
        await running.press("enter")
        assert running.browse.search.query_text == '0 in:"night drums" tag:warm'


async def test_a_folder_lists_what_is_in_it_and_the_way_leads_back(run: Run) -> None:
    async with run(_library()) as running:
        await running.press("p")
        await _choose(running, "kick")
        assert running.browse.finder.table.ids.tolist() == [7, 14, 21, 28, 35]
        await running.press("escape")
        assert running.app.focused is running.browse.finder.table
        await running.press("escape")
        assert running.browse.search.query_text == ""


async def test_a_saved_search_is_the_whole_query(run: Run) -> None:
    async with run(_library()) as running:
        await running.press("slash", *"hat", "enter", "p")
        await _choose(running, "short")
        assert running.browse.search.query_text == "kick sort:len"


async def test_headings_open_and_close_and_stay_so(run: Run) -> None:
    async with run(_library()) as running:
        await running.press("p", "home", "left")
        assert "night drums" not in _shown(running.browse.panel)
        await running.press("escape", "4", "t", *"new", "enter")
        assert "new" in _shown(running.browse.panel)
        assert "night drums" not in _shown(running.browse.panel)
        await running.press("p", "l")
        assert "night drums" in _shown(running.browse.panel)


async def test_folders_are_not_counted_again_for_a_word(run: Run) -> None:
    async with run(_library()) as running:
        assert running.workspace.counted == 1
        await running.press("t", *"new", "enter")
        assert running.workspace.counted == 1
        assert "new" in _shown(running.browse.panel)
