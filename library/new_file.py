"""A file of the user's, written whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


@contextmanager
def new_file(path: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """Give a name to write under; what is there appears as the file when all went well.

    Args:
        path: The file; its folder is made where it is not there.
        overwrite: Whether one that is there may be replaced.

    Raises:
        FileExistsError: The file is there, and must not be replaced.
        OSError: The disk refuses.
    """
    partial = path.with_name(f".{uuid4().hex}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:  # a file stands where the folder should
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from error
    if not overwrite:
        path.open("xb").close()  # takes the name, so that no other file can
    try:
        yield partial
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        if not overwrite:
            path.unlink(missing_ok=True)
        raise
