"""The part of the library's screen that marks samples; every action on samples works on them."""

from __future__ import annotations

from tui.marks import Marks
from tui.screens.library_screen import LibraryScreen
from tui.widgets.sample_table import SampleTable


class Marking(LibraryScreen):
    """Remembers which samples are marked."""

    def _mark(self, marks: Marks) -> None:
        self._marks = marks
        self.finder.table.show_marks(marks)
        self.top.marked = len(marks)

    def action_mark(self) -> None:
        """Mark the sample, or unmark it."""
        current = self.finder.current
        if current is not None:
            self._mark(self._marks.toggled(current))

    def action_mark_all(self) -> None:
        """Mark every sample of the list."""
        self._mark(self._marks.joined(self._in_list))

    def action_invert_marks(self) -> None:
        """Mark what is not marked in the list, and unmark what is."""
        self._mark(self._marks.inverted(self._in_list))

    def action_unmark_all(self) -> None:
        """Unmark all samples."""
        self._mark(Marks())

    def on_sample_table_swept(self, event: SampleTable.Swept) -> None:
        """Mark what the cursor was drawn over."""
        event.stop()
        self._mark(self._marks.joined(event.ids))
