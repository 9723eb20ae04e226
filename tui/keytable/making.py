"""Actions on the library: new sounds from found ones."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("mark", "browse", "m", "m", "mark", "mark",
        "Mark the sound for a morph, or unmark it", footer=True),
    Key("morph", "browse", "M", "M", "morph", "morph",
        "Put the marked sounds on the corners of a pad and morph between them", footer=True),
    Key("shape", "browse", "e", "e", "shape", "shape",
        "Move the sound along the attributes of the space in use", footer=True),
    Key("variations", "browse", "v", "v", "variations", "vary",
        "Make variations of the sound: a grid to play through and keep from", footer=True),
    Key("dream", "browse", "D", "D", "dream", "dream",
        "Dream: sounds that nobody made, one after another"),
)
# fmt: on
