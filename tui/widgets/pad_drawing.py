"""The colours of a pad: at each place those of its sounds, mixed as the sounds are there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tui.colours import BACKGROUND
from vae.pad import inside, weights_at

Colours = NDArray[np.uint8]

_DIMMEST, _BRIGHTEST = 0.24, 0.68
_OUTSIDE = 0.02


def field(colours: Sequence[str], width: int, height: int) -> Colours:
    """Return the colour of every half of every cell.

    Args:
        colours: Of the sounds, as ``#rrggbb``.
        width: Cells.
        height: Cells.

    Returns:
        uint8, shape (2 height, width, 3).
    """
    own = np.array([_channels(colour) for colour in colours], np.float64)
    ground = np.array(_channels(BACKGROUND), np.float64)
    xs = np.linspace(0.0, 1.0, width) if width > 1 else np.array([0.5])
    ys = np.linspace(0.0, 1.0, 2 * height)
    weights = np.array([[weights_at(len(colours), (x, y)) for x in xs] for y in ys])
    # In the corners, where one sound is alone, its colour is brightest.
    strength = _DIMMEST + (_BRIGHTEST - _DIMMEST) * np.square(weights).sum(axis=2)
    if len(colours) == 3:
        off = np.array(
            [[np.hypot(*np.subtract(inside(3, (x, y)), (x, y))) for x in xs] for y in ys]
        )
        strength = np.where(off > _OUTSIDE, 0.0, strength)
    mixed = ground + strength[..., None] * (weights @ own - ground)
    drawn: Colours = np.rint(mixed).astype(np.uint8)
    return drawn


def is_pad(colours: NDArray[np.int_]) -> NDArray[np.bool_]:
    """Return which of the halves (n, width, 3) belong to the pad, and not to what is around it."""
    inner: NDArray[np.bool_] = (colours != _channels(BACKGROUND)).any(axis=2)
    return inner


def cell_of(position: tuple[float, float], width: int, height: int) -> tuple[int, int]:
    """Return the column and the row of the cell that a place lies in."""
    return round(position[0] * (width - 1)), round(position[1] * (height - 1))


def place_of(column: int, row: int, width: int, height: int) -> tuple[float, float]:
    """Return the place of a cell, which may lie outside of the pad."""
    return column / max(1, width - 1), row / max(1, height - 1)


def cells_along(
    way: Sequence[tuple[float, float]], width: int, height: int
) -> list[tuple[int, int]]:
    """Return the cells that a way leads through, as columns and rows, each once."""
    found: dict[tuple[int, int], None] = {}
    before = None
    for place in way:
        cell = cell_of(place, width, height)
        start = before if before is not None else cell
        steps = max(abs(cell[0] - start[0]), abs(cell[1] - start[1]), 1)
        for step in range(steps + 1):
            part = step / steps
            column = round(start[0] + part * (cell[0] - start[0]))
            row = round(start[1] + part * (cell[1] - start[1]))
            found[column, row] = None
        before = cell
    return list(found)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
