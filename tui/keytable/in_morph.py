"""Actions on the pad of a morph."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("morph-left", "morph", "left,h", "left h", "move(-1, 0)", "left", "Move to the left"),
    Key("morph-right", "morph", "right,l", "right l", "move(1, 0)", "right", "Move to the right"),
    Key("morph-up", "morph", "up,k", "up k", "move(0, -1)", "up", "Move up"),
    Key("morph-down", "morph", "down,j", "down j", "move(0, 1)", "down", "Move down"),
    Key("morph-fine-left", "morph", "shift+left,H", "shift left", "nudge(-1, 0)", "a bit left",
        "Move to the left by a fifth of a step"),
    Key("morph-fine-right", "morph", "shift+right,L", "shift right", "nudge(1, 0)", "a bit right",
        "Move to the right by a fifth of a step"),
    Key("morph-fine-up", "morph", "shift+up,K", "shift up", "nudge(0, -1)", "a bit up",
        "Move up by a fifth of a step"),
    Key("morph-fine-down", "morph", "shift+down,J", "shift down", "nudge(0, 1)", "a bit down",
        "Move down by a fifth of a step"),
    Key("morph-corner-a", "morph", "1", "1", "corner(0)", "corner A", "Go to the sound A itself"),
    Key("morph-corner-b", "morph", "2", "2", "corner(1)", "corner B", "Go to the sound B itself"),
    Key("morph-corner-c", "morph", "3", "3", "corner(2)", "corner C", "Go to the sound C itself"),
    Key("morph-corner-d", "morph", "4", "4", "corner(3)", "corner D", "Go to the sound D itself"),
    Key("morph-centre", "morph", "0", "0", "centre", "centre", "Go to the middle"),
    Key("morph-play", "morph", "space", "space", "play", "play",
        "Play what is heard again, or stop it", footer=True),
    Key("morph-keep", "morph", "enter,w", "enter", "keep", "keep",
        "Keep what is heard as a WAV file with its recipe", footer=True),
    Key("morph-record", "morph", "r", "r", "record", "record",
        "Record where the cursor goes, or end it and hear the path as one sound", footer=True),
    Key("morph-path", "morph", "p", "p", "path", "path", "Hear the recorded path again",
        footer=True),
    Key("morph-steps", "morph", "n", "n", "steps", "steps",
        "Write steps between corners, or along the path, as WAV files", footer=True),
    Key("morph-rotate", "morph", "o", "o", "rotate", "rotate",
        "Turn the sounds by one corner, clockwise", footer=True),
    Key("morph-swap", "morph", "x", "x", "swap", "swap", "Swap A and B"),
    Key("morph-next", "morph", "a", "a", "next_sound", "next sound",
        "Take another marked sound for the nearest corner"),
    Key("morph-folder", "morph", "f", "f", "folder", "folder",
        "Choose another folder for what is kept"),
    Key("morph-close", "morph", "escape,backspace", "esc", "close", "close",
        "Go back to the library", footer=True),
)
# fmt: on
