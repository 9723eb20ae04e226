"""Actions on what is made of one sound."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("variations-left", "variations", "left,h", "left h", "move(-1, 0)", "left",
        "Move to the take before"),
    Key("variations-right", "variations", "right,l", "right l", "move(1, 0)", "right",
        "Move to the take after"),
    Key("variations-up", "variations", "up,k", "up k", "move(0, -1)", "up",
        "Move to the take above"),
    Key("variations-down", "variations", "down,j", "down j", "move(0, 1)", "down",
        "Move to the take below"),
    Key("variations-original", "variations", "home,g", "home g", "go(0)", "original",
        "Move to the sound itself"),
    Key("variations-last", "variations", "end,G", "end G", "go(-1)", "last",
        "Move to the last take"),
    Key("variations-play", "variations", "space,enter", "space", "play", "play",
        "Play the take, or stop it", footer=True),
    Key("variations-more", "variations", "plus,equals_sign", "+", "amount(1)", "more",
        "Move them further from the sound", footer=True),
    Key("variations-less", "variations", "minus", "-", "amount(-1)", "less",
        "Keep them nearer to the sound"),
    Key("variations-throw", "variations", "n", "n", "throw(1)", "throw",
        "Make others, by another throw of the dice", footer=True),
    Key("variations-throw-back", "variations", "p", "p", "throw(-1)", "throw before",
        "Go back to the throw before"),
    Key("variations-kind", "variations", "v", "v", "kind(1)", "kind",
        "Make another kind: round robins, velocity layers, transfers, mosaics", footer=True),
    Key("variations-kind-back", "variations", "V", "V", "kind(-1)", "kind before",
        "Go back to the kind before"),
    Key("variations-hold", "variations", "o", "o", "hold", "hold",
        "Choose attributes that variations leave as they are", footer=True),
    Key("variations-mark", "variations", "m", "m", "mark", "mark",
        "Mark the take, or unmark it", footer=True),
    Key("variations-keep", "variations", "w", "w", "keep", "keep",
        "Keep the take in a folder of yours", footer=True),
    Key("variations-keep-marked", "variations", "W", "W", "keep_marked", "marked",
        "Keep the marked takes", footer=True),
    Key("variations-keep-in", "variations", "F", "F", "folder", "keep in",
        "Choose another folder to keep takes in"),
    Key("variations-again", "variations", "r", "r", "again", "make again",
        "Make them again, after they were stopped"),
    Key("variations-stop", "variations", "X", "X", "app.stop_job", "stop",
        "Stop making them; those that are there stay"),
    Key("variations-close", "variations", "escape,backspace", "esc", "close", "close",
        "Go back to the library; what is not kept goes", footer=True),
)
# fmt: on
