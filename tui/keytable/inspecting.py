"""Actions on the library: looking into a sound."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("seek-back", "browse", "comma", ",", "seek(-1)", "seek back",
        "Hear what came a bit earlier, by a twentieth of what is drawn"),
    Key("seek-forward", "browse", "full_stop", ".", "seek(1)", "seek forward",
        "Hear what comes a bit later, by a twentieth of what is drawn"),
    Key("region-start", "browse", "left_square_bracket", "[", "region_start", "region start",
        "Let the region start where the sound is now"),
    Key("region-end", "browse", "right_square_bracket", "]", "region_end", "region end",
        "Let the region end where the sound is now"),
    Key("region-clear", "browse", "backslash", "\\", "region_clear", "no region",
        "Take the region away"),
    Key("region-play", "browse", "R", "R", "region_play", "play region",
        "Play the region; a loop keeps to it"),
    Key("region-similar", "browse", "E", "E", "region_similar", "like region",
        "List the sounds nearest to the region, within the query"),
    Key("zoom-sound", "browse", "z", "z", "zoom_sound(1)", "zoom sound",
        "Look closer into the sound, around the region or the place that is heard"),
    Key("unzoom-sound", "browse", "Z", "Z", "zoom_sound(-1)", "unzoom sound",
        "Look at the sound from further away"),
    Key("pan-sound-left", "browse", "left_curly_bracket", "{", "pan_sound(-1)", "pan sound left",
        "Look at what lies before in the sound"),
    Key("pan-sound-right", "browse", "right_curly_bracket", "}", "pan_sound(1)", "pan sound right",
        "Look at what lies behind in the sound"),
    Key("spectrum", "browse", "W", "W", "spectrum", "spectrum",
        "Draw the spectrum instead of the waveform, and the waveform again"),
)
# fmt: on
