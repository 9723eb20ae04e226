"""The first start: asks for a folder of sounds."""

from __future__ import annotations

from tui.folders import trouble_reading
from tui.screens.ask import Ask

ABOUT = "\n\n".join(
    (
        "Where are your sounds?",
        "Type a folder; the right arrow key completes it. Its sounds are listed at once and can "
        "be played while they are analysed behind. Files are only ever read: nothing is moved, "
        "changed or sent away.",
        "Escape looks around first; f adds a folder at any time, and ? shows every key.",
    )
)


def add_folder() -> Ask:
    """Return the dialog that asks for another folder."""
    about = "Its sounds are listed at once and analysed behind. Files are only ever read."
    return Ask("Add a folder", about, "~/", trouble_reading, folder=True)


class Welcome(Ask):
    """Greets, and asks for the first folder."""

    def __init__(self) -> None:
        super().__init__("latentcrate", ABOUT, "~/", trouble_reading, folder=True)
