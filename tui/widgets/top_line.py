"""The uppermost line: which library this is, and what is switched how."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from tui.colours import ACCENT, QUIET, STAR


class TopLine(Widget):
    """Shows counts and switches in one line."""

    DEFAULT_CSS = """
    TopLine { height: 1; padding: 0 1; background: $surface; }
    """

    samples: reactive[int | None] = reactive(None)
    """Samples in the library; None while it is being opened."""
    space = reactive("")
    """Name of the space in use."""
    marked = reactive(0)
    """How many samples are marked for a morph."""
    autoplay = reactive(True)
    """Whether a cursor move plays."""
    switches = reactive("")
    """How sounds are played, where it differs from once and as they are."""
    player_note = reactive("")
    """Why nothing is heard; empty when sound comes out."""

    def render(self) -> Text:
        """Draw the line."""
        left = Text(no_wrap=True, overflow="ellipsis")
        left.append("latentcrate", style=f"bold {ACCENT}")
        if self.samples is None:
            left.append("  opening the library", style=QUIET)
            return left
        left.append(f"  {self.samples:,} sounds", style=QUIET)
        right = Text(no_wrap=True)
        if self.marked:
            right.append(f"{self.marked:,} marked  ", style=ACCENT)
        if not self.autoplay:
            right.append("autoplay off  ", style=STAR)
        if self.switches:
            right.append(f"{self.switches}  ", style=STAR)
        if self.player_note:
            right.append(f"{self.player_note}  ", style=QUIET)
        if self.space:
            right.append(f"space {self.space}", style=QUIET)
        gap = self.size.width - cell_len(left.plain) - cell_len(right.plain)
        if gap < 2:
            return left
        return left + Text(" " * gap) + right
