"""The search line: a query that completes itself, how much it finds, and what is wrong with it."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input, Static

from tui.completion import Vocabulary, completed, last_term, offers, suggestion

HINT = "kick len<0.5 bright>2000 tag:dark -tag:used sort:-len"


class QuerySuggester(Suggester):
    """Completes the term that is being typed; the right arrow takes it."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.vocabulary = Vocabulary()

    async def get_suggestion(self, value: str) -> str | None:
        """Return the query with its last term completed."""
        return suggestion(value, self.vocabulary)


class QueryInput(Input):
    """The field itself; leaving it keeps the query."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,down", "leave", "to the list", show=False),
        Binding("tab", "complete", "complete", show=False),
    ]

    def action_leave(self) -> None:
        """Go on to the list."""
        self.post_message(SearchLine.Left())

    def action_complete(self) -> None:
        """Take the first offer; where there is none, go on to the list."""
        self.post_message(SearchLine.Completing())


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

    class Completing(Message):
        """The first offer is to be taken."""

    class Offered(Message):
        """What may stand where one types, the likeliest first; nothing when nobody types."""

        def __init__(self, offers: tuple[str, ...]) -> None:
            super().__init__()
            self.offers = offers

    def __init__(self) -> None:
        super().__init__()
        self._suggester = QuerySuggester()

    def compose(self) -> ComposeResult:
        """Lay out the sign, the field and the answer."""
        yield Static("/", id="search-sign")
        yield QueryInput(
            placeholder=HINT, suggester=self._suggester, id="search-field", compact=True
        )
        yield Static("", id="search-answer")

    @property
    def field(self) -> QueryInput:
        """The field."""
        return self.query_one(QueryInput)

    @property
    def query_text(self) -> str:
        """The query as it stands."""
        return self.field.value

    def know(self, vocabulary: Vocabulary) -> None:
        """Complete with these words from now on."""
        self._suggester.vocabulary = vocabulary
        if self.field.has_focus:
            self._offer()

    def show_query(self, query: str) -> None:
        """Show another query without asking for its answer."""
        field = self.field
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

    @property
    def typing(self) -> bool:
        """Whether the user types a query."""
        return self.field.has_focus

    def start_typing(self) -> None:
        """Take the keyboard."""
        self.field.focus()

    def _before_cursor(self) -> str:
        return self.field.value[: self.field.cursor_position]

    def _offer(self) -> None:
        self.post_message(self.Offered(offers(self._before_cursor(), self._suggester.vocabulary)))

    def on_descendant_focus(self) -> None:
        """Offer what may be typed."""
        self._offer()

    def on_descendant_blur(self) -> None:
        """Offer nothing more."""
        self.post_message(self.Offered(()))

    def on_search_line_completing(self, event: Completing) -> None:
        """Put the first offer into the query, or go on to the list."""
        event.stop()
        before = self._before_cursor()
        found = offers(before, self._suggester.vocabulary) if last_term(before) else ()
        if not found or found[0] == last_term(before):
            self.post_message(self.Left())
            return
        field, made = self.field, completed(before, found[0])
        rest = field.value[len(before) :]
        field.value = made + rest.lstrip() if made.endswith(" ") else made + rest
        field.cursor_position = len(made)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pass every letter on."""
        event.stop()
        self._offer()
        self.post_message(self.Changed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the list."""
        event.stop()
        self.post_message(self.Left())


class SearchOffers(Static):
    """One line under the search line, over what lies there, while there is something to offer."""

    DEFAULT_CSS = """
    SearchOffers {
        overlay: screen; width: 100%; height: 1; padding: 0 3; display: none;
        background: $panel; color: $text-muted;
    }
    """

    def show(self, found: tuple[str, ...]) -> None:
        """Show offers, the first as the one that tab takes."""
        self.display = bool(found)
        if not found:
            return
        room = max(0, self.app.size.width - 6)
        shown: list[str | tuple[str, str]] = [(found[0], "$accent bold")]
        width = cell_len(found[0])
        for offer in found[1:]:
            width += cell_len(offer) + 2
            if width > room - 14:
                break
            shown += ["  ", offer]
        self.update(Content.assemble(*shown, ("   tab takes it", "$text-disabled")))
