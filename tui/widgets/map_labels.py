"""Words on the map that say what lies where, as many as there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.widgets.map_drawing import View

CLOSEST = 0.2
"""With less of the map in view than this, no words are written: one sees single sounds."""
_LINES_APART = 2
_COLUMNS_APART = 3


@dataclass(frozen=True, slots=True)
class Landmark:
    """What is the commonest somewhere.

    Attributes:
        word: Safe to show, each character one cell wide.
        x: In map units.
        y: In map units.
    """

    word: str
    x: float
    y: float


def labels(
    landmarks: Sequence[Landmark], view: View, size: tuple[int, int]
) -> list[tuple[int, int, str]]:
    """Return what to write where: column, line and text of words that do not touch.

    Args:
        landmarks: Those that matter most come first.
        view: What is seen.
        size: Characters and lines.
    """
    found: list[tuple[int, int, str]] = []
    if view.span < CLOSEST:
        return found
    for landmark in landmarks:
        column, line = view.cell(landmark.x, landmark.y, size)
        text = f" {landmark.word} "
        column -= len(text) // 2
        if not (0 <= line < size[1] and 0 <= column <= size[0] - len(text)):
            continue
        if all(
            abs(line - other_line) >= _LINES_APART
            or column >= other_column + len(other) + _COLUMNS_APART
            or other_column >= column + len(text) + _COLUMNS_APART
            for other_column, other_line, other in found
        ):
            found.append((column, line, text))
    return found
