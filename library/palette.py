"""The colour of each category, the same on the map in the terminal and on paper."""

from __future__ import annotations

from collections.abc import Mapping

CATEGORY_COLOURS: Mapping[str, str] = {
    "kick": "#ff6b5e",
    "snare": "#ffb454",
    "clap": "#ffd866",
    "hat": "#8ee6c8",
    "cymbal": "#c4f0a0",
    "tom": "#e88f6d",
    "perc": "#d8b98a",
    "bass": "#a48bff",
    "synth": "#6fa8ff",
    "instrument": "#62cdf2",
    "voice": "#ff8fc7",
    "fx": "#4fd1b0",
    "foley": "#a3b18a",
    "loop": "#d79bf5",
}
"""``#rrggbb``; what has no category is drawn in :data:`UNKNOWN_COLOUR`."""

UNKNOWN_COLOUR = "#8a8f98"
