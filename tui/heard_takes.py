"""Folders of takes: where those lie that are only listened to, and where the user keeps some."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory


@dataclass(slots=True)
class KeepFolder:
    """Where the user keeps takes.

    Attributes:
        path: None until the user has said so in this session.
    """

    path: Path | None = None


class HeardTakes:
    """Takes that are only listened to, in a folder of this process that goes with it."""

    def __init__(self) -> None:
        self._root: TemporaryDirectory[str] | None = None

    def folder(self) -> Path:
        """Return a new folder for the takes of one screen."""
        if self._root is None:
            self._root = TemporaryDirectory(prefix="latentcrate-takes-", ignore_cleanup_errors=True)
        return Path(tempfile.mkdtemp(dir=self._root.name))

    def let_go(self) -> None:
        """Remove all of them."""
        if self._root is not None:
            self._root.cleanup()
            self._root = None


def remove(folder: Path) -> None:
    """Remove the folder of one screen, as far as it goes."""
    shutil.rmtree(folder, ignore_errors=True)
