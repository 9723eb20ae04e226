"""Actions on the library: looking for sounds."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("search", "browse", "slash", "/", "search", "search",
        "Type a query; the list follows every letter", footer=True),
    Key("similar", "browse", "s", "s", "similar", "similar",
        "List the sounds nearest to this one, within the query", footer=True),
    Key("panel", "browse", "p", "p", "panel", "panel",
        "Show the side panel and go to it; from there, hide it"),
    Key("save-search", "browse", "ctrl+s", "ctrl+s", "save_search", "save search",
        "Save the query under a name"),
    Key("searches", "browse", "Q", "Q", "searches", "saved searches",
        "Choose a saved search, or forget one"),
    Key("weigh", "browse", "w", "w", "weigh", "weigh",
        "Weigh the aspects of likeness, in a list of similar sounds"),
    Key("columns", "browse", "C", "C", "columns", "columns",
        "Choose the columns of the list and their order"),
    Key("back", "browse", "escape,backspace", "esc", "back", "back",
        "Go back to what was looked at before", footer=True),
    Key("forward", "browse", "F", "F", "forward", "forward",
        "Go forward again to where the way led back from"),
)
# fmt: on
