"""The list and the map of the same samples, of which one is in sight; they share one cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import getters
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import ContentSwitcher, Static

from tui.columns import SCORE, Column, ListColumns
from tui.widgets.aspect_strip import AspectStrip, Weights
from tui.widgets.list_heading import ListHeading
from tui.widgets.map_legend import MapLegend
from tui.widgets.map_view import MapView
from tui.widgets.sample_table import SampleTable

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

LASSO_HINT = "lasso: arrows or a drag draw it · enter takes what is in it · v leaves it"


class Finder(Vertical):
    """Where samples are found, as a list or on the map."""

    DEFAULT_CSS = """
    Finder {
        width: 1fr; height: 1fr;
        ContentSwitcher { height: 1fr; }
        #look { height: 1; padding: 0 1; color: $accent; display: none; }
        #list { height: 1fr; }
    }
    """

    strip = getters.query_one(AspectStrip)
    heading = getters.query_one(ListHeading)
    table = getters.query_one(SampleTable)
    map_view = getters.query_one(MapView)
    legend = getters.query_one(MapLegend)
    views = getters.query_one(ContentSwitcher)

    class Moved(SampleTable.Moved):
        """The cursor of the list or of the map is on another sample."""

    class Chosen(SampleTable.Chosen):
        """Enter or a double click on a sample of the list or of the map."""

    class Sorted(Message):
        """The list is to be in another order.

        Attributes:
            field: What to sort by, as ``sort:`` calls it; empty for the list's own order.
            reverse: Whether in reverse.
        """

        def __init__(self, field: str, reverse: bool) -> None:
            super().__init__()
            self.field = field
            self.reverse = reverse

    def compose(self) -> ComposeResult:
        """Lay out the aspects of likeness over the list or the map."""
        yield Static("", id="look")
        yield AspectStrip()
        with ContentSwitcher(initial="list"):
            with Vertical(id="list"):
                yield ListHeading()
                yield SampleTable()
            with Vertical(id="map"):
                yield MapView()
                yield MapLegend()

    def __init__(self) -> None:
        super().__init__()
        self._columns = ListColumns()
        self._aspects: Mapping[str, NDArray[np.float32]] = {}
        self._sorting = ("", False)

    @property
    def current(self) -> int | None:
        """Id of the sample under the cursor of what is in sight."""
        return self.table.current if self.views.current == "list" else self.map_view.current

    @property
    def near(self) -> list[int]:
        """Ids of the samples that the cursor may go to next."""
        return self.table.near(2)

    @property
    def looked_at(self) -> list[int]:
        """Ids of the samples that the user looks at, those at the cursor first."""
        current = [] if self.current is None else [self.current]
        return list(dict.fromkeys([*current, *self.near, *self.table.seen]))

    def show_list(
        self,
        ids: NDArray[np.int64],
        scores: NDArray[np.float32] | None,
        current: int | None,
        like: str = "",
        lassoed: bool = False,
        again: bool = False,
    ) -> None:
        """Show other samples.

        Args:
            ids: int64, shape (n,).
            scores: float32, shape (n,), grades in [0, 1] to be shown; None for none.
            current: The sample to put the cursor on; the first one where it is not in the list.
            like: Name of the sound that all of them are like; empty for a plain list.
            lassoed: Whether only what lay in a lasso may be in the list.
            again: Whether it is the list that is shown, which has changed; the cursor then stays on
                its line where its sample is gone.
        """
        look = self.query_one("#look", Static)
        look.display = lassoed and not like
        look.update(Content("◌ from the lasso   esc goes back"))
        self.heading.show(self._columns, scores is not None, tuple(self._aspects))
        otherwise = self.table.cursor if again else 0
        self.table.show_ids(ids, scores, current, self._aspects, otherwise)

    def show_aspects(
        self, like: str, aspects: Mapping[str, NDArray[np.float32]], weights: Weights
    ) -> None:
        """Show what the next list is like.

        Args:
            like: Name of the sound; empty for a plain list.
            aspects: Grades by aspect, float32, shape (n,) each; NaN where one is not known.
            weights: Of the aspects that do not weigh what they usually do.
        """
        self._aspects = aspects
        self.strip.show(like, tuple(aspects), weights)

    def show_columns(self, columns: ListColumns) -> None:
        """Show other columns."""
        self._columns = columns
        self.heading.show_columns(columns)
        self.table.show_columns(columns)

    def show_sorting(self, field: str, reverse: bool) -> None:
        """Show what the list is sorted by, as ``sort:`` calls it; empty for its own order."""
        self._sorting = (field, reverse)
        self.heading.show_sorting(field, reverse)

    def on_list_heading_clicked(self, event: ListHeading.Clicked) -> None:
        """Sort by a column; by the same one, in reverse; and then no more."""
        event.stop()
        column = event.column
        if column.sort == SCORE:
            self.post_message(self.Sorted("", False))
        elif column.sort and self._sorting[0] != column.sort:
            self.post_message(self.Sorted(column.sort, column.largest_first))
        elif column.sort and self._sorting[1] == column.largest_first:
            self.post_message(self.Sorted(column.sort, not column.largest_first))
        elif column.sort:
            self.post_message(self.Sorted("", False))

    def on_sample_table_sort_turned(self, event: SampleTable.SortTurned) -> None:
        """Sort by the next column, after the last one by none, or the other way round."""
        event.stop()
        field, reverse = self._sorting
        if event.reverse:
            if field not in ("", SCORE):
                self.post_message(self.Sorted(field, not reverse))
            return
        columns: list[Column | None] = [
            placed.column
            for placed in self.heading.layout_now
            if placed.column.sort not in ("", SCORE)
        ]
        fields = [column.sort for column in columns if column is not None]
        following = fields.index(field) + 1 if field in fields else 0
        column = [*columns, None][following]
        self.post_message(
            self.Sorted("", False)
            if column is None
            else self.Sorted(column.sort, column.largest_first)
        )

    def go_to(self, sample_id: int) -> bool:
        """Put the cursor on a sample, without telling anyone; return whether it is in the list."""
        if not self.table.go_to(sample_id):
            return False
        self.map_view.go_to(sample_id)
        return self.current == sample_id

    @property
    def view(self) -> str:
        """What is in sight, "list" or "map"."""
        return self.views.current or "list"

    def switch(self) -> None:
        """Switch between the list and the map."""
        self.views.current = "map" if self.views.current == "list" else "list"
        self.take_keyboard()

    def leave_lasso(self) -> bool:
        """Take the lasso off the map; False where there is none in sight."""
        if self.views.current == "list" or self.map_view.lasso is None:
            return False
        self.map_view.drop_lasso()
        return True

    def take_keyboard(self) -> None:
        """Give the keyboard to what is in sight."""
        (self.table if self.views.current == "list" else self.map_view).focus()

    def on_sample_table_moved(self, event: SampleTable.Moved) -> None:
        """Let the map follow the list."""
        event.stop()
        self.map_view.go_to(event.sample_id)
        self.post_message(self.Moved(event.sample_id, event.by_hand))

    def on_map_view_moved(self, event: MapView.Moved) -> None:
        """Let the list follow the map."""
        event.stop()
        self.table.go_to(event.sample_id)
        self.post_message(self.Moved(event.sample_id, True))

    def on_map_view_lasso_moved(self, event: MapView.LassoMoved) -> None:
        """Say which keys draw the lasso, or again what the colours mean."""
        event.stop()
        self.legend.show_hint(LASSO_HINT if event.drawing else "")

    def on_sample_table_chosen(self, event: SampleTable.Chosen) -> None:
        """Pass it on."""
        event.stop()
        self.post_message(self.Chosen(event.sample_id))

    def on_map_view_chosen(self, event: MapView.Chosen) -> None:
        """Pass it on."""
        event.stop()
        self.post_message(self.Chosen(event.sample_id))
