"""The table of actions, and everything that must agree with it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from string import punctuation

import pytest
from textual.keys import Keys, _character_to_key

from tests.key_docs import page
from tests.tui.conftest import Run
from tui.app import Browser
from tui.commands import KeyCommands
from tui.folders import chosen, completed, meant, trouble_reading, trouble_writing
from tui.keymap import TOGETHER
from tui.keys import KEYS, SCOPES, keys_of
from tui.looks import History, Look
from tui.screens.browse import Browse
from tui.screens.choose_columns import ColumnList
from tui.screens.dream import Dream
from tui.screens.help import Help, describe
from tui.screens.job_list import JobList
from tui.screens.morph import Morph
from tui.screens.shape import Shape
from tui.screens.spaces import Spaces
from tui.screens.teach import Teach
from tui.screens.train import Train
from tui.screens.training import Training
from tui.screens.variations import Variations
from tui.widgets.aspect_strip import AspectStrip
from tui.widgets.map_view import MapView
from tui.widgets.sample_table import SampleTable
from tui.widgets.side_panel import SidePanel
from tui.widgets.triage_line import TriageLine

PAGE = Path(__file__).parents[2] / "docs" / "keys.md"
HOMES = {
    "app": Browser,
    "browse": Browse,
    "list": SampleTable,
    "map": MapView,
    "morph": Morph,
    "aspects": AspectStrip,
    "columns": ColumnList,
    "panel": SidePanel,
    "triage": TriageLine,
    "shape": Shape,
    "variations": Variations,
    "dream": Dream,
    "teach": Teach,
    "train": Train,
    "training": Training,
    "spaces": Spaces,
    "jobs": JobList,
}


def test_ids_are_unique_and_scopes_known() -> None:
    assert max(Counter(key.id for key in KEYS).values()) == 1
    assert {key.scope for key in KEYS} == set(SCOPES) == set(HOMES)


@pytest.mark.parametrize("scopes", TOGETHER)
def test_no_key_does_two_things_in_one_place(scopes: tuple[str, ...]) -> None:
    keys = [each for scope in scopes for key in keys_of(scope) for each in key.keys.split(",")]
    assert [key for key, count in Counter(keys).items() if count > 1] == []


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.id)
def test_every_action_has_a_method_and_words(key) -> None:
    home = HOMES[key.scope]
    name = key.action.split("(")[0]
    if name.startswith("app."):
        home, name = Browser, name.removeprefix("app.")
    assert hasattr(home, f"action_{name}")
    assert key.label
    assert key.help[0].isupper()
    assert not key.help.endswith(".")


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.id)
def test_every_key_has_a_name_that_the_terminal_sends(key) -> None:
    known = {each.value for each in Keys} | {_character_to_key(each) for each in punctuation + " "}
    for each in key.keys.split(","):
        assert each in known or (len(each) == 1 and each.isalnum())


def test_the_page_holds_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_help_holds_every_key() -> None:
    text = describe({}).plain
    for key in KEYS:
        assert key.help in text


async def test_help_opens_and_closes(run: Run) -> None:
    async with run() as running:
        await running.press("question_mark")
        assert isinstance(running.app.screen, Help)
        assert any("Type a query" in line for line in running.text())
        await running.press("escape")
        assert isinstance(running.app.screen, Browse)


async def test_the_palette_offers_every_action_that_works_here(run: Run) -> None:
    async with run() as running:
        provider = KeyCommands(running.app.screen)
        offered = [hit.help async for hit in provider.discover()]
        wanted = [key.help for scope in ("list", "browse", "app") for key in keys_of(scope)]
        assert offered == [help_ for help_ in wanted if help_ != "Find any action by its name"]
        found = [hit async for hit in provider.search("autoplay")]
        await found[0].command()
        assert not running.browse.top.autoplay


def test_history_goes_back_step_by_step() -> None:
    history = History()
    history.change(query="kick", current=5)
    history.go(Look("kick", sound=5, name="five"))
    assert history.here.sound == 5
    assert history.back() == Look("kick", current=5)
    assert history.back() is None
    assert history.here == Look("kick", current=5)


def test_folders_are_completed_and_checked(tmp_path: Path) -> None:
    (tmp_path / "samples").mkdir()
    (tmp_path / "a.wav").write_bytes(b"")
    assert completed(f"{tmp_path}/sa") == f"{tmp_path}/samples"
    assert completed(f"{tmp_path}/x") is None
    assert completed("sa") is None
    assert trouble_reading(str(tmp_path)) == ""
    assert chosen(f"~/{tmp_path}") == tmp_path
    assert meant("~/~/samples") == "~/samples"
    assert meant("~/samples") == "~/samples"
    assert chosen("~/samples") == Path.home() / "samples"
    assert trouble_reading(str(tmp_path / "none")) == "There is no such folder"
    assert trouble_reading(str(tmp_path / "a.wav")) == "That is a file, not a folder"
    assert trouble_reading(" ") == "Type the path of a folder"
    assert trouble_reading("/\0") != ""
    assert trouble_writing(str(tmp_path / "new" / "deep")) == ""
    assert trouble_writing(str(tmp_path / "a.wav" / "deep")) == "a.wav is a file, not a folder"
