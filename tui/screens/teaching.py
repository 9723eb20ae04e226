"""The part of the library's screen that teaches: words, likeness, and spaces."""

from __future__ import annotations

from functools import partial

from tui.messages import Told
from tui.screens.making import Making

LISTED = 200
"""How many sounds of the list are offered as examples."""


class Teaching(Making):
    """Hands the marked samples and the list to the screens that teach."""

    def action_teach(self) -> None:
        """Teach a word by the marked samples and those of the list from the cursor on."""
        if self._workspace is not None:
            from tui.screens.teach import Teach

            self._audition.play(None)
            table = self.finder.table
            listed = table.ids[table.cursor : table.cursor + LISTED].tolist()
            ids = list(dict.fromkeys([*self._marks.ids.tolist(), *listed]))
            player, query = self._audition.player, self.query_text
            self.app.push_screen(Teach(self._workspace, player, ids, query))

    def action_train(self) -> None:
        """Learn a space from the sounds of the query."""
        if self._workspace is not None:
            from tui.screens.train import Train

            self.app.push_screen(Train(self._workspace, self.query_text))

    def action_spaces(self) -> None:
        """List the spaces."""
        if self._workspace is not None:
            from tui.screens.spaces import Spaces

            self.app.push_screen(Spaces(self._workspace))

    def action_alike(self, together: bool) -> None:
        """Say of the marked samples that they belong together, or that they do not."""
        if self._workspace is not None:
            from tui import teaching_questions

            ids = tuple(self._marks.ids.tolist())
            self._write(partial(teaching_questions.alike, self._workspace, ids, together))

    def on_told(self, event: Told) -> None:
        """Say what was written."""
        self.notify(event.what, timeout=3)
