"""The list of samples: any number of rows, of which only those in sight are ever fetched."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.keys import Scope, bindings
from tui.widgets.sample_line import draw_row

if TYPE_CHECKING:
    from library.catalog import SampleRow

KEPT_ROWS = 4096


class SampleTable(ScrollView, can_focus=True):
    """A virtual list over an array of ids.

    Rows come by :meth:`show_rows` after a `RowsWanted`; until then their lines are faint dots.
    """

    key_scope: ClassVar[Scope] = "list"
    BINDINGS = bindings("list")
    COMPONENT_CLASSES: ClassVar[set[str]] = {"table--cursor"}
    DEFAULT_CSS = """
    SampleTable {
        height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1;
        .table--cursor { background: $panel; text-style: bold; }
        &:focus .table--cursor { background: $primary-muted; }
    }
    """

    cursor = reactive(0)
    """The line of the cursor, from 0; 0 in an empty list."""

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

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - the name Textual uses
        super().__init__(id=id)
        self._ids: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._scores: NDArray[np.float32] | None = None
        self._rows: dict[int, SampleRow] = {}
        self._marks: tuple[int, ...] = ()
        self._wanted: tuple[int, int] | None = None
        self._told: int | None = None

    @property
    def ids(self) -> NDArray[np.int64]:
        """The samples of the list in its order, int64, shape (n,)."""
        return self._ids

    @property
    def current(self) -> int | None:
        """Id of the sample under the cursor."""
        return int(self._ids[self.cursor]) if len(self._ids) else None

    def near(self, reach: int) -> list[int]:
        """Return the ids next to the cursor, the nearest first, the one below before above."""
        places = [self.cursor + side * off for off in range(1, reach + 1) for side in (1, -1)]
        return [int(self._ids[place]) for place in places if 0 <= place < len(self._ids)]

    def row(self, sample_id: int) -> SampleRow | None:
        """Return a row if it has been fetched."""
        return self._rows.get(sample_id)

    def show_ids(
        self,
        ids: NDArray[np.int64],
        scores: NDArray[np.float32] | None = None,
        current: int | None = None,
    ) -> None:
        """Show other samples.

        Args:
            ids: int64, shape (n,).
            scores: float32, shape (n,), grades in [0, 1] to be shown; None for none.
            current: The sample to put the cursor on; the first one where it is not in the list.
        """
        self._ids, self._scores = ids, scores
        self.virtual_size = Size(0, len(ids))
        places = np.flatnonzero(ids == current) if current is not None else ids[:0]
        self._put(int(places[0]) if len(places) else 0, by_hand=False)
        self.refresh()

    def show_rows(self, rows: Iterable[SampleRow]) -> None:
        """Take rows that were wanted, or newer ones."""
        for row in rows:
            self._rows.pop(row.id, None)
            self._rows[row.id] = row
        while len(self._rows) > KEPT_ROWS:
            self._rows.pop(next(iter(self._rows)))
        self._wanted = None
        self._want()
        self.refresh()

    def show_marks(self, ids: tuple[int, ...]) -> None:
        """Show which samples are marked, in their order."""
        self._marks = ids
        self.refresh()

    def refetch(self) -> None:
        """Fetch the rows in sight again, and show the old ones until the new ones come."""
        first, last = self._in_sight(0)
        seen = self._ids[first:last]
        self._rows = {each: self._rows[each] for each in seen.tolist() if each in self._rows}
        if len(seen):
            self.post_message(self.RowsWanted(seen))

    def go_to(self, sample_id: int) -> None:
        """Put the cursor on a sample if it is in the list, without telling anyone."""
        places = np.flatnonzero(self._ids == sample_id)
        if len(places):
            self._told = sample_id
            self._put(int(places[0]))

    def _put(self, place: int, by_hand: bool = True) -> None:
        place = max(0, min(place, len(self._ids) - 1))
        self.cursor = place
        region = Region(0, place, 1, 1)
        self.scroll_to_region(region, animate=False, immediate=True, x_axis=False)
        self._want()
        if self.current is not None and self.current != self._told:
            self._told = self.current
            self.post_message(self.Moved(self.current, by_hand))

    @property
    def seen(self) -> list[int]:
        """Ids of the samples in sight."""
        first, last = self._in_sight(0)
        return [int(each) for each in self._ids[first:last]]

    def _in_sight(self, around: int) -> tuple[int, int]:
        first = max(0, self.scroll_offset.y - around)
        return first, min(len(self._ids), self.scroll_offset.y + self.size.height + around)

    def _want(self) -> None:
        """Ask for the rows in sight, and a screen on either side, if one in sight is not there."""
        first, last = self._in_sight(0)
        if all(int(each) in self._rows for each in self._ids[first:last]):
            return
        span = self._in_sight(self.size.height)
        if span != self._wanted:
            self._wanted = span
            self.post_message(self.RowsWanted(self._ids[span[0] : span[1]]))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Fetch what came into sight."""
        super().watch_scroll_y(old_value, new_value)
        self._want()

    def on_resize(self) -> None:
        """Fetch what came into sight."""
        self._want()

    def watch_cursor(self) -> None:
        """Draw the cursor."""
        self.refresh()

    def action_move(self, lines: int) -> None:
        """Move the cursor by lines."""
        self._put(self.cursor + lines)

    def action_page(self, pages: int) -> None:
        """Move the cursor by pages."""
        self._put(self.cursor + pages * max(1, self.size.height - 1))

    def action_first(self) -> None:
        """Move to the first sample."""
        self._put(0)

    def action_last(self) -> None:
        """Move to the last sample."""
        self._put(len(self._ids) - 1)

    def action_choose(self) -> None:
        """Choose the sample under the cursor."""
        if self.current is not None:
            self.post_message(self.Chosen(self.current))

    def on_click(self, event: events.Click) -> None:
        """Move to the line that was clicked; choose it on the second click."""
        place = self.scroll_offset.y + event.y
        if place < len(self._ids):
            self._put(place)
            if event.chain == 2:
                self.action_choose()

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        place = self.scroll_offset.y + y
        width = self.size.width
        if place >= len(self._ids):
            return Strip.blank(width, self.rich_style)
        sample_id = int(self._ids[place])
        cells = draw_row(
            self._rows.get(sample_id),
            width,
            mark=self._marks.index(sample_id) + 1 if sample_id in self._marks else 0,
            score=None if self._scores is None else float(self._scores[place]),
        )
        base = self.rich_style
        if place == self.cursor:
            base += self.get_component_rich_style("table--cursor", partial=True)
        return Strip([cell.segment(base) for cell in cells], width)
