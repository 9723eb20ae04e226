"""The part of the library's screen that arranges the list: its columns and its order."""

from __future__ import annotations

from tui.columns import ListColumns
from tui.query_edit import sorted_by
from tui.screens.choose_columns import ChooseColumns
from tui.screens.searching import Searching
from tui.widgets.finder import Finder


class Arranging(Searching):
    """Turns keys and clicks into an order, which is a term of the query, and into columns."""

    def __init__(self) -> None:
        super().__init__()
        self._columns = ListColumns()

    @property
    def columns(self) -> ListColumns:
        """The columns that the user wants; it can be asked when the screen has gone."""
        return self._columns

    def use_columns(self, columns: ListColumns) -> None:
        """Show other columns."""
        self._columns = columns
        self.finder.show_columns(columns)

    def on_finder_sorted(self, event: Finder.Sorted) -> None:
        """List the same in another order; all sorting in a row is one step."""
        query = sorted_by(self._history.here.query, event.field, event.reverse)
        self.search.show_query(query)
        self.finder.show_sorting(event.field, event.reverse)
        self._change("sorting", query=query)

    def action_columns(self) -> None:
        """Choose the columns."""
        self.app.push_screen(ChooseColumns(self._columns), self._choose)

    def _choose(self, columns: ListColumns | None) -> None:
        if columns is not None:
            self.use_columns(columns)
