"""What every part of the library's screen shares: the library, the looks, the row at the cursor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import getters
from textual.message import Message
from textual.screen import Screen

from tui.audition import Audition
from tui.jobs import Asking
from tui.looks import History, Look
from tui.marks import Marks
from tui.widgets.finder import Finder
from tui.widgets.inspector import Inspector
from tui.widgets.search_line import SearchLine
from tui.widgets.top_line import TopLine
from tui.writes import Writes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.workspace import Workspace
    from library.catalog import SampleRow


class LibraryScreen(Asking, Screen[None]):
    """The widgets and the state that the parts of the screen work on.

    A part is a subclass with the actions of one subject; the screen inherits all parts.
    """

    finder = getters.query_one(Finder)
    inspector = getters.query_one(Inspector)
    search = getters.query_one(SearchLine)
    top = getters.query_one(TopLine)

    def __init__(self) -> None:
        super().__init__()
        self._workspace: Workspace | None = None
        self._audition = Audition(self)
        self._history = History()
        self._row: SampleRow | None = None
        self._marks = Marks()
        self._writes = Writes(self)

    @property
    def query_text(self) -> str:
        """The query of what is shown; it scopes what is trained."""
        return self._history.here.query

    def _is_shown(self, look: Look) -> bool:
        """Return whether a look is still the one that is to be shown, wherever its cursor is."""
        return self._history.here.shows_as(look)

    def _under_cursor(self) -> SampleRow | None:
        """Return the sample under the cursor, also when keys come faster than it is shown."""
        current = self.finder.current
        if current is None or self._workspace is None:
            return None
        if self._row is not None and self._row.id == current:
            return self._row
        row = self.finder.table.row(current)
        return row or next(iter(self._workspace.rows([current])), None)

    @property
    def _in_list(self) -> NDArray[np.int64]:
        """The samples of the list, int64, shape (n,)."""
        return self.finder.table.ids

    def _meant(self) -> list[int]:
        """Return the samples that an action is for: the marked ones, else the one at the cursor."""
        if len(self._marks):
            marked: list[int] = self._marks.ids.tolist()
            return marked
        return [] if self.finder.current is None else [self.finder.current]

    def _show_row(self, row: SampleRow) -> None:
        """Show what is known of the sample under the cursor."""
        self._row = row
        self.inspector.show(row)

    def action_switch(self) -> None:
        """Switch between the list and the map."""
        raise NotImplementedError

    def _ask_list(self, look: Look) -> None:
        """Ask for the samples of a look."""
        raise NotImplementedError

    def _write(self, question: Callable[[], Message]) -> None:
        """Write into the library, after all that was written before."""
        self._writes.ask(question)
