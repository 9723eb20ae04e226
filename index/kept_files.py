"""Files that rows of a library name: they lie in a folder beside it, and nowhere else."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath, PureWindowsPath

from library.errors import LibraryError


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


def delete(folder: Path, file: str) -> None:
    """Delete the file of a row; one too many does no harm, and what is no plain name is left."""
    with suppress(OSError, LibraryError):
        path_of(folder, file).unlink()
