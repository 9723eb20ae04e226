"""Learning a space: what is asked for, what is drawn meanwhile, what is shown and used after."""

from __future__ import annotations

from tests.tui.conftest import Run, Running, settle
from tests.tui.fake_workspace import FakeWorkspace
from tui.messages import JobDone, JobProgress, JobStopped, SpaceChosen
from tui.screens.browse import Browse
from tui.screens.spaces import Spaces
from tui.screens.train import Train
from tui.screens.training import Training
from tui.widgets import space_facts
from tui.widgets.course_plot import CoursePlot
from vae.attributes import DEFAULT_ATTRIBUTES

ENOUGH = {**dict.fromkeys(range(1, 5), True), **dict.fromkeys(range(5, 9), False)}


def trained(running: Running) -> tuple[object, ...]:
    [call] = [call for call in running.workspace.calls if call[0] == "train"]
    return call


async def test_it_learns_from_the_query_by_default_choices(run: Run) -> None:
    workspace = FakeWorkspace()
    workspace.taught = {"crunchy": dict(ENOUGH), "dusty": {1: True}}
    async with run(workspace) as running:
        await running.press("slash", *"kick", "enter", "T")
        assert isinstance(running.app.screen, Train)
        text = "\n".join(running.text())
        assert "5 sounds · codec house · house is in use" in text
        assert "your word, 4 yes and 4 no; 8 and 8 are better" in text
        assert "your word, 1 yes and 0 no: too few, it takes 4 and 4" in text
        await running.press("ctrl+s")
        assert trained(running) == ("train", "mine", "kick", DEFAULT_ATTRIBUTES, ("crunchy",))
        assert running.browse.top.space == "mine"


async def test_attributes_query_and_name_are_chosen(run: Run) -> None:
    workspace = FakeWorkspace()
    workspace.taught = {"crunchy": dict(ENOUGH)}
    async with run(workspace) as running:
        await running.press("T", "end", *"-2", "tab", *"hat", "tab")
        await running.press("space", *["down"] * 9, "x", "k", "x", "ctrl+s")
        chosen = (*DEFAULT_ATTRIBUTES[1:], "width")
        assert trained(running) == ("train", "mine-2", "hat", chosen, ())


async def test_a_name_that_is_taken_and_no_attribute_are_refused(run: Run) -> None:
    async with run() as running:
        await running.press("T", *["backspace"] * 4, *"house", "ctrl+s")
        assert any("there is one of that name" in line for line in running.text())
        await running.press(*["backspace"] * 5, "x", "tab", "tab")
        for _ in DEFAULT_ATTRIBUTES:
            await running.press("space", "down")
        await running.press("ctrl+s")
        assert any("choose one measured attribute" in line for line in running.text())
        assert not [call for call in running.workspace.calls if call[0] == "train"]
        await running.press("escape")
        assert isinstance(running.app.screen, Browse)


async def test_a_query_that_is_wrong_is_explained(run: Run) -> None:
    async with run() as running:
        await running.press("T", "tab", *"a:b")
        assert any("there is no such term" in line for line in running.text())


async def test_losses_are_drawn_while_it_learns_and_what_came_of_it_after(run: Run) -> None:
    async with run() as running:
        await running.press("T", "ctrl+s")
        screen = running.app.screen
        assert isinstance(screen, Training)
        assert running.of(JobProgress)[-1].name in ("training mine", "comparing")
        text = "\n".join(running.text())
        assert "reconstruction 0.0167" in text
        assert "held out 0.312" in text
        assert any(0x2800 < ord(sign) < 0x2900 for sign in text)
        assert "brightness" in text
        assert "0.97" in text
        assert "310 Hz to 8.2 kHz" in text
        assert "house space" in text
        assert ("compare", "house", "mine") in running.workspace.calls
        assert "62% of the 10 nearest are the same in house and mine" in text
        assert [m.name for m in running.of(JobDone)] == ["training mine", "comparing"]


async def test_the_space_before_is_taken_back_and_the_new_one_again(run: Run) -> None:
    async with run() as running:
        await running.press("T", "ctrl+s", "b")
        assert running.workspace.space == "house"
        assert running.browse.top.space == "house"
        assert any("is kept; house is in use" in line for line in running.text())
        await running.press("u")
        assert running.workspace.space == "mine"
        chosen = dict.fromkeys(m.name for m in running.of(SpaceChosen))  # each bubbles
        assert list(chosen) == ["house", "mine"]
        await running.press("escape")
        assert isinstance(running.app.screen, Browse)


async def test_learning_is_stopped_and_browsing_goes_on_meanwhile(run: Run) -> None:
    async with run() as running:
        running.workspace.learning.clear()
        await running.press("T")
        await running.pilot.press("ctrl+s")
        while not isinstance(running.app.screen, Training):
            await running.pilot.pause()
        await running.pilot.press("u")
        await running.pilot.press("escape", "down")
        await running.pilot.pause()
        assert running.browse.finder.table.current == 2
        await running.pilot.press("X")
        await running.pilot.pause()
        running.workspace.learning.set()
        await settle(running.pilot)
        assert [m.name for m in running.of(JobStopped)] == ["training mine"]
        assert running.workspace.space == "house"
        assert any("It is being learned still" in note for note in running.told)


async def test_who_browses_on_is_told_in_a_sentence(run: Run) -> None:
    async with run() as running:
        running.workspace.learning.clear()
        await running.press("T")
        await running.pilot.press("ctrl+s")
        while not isinstance(running.app.screen, Training):
            await running.pilot.pause()
        await running.pilot.press("escape")
        running.workspace.learning.set()
        await settle(running.pilot)
        assert any(
            note.startswith("The space mine learned from 40 sounds") for note in running.told
        )


async def test_spaces_are_used_compared_and_forgotten(run: Run) -> None:
    workspace = FakeWorkspace()
    workspace.space_names = ["house", "mine"]
    async with run(workspace) as running:
        await running.press("V")
        screen = running.app.screen
        assert isinstance(screen, Spaces)
        assert screen.current is not None
        assert screen.current.name == "house"
        await running.press("c")
        assert any("not in use" in note for note in running.told)
        await running.press("j")
        assert any("310 Hz to 8.2 kHz" in line for line in running.text())
        await running.press("c")
        assert ("compare", "house", "mine") in workspace.calls
        assert any("62% of the 10 nearest" in line for line in running.text())
        await running.press("enter")
        assert workspace.space == "mine"
        assert running.browse.top.space == "mine"
        await running.press("F", "escape")
        assert workspace.space_names == ["house", "mine"]
        await running.press("F", "enter")
        assert workspace.space_names == ["house"]
        assert running.browse.top.space == "house"
        await running.press("escape")
        assert isinstance(running.app.screen, Browse)


def test_what_was_not_learned_is_told_without_a_figure() -> None:
    told = {
        "width": {"learned": True, "spearman": None, "range": None},
        "pitch": {"learned": False, "spearman": 0.1, "range": None},
    }
    lines = space_facts.attributes(told).plain.splitlines()
    assert lines[1].split(maxsplit=1) == ["width", "too few to measure      "]
    assert lines[2].endswith("not learned: too few sounds have it")


def test_a_plot_without_figures_says_why() -> None:
    plot = CoursePlot("training mine", "solved at once")
    assert plot.render_line(0).text.strip() in ("", "solved at once")
