"""The part of the library's screen for what the user says of sounds, and takes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from library.category import CATEGORY_NAMES
from tui import questions, saying
from tui.jobs import Questions
from tui.messages import RowsChanged
from tui.query_edit import value_of_field
from tui.screens.ask import Ask
from tui.screens.placing import Placing


class Organising(Placing):
    """Writes down what the user says of the marked samples, or of the one at the cursor."""

    def _name_of(self, ids: Sequence[int]) -> str:
        """Return the name of a single sample, or how many there are."""
        row = self.finder.table.row(ids[0]) if len(ids) == 1 else None
        return row.name if row is not None else saying.sounds(len(ids))

    def action_tag(self) -> None:
        """Ask for words for the samples."""
        ids = self._meant()
        if ids:
            about = "Words of your own, with spaces between. A minus takes one away: -old"
            ask = Ask(f"Words for {self._name_of(ids)}", about, words=tuple(self._places.tags))
            self.app.push_screen(ask, partial(self._say, ids))

    def _say(self, ids: Sequence[int], line: str | None) -> None:
        if line and self._workspace is not None:
            self._write(partial(saying.words, self._workspace, ids, line))

    def action_category(self) -> None:
        """Ask of what category the samples are; what one is now can be confirmed with enter."""
        ids = self._meant()
        if ids:
            row = self.finder.table.row(ids[0]) if len(ids) == 1 else None
            about = f"One of {', '.join(CATEGORY_NAMES)}. Nothing takes back what you said"
            ask = Ask(
                f"Category of {self._name_of(ids)}",
                about,
                (row.category if row is not None else None) or "",
                saying.trouble_with_category,
                words=CATEGORY_NAMES,
            )
            self.app.push_screen(ask, partial(self._say_category, ids))

    def _say_category(self, ids: Sequence[int], line: str | None) -> None:
        if line is not None and self._workspace is not None:
            self._write(partial(saying.category, self._workspace, ids, line))

    def action_rate(self, stars: int) -> None:
        """Rate the samples."""
        ids = self._meant()
        if ids and self._workspace is not None:
            self._write(partial(saying.rating, self._workspace, ids, stars))

    def action_used(self) -> None:
        """Say that the samples are used, or take it back."""
        ids = self._meant()
        if ids and self._workspace is not None:
            self._write(partial(saying.used, self._workspace, ids))

    def action_collect(self) -> None:
        """Ask for a collection to put the samples into."""
        self._ask_collection("Put {} into", "A collection, new or not", self._collect)

    def action_uncollect(self) -> None:
        """Ask for a collection to take the samples out of."""
        self._ask_collection("Take {} out of", "A collection", self._uncollect)

    def _ask_collection(
        self, title: str, about: str, then: Callable[[Sequence[int], str | None], None]
    ) -> None:
        ids = self._meant()
        if ids:
            known = tuple(self._places.collections)
            now = value_of_field(self._history.here.query, "in")
            ask = Ask(title.format(self._name_of(ids)), about, now, words=known)
            self.app.push_screen(ask, partial(then, ids))

    def _collect(self, ids: Sequence[int], line: str | None) -> None:
        if line and line.strip() and self._workspace is not None:
            self._write(partial(saying.collected, self._workspace, ids, line.strip()))

    def _uncollect(self, ids: Sequence[int], line: str | None) -> None:
        if line and line.strip() and self._workspace is not None:
            self._write(partial(saying.uncollected, self._workspace, ids, line.strip()))

    def action_undo(self) -> None:
        """Take back what was said last."""
        if self._workspace is not None:
            self._write(partial(saying.undone, self._workspace))

    def action_redo(self) -> None:
        """Say again what was taken back last."""
        if self._workspace is not None:
            self._write(partial(saying.redone, self._workspace))

    def on_rows_changed(self, event: RowsChanged) -> None:
        """Fetch again what is in sight, and say what was done where it cannot be seen."""
        if self._workspace is None:
            return
        if event.told:
            self.notify(event.told, markup=False, timeout=3)
        if event.lists:
            self._ask_list(self._history.here)
        self.finder.table.refetch()
        current = self.finder.current
        if current is not None and current not in self.finder.table.seen:
            Questions(self, "rows").ask(partial(questions.rows, self._workspace, [current]))
