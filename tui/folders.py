"""Folders as a user types them: completed, and checked. Both may wait for a disk."""

from __future__ import annotations

import os
from pathlib import Path


def meant(line: str) -> str:
    """Return a line without the ``~/`` that stood in the field before a whole path was typed."""
    behind = line.removeprefix("~/")
    whole = os.path.isabs(behind) or behind.startswith("~/")  # noqa: PTH117
    return behind if whole else line


def chosen(line: str) -> Path:
    """Return the folder that a line names; ``~`` is the home folder."""
    return Path(os.path.expanduser(meant(line.strip()))).absolute()  # noqa: PTH111


def trouble_reading(line: str) -> str:
    """Return why a folder cannot be added to the library, or nothing."""
    if not line.strip():
        return "Type the path of a folder"
    try:
        folder = chosen(line)
        if not folder.exists():
            return "There is no such folder"
        if not folder.is_dir():
            return "That is a file, not a folder"
        os.scandir(folder).close()
    except (OSError, ValueError) as error:
        return f"That folder cannot be read: {getattr(error, 'strerror', None) or error}"
    return ""


def trouble_writing(line: str) -> str:
    """Return why files cannot be written into a folder, which need not exist yet, or nothing."""
    if not line.strip():
        return "Type the path of a folder"
    try:
        folder = chosen(line)
        while not folder.exists():
            folder = folder.parent
        if not folder.is_dir():
            return f"{folder.name} is a file, not a folder"
        if not os.access(folder, os.W_OK):
            return "That folder cannot be written to"
    except (OSError, ValueError) as error:
        return f"That folder cannot be used: {getattr(error, 'strerror', None) or error}"
    return ""


def completed(line: str) -> str | None:
    """Return the line with its last part completed to the first folder that fits, or None."""
    typed = os.path.expanduser(line)  # noqa: PTH111 - a path that ends in / must keep it
    head, tail = os.path.split(typed)
    if not head:
        return None
    try:
        names = sorted(
            each.name
            for each in os.scandir(head)
            if each.name.startswith(tail) and each.is_dir() and not each.name.startswith(".")
        )
    except (OSError, ValueError):
        return None
    fitting = [name for name in names if name.isprintable()]
    return line[: len(line) - len(tail)] + fitting[0] if fitting else None
