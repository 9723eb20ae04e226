"""Actions on the list."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("list-up", "list", "up,k", "up k", "move(-1)", "up", "Move to the sound above"),
    Key("list-down", "list", "down,j", "down j", "move(1)", "down", "Move to the sound below"),
    Key("list-page-up", "list", "pageup", "page up", "page(-1)", "page up", "Move up by a page"),
    Key("list-page-down", "list", "pagedown", "page down", "page(1)", "page down",
        "Move down by a page"),
    Key("list-first", "list", "home,g", "home g", "first", "first", "Move to the first sound"),
    Key("list-last", "list", "end,G", "end G", "last", "last", "Move to the last sound"),
    Key("list-enter", "list", "enter", "enter", "choose", "play or morph",
        "Play from the start; on a marked sound, open the morph"),
)
# fmt: on
