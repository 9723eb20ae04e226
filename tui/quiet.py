"""Silence for the terminal while we draw on it.

The MP3 decoder inside libsndfile writes its warnings straight to file descriptor 2, where they
would stand in the middle of the screen or of a progress bar.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def only_we_draw() -> Iterator[None]:
    """Keep the terminal for Python's stderr; what libraries write to descriptor 2 goes nowhere."""
    if sys.stderr is None:  # started with descriptor 2 closed
        yield
        return
    sys.stderr.flush()
    kept = os.dup(2)
    named, original = sys.stderr, sys.__stderr__
    terminal = open(  # noqa: SIM115, PTH123 - closed below
        os.dup(2), "w", buffering=1, encoding=named.encoding, errors="backslashreplace"
    )
    with open(os.devnull, "w") as nowhere, terminal:  # noqa: PTH123
        # Textual's driver draws on the original; a stderr that a test put there stays.
        sys.__stderr__ = terminal  # type: ignore[misc]
        if named is original:
            sys.stderr = terminal
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            sys.stderr, sys.__stderr__ = named, original  # type: ignore[misc]
