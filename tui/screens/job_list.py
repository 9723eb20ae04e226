"""All jobs in a dialog: what runs, what waits, and how to stop either."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.text import Text
from textual import getters
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.colours import ACCENT, QUIET
from tui.job_queue import ShownJob
from tui.keys import Scope, bindings
from tui.widgets.job_bar import describe
from tui.widgets.shows_jobs import ShowsJobs

SIGNS = {"runs": "▶", "waits": "·", "stops": "■"}


def line(job: ShownJob) -> Text:
    """Return a job as a line of styled text."""
    sign = Text(f"{SIGNS[job.state]} ", style=QUIET if job.state == "waits" else ACCENT)
    if job.state == "waits":
        return sign + Text(f"{job.name}  ", style="bold") + Text("waits for its turn", style=QUIET)
    return sign + describe(job.name, job.step, job.seconds_left)


class JobLines(OptionList, ShowsJobs):
    """One line for each job, with a cursor that stays on its job.

    Attributes:
        numbers: Of the jobs, in the order of the lines.
    """

    DEFAULT_CSS = """
    JobLines { height: auto; max-height: 12; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.numbers: list[int] = []

    @property
    def current(self) -> int | None:
        """Number of the job under the cursor."""
        place = self.highlighted
        return self.numbers[place] if place is not None and self.numbers else None

    def show_jobs(self, jobs: Sequence[ShownJob]) -> None:
        """Show these jobs."""
        numbers = [job.number for job in jobs]
        if numbers == self.numbers:
            for place, job in enumerate(jobs):
                self.replace_option_prompt_at_index(place, line(job))
            return
        current, self.numbers = self.current, numbers
        self.set_options(Option(line(job)) for job in jobs)
        if numbers:
            self.highlighted = numbers.index(current) if current in numbers else 0


class JobList(ModalScreen[None]):
    """Lists the jobs.

    Args:
        stop: Stops the job of a number, or takes it out of the queue.
        show: Opens the screen that shows how the job of a number goes, if there is one.
    """

    key_scope: ClassVar[Scope] = "jobs"
    BINDINGS = bindings("jobs")

    lines = getters.query_one(JobLines)

    def __init__(self, stop: Callable[[int], None], show: Callable[[int], None]) -> None:
        super().__init__()
        self._stop = stop
        self._show = show

    def compose(self) -> ComposeResult:
        """Lay out the list and what can be done."""
        with Vertical(id="jobs", classes="dialog") as box:
            box.border_title = "Jobs"
            box.border_subtitle = "enter shows · x stops one · X stops all · esc closes"
            yield JobLines()
            yield Static(
                "What changes the library runs one after another; making sounds runs beside it. "
                "What a stopped job has done is kept.",
                id="jobs-about",
            )

    def on_mount(self) -> None:
        """Give the list the keyboard."""
        self.lines.focus()

    def action_move(self, lines: int) -> None:
        """Move to another job."""
        if lines < 0:
            self.lines.action_cursor_up()
        else:
            self.lines.action_cursor_down()

    def action_show(self) -> None:
        """Show how the job under the cursor goes, instead of the list."""
        number = self.lines.current
        self.dismiss()
        if number is not None:
            self._show(number)

    def on_option_list_option_selected(self) -> None:
        """Do so by enter or a click, too."""
        self.action_show()

    def action_stop(self) -> None:
        """Stop the job under the cursor."""
        if self.lines.current is not None:
            self._stop(self.lines.current)

    def action_stop_all(self) -> None:
        """Stop every job; those that wait first, so that none of them starts."""
        for number in reversed(self.lines.numbers):
            self._stop(number)

    def action_close(self) -> None:
        """Close the list; the jobs go on."""
        self.dismiss()
