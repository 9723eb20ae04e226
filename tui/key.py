"""One action of the application and the keys that start it."""

from __future__ import annotations

from dataclasses import dataclass

Scope = str
"""Where keys work: one of `tui.keys.SCOPES`."""


@dataclass(frozen=True, slots=True)
class Key:
    """One action and the keys that start it.

    Attributes:
        id: Unique name; what a keymap of the user's refers to.
        scope: Where the keys work.
        keys: Keys as Textual names them, separated by commas.
        shown: The keys as a reader writes them.
        action: Name of the action method, with its arguments.
        label: One or two words, for the footer and the palette.
        help: One sentence without a full stop.
        footer: Whether the footer shows it.
    """

    id: str
    scope: Scope
    keys: str
    shown: str
    action: str
    label: str
    help: str
    footer: bool = False
