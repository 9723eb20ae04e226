"""The list of jobs: what waits, what is stopped, and what is shown."""

from __future__ import annotations

from functools import partial

from tests.tui.conftest import Run, Running, settle
from tui.messages import JobProgress, JobStopped, JobWanted
from tui.screens.browse import Browse
from tui.screens.job_list import JobList
from tui.screens.training import Training
from tui.widgets.job_bar import JobBar


async def until(running: Running, true) -> None:
    """Let messages be handled until something holds."""
    for _ in range(500):
        if true():
            return
        await running.pilot.pause()
    raise AssertionError("it never came")


def _want(running: Running, name: str, changes: bool = True) -> None:
    running.app.post_message(JobWanted(name, running.workspace.scan, print, changes))


async def _three(running: Running) -> None:
    """One job runs, a light one beside it, and one waits."""
    for name, changes in (("first", True), ("second", True), ("beside", False)):
        _want(running, name, changes)
    await until(running, lambda: {m.name for m in running.of(JobProgress)} == {"first", "beside"})


async def test_the_bar_says_how_many_run_beside_and_wait(run: Run) -> None:
    async with run() as running:
        await _three(running)
        bar = running.app.screen.query_one(JobBar)
        await until(running, lambda: "beside: beside · 1 waits" in str(bar.render()))
        assert any("second waits until" in note for note in running.told)
        await running.pilot.press("ctrl+g")
        await running.pilot.press("X")
        await settle(running.pilot)
        assert running.of(JobProgress)[-1].name != "second"
        assert {m.name for m in running.of(JobStopped)} == {"first", "beside"}
        assert not bar.has_class("-running")
        assert running.app.jobs.shown(0.0) == []


async def test_one_job_is_stopped_and_the_next_one_starts(run: Run) -> None:
    async with run() as running:
        await _three(running)
        await running.pilot.press("ctrl+g")
        await running.pilot.pause()
        assert isinstance(running.app.screen, JobList)
        assert [job.name for job in running.app.jobs.shown(0.0)] == ["first", "beside", "second"]
        await running.pilot.press("x")
        await until(running, lambda: any(m.name == "second" for m in running.of(JobProgress)))
        await running.pilot.press("j", "x", "k", "x")
        await until(running, lambda: not running.app.jobs.shown(0.0))
        await running.pilot.press("escape")
        await settle(running.pilot)
        assert isinstance(running.app.screen, Browse)
        assert running.of(JobStopped)[0].name == "first"


async def test_a_job_that_waits_never_starts_when_it_is_taken_out(run: Run) -> None:
    async with run() as running:
        await _three(running)
        await running.pilot.press("ctrl+g", "down", "down", "x")
        await until(running, lambda: len(running.app.jobs.shown(0.0)) == 2)
        await running.pilot.press("X")
        await settle(running.pilot)
        assert "second" not in {m.name for m in running.of(JobProgress)}


async def test_a_job_ends_while_another_screen_is_up(run: Run) -> None:
    async with run() as running:
        add = partial(running.workspace.add, [])
        reports: list[object] = []
        running.app.post_message(JobWanted("adding", add, reports.append))
        await running.press("V")
        assert len(reports) == 1
        assert running.browse.top.samples == 65


async def test_a_training_is_shown_from_the_list(run: Run) -> None:
    async with run() as running:
        running.workspace.learning.clear()
        await running.press("T")
        await running.pilot.press("ctrl+s")
        await until(running, lambda: isinstance(running.app.screen, Training))
        await running.pilot.press("escape", "ctrl+g")
        await running.pilot.pause()
        await running.pilot.press("enter")
        await until(running, lambda: isinstance(running.app.screen, Training))
        running.workspace.learning.set()
        await settle(running.pilot)
        assert running.app.screen.space == "mine"


async def test_the_list_follows_a_job_but_not_while_the_user_types(run: Run) -> None:
    async with run() as running:
        await running.press("slash", *"kick")
        asked = len([call for call in running.workspace.calls if call[0] == "ids"])
        running.browse.refresh_list()
        await settle(running.pilot)
        assert len([call for call in running.workspace.calls if call[0] == "ids"]) == asked
        await running.press("enter")
        running.browse.refresh_list()
        await settle(running.pilot)
        assert len([call for call in running.workspace.calls if call[0] == "ids"]) == asked + 1
