"""Actions in the side panel."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("panel-up", "panel", "up,k", "up k", "cursor_up", "up", "Go to the place above"),
    Key("panel-down", "panel", "down,j", "down j", "cursor_down", "down",
        "Go to the place below"),
    Key("panel-open", "panel", "right,l", "right l", "open", "open",
        "Open the folder or the heading", footer=True),
    Key("panel-close", "panel", "left,h", "left h", "close", "close",
        "Close it, or go to what it is in", footer=True),
    Key("panel-choose", "panel", "enter", "enter", "select_cursor", "choose",
        "List what is there, with the rest of the query; again, without it", footer=True),
    Key("panel-leave", "panel", "escape", "esc", "leave", "to the list",
        "Go back to the list", footer=True),
)
# fmt: on
