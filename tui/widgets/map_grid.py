"""The points of a map, sorted into the cells of a grid: what looks at a part touches only that.

Pure arrays, made once for each map in a thread. A place is where a point is in these arrays.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_SIDE = 256  # cells each way; their numbers just fit 16 bits, which are sorted fastest
_FIRST_REACH = 4.0  # columns, that the next point is first looked for in

Number = TypeVar("Number", bound=np.generic)


class PointGrid:
    """Points that are found by where they are, or by the sample they stand for.

    Attributes:
        ids: int64, shape (n,), in the order of the places.
        x: float32, shape (n,), within [0, 1].
        y: float32, shape (n,), within [0, 1], down the screen.

    Args:
        ids: int64, shape (n,), each once, in any order.
        xy: float32, shape (n, 2), within [0, 1].
    """

    def __init__(self, ids: NDArray[np.int64], xy: NDArray[np.float32]) -> None:
        cells = (xy * _SIDE).astype(np.int32).clip(0, _SIDE - 1)
        cell = (cells[:, 1] * _SIDE + cells[:, 0]).astype(np.uint16)
        order = np.argsort(cell, kind="stable")
        self.ids = ids[order]
        self.x = np.ascontiguousarray(xy[order, 0], dtype=np.float32)
        self.y = np.ascontiguousarray(xy[order, 1], dtype=np.float32)
        counts = np.bincount(cell, minlength=_SIDE * _SIDE)
        self._starts = np.concatenate([[0], np.cumsum(counts)])
        self._places = np.argsort(self.ids)
        self._sorted_ids = self.ids[self._places]

    def __len__(self) -> int:
        return len(self.ids)

    def place_of(self, sample_id: int) -> int | None:
        """Return the place of a sample; None where it is not on the map."""
        at = int(np.searchsorted(self._sorted_ids, sample_id))
        if at < len(self) and self._sorted_ids[at] == sample_id:
            return int(self._places[at])
        return None

    def parts(self, left: float, top: float, right: float, bottom: float) -> list[slice]:
        """Return the places of all points of a box, and of some just outside of it."""
        first, last = (int(np.clip(edge * _SIDE, 0, _SIDE - 1)) for edge in (left, right))
        upper, lower = (int(np.clip(edge * _SIDE, 0, _SIDE - 1)) for edge in (top, bottom))
        if last - first == _SIDE - 1:
            rows = [(upper * _SIDE, (lower + 1) * _SIDE)]
        else:
            rows = [(y * _SIDE + first, y * _SIDE + last + 1) for y in range(upper, lower + 1)]
        starts = self._starts[np.array(rows)].tolist()
        return [slice(start, stop) for start, stop in starts if start < stop]

    def nearest(self, x: float, y: float, scale: tuple[float, float], reach: float) -> int | None:
        """Return the place of the point that is nearest to a point of the map.

        Args:
            x: In map units.
            y: In map units.
            scale: Characters and lines for each map unit; a cell is twice as high as wide.
            reach: Lines, or pairs of characters, beyond which nothing is found.
        """
        across, down = 2 * reach / scale[0], reach / scale[1]
        places = placed(self.parts(x - across, y - down, x + across, y + down))
        right = np.abs(self.x[places] - np.float32(x)) * scale[0]
        below = np.abs(self.y[places] - np.float32(y)) * scale[1] * 2
        far = np.where(np.maximum(right, below) <= 2 * reach, right**2 + below**2, np.inf)
        if not np.isfinite(far).any():
            return None
        return int(places[np.argmin(far)])

    def towards(self, here: int, right: int, down: int, scale: tuple[float, float]) -> int | None:
        """Return the place to move to in one of the four directions.

        The point lies at least one cell further that way and not more aside than ahead; among
        those the nearest one is taken, where each cell aside counts double.

        Args:
            here: The place to move from.
            right: 1 or -1 to move across, 0 otherwise.
            down: 1 or -1 to move up or down, 0 otherwise.
            scale: Characters and lines for each map unit; a cell is twice as high as wide.
        """
        columns = (scale[0], 2 * scale[1])
        x, y = float(self.x[here]), float(self.y[here])
        reach = _FIRST_REACH
        while True:
            across, below = reach / columns[0], reach / columns[1]
            # What is further than the box costs more than the box is wide.
            places = placed(
                self.parts(
                    x if right > 0 else x - across,
                    y if down > 0 else y - below,
                    x if right < 0 else x + across,
                    y if down < 0 else y + below,
                )
            )
            found, cost = self._cheapest(places, here, right, down, columns)
            if cost <= reach or min(across, below) > 1:
                return found
            reach *= 2

    def _cheapest(
        self,
        places: NDArray[np.intp],
        here: int,
        right: int,
        down: int,
        columns: tuple[float, float],
    ) -> tuple[int | None, float]:
        across = (self.x[places] - self.x[here]) * columns[0]
        below = (self.y[places] - self.y[here]) * columns[1]
        ahead, aside = (across * right, below) if right else (below * down, across)
        aside = np.abs(aside)
        there = np.flatnonzero((ahead >= (1.0 if right else 2.0)) & (aside <= ahead))
        if not len(there):
            return None, np.inf
        costs = ahead[there] + 2 * aside[there]
        best = int(np.argmin(costs))
        return int(places[there[best]]), float(costs[best])


def placed(parts: list[slice]) -> NDArray[np.intp]:
    """Return the places of parts as one array, intp, shape (m,)."""
    ranges = [np.arange(part.start, part.stop, dtype=np.intp) for part in parts]
    return np.concatenate([np.zeros(0, np.intp), *ranges])


def joined(values: NDArray[Number], parts: list[slice]) -> NDArray[Number]:
    """Return the values of parts, one after the other; of a single part without a copy."""
    if len(parts) == 1:
        return values[parts[0]]
    return np.concatenate([values[:0], *(values[part] for part in parts)])
