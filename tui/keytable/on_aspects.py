"""Actions on the aspects of likeness, above the list of similar sounds."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("aspect-left", "aspects", "left,h", "left h", "choose(-1)", "left",
        "Choose the aspect on the left"),
    Key("aspect-right", "aspects", "right,l", "right l", "choose(1)", "right",
        "Choose the aspect on the right"),
    Key("aspect-more", "aspects", "up,k,plus,equals_sign", "up k", "weigh(1)", "more",
        "Let the chosen aspect count more", footer=True),
    Key("aspect-less", "aspects", "down,j,minus", "down j", "weigh(-1)", "less",
        "Let the chosen aspect count less", footer=True),
    Key("aspect-off", "aspects", "0", "0", "weigh(0)", "off/on",
        "Switch the chosen aspect off, and on again", footer=True),
    Key("aspect-usual", "aspects", "r", "r", "usual", "as usual",
        "Let all aspects count as they usually do", footer=True),
    Key("aspect-leave", "aspects", "enter,escape,w", "enter", "leave", "to the list",
        "Go back to the list", footer=True),
)
# fmt: on
