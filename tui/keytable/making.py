"""Actions on the library: new sounds from found ones."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("mark", "browse", "m", "m", "mark", "mark",
        "Mark the sound, or unmark it; what is done to sounds is done to the marked ones",
        footer=True),
    Key("mark-all", "browse", "ctrl+a", "ctrl+a", "mark_all", "mark all",
        "Mark every sound of the list"),
    Key("mark-invert", "browse", "exclamation_mark", "!", "invert_marks", "invert marks",
        "Mark what is not marked in the list, and unmark what is"),
    Key("mark-none", "browse", "N", "N", "unmark_all", "unmark all", "Unmark all sounds"),
    Key("morph", "browse", "M", "M", "morph", "morph",
        "Put the marked sounds on the corners of a pad and morph between them", footer=True),
    Key("shape", "browse", "e", "e", "shape", "edit",
        "Move the sound along the attributes of the space in use", footer=True),
    Key("variations", "browse", "v", "v", "variations", "vary",
        "Make variations of the sound: a grid to play through and keep from"),
    Key("dream", "browse", "D", "D", "dream", "dream",
        "Dream: sounds that nobody made, one after another"),
)
# fmt: on
