"""Actions where a space is learned, where its learning is watched, and in the list of spaces."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("train-up", "train", "up,k", "up k", "move(-1)", "up", "Move to the attribute above"),
    Key("train-down", "train", "down,j", "down j", "move(1)", "down",
        "Move to the attribute below"),
    Key("train-toggle", "train", "space,x", "space x", "choose", "choose",
        "Choose the attribute, or leave it out", footer=True),
    Key("train-start", "train", "ctrl+s", "ctrl+s", "start", "learn",
        "Learn the space", footer=True),
    Key("train-close", "train", "escape", "esc", "close", "close",
        "Go back to the library and learn nothing", footer=True),
    Key("training-stop", "training", "X", "X", "stop", "stop",
        "Stop learning; the space in use stays", footer=True),
    Key("training-use", "training", "u", "u", "use", "use it",
        "Use the new space for search and the map", footer=True),
    Key("training-before", "training", "b", "b", "before", "go back",
        "Use the space that was in use before", footer=True),
    Key("training-close", "training", "escape,backspace", "esc", "close", "close",
        "Go back to the library; learning goes on", footer=True),
    Key("spaces-up", "spaces", "up,k", "up k", "move(-1)", "up", "Move to the space above"),
    Key("spaces-down", "spaces", "down,j", "down j", "move(1)", "down",
        "Move to the space below"),
    Key("spaces-use", "spaces", "enter,u", "enter u", "use", "use",
        "Use the space for search and the map", footer=True),
    Key("spaces-compare", "spaces", "c", "c", "compare", "compare",
        "Compare what is near in it with the space in use", footer=True),
    Key("spaces-forget", "spaces", "F", "F", "forget", "forget",
        "Forget the space, after asking", footer=True),
    Key("spaces-close", "spaces", "escape,backspace", "esc", "close", "close",
        "Go back to the library", footer=True),
)
# fmt: on
