"""Silence for the terminal while we draw on it, and for stdout, which is for our answers alone.

The MP3 decoder inside libsndfile writes its warnings straight to file descriptor 2, where they
would stand in the middle of the screen or of a progress bar. A codec that is a program may print
whatever it likes, to Python's stdout or to descriptor 1, where it would spoil a JSON document.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

_kept_stdout: TextIO | None = None


def answers() -> TextIO:
    """Return where our answers go: stdout, also while nobody else may print there."""
    return _kept_stdout if _kept_stdout is not None else sys.stdout


@contextmanager
def only_we_print() -> Iterator[None]:
    """Keep stdout for `answers`; what anybody else prints goes nowhere."""
    global _kept_stdout
    if _kept_stdout is not None or sys.stdout is None:  # within another; closed from the start
        yield
        return
    sys.stdout.flush()
    named, original = sys.stdout, sys.__stdout__
    # Windows keeps settings of the terminal at descriptor 1: there it stays what it is.
    moved = sys.platform != "win32"
    kept = open(  # noqa: SIM115, PTH123 - closed below
        os.dup(1), "w", encoding=named.encoding, errors=named.errors
    )
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        sys.stdout, _kept_stdout = nowhere, kept
        if moved:
            sys.__stdout__ = kept  # type: ignore[misc]  # the size of the terminal is asked there
            os.dup2(nowhere.fileno(), 1)
        try:
            yield
        finally:
            sys.stdout, sys.__stdout__, _kept_stdout = named, original, None  # type: ignore[misc]
            if moved:
                ctypes.CDLL(None).fflush(None)  # what C has printed must not come out later
                os.dup2(kept.fileno(), 1)
            with suppress(OSError):  # a reader that has gone was told already
                kept.close()


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
