"""A cursor on any number of lines, and the keys that move it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from textual import events
from textual.geometry import Region
from textual.reactive import reactive
from textual.scroll_view import ScrollView


class CursorList(ScrollView):
    """One line for each of an array of ids. A subclass draws them and tells of the cursor."""

    cursor = reactive(0, repaint=False)
    """The line of the cursor, from 0; 0 in an empty list."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - the name Textual uses
        super().__init__(id=id)
        self._ids: NDArray[np.int64] = np.zeros(0, dtype=np.int64)

    @property
    def ids(self) -> NDArray[np.int64]:
        """Ids of all samples of the list, int64, shape (n,)."""
        return self._ids

    @property
    def current(self) -> int | None:
        """Id of the sample under the cursor."""
        return int(self._ids[self.cursor]) if len(self._ids) else None

    @property
    def seen(self) -> list[int]:
        """Ids of the samples in sight."""
        first, last = self._in_sight(0)
        return [int(each) for each in self._ids[first:last]]

    def near(self, reach: int) -> list[int]:
        """Return the ids next to the cursor, the nearest first, the one below before above."""
        places = [self.cursor + side * off for off in range(1, reach + 1) for side in (1, -1)]
        return [int(self._ids[place]) for place in places if 0 <= place < len(self._ids)]

    def _arrived(self, by_hand: bool) -> None:
        """Take note of where the cursor is, after it may have moved.

        Args:
            by_hand: Whether the user moved it; otherwise the list changed under it.
        """
        raise NotImplementedError

    def _want(self) -> None:
        """Fetch what came into sight."""
        raise NotImplementedError

    def _put(self, place: int, by_hand: bool = True) -> None:
        place = max(0, min(place, len(self._ids) - 1))
        self.cursor = place
        region = Region(0, place, 1, 1)
        self.scroll_to_region(region, animate=False, immediate=True, x_axis=False)
        self._want()
        self._arrived(by_hand)

    def _in_sight(self, around: int) -> tuple[int, int]:
        first = max(0, self.scroll_offset.y - around)
        return first, min(len(self._ids), self.scroll_offset.y + self.size.height + around)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Fetch what came into sight."""
        super().watch_scroll_y(old_value, new_value)
        self._want()

    def on_resize(self) -> None:
        """Fetch what came into sight."""
        self._want()

    def watch_cursor(self, before: int, now: int) -> None:
        """Draw the line that the cursor leaves, and the one that it comes to."""
        self.refresh_line(before)
        self.refresh_line(now)

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
        raise NotImplementedError

    def on_click(self, event: events.Click) -> None:
        """Move to the line that was clicked; choose it on the second click."""
        place = self.scroll_offset.y + event.y
        if place < len(self._ids):
            self._put(place)
            if event.chain == 2:
                self.action_choose()
