"""The takes that were kept since a screen was opened, the newest first."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from tui.colours import ACCENT, QUIET

MOST = 50


class TakeList(Static):
    """Lists takes by name."""

    DEFAULT_CSS = """
    TakeList { height: auto; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._takes: list[tuple[str, str]] = []
        self._folder = ""

    def on_mount(self) -> None:
        """Say what will be listed."""
        self._draw()

    def show_folder(self, folder: str) -> None:
        """Show where takes go, as text that can be shown."""
        self._folder = folder
        self._draw()

    def add(self, name: str, about: str = "") -> None:
        """List a take, by a name that can be shown, with a few words about it."""
        self._takes = [(name, about), *self._takes][:MOST]
        self._draw()

    @property
    def names(self) -> tuple[str, ...]:
        """What is listed, the newest first."""
        return tuple(name for name, _ in self._takes)

    def _draw(self) -> None:
        text = Text()
        text.append("Takes", style=f"bold {ACCENT}")
        if self._folder:
            text.append(f"  {self._folder}", style=QUIET)
        if not self._takes:
            text.append("\nnone yet: enter keeps one", style=QUIET)
        for name, about in self._takes:
            text.append(f"\n{name}")
            if about:
                text.append(f"\n  {about}", style=QUIET)
        self.update(text)
