"""A dialog that asks for one line and checks it before it closes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.suggester import Suggester, SuggestFromList
from textual.widgets import Input, Static

from tui.folders import completed, meant


class Checked(Message):
    """The line was checked; `trouble` says what is wrong with it, or nothing."""

    def __init__(self, line: str, trouble: str) -> None:
        super().__init__()
        self.line = line
        self.trouble = trouble


class FolderSuggester(Suggester):
    """Completes the path of a folder; the right arrow key takes the suggestion."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """Return the line with its last part completed."""
        return await asyncio.to_thread(completed, value)


class Ask(ModalScreen[str | None]):
    """Asks for one line. Escape closes it without an answer.

    Args:
        title: What is asked, in a few words.
        about: What the answer is for.
        value: What stands in the field at first.
        check: Called in a thread with the line; returns what is wrong with it, or nothing.
        folder: Whether the line is the path of a folder, to be completed while typing.
        words: What the line may be, to be completed while typing.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "leave", show=False)]

    def __init__(
        self,
        title: str,
        about: str = "",
        value: str = "",
        check: Callable[[str], str] | None = None,
        folder: bool = False,
        words: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._title = title
        self._about = about
        self._value = value
        self._check = check
        self._folder = folder
        self._words = words

    def compose(self) -> ComposeResult:
        """Lay out the question, the field and the line for what is wrong."""
        with Vertical(id="ask", classes="dialog") as box:
            box.border_title = Content(self._title)
            if self._about:
                yield Static(Content(self._about), id="ask-about")
            words = SuggestFromList(self._words, case_sensitive=False) if self._words else None
            suggester = FolderSuggester() if self._folder else words
            # A path is gone on with; anything else is typed anew.
            yield Input(
                self._value,
                suggester=suggester,
                select_on_focus=not self._folder,
                id="ask-field",
            )
            yield Static("", id="ask-trouble")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Take a whole path as it is, so that it is completed too."""
        # What the message says may be older than what has been typed since.
        if self._folder and (line := meant(event.input.value)) != event.input.value:
            event.input.value = line
            event.input.cursor_position = len(line)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Check the line, in a thread because a disk may be asked."""
        event.stop()
        line = event.value
        check = self._check or (lambda _: "")

        def work() -> None:
            self.post_message(Checked(line, check(line)))

        self.run_worker(work, thread=True, group="check")

    def on_checked(self, event: Checked) -> None:
        """Close with the line, or say what is wrong."""
        if event.trouble:
            self.query_one("#ask-trouble", Static).update(Content(event.trouble))
        else:
            self.dismiss(event.line)

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss(None)
