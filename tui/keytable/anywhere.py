"""Actions that work everywhere."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("help", "app", "question_mark", "?", "help", "help", "Show every key", footer=True),
    Key("jobs", "app", "ctrl+g", "ctrl+g", "jobs", "jobs",
        "List the jobs that run and wait, and stop them"),
    Key("palette", "app", "ctrl+p", "ctrl+p", "command_palette", "commands",
        "Find any action by its name"),
    Key("theme", "app", "ctrl+t", "ctrl+t", "theme", "light/dark",
        "Exchange light and dark; it is kept for the next start"),
    Key("quit", "app", "ctrl+q", "ctrl+q", "quit", "quit", "Leave; running jobs keep their work"),
)
# fmt: on
