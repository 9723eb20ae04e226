"""The running job in one line; nothing when none runs."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from library.names import displayable
from library.progress import Progress
from tui.colours import ACCENT, GROOVE
from tui.widgets import facts

BAR = 24
TURN_SECONDS = 0.2


SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


def describe(name: str, step: Progress | None, seconds_left: float | None) -> Text:
    """Return a job as a line of styled text.

    Args:
        name: The job.
        step: Its newest step; None before the first.
        seconds_left: An estimate; None where there is none.
    """
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(f"{name}  ", style="bold")
    if step is None:
        return text.append("starting", style="dim")
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
    if step.note:
        text.append(f"  {displayable(step.note)}", style="dim")
    return text


class JobBar(Static):
    """Shows the running job and when it may be done."""

    DEFAULT_CSS = """
    JobBar { height: 1; padding: 0 1; background: $panel; display: none; }
    JobBar.-running { display: block; }
    """

    def on_mount(self) -> None:
        """Turn the wheel while a job runs, so that one without steps is seen to live."""
        self._text = Text()
        self._turns = 0
        self._timer = self.set_interval(TURN_SECONDS, self._turn, pause=True)

    def show(self, name: str, step: Progress | None, seconds: float = 0.0) -> None:
        """Show a step of a job that has been in this stage for some seconds."""
        self.add_class("-running")
        left = None
        if step is not None and step.total and step.done > 0 and seconds > 3.0:
            left = seconds / step.done * (step.total - step.done)
        self._text = describe(name, step, left)
        self._timer.resume()
        self._draw()

    def clear(self) -> None:
        """Show that no job runs."""
        self.remove_class("-running")
        self._timer.pause()

    def _turn(self) -> None:
        self._turns += 1
        self._draw()

    def _draw(self) -> None:
        wheel = Text(SPINNER[self._turns % len(SPINNER)] + " ", style=ACCENT)
        self.update(wheel + self._text)
