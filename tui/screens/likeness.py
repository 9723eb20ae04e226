"""The part of the library's screen that lists similar sounds and weighs what makes them so."""

from __future__ import annotations

from dataclasses import replace

from tui.screens.searching import Searching
from tui.widgets.aspect_strip import AspectStrip


class Likeness(Searching):
    """Turns a sound, and what counts in it, into the list of those like it."""

    def action_similar(self) -> None:
        """List what sounds like the sample under the cursor, within the query."""
        row = self._under_cursor()
        if row is not None:
            here = self._history.here
            self._go(
                replace(here, sound=row.id, name=row.name, region=None, current=row.id, among=None)
            )
            self.search.show_answer("listening …")

    def action_weigh(self) -> None:
        """Give the aspects of likeness the keyboard."""
        if self.finder.strip.ready:
            self.finder.strip.focus()
        else:
            self.notify("s lists the sounds like this one; then w weighs what makes them so")

    def on_aspect_strip_weighed(self, event: AspectStrip.Weighed) -> None:
        """List the neighbours by other weights; all weighing in a row is one step."""
        self._change("weighing", weights=event.weights)

    def on_aspect_strip_left(self) -> None:
        """Give the keyboard back to the list or the map."""
        self._changing = ""
        self.finder.take_keyboard()
