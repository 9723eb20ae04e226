"""The line of a triage: how far it is, and what the keys do."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.message import Message
from textual.widget import Widget

from tui.colours import ACCENT, GROOVE, QUIET, STAR
from tui.keys import Scope, bindings
from tui.triage import KEPT, SKIPPED, TAGGED, Triage
from tui.widgets import facts

BAR = 16


class TriageLine(Widget, can_focus=True):
    """Takes the keys of a triage and shows its state; it is there only while there is one."""

    key_scope: ClassVar[Scope] = "triage"
    BINDINGS = bindings("triage")
    DEFAULT_CSS = """
    TriageLine {
        height: 2; padding: 0 1; background: $panel; display: none;
        &.-shown { display: block; }
    }
    """

    class Pressed(Message):
        """A key of the triage.

        Attributes:
            what: "keep", "skip", "tag", "next", "back", "undo" or "leave".
        """

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    def __init__(self) -> None:
        super().__init__()
        self._triage: Triage | None = None

    def show(self, triage: Triage | None) -> None:
        """Show how far a triage is; None for none."""
        self._triage = triage
        self.set_class(triage is not None, "-shown")
        self.refresh()

    def action_keep(self) -> None:
        """Keep the sound."""
        self.post_message(self.Pressed("keep"))

    def action_skip(self) -> None:
        """Be done with the sound."""
        self.post_message(self.Pressed("skip"))

    def action_tag(self) -> None:
        """Give the sound words."""
        self.post_message(self.Pressed("tag"))

    def action_next(self, by: int) -> None:
        """Leave the sound for later, or go back to the one above."""
        self.post_message(self.Pressed("next" if by > 0 else "back"))

    def action_undo(self) -> None:
        """Take back the last decision."""
        self.post_message(self.Pressed("undo"))

    def action_leave(self) -> None:
        """End the triage."""
        self.post_message(self.Pressed("leave"))

    def render(self) -> Text:
        """Draw both lines."""
        triage = self._triage
        text = Text(no_wrap=True, overflow="ellipsis")
        if triage is None:
            return text
        full, empty = facts.bar(triage.done / max(1, len(triage.ids)), BAR)
        text.append("triage ", style=f"bold {ACCENT}")
        text.append(full, style=ACCENT)
        text.append(empty, style=GROOVE)
        text.append(f"  {triage.done:,} of {len(triage.ids):,}", style="bold")
        counts = ", ".join(
            f"{triage.count(how):,} {how}" for how in (KEPT, TAGGED, SKIPPED) if triage.count(how)
        )
        text.append(f"   {counts}" if counts else "", style=QUIET)
        text.append("   keeps into ", style=QUIET)
        text.append(triage.target + "\n", style=STAR)
        for key, does in (
            ("k", "keep"), ("s", "skip"), ("t", "tag"), ("n", "later"), ("space", "play"),
            ("1-5", "rate"), ("u", "undo"), ("esc", "leave"),
        ):  # fmt: skip
            text.append(key, style=f"bold {ACCENT}")
            text.append(f" {does}  ", style=QUIET)
        return text
