"""A dialog that asks for some of a few words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import SelectionList, Static
from textual.widgets.selection_list import Selection


class Choose(ModalScreen[list[str] | None]):
    """Asks for words: space takes one or leaves it, enter is the answer, escape is none.

    Args:
        title: What is asked, in a few words.
        about: What the answer is for.
        words: That can be chosen, each with how it is shown.
        chosen: That are chosen at first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "answer", "choose", show=False, priority=True),
        Binding("escape", "leave", "leave", show=False),
        Binding("j", "down", "down", show=False),
        Binding("k", "up", "up", show=False),
    ]

    def __init__(
        self,
        title: str,
        about: str,
        words: Sequence[tuple[str, str]],
        chosen: Collection[str] = (),
    ) -> None:
        super().__init__()
        self._title = title
        self._about = about
        self._words = words
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        """Lay out the question over the words."""
        with Vertical(id="choose", classes="dialog") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = "space chooses · enter is done"
            yield Static(Content(self._about), id="choose-about")
            yield SelectionList[str](
                *(Selection(shown, word, word in self._chosen) for word, shown in self._words),
                compact=True,
            )

    def action_answer(self) -> None:
        """Close with the words that are chosen."""
        chosen = self.query_one(SelectionList).selected
        self.dismiss([word for word, _ in self._words if word in chosen])

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss(None)

    def action_down(self) -> None:
        """Move down."""
        self.query_one(SelectionList).action_cursor_down()

    def action_up(self) -> None:
        """Move up."""
        self.query_one(SelectionList).action_cursor_up()
