"""Actions on the library: list and map."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("switch", "browse", "tab", "tab", "switch", "list/map",
        "Switch between the list and the map", footer=True),
)
# fmt: on
