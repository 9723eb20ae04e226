"""The part of the library's screen that makes sounds from marked ones."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tui.marks import NUMBERED
from tui.screens.library_screen import LibraryScreen
from tui.screens.morph import Morph

if TYPE_CHECKING:
    from library.catalog import SampleRow


class Making(LibraryScreen):
    """Hands the marked samples to the screens that make sounds."""

    def __init__(self) -> None:
        super().__init__()
        self._takes: TemporaryDirectory[str] | None = None

    def action_morph(self) -> None:
        """Open the morph between the marked samples."""
        rows: list[SampleRow] = []
        if self._workspace is not None and len(self._marks):
            rows = self._workspace.rows(self._marks.ids[:NUMBERED])
        row = self._under_cursor()
        if len(rows) == 1 and row is not None and row.id not in self._marks:
            rows.append(row)
        if len(rows) < 2 or self._workspace is None:
            self.notify("Mark two sounds with m, then M morphs between them")
        else:
            self._audition.play(None)
            if self._takes is None:
                self._takes = TemporaryDirectory(prefix="latentcrate-")
            folder = Path(self._takes.name)
            self.app.push_screen(Morph(self._workspace, self._audition.player, rows, folder))

    def let_go(self) -> None:
        """Remove the morphs that were heard and not saved."""
        if self._takes is not None:
            self._takes.cleanup()
