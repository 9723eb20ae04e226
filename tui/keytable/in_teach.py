"""Actions while a word is taught."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("teach-up", "teach", "up,k", "up k", "move(-1)", "up", "Move to the sound above"),
    Key("teach-down", "teach", "down,j", "down j", "move(1)", "down", "Move to the sound below"),
    Key("teach-yes", "teach", "y,right", "y right", "say(True)", "is it",
        "Say that the sound is what the word means, and go on", footer=True),
    Key("teach-no", "teach", "n,left", "n left", "say(False)", "is not",
        "Say that the sound is not what the word means, and go on", footer=True),
    Key("teach-clear", "teach", "c", "c", "clear", "clear",
        "Take back what was said of the sound", footer=True),
    Key("teach-play", "teach", "space", "space", "play", "play",
        "Play the sound, or stop it", footer=True),
    Key("teach-next", "teach", "p", "p", "propose", "propose",
        "Propose the sounds that are most worth an answer", footer=True),
    Key("teach-review", "teach", "e", "e", "review", "examples",
        "List the examples given so far", footer=True),
    Key("teach-all", "teach", "l", "l", "all", "list",
        "List the sounds of the library again"),
    Key("teach-word", "teach", "w", "w", "word", "other word",
        "Teach another word", footer=True),
    Key("teach-forget", "teach", "F", "F", "forget", "forget",
        "Forget the word with all its examples"),
    Key("teach-close", "teach", "escape,backspace", "esc", "close", "close",
        "Go back to the library; every answer is kept", footer=True),
)
# fmt: on
