"""Braille cells: two by four dots in one character. Pure functions on arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DOTS_ACROSS = 2
DOTS_DOWN = 4

_BLANK = 0x2800
# Unicode numbers the dots of a cell down the left column, then down the right one, with the
# bottom row last (Unicode Standard, Braille Patterns).
_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], dtype=np.uint32)


def cells(dots: NDArray[np.bool_]) -> NDArray[np.uint32]:
    """Return the code points of braille characters.

    Args:
        dots: bool, shape (4 height, 2 width), True where a dot is.

    Returns:
        uint32, shape (height, width); a cell without dots is a space.
    """
    height, width = dots.shape[0] // DOTS_DOWN, dots.shape[1] // DOTS_ACROSS
    blocks = dots.reshape(height, DOTS_DOWN, width, DOTS_ACROSS)
    bits = np.einsum("hrwc,rc->hw", blocks.astype(np.uint32), _BITS)
    return np.where(bits == 0, np.uint32(ord(" ")), bits + np.uint32(_BLANK))


def lines(codes: NDArray[np.uint32]) -> list[str]:
    """Return code points, uint32, shape (height, width), as strings, one for each row."""
    return ["".join(map(chr, row)) for row in codes.tolist()]
