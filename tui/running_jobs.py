"""The part of the application that runs jobs: in order, in threads, shown on every screen."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from textual.app import App
from textual.worker import Worker

from library.names import displayable
from library.progress import Job
from library.repairs import REPAIRS
from tui import jobs
from tui.job_queue import JobQueue, QueuedJob
from tui.messages import (
    JobDone,
    JobFailed,
    JobMessage,
    JobProgress,
    JobStopped,
    JobWanted,
    Repaired,
    StopWanted,
)
from tui.screens.job_list import JobList
from tui.widgets.shows_jobs import ShowsJobs

T = TypeVar("T")

REFRESH_SECONDS = 2.0
"""How often the list follows a job that changes it."""


class _Repairs(logging.Handler):
    """Posts what is mended unasked, from whichever thread it is."""

    def __init__(self, app: RunningJobs) -> None:
        super().__init__()
        self._app = app

    def emit(self, record: logging.LogRecord) -> None:
        self._app.post_message(Repaired(record.getMessage()))


class RunningJobs(App[None]):
    """Runs the jobs that screens want, and shows them to every widget that shows jobs."""

    def __init__(self) -> None:
        super().__init__()
        self.jobs = JobQueue()
        self._job_workers: dict[int, Worker[None]] = {}
        self._refreshed = 0.0
        self._repairs = _Repairs(self)

    def library_changes(self) -> None:
        """Follow a job that changes the library."""
        raise NotImplementedError

    def library_changed(self) -> None:
        """Show what a job left."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Hear of what is mended unasked."""
        REPAIRS.addHandler(self._repairs)

    def on_unmount(self) -> None:
        """Hear of it no more."""
        REPAIRS.removeHandler(self._repairs)

    def on_repaired(self, event: Repaired) -> None:
        """Say what was mended."""
        self.notify(displayable(event.what), title="Mended", markup=False)

    def on_job_wanted(self, event: JobWanted) -> None:
        """Run a job at once, or when its turn comes."""
        job = self.jobs.add(event)
        self._start_what_may()
        if job.state == "waits":
            self.notify(f"{event.name} waits until what runs is done; ctrl+g lists the jobs")

    def _start_what_may(self) -> None:
        for job in self.jobs.start(time.monotonic()):
            wanted = job.wanted
            self._job_workers[job.number] = jobs.start(self, wanted.name, wanted.begin, job.number)
        self._show_jobs()

    def on_shows_jobs_ready(self) -> None:
        """Show the jobs to a widget that has just come."""
        self._show_jobs()

    def _show_jobs(self) -> None:
        shown = self.jobs.shown(time.monotonic())
        for screen in self.screen_stack:
            # A query goes by the first base of a class alone.
            for view in screen.walk_children(ShowsJobs):
                view.show_jobs(shown)

    def on_job_progress(self, event: JobProgress) -> None:
        """Show the step; let the list follow a job that changes it."""
        now = time.monotonic()
        job = self.jobs.job(event.number)
        if job is None:
            return
        new_stage = self.jobs.step(event.number, event.step, now)
        self._show_jobs()
        if job.wanted.changes and (new_stage or now - self._refreshed > REFRESH_SECONDS):
            self._refreshed = now
            self.library_changes()

    def _over(self, event: JobMessage) -> QueuedJob | None:
        job = self.jobs.over(event.number)
        self._job_workers.pop(event.number, None)
        self._start_what_may()
        if job is not None and job.wanted.changes:
            self.library_changed()
        return job

    def _over_early(self, event: JobMessage) -> None:
        job = self._over(event)
        if job is not None:
            job.wanted.over(False)

    def on_job_done(self, event: JobDone) -> None:
        """Hand the report to who wanted it."""
        job = self._over(event)
        if job is not None:
            job.wanted.then(event.report)
            job.wanted.over(True)

    def on_job_stopped(self, event: JobStopped) -> None:
        """Say that the work is kept."""
        self._over_early(event)
        self.notify(f"Stopped {event.name}; what is done is kept")

    def on_job_failed(self, event: JobFailed) -> None:
        """Say what is wrong."""
        self._over_early(event)
        self.notify(displayable(str(event.error)), severity="error", markup=False)

    def stop_job(self, number: int) -> None:
        """Stop a job after the step at hand, or take it out of the queue."""
        job = self.jobs.stop(number)
        if job is not None and job.state == "waits":
            job.wanted.over(False)
        elif job is not None and number in self._job_workers:
            self._job_workers[number].cancel()
        self._show_jobs()

    def on_stop_wanted(self, event: StopWanted) -> None:
        """Stop the job of a name."""
        for job in self.jobs.shown(0.0):
            if job.name == event.name:
                self.stop_job(job.number)

    def action_stop_job(self) -> None:
        """Stop the job that the bar shows."""
        running = [job for job in self.jobs.shown(0.0) if job.state == "runs"]
        if running:
            self.stop_job(running[0].number)

    def show_job(self, number: int) -> None:
        """Open the screen that shows how a job goes, if there is one."""
        job = self.jobs.job(number)
        if job is not None and job.wanted.show is not None:
            job.wanted.show()

    def action_jobs(self) -> None:
        """List the jobs."""
        if not isinstance(self.screen, JobList):
            self.push_screen(JobList(self.stop_job, self.show_job))

    def is_free(self, name: str) -> bool:
        """Return whether no job of that name waits or runs, and say so where one does."""
        there = self.jobs.has(name)
        if there:
            self.notify(f"{name} is under way already; ctrl+g lists the jobs")
        return not there

    def start(
        self,
        name: str,
        begin: Callable[[], Job[T]],
        told: Callable[[T], str],
        changes: bool = True,
    ) -> None:
        """Want a job whose report is told in a sentence."""
        tell = partial(self.notify, markup=False)
        then = partial(_tell, tell, told)
        self.post_message(JobWanted(name, begin, then, changes))


def _tell(tell: Callable[[str], None], told: Callable[[T], str], report: T) -> None:
    tell(displayable(told(report)))
