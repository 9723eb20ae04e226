"""Actions of the morph."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("morph-up", "morph", "up,k", "up k", "move(-1)", "up", "Move to the step before"),
    Key("morph-down", "morph", "down,j", "down j", "move(1)", "down", "Move to the step after"),
    Key("morph-play", "morph", "space", "space", "play", "play",
        "Play the step, or stop it", footer=True),
    Key("morph-a", "morph", "a", "a", "next_end(0)", "next A",
        "Take another marked sound as A", footer=True),
    Key("morph-b", "morph", "b", "b", "next_end(1)", "next B",
        "Take another marked sound as B", footer=True),
    Key("morph-swap", "morph", "x", "x", "swap", "swap", "Swap A and B", footer=True),
    Key("morph-more", "morph", "plus,equals_sign", "+", "steps(1)", "more",
        "One step more", footer=True),
    Key("morph-fewer", "morph", "minus", "-", "steps(-1)", "fewer", "One step fewer"),
    Key("morph-make", "morph", "enter", "enter", "make", "make",
        "Make the steps between A and B", footer=True),
    Key("morph-save", "morph", "w", "w", "save", "save",
        "Write the steps as WAV files into a folder", footer=True),
    Key("morph-close", "morph", "escape,backspace", "esc", "close", "close",
        "Go back to the library", footer=True),
)
# fmt: on
