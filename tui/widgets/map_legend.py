"""The line under the map that says what its colours mean."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text
from textual.widget import Widget

from tui.colourings import Colouring
from tui.colours import ACCENT, QUIET

_DOT, _BLOCK = "● ", "▇"
_AROUND = 4  # cells: the dot and a blank before a word, two after it


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
    """Return what colours mean in one line: with numbers if all fit, or as many as do."""
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(f"{colouring.name}  ", style=QUIET)
    if colouring.ends is not None:
        least, most = colouring.ends
        text.append(f"{least} ")
        for colour in colouring.palette[1:]:
            text.append(_BLOCK, style=colour)
        text.append(f" {most}  ")
    room = width - cell_len(text.plain)
    counted = [f"{word} {count:,}" for _, word, count in colouring.legend]
    fits = sum(cell_len(each) + _AROUND for each in counted) <= room
    words = counted if fits else [word for _, word, _ in colouring.legend]
    for at, ((number, _, _), word) in enumerate(zip(colouring.legend, words, strict=True)):
        rest = f"+{len(words) - at}"
        room -= cell_len(word) + _AROUND
        if room < (0 if at == len(words) - 1 else len(rest)):
            text.append(rest, style=QUIET)
            break
        text.append(_DOT, style=colouring.palette[number])
        text.append(f"{word}  ", style="" if number else QUIET)
    return text
