"""The one table of actions: key bindings, footer, palette, help screen and documentation read it.

Nothing here needs Textual to be loaded; only :func:`bindings` does, and it is called by screens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from textual.binding import BindingType

Scope = Literal["app", "browse", "list", "map", "morph"]


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


# fmt: off
KEYS: tuple[Key, ...] = (
    Key("search", "browse", "slash", "/", "search", "search",
        "Type a query; the list follows every letter", footer=True),
    Key("similar", "browse", "s", "s", "similar", "similar",
        "List the sounds nearest to this one, within the query", footer=True),
    Key("back", "browse", "escape,backspace", "esc", "back", "back",
        "Go back to what was looked at before", footer=True),
    Key("play", "browse", "space", "space", "play", "play",
        "Play the sound, or stop it", footer=True),
    Key("autoplay", "browse", "a", "a", "autoplay", "autoplay",
        "Turn playing on every cursor move off, and on again"),
    Key("switch", "browse", "tab", "tab", "switch", "list/map",
        "Switch between the list and the map", footer=True),
    Key("mark", "browse", "m", "m", "mark", "mark",
        "Mark the sound for a morph, or unmark it", footer=True),
    Key("morph", "browse", "M", "M", "morph", "morph",
        "Open the morph between the marked sounds", footer=True),
    Key("tag", "browse", "t", "t", "tag", "tag",
        "Give the sound words of your own; -word takes one away"),
    Key("category", "browse", "c", "c", "category", "category",
        "Say of what category the sound is; nothing takes back what you said"),
    Key("rate-1", "browse", "1", "1", "rate(1)", "rate 1", "Rate the sound with one star"),
    Key("rate-2", "browse", "2", "2", "rate(2)", "rate 2", "Rate the sound with two stars"),
    Key("rate-3", "browse", "3", "3", "rate(3)", "rate 3", "Rate the sound with three stars"),
    Key("rate-4", "browse", "4", "4", "rate(4)", "rate 4", "Rate the sound with four stars"),
    Key("rate-5", "browse", "5", "5", "rate(5)", "rate 5", "Rate the sound with five stars"),
    Key("rate-0", "browse", "0", "0", "rate(0)", "no rating", "Take the rating away"),
    Key("copy", "browse", "y", "y", "copy", "copy path",
        "Copy the path of the sound to the clipboard"),
    Key("add", "browse", "f", "f", "app.add", "add folder",
        "Add a folder to the library; its files are only ever read"),
    Key("scan", "browse", "S", "S", "app.scan", "rescan",
        "Bring the library up to date with the disks"),
    Key("project", "browse", "P", "P", "app.project", "compute map",
        "Compute the map of the whole library"),
    Key("train", "browse", "T", "T", "app.train", "train a space",
        "Learn a personal space from the sounds of the query"),
    Key("stop", "browse", "X", "X", "app.stop_job", "stop the job",
        "Stop the running job; what it has done is kept"),
    Key("list-up", "list", "up,k", "up k", "move(-1)", "up", "Move to the sound above"),
    Key("list-down", "list", "down,j", "down j", "move(1)", "down", "Move to the sound below"),
    Key("list-page-up", "list", "pageup", "page up", "page(-1)", "page up", "Move up by a page"),
    Key("list-page-down", "list", "pagedown", "page down", "page(1)", "page down",
        "Move down by a page"),
    Key("list-first", "list", "home,g", "home g", "first", "first", "Move to the first sound"),
    Key("list-last", "list", "end,G", "end G", "last", "last", "Move to the last sound"),
    Key("list-enter", "list", "enter", "enter", "choose", "play or morph",
        "Play from the start; on a marked sound, open the morph"),
    Key("map-left", "map", "left,h", "left h", "step(-1, 0)", "left",
        "Move to the nearest sound on the left"),
    Key("map-right", "map", "right,l", "right l", "step(1, 0)", "right",
        "Move to the nearest sound on the right"),
    Key("map-up", "map", "up,k", "up k", "step(0, -1)", "up", "Move to the nearest sound above"),
    Key("map-down", "map", "down,j", "down j", "step(0, 1)", "down",
        "Move to the nearest sound below"),
    Key("map-zoom-in", "map", "plus,equals_sign", "+", "zoom(1)", "zoom",
        "Zoom into the map around the cursor", footer=True),
    Key("map-zoom-out", "map", "minus", "-", "zoom(-1)", "zoom out",
        "Zoom out of the map"),
    Key("map-whole", "map", "home", "home", "whole", "whole map", "Show the whole map"),
    Key("map-pan-left", "map", "shift+left,H", "shift left", "pan(-1, 0)", "pan left",
        "Pan the map to the left"),
    Key("map-pan-right", "map", "shift+right,L", "shift right", "pan(1, 0)", "pan right",
        "Pan the map to the right"),
    Key("map-pan-up", "map", "shift+up,K", "shift up", "pan(0, -1)", "pan up",
        "Pan the map upwards"),
    Key("map-pan-down", "map", "shift+down,J", "shift down", "pan(0, 1)", "pan down",
        "Pan the map downwards"),
    Key("map-enter", "map", "enter", "enter", "choose", "play or morph",
        "Play from the start; on a marked sound, open the morph"),
    Key("morph-up", "morph", "up,k", "up k", "move(-1)", "up", "Move to the step before"),
    Key("morph-down", "morph", "down,j", "down j", "move(1)", "down", "Move to the step after"),
    Key("morph-play", "morph", "space", "space", "play", "play",
        "Play the step, or stop it", footer=True),
    Key("morph-a", "morph", "a", "a", "next_end(0)", "next A",
        "Take another marked sound as A", footer=True),
    Key("morph-b", "morph", "b", "b", "next_end(1)", "next B",
        "Take another marked sound as B", footer=True),
    Key("morph-swap", "morph", "x", "x", "swap", "swap", "Swap A and B", footer=True),
    Key("morph-more", "morph", "plus,equals_sign", "+", "steps(1)", "more",
        "One step more", footer=True),
    Key("morph-fewer", "morph", "minus", "-", "steps(-1)", "fewer", "One step fewer"),
    Key("morph-make", "morph", "enter", "enter", "make", "make",
        "Make the steps between A and B", footer=True),
    Key("morph-save", "morph", "w", "w", "save", "save",
        "Write the steps as WAV files into a folder", footer=True),
    Key("morph-close", "morph", "escape,backspace", "esc", "close", "close",
        "Go back to the library", footer=True),
    Key("help", "app", "question_mark", "?", "help", "help", "Show every key", footer=True),
    Key("palette", "app", "ctrl+p", "ctrl+p", "command_palette", "commands",
        "Find any action by its name"),
    Key("quit", "app", "ctrl+q", "ctrl+q", "quit", "quit", "Leave; a running job keeps its work"),
)
# fmt: on
"""Every action, in the order in which help and documentation list them."""

SCOPES: dict[Scope, str] = {
    "browse": "In the library",
    "list": "In the list",
    "map": "On the map",
    "morph": "In the morph",
    "app": "Everywhere",
}
"""The scopes in reading order, with their headings."""


def keys_of(scope: Scope) -> list[Key]:
    """Return the actions of one scope, in the table's order."""
    return [key for key in KEYS if key.scope == scope]


def bindings(scope: Scope) -> list[BindingType]:
    """Return the actions of one scope as Textual bindings."""
    from textual.binding import Binding

    return [
        Binding(
            key.keys,
            key.action,
            key.label,
            show=key.footer,
            key_display=key.shown.split(" ")[0] if " " in key.shown else key.shown,
            tooltip=key.help,
            id=key.id,
        )
        for key in keys_of(scope)
    ]


def as_markdown() -> str:
    """Return every action as Markdown tables, one for each scope."""
    lines: list[str] = []
    for scope, heading in SCOPES.items():
        lines += [f"### {heading}", "", "| key | does |", "| --- | --- |"]
        lines += [f"| `{key.shown}` | {key.help} |" for key in keys_of(scope)]
        lines.append("")
    return "\n".join(lines)
