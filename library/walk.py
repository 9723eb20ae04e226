"""Walking a folder for audio files."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch

AUDIO_SUFFIXES = frozenset(
    {
        ".aac",
        ".aif",
        ".aifc",
        ".aiff",
        ".alac",
        ".ape",
        ".au",
        ".bwf",
        ".caf",
        ".dsf",
        ".flac",
        ".m4a",
        ".mp2",
        ".mp3",
        ".mp4",
        ".mpc",
        ".oga",
        ".ogg",
        ".opus",
        ".rf64",
        ".sd2",
        ".snd",
        ".tta",
        ".w64",
        ".wav",
        ".wave",
        ".wma",
        ".wv",
    }
)
"""The endings of names that are taken for audio, in lower case. Some cannot be decoded; such
files are listed all the same, with the reason."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """An audio file on disk.

    Attributes:
        path: Absolute.
        size: Bytes.
        mtime_ns: When it was last changed, nanoseconds since 1970.
    """

    path: str
    size: int
    mtime_ns: int


def walk(root: str, excludes: Sequence[str] = ()) -> Iterator[FoundFile]:
    """Find the audio files below a folder, in the order of their names.

    Hidden files and folders are passed over, and so is what cannot be read. Links are followed,
    after all that lies in the tree itself; a folder that can be reached twice is walked once.

    Args:
        root: An absolute path.
        excludes: Patterns such as ``*loops*``; a file or folder is passed over when one matches
            its name or its path below the root, whatever the case.

    Yields:
        The files.
    """
    walked: set[tuple[int, int]] = set()
    linked: list[str] = []
    folders = [root]
    while folders or linked:
        folder = folders.pop() if folders else linked.pop(0)
        try:
            facts = os.stat(folder)  # noqa: PTH116 - a Path per entry doubles the time
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            continue
        if (facts.st_dev, facts.st_ino) in walked:
            continue
        walked.add((facts.st_dev, facts.st_ino))
        below: list[str] = []
        for entry in entries:
            if entry.name.startswith(".") or _excluded(entry.path, root, excludes):
                continue
            try:
                if entry.is_dir():
                    (linked if entry.is_symlink() else below).append(entry.path)
                elif os.path.splitext(entry.name)[1].lower() in AUDIO_SUFFIXES:  # noqa: PTH122
                    facts = entry.stat()
                    if stat.S_ISREG(facts.st_mode):
                        yield FoundFile(entry.path, facts.st_size, facts.st_mtime_ns)
            except OSError:
                continue
        folders += reversed(below)


def _excluded(path: str, root: str, excludes: Sequence[str]) -> bool:
    if not excludes:
        return False
    relative = os.path.relpath(path, root).replace(os.sep, "/").lower()
    name = relative.rpartition("/")[2]
    return any(
        fnmatch(name, pattern.lower()) or fnmatch(relative, pattern.lower()) for pattern in excludes
    )
