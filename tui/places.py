"""Where sounds can be looked for beside the query: plain values for the side panel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Folder:
    """A folder and those in it.

    Attributes:
        name: Its own name.
        path: From the name of the root on, as the query language takes it.
        samples: How many samples lie in it and below it.
        folders: The folders in it, by name.
    """

    name: str
    path: str
    samples: int = 0
    folders: dict[str, Folder] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Places:
    """What the side panel offers.

    Attributes:
        folders: The roots.
        collections: How many samples are in each, by name.
        searches: The saved searches: the query by its name.
        tags: How many samples have each.
        categories: How many samples are of each.
    """

    folders: tuple[Folder, ...] = ()
    collections: Mapping[str, int] = field(default_factory=dict)
    searches: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, int] = field(default_factory=dict)
    categories: Mapping[str, int] = field(default_factory=dict)


def folder_tree(counts: Mapping[str, int]) -> tuple[Folder, ...]:
    """Return the roots of the folders that hold samples.

    Args:
        counts: Samples in each folder itself, by its path from the name of the root on.
    """
    roots: dict[str, Folder] = {}
    for path, samples in counts.items():
        level, above = roots, ""
        for name in path.split("/"):
            above = f"{above}/{name}" if above else name
            folder = level.get(name)
            if folder is None:
                folder = level[name] = Folder(name, above)
            folder.samples += samples
            level = folder.folders
    return tuple(roots.values())
