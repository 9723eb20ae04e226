"""Actions on the library: what the user says of sounds."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("tag", "browse", "t", "t", "tag", "tag",
        "Give the sound words of your own; -word takes one away"),
    Key("category", "browse", "c", "c", "category", "category",
        "Say of what category the sound is; nothing takes back what you said"),
    Key("rate-1", "browse", "1", "1", "rate(1)", "rate 1", "Rate the sound with one star"),
    Key("rate-2", "browse", "2", "2", "rate(2)", "rate 2", "Rate the sound with two stars"),
    Key("rate-3", "browse", "3", "3", "rate(3)", "rate 3", "Rate the sound with three stars"),
    Key("rate-4", "browse", "4", "4", "rate(4)", "rate 4", "Rate the sound with four stars"),
    Key("rate-5", "browse", "5", "5", "rate(5)", "rate 5", "Rate the sound with five stars"),
    Key("rate-0", "browse", "0", "0", "rate(0)", "no rating", "Take the rating away"),
    Key("copy", "browse", "y", "y", "copy", "copy path",
        "Copy the path of the sound to the clipboard"),
)
# fmt: on
