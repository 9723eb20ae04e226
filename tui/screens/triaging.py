"""The part of the library's screen that goes through a list with one key for each sound."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from textual import getters
from textual.message import Message

from tui import saying
from tui.messages import ListReady
from tui.screens.ask import Ask
from tui.screens.organising import Organising
from tui.triage import KEPT, SKIPPED, TAGGED, Triage
from tui.widgets.triage_line import TriageLine


class Triaging(Organising):
    """Keeps, skips and tags sounds, one after the other; the cursor goes on by itself and plays."""

    triage_line = getters.query_one(TriageLine)

    def __init__(self) -> None:
        super().__init__()
        self._triage: Triage | None = None
        self._target = "keep"

    def action_triage(self) -> None:
        """Ask where kept sounds go, and begin."""
        if self._triage is not None:
            self.triage_line.focus()
        elif len(self._in_list):
            about = "A collection, new or not; or a word with # before it, to tag them"
            words = (*self._places.collections, *(f"#{each}" for each in self._places.tags))
            ask = Ask("Where do the sounds go that you keep?", about, self._target, words=words)
            self.app.push_screen(ask, self._begin)

    def _begin(self, line: str | None) -> None:
        target = (line or "").strip()
        if target.strip("#") and len(self._in_list):
            self._target = target
            if self.finder.view == "map":
                self.action_switch()
            self._triage = Triage(self._in_list, target)
            self.triage_line.show(self._triage)
            self.triage_line.focus()

    def _end(self) -> None:
        """End the triage, and say what came of it."""
        triage, self._triage = self._triage, None
        if triage is None:
            return
        self.triage_line.show(None)
        if self.triage_line.has_focus:
            self.finder.take_keyboard()
        left = len(triage.ids) - triage.done
        told = f"{triage.count(KEPT):,} kept in {triage.target}, {left:,} left"
        self.notify(told, markup=False)

    def on_list_ready(self, event: ListReady) -> None:
        """End the triage of a list that is not shown any more."""
        if self._triage is not None and not np.array_equal(event.ids, self._triage.ids):
            self._end()

    def _write(self, question: Callable[[], Message]) -> None:
        if self._triage is not None:
            self._triage.said()
        super()._write(question)

    def on_triage_line_pressed(self, event: TriageLine.Pressed) -> None:
        """Do what a key of the triage says."""
        event.stop()
        table = self.finder.table
        if self._triage is None or self._workspace is None or table.current is None:
            return
        if event.what == "keep":
            self._decide(table.cursor, KEPT, self._keeping(table.current))
        elif event.what == "skip":
            self._decide(table.cursor, SKIPPED, None)
        elif event.what == "tag":
            row = table.row(table.current)
            name = row.name if row is not None else "the sound"
            ask = Ask(f"Words for {name}", "Then on to the next", words=tuple(self._places.tags))
            self.app.push_screen(ask, partial(self._tagged, table.cursor, table.current))
        elif event.what in ("next", "back"):
            table.action_move(1 if event.what == "next" else -1)
        elif event.what == "undo":
            self._take_back()
        else:
            self._end()

    def _keeping(self, sample_id: int) -> Callable[[], Message] | None:
        if self._workspace is None:
            return None
        if self._target.startswith("#"):
            return partial(saying.words, self._workspace, [sample_id], self._target)
        return partial(saying.kept, self._workspace, [sample_id], self._target)

    def _tagged(self, place: int, sample_id: int, line: str | None) -> None:
        if line and line.strip() and self._workspace is not None:
            self._decide(place, TAGGED, partial(saying.words, self._workspace, [sample_id], line))

    def _decide(self, place: int, how: str, question: Callable[[], Message] | None) -> None:
        """Note a decision, write what is to be written, and go on."""
        if self._triage is None:
            return
        self._triage.decide(place, how)
        if question is not None:
            super()._write(question)
        following = self._triage.following(place)
        self.triage_line.show(self._triage)
        if following is None:
            self._end()
        else:
            self.finder.table.action_move(following - self.finder.table.cursor)

    def _take_back(self) -> None:
        """Take back the last decision, and go to its sound."""
        last = self._triage.take_back() if self._triage is not None else None
        if last is None:
            self.notify("Nothing to take back in this triage")
            return
        if last.wrote and self._workspace is not None:
            super()._write(partial(saying.undone, self._workspace))
        self.triage_line.show(self._triage)
        if last.place is not None:
            self.finder.table.action_move(last.place - self.finder.table.cursor)
