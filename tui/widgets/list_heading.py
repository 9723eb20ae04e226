"""The names of the columns, above the list; a click sorts."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.columns import Column, ListColumns, Placed, laid_out
from tui.widgets.sample_line import column_at, draw_headings


class ListHeading(Widget):
    """One line with the names of the columns, as wide as the list below it."""

    DEFAULT_CSS = """
    ListHeading { height: 1; background: $surface; }
    """

    class Clicked(Message):
        """A column's name was clicked."""

        def __init__(self, column: Column) -> None:
            super().__init__()
            self.column = column

    def __init__(self) -> None:
        super().__init__()
        self._columns = ListColumns()
        self._scores = False
        self._aspects: tuple[str, ...] = ()
        self._sorting = ("", False)

    @property
    def layout_now(self) -> tuple[Placed, ...]:
        """The columns as they are drawn; the scroll bar of the list takes one character."""
        width = max(0, self.size.width - 1)
        return laid_out(self._columns, width, self._scores, self._aspects)

    def show(self, columns: ListColumns, scores: bool, aspects: tuple[str, ...]) -> None:
        """Show other columns."""
        self._columns, self._scores, self._aspects = columns, scores, aspects
        self.refresh()

    def show_columns(self, columns: ListColumns) -> None:
        """Show other columns of the same list."""
        self._columns = columns
        self.refresh()

    def show_sorting(self, field: str, reverse: bool) -> None:
        """Show what the list is sorted by, as ``sort:`` calls it; empty for its own order."""
        self._sorting = (field, reverse)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        cells = draw_headings(self.layout_now, *self._sorting)
        base = self.rich_style
        return Strip([cell.segment(base) for cell in cells]).adjust_cell_length(
            self.size.width, base
        )

    def on_click(self, event: events.Click) -> None:
        """Tell which column was clicked."""
        column = column_at(self.layout_now, event.x)
        if column is not None:
            self.post_message(self.Clicked(column))
