"""Inside long sounds: which samples hold a piece like this one, and where.

Each half second of every sample is a point of its own. The nearest points propose samples; each of
these is then compared with the piece window by window, at every place where it fits.
"""

from __future__ import annotations

from typing import NamedTuple

import faiss
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, select

from library.database import reading
from library.tables import Hearing as HearingRow
from vae.ear_windows import STEP_S, WINDOW_DIMS

TYPICAL_DISTANCE = 2.0
"""Hardly any piece is further from its own place, and few are nearer to another sound's."""

_NEAREST = 60
_MOST_WINDOWS = 16
_ROWS = 2048


class Place(NamedTuple):
    """Where a piece is.

    Attributes:
        sample_id: In which sample.
        start: Seconds from the sample's onset.
        distance: Mean distance of the windows, >= 0.
    """

    sample_id: int
    start: float
    distance: float


class InsideIndex:
    """The windows of many samples.

    Args:
        ids: The sample of each window, int64, rising, shape (n,).
        matrix: float32, shape (n, WINDOW_DIMS), the windows of a sample in their order.
    """

    def __init__(self, ids: NDArray[np.int64], matrix: NDArray[np.float32]) -> None:
        self._ids = ids
        # Half precision, as they are cached: a long library has millions of windows.
        self._index = faiss.IndexScalarQuantizer(WINDOW_DIMS, faiss.ScalarQuantizer.QT_fp16)
        self._index.train(matrix[:1] if len(matrix) else np.zeros((1, WINDOW_DIMS), np.float32))
        self._index.add(matrix)

    def find(
        self, windows: NDArray[np.float32], scope: NDArray[np.int64] | None = None
    ) -> list[Place]:
        """Return the samples that hold a piece, nearest first, each with its best place.

        Args:
            windows: Of the piece, float32, shape (n, WINDOW_DIMS).
            scope: Only these ids are looked at, rising; None for all.
        """
        piece = windows[:_MOST_WINDOWS]
        chosen = None if scope is None else np.flatnonzero(np.isin(self._ids, scope))
        _, rows = self._search(piece, _NEAREST, chosen)
        candidates = np.unique(self._ids[rows[rows >= 0]])
        places = [self._best_place(int(sample_id), piece) for sample_id in candidates]
        return sorted(places, key=lambda place: (place.distance, place.sample_id))

    def nearest(
        self,
        window: NDArray[np.float32],
        k: int,
        scope: NDArray[np.int64] | None = None,
        without: int | None = None,
    ) -> list[Place]:
        """Return the windows most like one, nearest first, at most `k` of them.

        Args:
            window: float32, shape (WINDOW_DIMS,).
            k: How many.
            scope: As `find` has it.
            without: A sample that is left out.
        """
        chosen = None if scope is None else np.flatnonzero(np.isin(self._ids, scope))
        left_out = 0
        if without is not None:
            left_out = int(np.diff(np.searchsorted(self._ids, [without, without + 1]))[0])
        distances, rows = self._search(window[None], k + left_out, chosen)
        places = []
        for squared, row in zip(distances[0].tolist(), rows[0].tolist(), strict=True):
            sample_id = int(self._ids[row])
            number = row - int(np.searchsorted(self._ids, sample_id))
            if sample_id != without:
                places.append(Place(sample_id, number * STEP_S, max(squared, 0.0) ** 0.5))
        return places[:k]

    def _search(
        self, windows: NDArray[np.float32], k: int, chosen: NDArray[np.intp] | None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return squared distances and rows of the nearest windows, each (n, at most k)."""
        k = min(k, self._index.ntotal if chosen is None else len(chosen))
        if not k:
            return np.zeros((len(windows), 0), np.float32), np.zeros((len(windows), 0), np.int64)
        parameters = None
        if chosen is not None:
            selector = faiss.IDSelectorBatch(chosen.astype(np.int64))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        distances, rows = self._index.search(windows, k, params=parameters)
        return distances, rows

    def _best_place(self, sample_id: int, piece: NDArray[np.float32]) -> Place:
        first, last = np.searchsorted(self._ids, [sample_id, sample_id + 1])
        held = self._index.reconstruct_n(int(first), int(last - first))
        count = min(len(piece), len(held))
        apart = np.linalg.norm(held[:, None] - piece[None, :count], axis=2)
        # The last window of a sound may be a shorter step from the one before it.
        starts = np.arange(len(held) - count + 1)
        means = apart[starts[:, None] + np.arange(count), np.arange(count)].mean(axis=1)
        best = int(means.argmin())
        return Place(sample_id, best * STEP_S, float(means[best]))


def read_windows(engine: Engine, ear: str) -> InsideIndex:
    """Read the windows of all samples that an ear has heard."""
    statement = (
        select(HearingRow.sample_id, HearingRow.windows)
        .where(HearingRow.ear == ear)
        .order_by(HearingRow.sample_id)
    )
    ids: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
    parts: list[NDArray[np.float32]] = [np.zeros((0, WINDOW_DIMS), np.float32)]
    with reading(engine) as session:
        for sample_id, data in session.execute(statement).yield_per(_ROWS):
            windows = np.frombuffer(data, "<f2").reshape(-1, WINDOW_DIMS).astype(np.float32)
            parts.append(windows)
            ids.append(np.full(len(windows), sample_id, np.int64))
    return InsideIndex(np.concatenate(ids), np.concatenate(parts))


def place_score(distance: float) -> float:
    """Return the distance of a place as a grade in (0, 1], beside those of `vae.vector.score`.

    It falls late and steeply: a piece that is in a sample is before all that is only alike, and
    what is only alike in its mean spectrum is behind what the ear calls near.
    """
    return float(2.0 ** -((distance / TYPICAL_DISTANCE) ** 2))
