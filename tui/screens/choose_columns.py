"""A dialog with the columns of the list, to be chosen and put in order."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from tui.colours import ACCENT, QUIET
from tui.columns import COLUMNS, ListColumns
from tui.keys import Scope, bindings


class ColumnList(Widget, can_focus=True):
    """The columns that are shown, in their order, and below them the others."""

    key_scope: ClassVar[Scope] = "columns"
    BINDINGS = bindings("columns")

    def __init__(self, columns: ListColumns) -> None:
        super().__init__(id="column-list")
        self.columns = columns
        self._cursor = 0

    @property
    def offered(self) -> list[str]:
        """Names of the columns in the order of the lines."""
        shown = [name for name in self.columns.names if name in COLUMNS]
        return [*shown, *(name for name in COLUMNS if name not in shown)]

    def _go_to(self, place: int) -> None:
        self._cursor = max(0, min(place, len(COLUMNS) - 1))
        self.refresh(layout=True)

    def action_go(self, by: int) -> None:
        """Go to another line."""
        self._go_to(self._cursor + by)

    def action_switch_column(self) -> None:
        """Show the column, or hide it; the name is always shown."""
        name = self.offered[self._cursor]
        self.columns = self.columns.toggled(name)
        self._go_to(self.offered.index(name))

    def action_carry(self, by: int) -> None:
        """Put the column further to the left or right."""
        name = self.offered[self._cursor]
        self.columns = self.columns.moved(name, by)
        self._go_to(self.offered.index(name))

    def action_usual(self) -> None:
        """Show the columns of a first start."""
        self.columns = ListColumns()
        self._go_to(0)

    def action_take(self) -> None:
        """Close the dialog with these columns."""
        self.screen.dismiss(self.columns)

    def action_leave(self) -> None:
        """Close the dialog and leave the columns as they were."""
        self.screen.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """Show the column that is clicked, or hide it."""
        place = event.y + self._first
        if place < len(COLUMNS):
            self._go_to(place)
            self.action_switch_column()

    @property
    def _first(self) -> int:
        """The first line in sight."""
        return max(0, min(self._cursor - self.size.height // 2, len(COLUMNS) - self.size.height))

    def render(self) -> Text:
        """Draw the lines in sight."""
        text = Text(no_wrap=True)
        first, height = self._first, self.size.height
        for place, name in enumerate(self.offered[first : first + height], start=first):
            shown = name in self.columns.names
            line = f" {'●' if shown else '·'} {name.replace('_', ' '):<14}"
            sort = COLUMNS[name].sort
            line += f"sort:{sort}" if sort else ""
            style = ("bold " if shown else "") + (ACCENT if shown else QUIET)
            if place == self._cursor:
                style += " reverse"
            text.append(line.ljust(self.size.width), style=style)
            text.append("\n")
        text.rstrip()
        return text


class ChooseColumns(ModalScreen[ListColumns | None]):
    """Offers the columns. It closes with those that were chosen, or with nothing.

    Args:
        columns: Those that are shown.
    """

    def __init__(self, columns: ListColumns) -> None:
        super().__init__()
        self._columns = columns

    def compose(self) -> ComposeResult:
        """Lay out the list and its keys."""
        with Vertical(id="columns", classes="dialog") as box:
            box.border_title = "Columns of the list"
            box.border_subtitle = "enter takes them"
            yield ColumnList(self._columns)
            yield Static(
                "space shows or hides  shift+↑↓ moves  r as at first",
                id="columns-about",
            )
