"""The colours: of the categories, the same in the list and on the map, and of styled text."""

from __future__ import annotations

from typing import Any

from library.palette import CATEGORY_COLOURS, UNKNOWN_COLOUR

ACCENT = "#f2b366"
QUIET = "#8b93a7"
BAD = "#ff6b6b"
STAR = "#ffd866"
GROOVE = "#343a4b"
"""The empty part of a bar."""
BACKGROUND = "#12141b"

CORNERS = (ACCENT, "#6fa8ff", "#4fd1b0", "#e57fb0")
"""The colours of the sounds on the corners of a pad."""

DARK, LIGHT = "crate", "crate-light"
THEMES = (DARK, LIGHT)
"""The names of the themes, the usual one first."""

THEME: dict[str, Any] = {
    "primary": "#6fa8ff",
    "secondary": "#4fd1b0",
    "accent": ACCENT,
    "warning": STAR,
    "error": BAD,
    "success": "#8ee6c8",
    "foreground": "#d9dde8",
    "background": BACKGROUND,
    "surface": "#171a23",
    "panel": "#232837",
}
"""The colours of the dark theme, for which everything is drawn."""

VARIABLES = {
    "footer-key-foreground": ACCENT,
    "footer-background": "#171a23",
    "footer-description-foreground": QUIET,
    "scrollbar": GROOVE,
    "scrollbar-background": BACKGROUND,
    "scrollbar-hover": "#4a5268",
    "scrollbar-active": ACCENT,
}
"""The colours of its smaller parts."""

OTHER = UNKNOWN_COLOUR
"""Colour of a sound without a category, or with an unknown one."""

PALETTE: tuple[str, ...] = (OTHER, *CATEGORY_COLOURS.values())
"""The colours by number; see :func:`number_of`."""

_NUMBERS = {name: number for number, name in enumerate(CATEGORY_COLOURS, start=1)}


def number_of(category: str | None) -> int:
    """Return the place of a category in the palette; 0 for none and for unknown ones."""
    return _NUMBERS.get(category or "", 0)


def colour_of(category: str | None) -> str:
    """Return the colour of a category as ``#rrggbb``."""
    return PALETTE[number_of(category)]


def faded(colour: str, amount: float, background: str = BACKGROUND) -> str:
    """Return a colour moved towards the background.

    Args:
        colour: ``#rrggbb``.
        amount: 0 leaves it as it is, 1 gives the background.
        background: ``#rrggbb``.
    """
    pairs = zip(_channels(colour), _channels(background), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * amount):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
