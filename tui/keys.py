"""The one table of actions: key bindings, footer, palette, help screen and documentation read it.

Nothing here needs Textual to be loaded; only :func:`bindings` does, and it is called by screens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.key import Key, Scope
from tui.keytable import (
    anywhere,
    hearing,
    in_columns,
    in_dream,
    in_jobs,
    in_list,
    in_morph,
    in_shape,
    in_teach,
    in_train,
    in_variations,
    inspecting,
    keeping,
    making,
    mapping,
    on_aspects,
    on_map,
    on_panel,
    on_triage,
    organising,
    searching,
    teaching,
)

if TYPE_CHECKING:
    from textual.binding import BindingType

__all__ = ["KEYS", "SCOPES", "Key", "Scope", "as_markdown", "bindings", "keys_of"]

KEYS: tuple[Key, ...] = (
    *searching.KEYS,
    *hearing.KEYS,
    *inspecting.KEYS,
    *mapping.KEYS,
    *making.KEYS,
    *organising.KEYS,
    *teaching.KEYS,
    *keeping.KEYS,
    *in_list.KEYS,
    *on_aspects.KEYS,
    *on_panel.KEYS,
    *on_triage.KEYS,
    *in_columns.KEYS,
    *on_map.KEYS,
    *in_morph.KEYS,
    *in_shape.KEYS,
    *in_variations.KEYS,
    *in_dream.KEYS,
    *in_teach.KEYS,
    *in_train.KEYS,
    *in_jobs.KEYS,
    *anywhere.KEYS,
)
"""Every action, in the order in which help and documentation list them."""

SCOPES: dict[Scope, str] = {
    "browse": "In the library",
    "list": "In the list",
    "aspects": "On the aspects of likeness",
    "panel": "In the side panel",
    "triage": "In the triage",
    "columns": "In the choice of columns",
    "map": "On the map",
    "morph": "On the pad of a morph",
    "shape": "On the sliders of a sound",
    "variations": "In the variations",
    "dream": "In the dreams",
    "teach": "While teaching a word",
    "train": "Where a space is learned",
    "training": "While it is learned",
    "spaces": "Among the spaces",
    "jobs": "Among the jobs",
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
        lines += [f"### {heading}", "", "| key | does | action |", "| --- | --- | --- |"]
        lines += [f"| `{key.shown}` | {key.help} | `{key.id}` |" for key in keys_of(scope)]
        lines.append("")
    return "\n".join(lines)
