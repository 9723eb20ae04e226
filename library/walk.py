"""Walking a folder for audio files, with one look at each folder and one at each audio file."""

from __future__ import annotations

import errno
import fnmatch
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

AUDIO_SUFFIXES = frozenset(
    {
        ".8svx",
        ".aac",
        ".ac3",
        ".aif",
        ".aifc",
        ".aiff",
        ".alac",
        ".amr",
        ".ape",
        ".au",
        ".avr",
        ".bwf",
        ".caf",
        ".dsf",
        ".dts",
        ".flac",
        ".htk",
        ".m4a",
        ".m4b",
        ".mka",
        ".mp2",
        ".mp3",
        ".mp4",
        ".mpc",
        ".nist",
        ".oga",
        ".ogg",
        ".opus",
        ".paf",
        ".pvf",
        ".rf64",
        ".sd2",
        ".sds",
        ".sf",
        ".shn",
        ".snd",
        ".sph",
        ".spx",
        ".svx",
        ".tak",
        ".tta",
        ".voc",
        ".w64",
        ".wav",
        ".wave",
        ".weba",
        ".wma",
        ".wv",
        ".wve",
        ".xi",
    }
)
"""The endings of names that are taken for audio, in lower case. Some cannot be decoded; such
files are listed all the same, with the reason."""

_NOT_THERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENODEV, errno.ENXIO})


class FoundFile(NamedTuple):
    """An audio file on disk.

    Attributes:
        path: Absolute.
        size: Bytes.
        mtime_ns: When it was last changed, nanoseconds since 1970.
    """

    path: str
    size: int
    mtime_ns: int


def is_audio(name: str) -> bool:
    """Return whether a file of this name is taken for audio."""
    dot = name.rfind(".")  # where os.path.splitext would take three times as long
    return dot > 0 and name[dot:].lower() in AUDIO_SUFFIXES


def is_gone(error: OSError) -> bool:
    """Return whether an error says that a file or folder is not there, rather than unreadable."""
    return error.errno in _NOT_THERE


@dataclass
class Walk:
    """One walk through a root, or through a part of it.

    Hidden files and folders are passed over. Links are followed, after all that lies in the tree
    itself, where they lead out of the root or to what is passed over in it; a folder that can be
    reached twice is walked once.

    Attributes:
        root: An absolute path.
        excludes: Patterns such as ``*loops*``; a file or folder is passed over when one matches
            its name or its path below the root, whatever the case.
        unreadable: The folders of which, or of a file in which, the disk or the rights did not
            let anything be known. What is there now, nobody knows.
        unfollowed: The links to folders that a walk through a part came upon; only a walk through
            the whole root can tell which of two links to one folder counts.
    """

    root: str
    excludes: Sequence[str] = ()
    unreadable: list[str] = field(default_factory=list)
    unfollowed: list[str] = field(default_factory=list)

    def whole(self) -> Iterator[FoundFile]:
        """Find the audio files of the root, folder by folder, in the order of their names."""
        walked: set[tuple[int, int]] = set()
        linked: list[str] = []
        yield from self._tree(self.root, walked, linked)
        within = os.path.join(os.path.realpath(self.root), "")
        while linked:
            folder = linked.pop(0)
            target = os.path.join(os.path.realpath(folder), "")
            inside = os.path.join(self.root, target[len(within) : -1])
            if not target.startswith(within) or self.passes_over(inside):
                yield from self._tree(folder, walked, linked)

    def part(self, folder: str, *, deep: bool) -> Iterator[FoundFile]:
        """Find the audio files of one folder, and where `deep` of all below it."""
        if deep:
            yield from self._tree(folder, set(), self.unfollowed)
        else:
            yield from self._folder(folder, [], self.unfollowed)

    def passes_over(self, path: str) -> bool:
        """Return whether a path below the root, or a folder above it, is hidden or excluded."""
        below = ""
        for name in path[len(os.path.join(self.root, "")) :].split(os.sep):
            below = f"{below}/{name}" if below else name
            if name.startswith(".") or self._excluded(name, below):
                return True
        return False

    def _tree(
        self, top: str, walked: set[tuple[int, int]], linked: list[str]
    ) -> Iterator[FoundFile]:
        folders = [top]
        while folders:
            folder = folders.pop()
            try:
                facts = os.stat(folder)
            except OSError as error:
                self._cannot_read(folder, error)
                continue
            if (facts.st_dev, facts.st_ino) in walked:
                continue
            walked.add((facts.st_dev, facts.st_ino))
            below: list[str] = []
            yield from self._folder(folder, below, linked)
            folders += reversed(below)

    def _folder(self, folder: str, below: list[str], linked: list[str]) -> Iterator[FoundFile]:
        """Find the audio files of a folder, and add the folders and links in it to the lists."""
        try:
            with os.scandir(folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            self._cannot_read(folder, error)
            return
        for entry in entries:
            name = entry.name
            if name.startswith("."):
                continue
            if self.excludes and self._excluded(name, self._below(entry.path)):
                continue
            try:
                if entry.is_dir():
                    (linked if entry.is_symlink() else below).append(entry.path)
                elif is_audio(name):
                    facts = entry.stat()
                    if stat.S_ISREG(facts.st_mode):
                        yield FoundFile(entry.path, facts.st_size, facts.st_mtime_ns)
            except OSError as error:
                self._cannot_read(folder, error)

    def _cannot_read(self, folder: str, error: OSError) -> None:
        # What went between the look at the folder above and this one is gone, no more.
        if not is_gone(error) and error.errno != errno.ELOOP and folder not in self.unreadable[-1:]:
            self.unreadable.append(folder)

    def _below(self, path: str) -> str:
        return path[len(os.path.join(self.root, "")) :].replace(os.sep, "/")

    def _excluded(self, name: str, below: str) -> bool:
        matches = self._matches
        return matches is not None and bool(matches(name.lower()) or matches(below.lower()))

    @cached_property
    def _matches(self) -> Callable[[str], re.Match[str] | None] | None:
        patterns = [fnmatch.translate(pattern.lower()) for pattern in self.excludes]
        return re.compile("|".join(patterns)).match if patterns else None
