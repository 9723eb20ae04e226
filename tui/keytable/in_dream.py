"""Actions on the stream of dreams."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("dream-up", "dream", "up,k", "up k", "move(-1)", "up", "Move to the dream before"),
    Key("dream-down", "dream", "down,j", "down j", "move(1)", "down",
        "Move to the next dream, or wait for it"),
    Key("dream-first", "dream", "home,g", "home g", "go(0)", "first", "Move to the first dream"),
    Key("dream-last", "dream", "end,G", "end G", "go(-1)", "last", "Move to the last dream"),
    Key("dream-play", "dream", "space,enter", "space", "play", "play",
        "Play the dream, or stop it", footer=True),
    Key("dream-keep", "dream", "w", "w", "keep", "keep",
        "Keep the dream in a folder of yours", footer=True),
    Key("dream-throw", "dream", "d,delete", "d", "throw_away", "throw",
        "Throw the dream away; the next one plays at once", footer=True),
    Key("dream-hotter", "dream", "plus,equals_sign", "+", "heat(1)", "hotter",
        "Dream more daringly", footer=True),
    Key("dream-colder", "dream", "minus", "-", "heat(-1)", "colder",
        "Dream nearer to the usual"),
    Key("dream-ramp", "dream", "r", "r", "ramp", "ramp",
        "Let the temperature rise over each dream, or fall, or stay even", footer=True),
    Key("dream-like", "dream", "slash", "/", "like", "like",
        "Dream between the sounds of a query", footer=True),
    Key("dream-more", "dream", "n", "n", "more", "more",
        "Go on dreaming, also while some wait to be heard", footer=True),
    Key("dream-keep-in", "dream", "F", "F", "folder", "keep in",
        "Choose another folder to keep dreams in"),
    Key("dream-stop", "dream", "X", "X", "app.stop_job", "stop",
        "Stop dreaming; those that are there stay", footer=True),
    Key("dream-close", "dream", "escape,backspace", "esc", "close", "close",
        "Go back to the library; what is not kept goes", footer=True),
)
# fmt: on
