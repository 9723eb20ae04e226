"""What all widgets that show jobs have in common."""

from __future__ import annotations

from collections.abc import Sequence

from textual.message import Message
from textual.widget import Widget

from tui.job_queue import ShownJob


class ShowsJobs(Widget):
    """A widget that the application tells of every change of the jobs."""

    class Ready(Message):
        """The widget is there and wants to know the jobs."""

    def on_mount(self) -> None:
        """Ask for the jobs as they are."""
        self.post_message(self.Ready())

    def show_jobs(self, jobs: Sequence[ShownJob]) -> None:
        """Show these jobs: those that run first, then those that wait."""
        raise NotImplementedError
