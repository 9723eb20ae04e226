"""Every key, and the query language in short."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.colours import ACCENT, QUIET
from tui.keymap import Keymap, in_use
from tui.keys import SCOPES

QUERY: tuple[tuple[str, str], ...] = (
    ("kick 808", "both words are in the name or the folder"),
    ('"deep house"', "the words as they stand"),
    ("tag:dark -tag:used", "has one of your words, and has not another"),
    ("folder:drums category:snare", "in such a folder, of such a kind"),
    ("category_by:sound probability<0.7", "who told the kind, and how surely"),
    ("len<0.5 len:0.2..1", "length in seconds"),
    ("bright>2000 pitch:40..50", "measured: brightness, loudness, attack, decay, …"),
    ("rating>3 is:missing is:failed", "your stars; the state of the file"),
    ("sort:-len sort:bright", "the order; minus turns it round"),
)


def describe(keymap: Keymap) -> Text:
    """Return every key, as the user has it, and the query language as styled text."""
    text = Text()
    for scope, heading in SCOPES.items():
        text.append(f"{heading}\n", style=f"bold {ACCENT}")
        for key in in_use(keymap, scope):
            text.append(f"  {key.shown:<12}", style="bold")
            text.append(f" {key.help}\n", style=QUIET)
        text.append("\n")
    text.append("In a query\n", style=f"bold {ACCENT}")
    for example, meaning in QUERY:
        text.append(f"  {example:<31}", style="bold")
        text.append(f" {meaning}\n", style=QUIET)
    return text


class Help(ModalScreen[None]):
    """Shows every key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q", "dismiss", "close", show=False),
    ]

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """Lay out the page."""
        with VerticalScroll(id="help", classes="dialog") as box:
            box.border_title = "Keys"
            box.border_subtitle = "esc closes"
            yield Static(describe(self._keymap))
