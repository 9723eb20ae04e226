"""Actions in the dialog that chooses the columns of the list."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("column-up", "columns", "up,k", "up k", "go(-1)", "up", "Go to the column above"),
    Key("column-down", "columns", "down,j", "down j", "go(1)", "down", "Go to the column below"),
    Key("column-toggle", "columns", "space", "space", "switch_column", "show/hide",
        "Show the column, or hide it; the name is always shown"),
    Key("column-left", "columns", "shift+up,K", "shift up", "carry(-1)", "to the left",
        "Put the column further to the left"),
    Key("column-right", "columns", "shift+down,J", "shift down", "carry(1)", "to the right",
        "Put the column further to the right"),
    Key("column-usual", "columns", "r", "r", "usual", "as at first",
        "Show the columns of a first start"),
    Key("column-take", "columns", "enter", "enter", "take", "take",
        "Show the list with these columns"),
    Key("column-leave", "columns", "escape,q", "esc", "leave", "leave",
        "Leave the columns as they were"),
)
# fmt: on
