"""Actions of the triage, which goes through the list."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("triage-keep", "triage", "k,enter", "k enter", "keep", "keep",
        "Keep the sound where you said, and go on", footer=True),
    Key("triage-skip", "triage", "s", "s", "skip", "skip",
        "Be done with the sound without a word, and go on", footer=True),
    Key("triage-tag", "triage", "t", "t", "tag", "tag",
        "Give the sound words, and go on", footer=True),
    Key("triage-next", "triage", "n,down,j", "n down", "next(1)", "next",
        "Leave the sound for later, and go on", footer=True),
    Key("triage-back", "triage", "up", "up", "next(-1)", "back",
        "Go to the sound above"),
    Key("triage-undo", "triage", "u", "u", "undo", "undo",
        "Take back the last of these keys, and go to its sound", footer=True),
    Key("triage-leave", "triage", "escape", "esc", "leave", "leave",
        "End the triage; what is kept is kept", footer=True),
)
# fmt: on
