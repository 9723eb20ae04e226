"""Which jobs run and which wait, and how far each is. No threads and no widgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from library.progress import Progress
from tui.messages import JobWanted
from tui.pace import Pace

State = Literal["waits", "runs", "stops"]

LIGHT_AT_ONCE = 2
"""How many light jobs run beside the one that is not light."""

Course = Mapping[str, Sequence[tuple[int, float]]]
"""Figures by name, each as pairs of how far the stage was and the value."""


@dataclass(frozen=True, slots=True)
class ShownJob:
    """A job as it is shown.

    Attributes:
        number: Unique in the running application.
        name: What it does, in a word or two.
        state: Whether it waits, runs, or ends after the step at hand.
        step: Its newest step; None before the first.
        seconds_left: An estimate for the stage; None where there is none.
        course: The figures that it has told so far.
    """

    number: int
    name: str
    state: State
    step: Progress | None = None
    seconds_left: float | None = None
    course: Course = field(default_factory=dict)


@dataclass(eq=False)
class QueuedJob:
    """A job that waits or runs.

    Attributes:
        number: Unique in the queue.
        wanted: What is to be run.
        state: Whether it waits, runs, or ends after the step at hand.
        step: Its newest step.
        pace: Of its stage.
        course: Its figures so far.
    """

    number: int
    wanted: JobWanted
    state: State = "waits"
    step: Progress | None = None
    pace: Pace = field(default_factory=lambda: Pace(0.0))
    course: dict[str, list[tuple[int, float]]] = field(default_factory=dict)

    def shown(self, now: float) -> ShownJob:
        """Return it as it is shown at a moment of the queue's clock."""
        left = self.pace.seconds_left(now) if self.state == "runs" else None
        return ShownJob(self.number, self.wanted.name, self.state, self.step, left, self.course)


class JobQueue:
    """Jobs in the order in which they were wanted.

    One that changes the library runs at a time; two light ones may run beside it. Moments are
    seconds of one monotonic clock, which the caller reads.
    """

    def __init__(self) -> None:
        self._jobs: list[QueuedJob] = []
        self._last = 0

    def add(self, wanted: JobWanted) -> QueuedJob:
        """Let a job wait for its turn."""
        self._last += 1
        self._jobs.append(QueuedJob(self._last, wanted))
        return self._jobs[-1]

    def start(self, now: float) -> list[QueuedJob]:
        """Return the jobs whose turn has come; they count as running from now on."""
        starting: list[QueuedJob] = []
        for light, most in ((False, 1), (True, LIGHT_AT_ONCE)):
            lane = [job for job in self._jobs if job.wanted.light == light]
            free = most - sum(job.state != "waits" for job in lane)
            starting += [job for job in lane if job.state == "waits"][: max(0, free)]
        for job in starting:
            job.state, job.pace = "runs", Pace(now)
        return starting

    def step(self, number: int, step: Progress, now: float) -> bool:
        """Take note of a step of a job; return whether a new stage began with it."""
        job = self.job(number)
        if job is None:
            return False
        new_stage = job.step is None or job.step.stage != step.stage
        if new_stage:
            job.pace = Pace(now)
        job.step = step
        job.pace.step(now, step.done, step.total)
        for name, value in step.figures.items():
            job.course.setdefault(name, []).append((step.done, value))
        return new_stage

    def job(self, number: int) -> QueuedJob | None:
        """Return a job that waits or runs; None where it is over."""
        return next((job for job in self._jobs if job.number == number), None)

    def stop(self, number: int) -> QueuedJob | None:
        """Take a job that waits out of the queue, or note that one that runs is to end."""
        job = self.job(number)
        if job is not None and job.state == "waits":
            self._jobs.remove(job)
        elif job is not None:
            job.state = "stops"
        return job

    def over(self, number: int) -> QueuedJob | None:
        """Take a job that has ended out of the queue, and return it."""
        job = self.job(number)
        if job is not None:
            self._jobs.remove(job)
        return job

    def has(self, name: str) -> bool:
        """Return whether a job of that name waits, or runs and is not being stopped."""
        return any(job.wanted.name == name and job.state != "stops" for job in self._jobs)

    def shown(self, now: float) -> list[ShownJob]:
        """Return all jobs as they are shown: those that run first, the light ones last of them."""
        order = sorted(self._jobs, key=lambda job: (job.state == "waits", job.wanted.light))
        return [job.shown(now) for job in order]
