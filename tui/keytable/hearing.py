"""Actions on the library: hearing sounds."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("play", "browse", "space", "space", "play", "play",
        "Play the sound, or stop it", footer=True),
    Key("autoplay", "browse", "a", "a", "autoplay", "autoplay",
        "Turn playing on every cursor move off, and on again"),
)
# fmt: on
