"""The roots of a library: each folder once, spelled as its disk spells it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, select

from library.database import reading, writing
from library.errors import LibraryError
from library.names import displayable
from library.tables import Root


@dataclass(frozen=True, slots=True)
class KnownRoot:
    """A root, as its row is.

    Attributes:
        id: Its number.
        path: Absolute.
        excludes: What is passed over in it, see :class:`library.walk.Walk`.
    """

    id: int
    path: str
    excludes: tuple[str, ...]


def known_roots(engine: Engine) -> list[KnownRoot]:
    """Return the roots of a library, in the order in which they were added."""
    with reading(engine) as session:
        return [_known(root) for root in session.scalars(select(Root).order_by(Root.id))]


def add_root(engine: Engine, folder: Path, excludes: Sequence[str]) -> KnownRoot:
    """Make a folder a root, or find the root that it is; excludes, if any, replace what it has.

    Raises:
        LibraryError: The folder is not known and not there.
    """
    path = as_spelled(str(Path(os.path.expanduser(folder)).resolve()))
    with writing(engine) as session:
        roots = session.scalars(select(Root).order_by(Root.id)).all()
        root = next((each for each in roots if each.path == path), None)
        if root is None:
            if not os.path.isdir(path):
                raise LibraryError(
                    f"{displayable(path)} is not a folder", "name the folder that holds the sounds"
                )
            # The same folder can be reached by another path: a disk that is mounted twice.
            root = next((each for each in roots if _is_same(each.path, path)), None)
        if root is None:
            root = Root(path=path, excludes=list(excludes))
            session.add(root)
        elif excludes:
            root.excludes = list(excludes)
        session.flush()
        return _known(root)


def as_spelled(path: str) -> str:
    """Return an absolute path as the disk spells it, which on some is another than was asked for.

    Where ``Kits`` and ``kits``, or two ways to write an umlaut, are one folder, a path has many
    spellings, and a sample must have one. A part that the folder above does not list as it is
    written takes the name of the entry that it is.
    """
    head, name = os.path.split(path)
    if not name:
        return path
    above = as_spelled(head)
    there = os.path.join(above, name)
    try:
        with os.scandir(above) as entries:
            names = {entry.name: entry.inode() for entry in entries}
        if name in names:
            return there
        inode = os.stat(there).st_ino
    except OSError:
        return there  # not there, or the folder above may not be listed
    # An inode alone tells little: another disk may be mounted here, with numbers of its own.
    alike = (os.path.join(above, each) for each in sorted(names) if names[each] == inode)
    return next((each for each in alike if _is_same(each, there)), there)


def _known(root: Root) -> KnownRoot:
    return KnownRoot(root.id, root.path, tuple(root.excludes))


def _is_same(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False
