"""Where takes go: a folder that is asked for once, and remembered until the application ends."""

from __future__ import annotations

from pathlib import Path


class TakeFolder:
    """The folder that the user chose for takes.

    Attributes:
        path: None before one was chosen.
    """

    def __init__(self) -> None:
        self.path: Path | None = None
