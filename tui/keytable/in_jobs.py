"""Actions in the list of jobs."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("jobs-up", "jobs", "up,k", "up k", "move(-1)", "up", "Move to the job above"),
    Key("jobs-down", "jobs", "down,j", "down j", "move(1)", "down", "Move to the job below"),
    Key("jobs-show", "jobs", "enter", "enter", "show", "show", "Show how a training goes"),
    Key("jobs-stop", "jobs", "x", "x", "stop", "stop",
        "Stop the job; what it has done is kept"),
    Key("jobs-stop-all", "jobs", "X", "X", "stop_all", "stop all", "Stop every job"),
    Key("jobs-close", "jobs", "escape", "esc", "close", "close",
        "Close the list; the jobs go on"),
)
# fmt: on
