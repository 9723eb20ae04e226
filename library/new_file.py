"""A file of the user's, written whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from library.kept_files import LEFT_BEHIND_S, into_place, reach_disk

_OURS = re.compile(r"\.[0-9a-f]{32}\.partial")


@contextmanager
def new_file(path: Path, *, overwrite: bool = False, sweep: bool = True) -> Iterator[Path]:
    """Give a name to write under; what is there appears as the file when all went well.

    Args:
        path: The file; its folder is made where it is not there.
        overwrite: Whether one that is there may be replaced.
        sweep: Whether to delete what killed processes have left in its folder: once is enough for
            many files.

    Raises:
        FileExistsError: The file is there, and must not be replaced.
        OSError: The disk refuses.
    """
    partial = path.with_name(f".{uuid4().hex}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:  # a file stands where the folder should
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from error
    if sweep:
        _sweep(path.parent)
    if not overwrite and os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    try:
        yield partial
        if overwrite:
            into_place(partial, path)
        else:
            _take_name(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def _take_name(partial: Path, path: Path) -> None:
    """Give a file its name, unless one has got it in the meantime.

    Raises:
        FileExistsError: One has.
        OSError: The disk refuses.
    """
    try:
        reach_disk(partial)
        os.link(partial, path)  # the one call that never replaces a file
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links, such as a memory stick's
        path.open("xb").close()
        try:
            into_place(partial, path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def _sweep(folder: Path) -> None:
    """Delete what a process that was killed has left in a folder: parts older than an hour."""
    oldest = time.time() - LEFT_BEHIND_S
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            ours = _OURS.fullmatch(entry.name) is not None and entry.is_file(follow_symlinks=False)
            if ours and entry.stat(follow_symlinks=False).st_mtime < oldest:
                os.unlink(entry.path)  # noqa: PTH108 - as scandir gives it
