"""Which jobs run beside others, which wait, and how long a job may yet take."""

from __future__ import annotations

import pytest

from library.progress import Progress
from tui.job_queue import JobQueue
from tui.messages import JobWanted
from tui.pace import FIRST_SECONDS, Pace
from tui.widgets.job_bar import others_than_first


def wanted(name: str, changes: bool = True, light: bool | None = None) -> JobWanted:
    return JobWanted(name, lambda: iter(()), print, changes, light=light)  # type: ignore[arg-type,return-value]


def test_what_changes_the_library_runs_one_after_another() -> None:
    queue = JobQueue()
    first, second = queue.add(wanted("scanning")), queue.add(wanted("training"))
    assert queue.start(0.0) == [first]
    assert queue.start(1.0) == []
    assert (first.state, second.state) == ("runs", "waits")
    assert queue.over(first.number) is first
    assert queue.start(2.0) == [second]


def test_two_light_ones_run_beside_it() -> None:
    queue = JobQueue()
    jobs = [queue.add(wanted("scanning"))]
    jobs += [queue.add(wanted(f"morph {each}", changes=False)) for each in range(3)]
    assert queue.start(0.0) == jobs[:3]
    assert [job.name for job in queue.shown(0.0)] == ["scanning", "morph 0", "morph 1", "morph 2"]
    assert others_than_first(queue.shown(0.0)) == "beside: morph 0, morph 1 · 1 waits"
    queue.over(jobs[1].number)
    assert queue.start(0.0) == [jobs[3]]


def test_a_job_may_be_light_although_it_changes_the_library() -> None:
    assert wanted("a").light is False
    assert wanted("b", changes=False).light is True
    assert wanted("c", changes=True, light=True).light is True


def test_a_job_that_waits_is_taken_out_and_one_that_runs_is_told_to_end() -> None:
    queue = JobQueue()
    first, second = queue.add(wanted("one")), queue.add(wanted("two"))
    queue.start(0.0)
    queue.stop(second.number)
    queue.stop(first.number)
    assert [(job.name, job.state) for job in queue.shown(0.0)] == [("one", "stops")]
    assert not queue.has("one")
    assert queue.start(0.0) == []
    queue.over(first.number)
    assert queue.shown(0.0) == []
    assert queue.stop(77) is None
    assert not queue.step(77, Progress("a", 1), 0.0)


def test_a_job_keeps_its_figures_and_tells_of_new_stages() -> None:
    queue = JobQueue()
    job = queue.add(wanted("training"))
    queue.start(0.0)
    assert queue.step(job.number, Progress("read", 0, 10), 0.0)
    assert not queue.step(job.number, Progress("read", 5, 10), 1.0)
    assert queue.step(job.number, Progress("train", 10, 60, "", {"loss": 2.0}), 2.0)
    assert not queue.step(job.number, Progress("train", 20, 60, "", {"loss": 1.0}), 3.0)
    [shown] = queue.shown(3.0)
    assert shown.course == {"loss": [(10, 2.0), (20, 1.0)]}
    assert shown.step == Progress("train", 20, 60, "", {"loss": 1.0})


def test_a_slow_start_is_soon_forgotten() -> None:
    pace = Pace(0.0)
    pace.step(0.0, 0, 1000)
    for second in range(20, 80):  # twenty seconds of nothing, then ten a second
        pace.step(float(second), 10 * (second - 19), 1000)
    left = 1000 - 600
    assert pace.seconds_left(79.0) == pytest.approx(left / 10, rel=0.05)


def test_nothing_is_told_at_first_or_without_an_end() -> None:
    pace = Pace(0.0)
    assert pace.seconds_left(100.0) is None
    pace.step(0.0, 0, 100)
    pace.step(FIRST_SECONDS / 2, 50, 100)
    assert pace.seconds_left(FIRST_SECONDS / 2) is None
    endless = Pace(0.0)
    endless.step(0.0, 0, None)
    endless.step(10.0, 50, None)
    assert endless.seconds_left(10.0) is None


def test_a_stage_that_stands_still_takes_longer_and_longer() -> None:
    pace = Pace(0.0)
    for second in range(10):
        pace.step(float(second), 10 * second, 1000)
    soon, late = pace.seconds_left(12.0), pace.seconds_left(60.0)
    assert soon is not None
    assert late is not None
    assert late > 3 * soon
