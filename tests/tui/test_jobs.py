"""Jobs and questions: what they post, and that the keyboard never waits."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator
from functools import partial
from pathlib import Path

from textual.app import App
from textual.events import Key
from textual.message import Message
from textual.widgets import Input

from library.errors import LibraryError
from library.progress import Progress
from library.repairs import REPAIRS, say_repaired
from tests.tui.conftest import Run, settle
from tests.tui.fake_workspace import FakeWorkspace
from tui import jobs
from tui.jobs import Asking, Questions
from tui.messages import (
    AheadReady,
    JobDone,
    JobFailed,
    JobProgress,
    JobStopped,
    RowsChanged,
    Trouble,
)
from tui.screens.welcome import Welcome
from tui.widgets.job_bar import JobBar, describe


class Desk(Asking, App[None]):
    """An application that only remembers."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Message] = []

    def on_rows_changed(self, event: RowsChanged) -> None:
        self.seen.append(event)

    def on_trouble(self, event: Trouble) -> None:
        self.seen.append(event)

    def on_job_progress(self, event: JobProgress) -> None:
        self.seen.append(event)

    def on_job_done(self, event: JobDone) -> None:
        self.seen.append(event)

    def on_job_failed(self, event: JobFailed) -> None:
        self.seen.append(event)


def _counting(steps: int, trouble: bool = False) -> Generator[Progress, None, str]:
    for done in range(steps):
        yield Progress("counting", done, steps)
    if trouble:
        raise LibraryError("it broke", "mend it")
    return "counted"


async def test_a_job_ends_with_its_report() -> None:
    async with Desk().run_test() as pilot:
        jobs.start(pilot.app, "count", lambda: _counting(3))
        await settle(pilot)
        first, *_, last = pilot.app.seen
        assert isinstance(first, JobProgress)
        assert first.step == Progress("counting", 0, 3)
        assert isinstance(last, JobDone)
        assert last.report == "counted"


async def test_a_job_that_fails_says_why() -> None:
    async with Desk().run_test() as pilot:
        jobs.start(pilot.app, "count", lambda: _counting(1, trouble=True))
        await settle(pilot)
        last = pilot.app.seen[-1]
        assert isinstance(last, JobFailed)
        assert str(last.error) == "it broke: mend it"


def test_a_burst_collapses_to_the_newest_step_of_a_stage() -> None:
    first = JobProgress("scan", Progress("listing", 1))
    second = JobProgress("scan", Progress("listing", 2))
    other = JobProgress("scan", Progress("analysing", 1))
    assert second.can_replace(first)
    assert not other.can_replace(second)
    assert not second.can_replace(AheadReady())


async def test_only_the_newest_answer_is_passed_on() -> None:
    async with Desk().run_test() as pilot:
        questions = Questions(pilot.app, "words")
        for number in range(5):
            questions.ask(lambda number=number: RowsChanged([number]))
        await settle(pilot)
        assert [each.ids for each in pilot.app.seen] == [[4]]


async def test_a_question_that_fails_is_trouble() -> None:
    def fails() -> Message:
        raise LibraryError("no such thing")

    async with Desk().run_test() as pilot:
        Questions(pilot.app, "words").ask(fails)
        await settle(pilot)
        assert [(each.group, str(each.error)) for each in pilot.app.seen] == [
            ("words", "no such thing")
        ]


async def test_an_empty_library_asks_for_a_folder_and_lists_it(run: Run, tmp_path: Path) -> None:
    async with run(FakeWorkspace(0)) as running:
        assert isinstance(running.app.screen, Welcome)
        await running.answer(str(tmp_path / "none"))
        assert any("There is no such folder" in line for line in running.text())
        await running.answer(str(tmp_path))
        assert ("add", (tmp_path,)) in running.workspace.calls
        assert running.browse.top.samples == 25
        assert running.browse.finder.table.current == 1
        assert any("1 cannot be read: is:failed" in each.message for each in _notes(running))


async def test_a_whole_path_is_taken_and_completed_as_it_is_typed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "samples").mkdir()
    async with run(FakeWorkspace(samples=0)) as running:
        field = running.app.screen.query_one(Input)
        assert field.value == "~/"
        await running.press(*f"{tmp_path}/sa")
        assert field.value == f"{tmp_path}/sa"
        await running.press("right")
        assert field.value == f"{tmp_path}/samples"
        field.value = "~/"
        field.cursor_position = 2
        await settle(running.pilot)
        for letter in str(tmp_path):  # faster than the field is told of what is in it
            field.post_message(Key(letter, letter))
            await asyncio.sleep(0)
        await settle(running.pilot)
        assert field.value == str(tmp_path)


async def test_a_job_can_be_stopped_and_keeps_the_keyboard_free(run: Run) -> None:
    async with run() as running:
        await running.pilot.press("S")
        while not running.of(JobProgress):
            await running.pilot.pause()
        assert running.app.screen.query_one(JobBar).has_class("-running")
        await running.pilot.press("down", "S")
        for _ in range(100):  # the job is as busy as the keys
            await running.pilot.pause()
            if running.browse.finder.table.current == 2:
                break
        assert running.browse.finder.table.current == 2
        await running.pilot.press("X")
        await settle(running.pilot)
        assert running.of(JobStopped)
        assert [call for call in running.workspace.calls if call[0] == "scan"] == [("scan",)]
        assert any("scanning is under way already" in note for note in running.told)
        assert ("scan closed",) in running.workspace.calls
        assert not running.app.screen.query_one(JobBar).has_class("-running")


async def test_a_library_that_cannot_be_opened_ends_with_code_2() -> None:
    def fails() -> FakeWorkspace:
        raise LibraryError("not a library", "choose another file")

    from tests.tui.fake_workspace import FakePlayer
    from tui.app import Browser

    app = Browser(fails, FakePlayer)  # type: ignore[arg-type]
    async with app.run_test() as pilot:
        await settle(pilot)
    assert app.return_code == 2


def test_the_bar_tells_how_far_and_how_long() -> None:
    text = describe("adding", Progress("analysing", 500, 2000, "a\x1b[2J.wav"), 93.0).plain
    assert text.startswith("adding  analysing  ━━━━━━──────────────────  500 of 2,000  1:33 left")
    assert "\x1b" not in text
    assert describe("adding", None, None).plain == "adding  starting"


async def test_what_is_mended_unasked_is_said(run: Run) -> None:
    async with run() as running:
        say_repaired("an index was made again \x1b[2J")
        await settle(running.pilot)
        [note] = running.told
        assert note.startswith("an index was made again ")
        assert "\x1b" not in note
    assert not [each for each in REPAIRS.handlers if type(each).__name__ == "_Repairs"]


async def test_figures_are_never_lost_in_a_burst() -> None:
    first = JobProgress("train", Progress("train", 1, figures={"loss": 1.0}))
    second = JobProgress("train", Progress("train", 2, figures={"loss": 0.5}))
    assert not second.can_replace(first)
    assert not JobProgress("a", Progress("s", 1), 1).can_replace(
        JobProgress("a", Progress("s", 1), 2)
    )


def _notes(running):
    return list(running.app._notifications)


async def test_late_answers_count_where_they_are_wanted_in_their_order() -> None:
    async with Desk().run_test() as pilot:
        gate = threading.Event()
        questions = Questions(pilot.app, "heard", late=True)

        def answer(number: int) -> RowsChanged:
            gate.wait()
            return RowsChanged([number])

        for number in range(5):
            questions.ask(partial(answer, number))
        gate.set()
        await settle(pilot)
        assert [each.ids for each in pilot.app.seen] == [[0], [4]]
