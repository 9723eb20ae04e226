"""What the user says of samples, written into the library. These run in threads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from library.category import known_category
from library.errors import LibraryError
from tui.messages import RowsChanged

if TYPE_CHECKING:
    from index.workspace import Workspace

Ids = Sequence[int]


def sounds(count: int) -> str:
    """Return a number of sounds in words."""
    return "1 sound" if count == 1 else f"{count:,} sounds"


def _told(ids: Ids, what: str) -> str:
    """Return what was done to several samples; of a single one the screen shows it."""
    return f"{sounds(len(ids))} {what}" if len(ids) > 1 else ""


def words(workspace: Workspace, ids: Ids, line: str) -> RowsChanged:
    """Give samples the words of a line; a word with a minus before it is taken away."""
    said = line.replace("#", " ").split()
    added = [word for word in said if not word.startswith("-")]
    taken = [word[1:] for word in said if word.startswith("-") and len(word) > 1]
    if added:
        workspace.tag(ids, added)
    if taken:
        workspace.untag(ids, taken)
    shown = [*(f"#{word}" for word in added), *(f"-#{word}" for word in taken)]
    return RowsChanged(ids, _told(ids, " ".join(shown)))


def category(workspace: Workspace, ids: Ids, line: str) -> RowsChanged:
    """Say of what category samples are; an empty line takes back what was said."""
    workspace.set_category(ids, line.strip() or None)
    return RowsChanged(ids, _told(ids, f"are {line.strip()}" if line.strip() else "as they sound"))


def trouble_with_category(line: str) -> str:
    """Return why a line is not a category, or nothing."""
    try:
        if line.strip():
            known_category(line)
    except LibraryError as error:
        return str(error)
    return ""


def rating(workspace: Workspace, ids: Ids, stars: int) -> RowsChanged:
    """Rate samples; no stars take the rating away."""
    workspace.rate(ids, stars or None)
    return RowsChanged(ids, _told(ids, "★" * stars if stars else "without a rating"))


def used(workspace: Workspace, ids: Ids) -> RowsChanged:
    """Say of samples that they are used in a piece, or take that back where the first one is."""
    now = not any(row.used for row in workspace.rows(ids[:1]))
    workspace.mark_used(ids, now)
    return RowsChanged(ids, f"{sounds(len(ids))} {'used' if now else 'not used any more'}")


def collected(workspace: Workspace, ids: Ids, name: str) -> RowsChanged:
    """Put samples into a collection."""
    new = workspace.collect(ids, name)
    there = len(ids) - new
    told = f"{sounds(new)} put into {name}" if new or not there else f"already in {name}"
    return RowsChanged(ids, told + (f", {there:,} already there" if new and there else ""))


def kept(workspace: Workspace, ids: Ids, name: str) -> RowsChanged:
    """Put samples into a collection without a word, as in a triage."""
    workspace.collect(ids, name)
    return RowsChanged(ids)


def uncollected(workspace: Workspace, ids: Ids, name: str) -> RowsChanged:
    """Take samples out of a collection."""
    gone = workspace.uncollect(ids, name)
    return RowsChanged(ids, f"{sounds(gone)} taken out of {name}", lists=True)


def undone(workspace: Workspace) -> RowsChanged:
    """Take back what was said last."""
    about = workspace.undo()
    return RowsChanged((), f"Taken back: {about}" if about else "Nothing to take back", lists=True)


def redone(workspace: Workspace) -> RowsChanged:
    """Say again what was taken back last."""
    about = workspace.redo()
    return RowsChanged((), f"Again: {about}" if about else "Nothing to do again", lists=True)
