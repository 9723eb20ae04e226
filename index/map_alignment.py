"""A map turned, mirrored, moved and scaled until it lies on the last one, as far as it can.

Source:
    Gower, Dijksterhuis (2004), Procrustes Problems, chapters 4 and 5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_MARGIN = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Similarity:
    """A turn or mirroring, a scale and a shift.

    Attributes:
        turn: float64, shape (2, 2), orthogonal.
        scale: A positive factor.
        shift: float64, shape (2,).
    """

    turn: NDArray[np.float64]
    scale: float
    shift: NDArray[np.float64]

    def __call__(self, xy: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return moved points, float32, shape (n, 2)."""
        return (self.scale * (xy @ self.turn) + self.shift).astype(np.float32)


def onto(xy: NDArray[np.float32], target: NDArray[np.float32]) -> Similarity:
    """Return what brings points closest to their places on another map, by least squares.

    Args:
        xy: float32, shape (n, 2), n >= 1.
        target: Where each of them was, of the same shape.
    """
    middle, aim = xy.mean(axis=0, dtype=np.float64), target.mean(axis=0, dtype=np.float64)
    centred, aimed = xy - middle, target - aim
    left, strength, right = np.linalg.svd(centred.T @ aimed)
    spread = float(np.square(centred).sum())
    scale = float(strength.sum()) / spread if spread > 0 and strength.sum() > 0 else 1.0
    turn = left @ right
    return Similarity(turn, scale, aim - scale * middle @ turn)


def filling_square(xy: NDArray[np.float32]) -> Similarity:
    """Return what lays points across the square from 0 to 1, middle on middle.

    They nearly fill it: what comes onto the map later may lie a little outside all that is there.

    Args:
        xy: float32, shape (n, 2), n >= 1.
    """
    centred = (xy - xy.mean(axis=0)).astype(np.float64)
    # Screens are wide: the direction in which the points lie furthest apart becomes x.
    turn = np.linalg.eigh(centred.T @ centred)[1][:, ::-1]
    turn = turn * np.where(np.diag(turn) < 0, -1, 1)
    turned = xy @ turn
    low, high = turned.min(axis=0), turned.max(axis=0)
    side = float((high - low).max())
    scale = (1 - 2 * _MARGIN) / side if side > 0 else 1.0
    return Similarity(turn, scale, 0.5 - scale * (low + high) / 2)


def within_square(xy: NDArray[np.float32]) -> Similarity:
    """Return what brings points into the square from 0 to 1, moved and shrunk as little as can be.

    Args:
        xy: float32, shape (n, 2), n >= 1.
    """
    low, high = xy.min(axis=0).astype(np.float64), xy.max(axis=0).astype(np.float64)
    scale = 1 / max(1.0, float((high - low).max()))
    shrunk_low, shrunk_high = scale * low, scale * high
    return Similarity(np.eye(2), scale, np.maximum(-shrunk_low, 0) + np.minimum(1 - shrunk_high, 0))
