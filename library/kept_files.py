"""Files that rows of a library name: they lie in a folder beside it, and nowhere else."""

from __future__ import annotations

import os
import re
import threading
import time
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath, PureWindowsPath

from library.errors import LibraryError

# What is newer may belong to a process that is about to name it.
LEFT_BEHIND_S = 3600.0
# The names that this program gives: what a user has put there is nobody's to delete.
_OURS = re.compile(
    r"\d+-\d+\.part|.+-[0-9a-f]{12}\.(?:ts|safetensors)|vectors-[0-9a-f]+\.(?:faiss|json)",
    re.DOTALL,
)


def path_of(folder: Path, file: str) -> Path:
    """Return where the file of a row lies.

    A library may have been made by somebody else: a name that leads out of the folder would have
    any file of the user read, written over or deleted.

    Args:
        folder: Where such files lie.
        file: Its name, as the row says it.

    Raises:
        LibraryError: That is no plain name.
    """
    plain = file == PurePosixPath(file).name == PureWindowsPath(file).name and file.isprintable()
    if not plain or file in ("", ".", ".."):
        raise LibraryError(
            f"the library names a file outside its folder ({ascii(file)[:80]})",
            f"forget or replace what it belongs to; only files in {folder} are touched",
        )
    return folder / file


@contextmanager
def keeping(folder: Path, what: str) -> Iterator[Path]:
    """Give a name for a file that is written in a folder and then renamed; else it goes.

    Args:
        folder: Made where it is not there.
        what: What is kept, such as "the codec".

    Raises:
        LibraryError: The disk refuses.
    """
    part = folder / f"{os.getpid()}-{threading.get_ident()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield part
    except OSError as error:
        raise LibraryError(
            f"{what} cannot be kept ({error.strerror})", f"make room in {folder}"
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def into_place(part: Path, path: Path) -> None:
    """Give a file that is written its name, in the place of one that has it.

    Its bytes are on the disk by then: after a power cut, the name could else be that of an empty
    file.

    Raises:
        OSError: The disk refuses.
    """
    reach_disk(part)
    part.replace(path)
    if os.name == "posix":  # the name, too; other systems open no folders
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            with suppress(OSError):  # some network disks cannot
                os.fsync(folder)
        finally:
            os.close(folder)


def reach_disk(path: Path) -> None:
    """Wait until the bytes of a file are on its disk.

    Raises:
        OSError: The disk refuses.
    """
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def delete(folder: Path, file: str) -> None:
    """Delete the file of a row; one too many does no harm, and what is no plain name is left."""
    with suppress(OSError, LibraryError):
        path_of(folder, file).unlink()


def file_name(name: str, digest: str, ending: str) -> str:
    """Return under which name the library keeps a file.

    Args:
        name: The user's own, of what it holds.
        digest: Of its bytes.
        ending: With its dot.
    """
    # Disks take 255 bytes, and a letter may have four.
    short = name.replace(" ", "_").encode()[:200].decode(errors="ignore")
    return f"{short}-{digest[:12]}{ending}"


def sweep(folder: Path, named: Collection[str], gone: str | None = None) -> int:
    """Delete what a process that was killed has left behind: files of ours that no row names.

    Nothing is followed that is a link, and nothing is deleted that was written within the hour.

    Args:
        folder: Where the files of rows lie.
        named: Their names. Nobody may add a row meanwhile: hold the library's write lock.
        gone: The file of what was just forgotten or replaced, which need not be old.

    Returns:
        How many files were left behind.
    """
    kept = {_alike(name) for name in named}
    if gone is not None and _alike(gone) not in kept:
        delete(folder, gone)
    left = left_behind(folder, named)
    for name in left:
        delete(folder, name)
    return len(left)


def left_behind(folder: Path, named: Collection[str]) -> list[str]:
    """Return the names of the files that `sweep` would delete."""
    kept = {_alike(name) for name in named}
    found: list[str] = []
    oldest = time.time() - LEFT_BEHIND_S
    with suppress(OSError):
        if folder.is_symlink() or folder.parent.is_symlink():
            return []
        with os.scandir(folder) as entries:
            for entry in entries:
                ours = _OURS.fullmatch(entry.name) is not None and _alike(entry.name) not in kept
                if not ours or not entry.is_file(follow_symlinks=False):
                    continue
                if entry.stat(follow_symlinks=False).st_mtime < oldest:
                    found.append(entry.name)
    return found


def _alike(name: str) -> str:
    """Return what two names have in common that are the same file on some disk."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
