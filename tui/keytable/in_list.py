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
    Key("list-sweep-up", "list", "shift+up,K", "shift up", "sweep(-1)", "mark upwards",
        "Move up and mark all on the way"),
    Key("list-sweep-down", "list", "shift+down,J", "shift down", "sweep(1)", "mark downwards",
        "Move down and mark all on the way"),
    Key("list-sort", "list", "o", "o", "sort(False)", "sort",
        "Sort by the next column, and after the last one as it was"),
    Key("list-reverse", "list", "O", "O", "sort(True)", "reverse", "Reverse the order"),
    Key("list-enter", "list", "enter", "enter", "choose", "play or morph",
        "Play from the start; on a marked sound, open the morph"),
)
# fmt: on
