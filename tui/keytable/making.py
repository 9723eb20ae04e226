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
)
# fmt: on
