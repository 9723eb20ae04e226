"""What a user types to have steps made: `AB 9` between two corners of a pad, `path 9` along one."""

from __future__ import annotations

import re
from dataclasses import dataclass

FEWEST, MOST = 2, 1000
LETTERS = "ABCD"
PATH = "path"

_LINE = re.compile(r"(?P<way>[A-Za-z]+)[\s-]*(?P<count>\d{1,4})\Z")


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps that are wanted.

    Attributes:
        corners: Of the pad, in the order in which they are gone through; none for the path that
            was recorded.
        count: How many.
    """

    corners: tuple[int, ...]
    count: int


def steps_of(line: str) -> Steps | None:
    """Return what a line asks for; None where it asks for nothing that there is."""
    match = _LINE.match(line.strip())
    if match is None or not FEWEST <= int(match["count"]) <= MOST:
        return None
    way, count = match["way"], int(match["count"])
    if way.lower() == PATH:
        return Steps((), count)
    letters = way.upper()
    if not 2 <= len(letters) <= len(LETTERS) or len(set(letters)) < len(letters):
        return None
    if any(letter not in LETTERS for letter in letters):
        return None
    return Steps(tuple(LETTERS.index(letter) for letter in letters), count)


def trouble_with_steps(line: str, sounds: int, recorded: bool) -> str:
    """Return why steps cannot be made, or nothing.

    Args:
        line: What was typed.
        sounds: How many lie on the pad.
        recorded: Whether there is a path.
    """
    wanted = steps_of(line)
    if wanted is None:
        return f"Write corners and a number of {FEWEST} to {MOST}, like AB 9, or path 9"
    if not wanted.corners and not recorded:
        return "There is no path yet: close this, press r and move"
    if wanted.corners and max(wanted.corners) >= sounds:
        return f"The corners are {', '.join(LETTERS[:sounds])}"
    return ""
