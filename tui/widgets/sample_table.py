"""The list of samples: any number of rows, of which only those in sight are ever fetched."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.style import Style
from textual.geometry import Region, Size
from textual.message import Message
from textual.signal import Signal
from textual.strip import Strip

from tui.columns import ListColumns, Placed, laid_out
from tui.keys import Scope, bindings
from tui.marks import Marks
from tui.widgets.cursor_list import CursorList
from tui.widgets.sample_line import draw_row

if TYPE_CHECKING:
    from library.catalog import SampleRow

KEPT_ROWS = 4096


class _Pen(NamedTuple):
    """What all lines are drawn with: styles, the one at the cursor too, and the columns."""

    base: Style
    cursor: Style
    width: int
    layout: tuple[Placed, ...]


class SampleTable(CursorList, can_focus=True):
    """A virtual list over an array of ids.

    Rows come by :meth:`show_rows` after a `RowsWanted`; until then their lines are faint dots.
    """

    key_scope: ClassVar[Scope] = "list"
    BINDINGS = bindings("list")
    COMPONENT_CLASSES: ClassVar[set[str]] = {"table--cursor"}
    DEFAULT_CSS = """
    SampleTable {
        height: 1fr; overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1;
        .table--cursor { background: $panel; text-style: bold; }
        &:focus .table--cursor { background: $primary-muted; }
    }
    """

    class RowsWanted(Message):
        """Rows are in sight, or nearly, that have not been fetched.

        Attributes:
            ids: int64, shape (n,).
        """

        def __init__(self, ids: NDArray[np.int64]) -> None:
            super().__init__()
            self.ids = ids

    class Moved(Message):
        """The cursor is on another sample.

        Attributes:
            sample_id: The sample.
            by_hand: Whether the user moved it there; otherwise the list changed under it.
        """

        def __init__(self, sample_id: int, by_hand: bool) -> None:
            super().__init__()
            self.sample_id = sample_id
            self.by_hand = by_hand

    class Chosen(Message):
        """Enter or a double click on a sample."""

        def __init__(self, sample_id: int) -> None:
            super().__init__()
            self.sample_id = sample_id

    class SortTurned(Message):
        """The list is to be sorted by the next column, or the other way round."""

        def __init__(self, reverse: bool) -> None:
            super().__init__()
            self.reverse = reverse

    class Swept(Message):
        """The cursor was moved so that all between is to be marked: int64, shape (n,)."""

        def __init__(self, ids: NDArray[np.int64]) -> None:
            super().__init__()
            self.ids = ids

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - the name Textual uses
        super().__init__(id=id)
        self._scores: NDArray[np.float32] | None = None
        self._aspects: Mapping[str, NDArray[np.float32]] = {}
        self._columns = ListColumns()
        self._rows: dict[int, SampleRow] = {}
        self._marks = Marks()
        self._wanted: tuple[int, int] | None = None
        self._told: int | None = None
        self._pen = _Pen(Style.null(), Style.null(), 0, ())
        # A message comes after the drawing of what it tells of. Who must be sooner subscribes.
        self.moving: Signal[tuple[int, bool]] = Signal(self, "moving")

    @property
    def line_width(self) -> int:
        """Characters of a line, beside the scroll bar."""
        return self.scrollable_content_region.width

    @property
    def layout_now(self) -> tuple[Placed, ...]:
        """The columns as they are drawn."""
        scores = self._scores is not None
        return laid_out(self._columns, self.line_width, scores, tuple(self._aspects))

    def row(self, sample_id: int) -> SampleRow | None:
        """Return a row if it has been fetched."""
        return self._rows.get(sample_id)

    def show_ids(
        self,
        ids: NDArray[np.int64],
        scores: NDArray[np.float32] | None = None,
        current: int | None = None,
        aspects: Mapping[str, NDArray[np.float32]] | None = None,
        otherwise: int = 0,
    ) -> None:
        """Show other samples.

        Args:
            ids: int64, shape (n,).
            scores: float32, shape (n,), grades in [0, 1] to be shown; None for none.
            current: The sample to put the cursor on.
            aspects: Grades by aspect, float32, shape (n,) each; NaN where one is not known.
            otherwise: The line for the cursor where that sample is not in the list.
        """
        self._ids, self._scores, self._aspects = ids, scores, aspects or {}
        self.virtual_size = Size(0, len(ids))
        places = np.flatnonzero(ids == current) if current is not None else ids[:0]
        self._put(int(places[0]) if len(places) else otherwise, by_hand=False)
        self.refresh()

    def show_rows(self, rows: Iterable[SampleRow]) -> None:
        """Take rows that were wanted, or newer ones."""
        seen, drawn = set(self.seen), True
        for row in rows:
            known = self._rows.pop(row.id, None)
            self._rows[row.id] = row
            drawn = drawn and (known == row or row.id not in seen)
        while len(self._rows) > KEPT_ROWS:
            self._rows.pop(next(iter(self._rows)))
        self._wanted = None
        self._want()
        if not drawn:
            self.refresh()

    def show_marks(self, marks: Marks) -> None:
        """Show which samples are marked."""
        self._marks = marks
        self.refresh()

    def show_columns(self, columns: ListColumns) -> None:
        """Show other columns."""
        self._columns = columns
        self.refresh()

    def refetch(self) -> None:
        """Fetch the rows in sight again, and show the old ones until the new ones come."""
        first, last = self._in_sight(0)
        seen = self._ids[first:last]
        self._rows = {each: self._rows[each] for each in seen.tolist() if each in self._rows}
        if len(seen):
            self.post_message(self.RowsWanted(seen))

    def go_to(self, sample_id: int) -> bool:
        """Put the cursor on a sample, without telling anyone; return whether it is in the list."""
        places = np.flatnonzero(self._ids == sample_id)
        if len(places):
            self._told = sample_id
            self._put(int(places[0]))
        return len(places) > 0

    def _arrived(self, by_hand: bool) -> None:
        if self.current is not None and self.current != self._told:
            self._told = self.current
            self.moving.publish((self.current, by_hand))
            self.post_message(self.Moved(self.current, by_hand))

    def _want(self) -> None:
        """Ask for the rows in sight, and a screen on either side, if one in sight is not there."""
        first, last = self._in_sight(0)
        if all(int(each) in self._rows for each in self._ids[first:last]):
            return
        span = self._in_sight(self.size.height)
        if span != self._wanted:
            self._wanted = span
            self.post_message(self.RowsWanted(self._ids[span[0] : span[1]]))

    def action_sweep(self, lines: int) -> None:
        """Move the cursor by lines and have all marked that it has been on."""
        before = self.cursor
        self._put(before + lines)
        first, last = sorted((before, self.cursor))
        if len(self._ids):
            swept = self._ids[first : last + 1]
            self.post_message(self.Swept(swept if lines > 0 else swept[::-1]))

    def action_sort(self, reverse: bool) -> None:
        """Ask for another order."""
        self.post_message(self.SortTurned(reverse))

    def action_choose(self) -> None:
        """Choose the sample under the cursor."""
        if self.current is not None:
            self.post_message(self.Chosen(self.current))

    def _aspects_at(self, place: int) -> dict[str, float]:
        """Return the grades of one line that are known."""
        grades = {name: float(values[place]) for name, values in self._aspects.items()}
        return {name: grade for name, grade in grades.items() if not math.isnan(grade)}

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw some lines, with what they share looked up once."""
        base = self.rich_style
        cursor = base + self.get_component_rich_style("table--cursor", partial=True)
        self._pen = _Pen(base, cursor, self.line_width, self.layout_now)
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        place, pen = self.scroll_offset.y + y, self._pen
        if place >= len(self._ids):
            return Strip.blank(pen.width, pen.base)
        sample_id = int(self._ids[place])
        cells = draw_row(
            self._rows.get(sample_id),
            pen.layout,
            mark=self._marks.number(sample_id),
            score=None if self._scores is None else float(self._scores[place]),
            aspects=self._aspects_at(place),
        )
        style = pen.cursor if place == self.cursor else pen.base
        return Strip([cell.segment(style) for cell in cells], pen.width)
