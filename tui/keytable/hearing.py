"""Actions on the library: hearing sounds."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("play", "browse", "space", "space", "play", "play",
        "Play the sound, or stop it", footer=True),
    Key("autoplay", "browse", "a", "a", "autoplay", "autoplay",
        "Turn playing on every cursor move off, and on again"),
    Key("loop", "browse", "r", "r", "loop", "loop",
        "Repeat the sound, or its region, until it is stopped; and once again"),
    Key("louder", "browse", "greater_than_sign", ">", "louder(1)", "louder",
        "Turn the volume up by 2 dB; no sound is ever louder than its file, unless it is matched"),
    Key("quieter", "browse", "less_than_sign", "<", "louder(-1)", "quieter",
        "Turn the volume down by 2 dB"),
    Key("gain-match", "browse", "B", "B", "gain_match", "match gain",
        "Bring all sounds to the same loudness, -18 dB, without clipping; and as they are again"),
    Key("heard-before", "browse", "b", "b", "heard_before", "heard before",
        "Go back to the sound that was heard before, and play it"),
)
# fmt: on
