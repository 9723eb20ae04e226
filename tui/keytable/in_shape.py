"""Actions on the attribute sliders of a sound."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("shape-up", "shape", "up,k", "up k", "choose(-1)", "up", "Choose the slider above"),
    Key("shape-down", "shape", "down,j", "down j", "choose(1)", "down", "Choose the slider below"),
    Key("shape-less", "shape", "left,h", "left h", "turn(-1)", "less",
        "Move the slider down by a quarter of a standard deviation, a semitone or a dB"),
    Key("shape-more", "shape", "right,l", "right l", "turn(1)", "more",
        "Move the slider up by a quarter of a standard deviation, a semitone or a dB",
        footer=True),
    Key("shape-far-less", "shape", "shift+left,H", "shift left", "turn_far(-1)", "far less",
        "Move the slider down by four steps"),
    Key("shape-far-more", "shape", "shift+right,L", "shift right", "turn_far(1)", "far more",
        "Move the slider up by four steps"),
    Key("shape-reset", "shape", "0", "0", "reset", "reset", "Move the slider back", footer=True),
    Key("shape-reset-all", "shape", "r", "r", "reset_all", "reset all",
        "Move all sliders back"),
    Key("shape-compare", "shape", "b", "b", "compare", "original",
        "Hear the original, or again what was made of it", footer=True),
    Key("shape-play", "shape", "space", "space", "play", "play",
        "Play what is heard again, or stop it", footer=True),
    Key("shape-keep", "shape", "enter,w", "enter", "keep", "keep",
        "Keep the sound as the sliders say, as a WAV file with its recipe", footer=True),
    Key("shape-folder", "shape", "f", "f", "folder", "folder",
        "Choose another folder for what is kept"),
    Key("shape-close", "shape", "escape,backspace", "esc", "close", "close",
        "Go back to the library", footer=True),
)
# fmt: on
