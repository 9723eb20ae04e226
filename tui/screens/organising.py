"""The part of the library's screen for what the user says of sounds: words, stars, categories."""

from __future__ import annotations

from functools import partial

from library.category import CATEGORY_NAMES
from tui import questions
from tui.jobs import Questions
from tui.messages import RowsChanged
from tui.screens.ask import Ask
from tui.screens.library_screen import LibraryScreen


class Organising(LibraryScreen):
    """Writes down what the user says."""

    def action_tag(self) -> None:
        """Ask for words for the sample."""
        row = self._under_cursor()
        if row is not None:
            about = "Words of your own, with spaces between. A minus takes one away: -old"
            ask = Ask(f"Words for {row.name}", about)
            self.app.push_screen(ask, partial(self._say, row.id))

    def _say(self, sample_id: int, line: str | None) -> None:
        if line and self._workspace is not None:
            self._write(partial(questions.words, self._workspace, sample_id, line))

    def action_category(self) -> None:
        """Ask of what category the sample is; what it is now can be confirmed with enter."""
        row = self._under_cursor()
        if row is not None:
            about = f"One of {', '.join(CATEGORY_NAMES)}. Nothing takes back what you said"
            now = row.category or ""
            ask = Ask(
                f"Category of {row.name}",
                about,
                now,
                questions.trouble_with_category,
                words=CATEGORY_NAMES,
            )
            self.app.push_screen(ask, partial(self._say_category, row.id))

    def _say_category(self, sample_id: int, line: str | None) -> None:
        if line is not None and self._workspace is not None:
            self._write(partial(questions.category, self._workspace, sample_id, line))

    def action_rate(self, stars: int) -> None:
        """Rate the sample."""
        row = self._under_cursor()
        if row is not None and self._workspace is not None:
            self._write(partial(questions.rating, self._workspace, row.id, stars))

    def on_rows_changed(self, event: RowsChanged) -> None:
        """Fetch again what was written."""
        if self._workspace is not None:
            Questions(self, "rows").ask(partial(questions.rows, self._workspace, event.ids))

    def action_copy(self) -> None:
        """Copy the path of the sample to the clipboard."""
        row = self._under_cursor()
        if row is not None:
            path = str(row.path).encode("utf-8", "replace").decode("utf-8")
            self.app.copy_to_clipboard(path)
            self.notify("Path copied", timeout=2)
