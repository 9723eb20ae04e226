"""A dialog that offers names, each with a line of what is behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, NamedTuple

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.colours import ACCENT, QUIET


class Picked(NamedTuple):
    """A name, and whether it is wanted; otherwise it is to be forgotten."""

    name: str
    wanted: bool


class Pick(ModalScreen[Picked | None]):
    """Offers names. Escape closes it without one.

    Args:
        title: What is offered.
        choices: What is behind each name.
        forgets: Whether a name can be forgotten here.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "leave", show=False),
        Binding("delete,d", "forget", "forget", show=False),
        Binding("j", "move(1)", "down", show=False),
        Binding("k", "move(-1)", "up", show=False),
    ]

    def __init__(self, title: str, choices: Mapping[str, str], forgets: bool = False) -> None:
        super().__init__()
        self._title = title
        self._choices = dict(choices)
        self._forgets = forgets

    def compose(self) -> ComposeResult:
        """Lay out one line for each name."""
        with Vertical(id="pick", classes="dialog") as box:
            box.border_title = self._title
            box.border_subtitle = "d forgets   esc leaves" if self._forgets else "esc leaves"
            width = max(map(len, self._choices), default=0) + 2
            yield OptionList(
                *(
                    Option(Text.assemble((name.ljust(width), ACCENT), (behind, QUIET)))
                    for name, behind in self._choices.items()
                )
            )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Close with the name that is wanted."""
        event.stop()
        self.dismiss(Picked(list(self._choices)[event.option_index], True))

    def action_move(self, lines: int) -> None:
        """Go to another line."""
        options = self.query_one(OptionList)
        options.highlighted = ((options.highlighted or 0) + lines) % len(self._choices)

    def action_forget(self) -> None:
        """Close with the name that is to be forgotten."""
        place = self.query_one(OptionList).highlighted
        if self._forgets and place is not None:
            self.dismiss(Picked(list(self._choices)[place], False))

    def action_leave(self) -> None:
        """Close without a name."""
        self.dismiss(None)
