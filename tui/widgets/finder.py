"""The list and the map of the same samples, of which one is in sight; they share one cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import getters
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import ContentSwitcher, Static

from tui.widgets.map_view import MapView
from tui.widgets.sample_table import SampleTable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Finder(Vertical):
    """Where samples are found, as a list or on the map."""

    DEFAULT_CSS = """
    Finder {
        width: 1fr; height: 1fr;
        ContentSwitcher { height: 1fr; }
        #look { height: 1; padding: 0 1; color: $accent; display: none; }
    }
    """

    table = getters.query_one(SampleTable)
    map_view = getters.query_one(MapView)
    views = getters.query_one(ContentSwitcher)

    class Moved(SampleTable.Moved):
        """The cursor of the list or of the map is on another sample."""

    class Chosen(SampleTable.Chosen):
        """Enter or a double click on a sample of the list or of the map."""

    def compose(self) -> ComposeResult:
        """Lay out the line of the look over the list or the map."""
        yield Static("", id="look")
        with ContentSwitcher(initial="list"):
            yield SampleTable(id="list")
            yield MapView(id="map")

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
    ) -> None:
        """Show other samples.

        Args:
            ids: int64, shape (n,).
            scores: float32, shape (n,), grades in [0, 1] to be shown; None for none.
            current: The sample to put the cursor on; the first one where it is not in the list.
            like: Name of the sound that all of them are like; empty for a plain list.
        """
        look = self.query_one("#look", Static)
        look.display = bool(like)
        look.update(Content(f"≈ sounds like {like}   esc goes back"))
        self.table.show_ids(ids, scores, current)

    @property
    def view(self) -> str:
        """What is in sight, "list" or "map"."""
        return self.views.current or "list"

    def switch(self) -> None:
        """Switch between the list and the map."""
        self.views.current = "map" if self.views.current == "list" else "list"
        self.take_keyboard()

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

    def on_sample_table_chosen(self, event: SampleTable.Chosen) -> None:
        """Pass it on."""
        event.stop()
        self.post_message(self.Chosen(event.sample_id))

    def on_map_view_chosen(self, event: MapView.Chosen) -> None:
        """Pass it on."""
        event.stop()
        self.post_message(self.Chosen(event.sample_id))
