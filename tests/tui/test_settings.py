"""The user's settings, keys and themes, and what is kept between starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.tui.conftest import Run, settle
from tests.tui.fake_workspace import FakePlayer, FakeWorkspace
from tui.app import Browser
from tui.colours import BACKGROUND, DARK, LIGHT
from tui.kept_state import Place, read_state, restored, state_file, write_state
from tui.keymap import checked, in_use
from tui.settings import Settings, read_settings
from tui.themes import turned

FILE = """
theme = "crate-light"
[keys]
similar = "f6,f5"
search = "?"
none-such = "x"
play = 5
stop = "no_such_key"
[send]
editor = "audacity {path}"
empty = " "
[other]
"""


def test_settings_keep_what_is_right_and_say_what_is_not(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(FILE, "utf-8")
    settings = read_settings(file)
    assert settings.theme == LIGHT
    assert settings.keymap == {"similar": "f6,f5"}
    assert settings.send == {"editor": "audacity {path}"}
    told = "\n".join(settings.troubles)
    assert all(each.startswith("settings.toml: ") for each in settings.troubles)
    for word in (
        "'other'",
        "'none-such'",
        "'play'",
        "no_such_key",
        "? already does 'help'",
        "'empty'",
    ):
        assert word in told.replace("question_mark", "?")
    assert len(settings.troubles) == 6


@pytest.mark.parametrize("text", ["theme = ", "theme = 'pink'", "keys = 3", "\0"])
def test_settings_that_are_wrong_say_so_in_one_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text, "utf-8")
    settings = read_settings(file)
    assert len(settings.troubles) == 1
    assert "\n" not in settings.troubles[0]
    assert (settings.theme, settings.keymap, settings.send) == ("", {}, {})
    assert read_settings(tmp_path / "none.toml") == Settings()


def test_keys_may_be_exchanged() -> None:
    keymap, troubles = checked({"mark": "t", "tag": "m"})
    assert troubles == []
    assert {key.id: key.shown for key in in_use(keymap, "browse")}["tag"] == "m"


def test_a_key_that_two_want_goes_to_neither_of_them_twice() -> None:
    keymap, troubles = checked({"mark": "f9", "tag": "f9"})
    assert len(keymap) == 1
    assert len(troubles) == 1


async def test_the_keys_of_the_user_work_and_are_shown() -> None:
    workspace = FakeWorkspace()
    settings = Settings(keymap={"mark": "f9"}, troubles=("settings.toml: something is wrong",))
    app = Browser(lambda: workspace, FakePlayer, settings)  # type: ignore[arg-type,return-value]
    async with app.run_test(size=(120, 100), notifications=True) as pilot:
        await settle(pilot)
        assert any("something is wrong" in note.message for note in app._notifications)
        await pilot.press("m")
        assert app._browse.top.marked == 0
        await pilot.press("f9")
        assert app._browse.top.marked == 1
        await pilot.press("question_mark")
        await settle(pilot)
        strips = app.screen._compositor.render_strips(app.size)
        text = "\n".join("".join(segment.text for segment in strip) for strip in strips)
        assert "  f9 " in text


async def test_light_and_dark_are_exchanged(run: Run) -> None:
    async with run() as running:

        def dark() -> bool:
            return BACKGROUND in running.app.export_screenshot()

        assert dark()
        await running.press("ctrl+t")
        assert running.app.theme == LIGHT
        assert not dark()
        await running.press("ctrl+t")
        assert running.app.theme == DARK
        assert dark()


def test_light_keeps_hues_and_turns_lightness_round() -> None:
    assert min(turned(0x12, 0x14, 0x1B)) > 235
    assert max(turned(0xD9, 0xDD, 0xE8)) < 80
    red, green, blue = turned(0xF2, 0xB3, 0x66)
    assert red > green > blue
    assert sum(turned(255, 255, 255)) < sum(turned(128, 128, 128)) < sum(turned(0, 0, 0))


@dataclass(frozen=True)
class Part:
    loud: float = 0.5
    on: bool = True
    names: tuple[str, ...] = ("a",)

    def __post_init__(self) -> None:
        if self.loud > 1:
            raise ValueError


def test_a_state_is_kept_and_restored(tmp_path: Path) -> None:
    file = tmp_path / "library.crate" / "app.json"
    write_state(file, {"part": Part(0.25, False, ("x", "y")), "place": Place("kick", 3)})
    kept = read_state(file)
    assert restored(Part(), kept["part"]) == Part(0.25, False, ("x", "y"))
    assert restored(Place(), kept["place"]) == Place("kick", 3)
    assert restored(Part(), {"loud": "x", "on": 1, "names": [1], "more": 2}) == Part()
    assert restored(Part(), {"loud": 7}) == Part()
    assert restored(Part(), None) == Part()


def test_a_state_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    file = tmp_path / "app.json"
    assert read_state(file) == {}
    for text in ("{", "[]", "x" * 70_000):
        file.write_text(text)
        assert read_state(file) == {}
    (tmp_path / "file").write_text("")
    write_state(tmp_path / "file" / "app.json", {"place": Place()})  # says nothing, keeps nothing


async def test_the_application_begins_where_it_was_left(tmp_path: Path) -> None:
    def app() -> tuple[Browser, FakeWorkspace]:
        workspace = FakeWorkspace()
        workspace.path = tmp_path / "library.sqlite"
        return Browser(lambda: workspace, FakePlayer, keep=True), workspace  # type: ignore

    first, _ = app()
    async with first.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"kick", "enter")
        await settle(pilot)
        await pilot.press("down", "down", "tab", "ctrl+t")
        await settle(pilot)
        current = first._browse.finder.table.current
    first.let_go()
    assert state_file(tmp_path / "library.sqlite").exists()
    second, workspace = app()
    async with second.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        assert second._browse.query_text == second._browse.search.query_text == "kick"
        assert second._browse.finder.table.current == current
        assert second._browse.finder.view == "map"
        assert second.theme == LIGHT
        assert ("ids", "kick") in workspace.calls
    second.let_go()
