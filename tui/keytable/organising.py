"""Actions on the library: what the user says of sounds, and where they are sent."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("tag", "browse", "t", "t", "tag", "tag",
        "Give the sounds words of your own; -word takes one away"),
    Key("category", "browse", "c", "c", "category", "category",
        "Say of what category the sounds are; nothing takes back what you said"),
    Key("rate-1", "browse", "1", "1", "rate(1)", "rate 1", "Rate the sounds with one star"),
    Key("rate-2", "browse", "2", "2", "rate(2)", "rate 2", "Rate the sounds with two stars"),
    Key("rate-3", "browse", "3", "3", "rate(3)", "rate 3", "Rate the sounds with three stars"),
    Key("rate-4", "browse", "4", "4", "rate(4)", "rate 4", "Rate the sounds with four stars"),
    Key("rate-5", "browse", "5", "5", "rate(5)", "rate 5", "Rate the sounds with five stars"),
    Key("rate-0", "browse", "0", "0", "rate(0)", "no rating", "Take the rating away"),
    Key("used", "browse", "x", "x", "used", "used",
        "Say that the sounds are used in a piece, or take that back"),
    Key("collect", "browse", "i", "i", "collect", "collect",
        "Put the sounds into a collection, new or not"),
    Key("uncollect", "browse", "I", "I", "uncollect", "take out",
        "Take the sounds out of a collection"),
    Key("undo", "browse", "u", "u", "undo", "undo", "Take back what you said last"),
    Key("redo", "browse", "U", "U", "redo", "redo", "Say again what you took back last"),
    Key("triage", "browse", "ctrl+r", "ctrl+r", "triage", "triage",
        "Go through the list with one key for each sound: keep, skip, tag, next"),
    Key("copy", "browse", "y", "y", "copy", "copy path",
        "Copy the paths of the sounds to the clipboard, one a line"),
    Key("open-folder", "browse", "ctrl+f", "ctrl+f", "open_folder", "open folder",
        "Show the sound at the cursor in the file manager"),
    Key("send", "browse", "ctrl+o", "ctrl+o", "send", "send to",
        "Start a program of your own on the sounds; the settings file names them"),
    Key("export", "browse", "ctrl+e", "ctrl+e", "export", "export",
        "Copy the sounds into a folder, under names of your choice"),
)
# fmt: on
