"""The running job in one line; nothing when none runs."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.timer import Timer
from textual.widgets import Static

from library.names import displayable
from library.progress import Progress
from tui.colours import ACCENT, GROOVE
from tui.job_queue import ShownJob
from tui.widgets import facts
from tui.widgets.shows_jobs import ShowsJobs

BAR = 24
TURN_SECONDS = 0.2


SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


def describe(
    name: str, step: Progress | None, seconds_left: float | None, others: str = ""
) -> Text:
    """Return a job as a line of styled text.

    Args:
        name: The job.
        step: Its newest step; None before the first.
        seconds_left: An estimate; None where there is none.
        others: What is to be said of other jobs.
    """
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(f"{name}  ", style="bold")
    if step is None:
        text.append("starting", style="dim")
    else:
        text.append(f"{step.stage}  ")
        if step.total:
            full, empty = facts.bar(min(1.0, step.done / step.total), BAR)
            text.append(full, style=ACCENT)
            text.append(empty, style=GROOVE)
            text.append(f"  {step.done:,} of {step.total:,}")
        elif step.done:
            text.append(f"{step.done:,}")
        if seconds_left is not None:
            text.append(f"  {facts.wait(seconds_left)} left", style="dim")
    if others:
        text.append(f"  {others}", style=ACCENT)
    if step is not None and step.note:
        text.append(f"  {displayable(step.note)}", style="dim")
    return text


def others_than_first(jobs: Sequence[ShownJob]) -> str:
    """Return how many jobs run beside the first one, and how many wait."""
    beside = [job.name for job in jobs[1:] if job.state != "waits"]
    waiting = sum(job.state == "waits" for job in jobs)
    parts = [f"beside: {', '.join(beside)}"] if beside else []
    if waiting:
        parts.append(f"{waiting} waits" if waiting == 1 else f"{waiting} wait")
    return " · ".join(parts)


class JobBar(Static, ShowsJobs):
    """Shows the running job and when it may be done."""

    DEFAULT_CSS = """
    JobBar { height: 1; padding: 0 1; background: $panel; display: none; }
    JobBar.-running { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._text = Text()
        self._turns = 0
        self._timer: Timer | None = None

    def on_mount(self) -> None:
        """Turn the wheel while a job runs, so that one without steps is seen to live."""
        self._timer = self.set_interval(TURN_SECONDS, self._turn, pause=True)

    def show_jobs(self, jobs: Sequence[ShownJob]) -> None:
        """Show the first of the jobs, and how many there are beside it."""
        if self._timer is None:
            return
        self.set_class(bool(jobs), "-running")
        if not jobs:
            self._timer.pause()
            return
        first = jobs[0]
        name = f"stopping {first.name}" if first.state == "stops" else first.name
        self._text = describe(name, first.step, first.seconds_left, others_than_first(jobs))
        self._timer.resume()
        self._draw()

    def _turn(self) -> None:
        self._turns += 1
        self._draw()

    def _draw(self) -> None:
        wheel = Text(SPINNER[self._turns % len(SPINNER)] + " ", style=ACCENT)
        self.update(wheel + self._text, layout=False)
