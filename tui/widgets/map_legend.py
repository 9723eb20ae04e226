"""The line under the map that says what its colours mean."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text
from textual.widget import Widget

from tui.colourings import Colouring
from tui.colours import ACCENT, QUIET

_DOT, _BLOCK = "● ", "▇"


class MapLegend(Widget):
    """Shows colours and what they stand for, or what the lasso waits for."""

    DEFAULT_CSS = """
    MapLegend { height: 1; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._colouring: Colouring | None = None
        self._hint = ""

    def show(self, colouring: Colouring) -> None:
        """Say what other colours mean."""
        self._colouring = colouring
        self.refresh()

    def show_hint(self, hint: str) -> None:
        """Say something else for a while; nothing brings the colours back."""
        self._hint = hint
        self.refresh()

    def render(self) -> Text:
        """Draw the line."""
        if self._hint:
            return Text(self._hint, style=ACCENT, no_wrap=True, overflow="ellipsis")
        if self._colouring is None:
            return Text("")
        return legend(self._colouring, self.content_size.width)


def legend(colouring: Colouring, width: int) -> Text:
    """Return what colours mean in one line, and how much of it did not fit."""
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(f"{colouring.name}  ", style=QUIET)
    if colouring.ends is not None:
        least, most = colouring.ends
        text.append(f"{least} ")
        for colour in colouring.palette[1:]:
            text.append(_BLOCK, style=colour)
        text.append(f" {most}  ")
    left = len(colouring.legend)
    for number, meaning in colouring.legend:
        more = f"+{left - 1}" if left > 1 else ""
        if cell_len(text.plain) + cell_len(_DOT + meaning) + 2 + len(more) > width:
            text.append(f"+{left}", style=QUIET)
            break
        text.append(_DOT, style=colouring.palette[number])
        text.append(f"{meaning}  ", style=QUIET if not number else "")
        left -= 1
    return text
