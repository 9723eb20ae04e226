"""What the screens ask of where sounds can be looked for. These run in threads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from library.category import CATEGORY_NAMES
from library.musical_key import KEYS
from tui.completion import Vocabulary
from tui.messages import PlacesReady, SearchSaved
from tui.places import Places, folder_tree

if TYPE_CHECKING:
    from index.workspace import Workspace


def places(workspace: Workspace, before: Places, folders: bool) -> PlacesReady:
    """Return where sounds can be looked for, and the words that a query takes.

    Args:
        workspace: The library.
        before: What was known.
        folders: Whether to count folders and categories again, which takes longest.
    """
    now = replace(
        before,
        collections={each.name: each.samples for each in workspace.collections()},
        searches={each.name: each.query for each in workspace.saved_searches()},
        tags=workspace.tag_counts(),
    )
    if folders:
        counts = workspace.counts()
        now = replace(now, folders=folder_tree(counts.folders), categories=counts.categories)
    return PlacesReady(now, vocabulary(now))


def vocabulary(known: Places) -> Vocabulary:
    """Return what may stand in a query on this library."""
    from library import query_terms as language

    numbers = [*language.NUMBERS]
    short = {long: short for short, long in language.ALIASES.items()}
    return Vocabulary(
        texts=tuple(language.TEXTS),
        numbers=tuple(short.get(each, each) for each in numbers),
        values={
            "tag": tuple(known.tags),
            "in": tuple(known.collections),
            "category": CATEGORY_NAMES,
            "category_by": language.SOURCES,
            "bpm_by": language.MUSICAL_SOURCES,
            "key": KEYS,
            "key_by": language.MUSICAL_SOURCES,
            "is": tuple(language.STATES),
            "sort": tuple(language.SORTS),
            "folder": tuple(f"/{each.path}/" for each in known.folders),
        },
    )


def save_search(workspace: Workspace, name: str, query: str) -> SearchSaved:
    """Keep a query under a name."""
    workspace.save_search(name, query)
    return SearchSaved(f"saved as {name}: Q finds it again")


def forget_search(workspace: Workspace, name: str) -> SearchSaved:
    """Forget a saved search."""
    workspace.forget_search(name)
    return SearchSaved(f"{name} is forgotten; u takes that back")
