"""The part of the library's screen that makes sounds from marked ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.marks import NUMBERED
from tui.screens.library_screen import LibraryScreen
from tui.take_folder import TakeFolder

if TYPE_CHECKING:
    from library.catalog import SampleRow


class Making(LibraryScreen):
    """Hands the marked samples to the screens that make sounds."""

    def __init__(self) -> None:
        super().__init__()
        self._take_folder = TakeFolder()

    def action_morph(self) -> None:
        """Open the morph between the marked samples."""
        rows: list[SampleRow] = []
        if self._workspace is not None and len(self._marks):
            rows = self._workspace.rows(self._marks.ids[:NUMBERED])
        row = self._under_cursor()
        if len(rows) == 1 and row is not None and row.id not in self._marks:
            rows.append(row)
        if len(rows) < 2 or self._workspace is None:
            self.notify("Mark two to four sounds with m, then M morphs between them")
        else:
            from tui.screens.morph import Morph

            self._audition.play(None)
            morph = Morph(self._workspace, self._audition.player, rows, self._take_folder)
            self.app.push_screen(morph)

    def action_shape(self) -> None:
        """Open the attribute sliders of the sample."""
        row = self._under_cursor()
        if row is not None and self._workspace is not None:
            from tui.screens.shape import Shape

            self._audition.play(None)
            shape = Shape(self._workspace, self._audition.player, row, self._take_folder)
            self.app.push_screen(shape)
