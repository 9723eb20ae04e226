"""What was mended unasked, told to whoever listens: the command line prints it to stderr."""

from __future__ import annotations

import logging

REPAIRS = logging.getLogger("latentcrate.repairs")
REPAIRS.addHandler(logging.NullHandler())  # else Python writes to a terminal that is drawn on


def say_repaired(what: str) -> None:
    """Tell what was mended, in one line without a full stop."""
    REPAIRS.warning("%s", what)
