"""The search line: a query, how much it finds, and what is wrong with it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

HINT = "kick len<0.5 bright>2000 tag:dark -tag:used sort:-len"


class QueryInput(Input):
    """The field itself; leaving it keeps the query."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,down,tab", "leave", "to the list", show=False),
    ]

    def action_leave(self) -> None:
        """Go on to the list."""
        self.post_message(SearchLine.Left())


class SearchLine(Horizontal):
    """A field whose every letter is a query, and the answer in a few words."""

    DEFAULT_CSS = """
    SearchLine {
        height: 1; padding: 0 1; background: $surface;
        #search-sign { width: 2; color: $accent; text-style: bold; }
        #search-field { width: 1fr; background: $surface; }
        #search-answer { width: auto; max-width: 60%; padding-left: 2; color: $text-muted; }
        &.-wrong #search-answer { color: $error; }
    }
    """

    class Changed(Message):
        """Another query."""

        def __init__(self, query: str) -> None:
            super().__init__()
            self.query = query

    class Left(Message):
        """Done with typing."""

    def compose(self) -> ComposeResult:
        """Lay out the sign, the field and the answer."""
        yield Static("/", id="search-sign")
        yield QueryInput(placeholder=HINT, id="search-field", compact=True)
        yield Static("", id="search-answer")

    @property
    def query_text(self) -> str:
        """The query as it stands."""
        return self.query_one(QueryInput).value

    def show_query(self, query: str) -> None:
        """Show another query without asking for its answer."""
        field = self.query_one(QueryInput)
        if field.value != query:
            with field.prevent(Input.Changed):
                field.value = query
                field.cursor_position = len(query)

    def show_answer(self, text: str) -> None:
        """Show what the query finds, in a few words."""
        self.remove_class("-wrong")
        self.query_one("#search-answer", Static).update(Content(text))

    def show_wrong(self, text: str) -> None:
        """Show why the query cannot be answered."""
        self.add_class("-wrong")
        self.query_one("#search-answer", Static).update(Content(text))

    def start_typing(self) -> None:
        """Take the keyboard."""
        self.query_one(QueryInput).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pass every letter on."""
        event.stop()
        self.post_message(self.Changed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the list."""
        event.stop()
        self.post_message(self.Left())
