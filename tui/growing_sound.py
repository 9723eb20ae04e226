"""A sound that can be heard and drawn while more of it comes."""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

CHANNELS = 2
PEAK_FRAMES = 256
"""How many frames one entry of the coarse outline stands for."""

_FINE_AT_MOST = 4 * PEAK_FRAMES
OVERVIEW_COLUMNS = 1024


class Sound:
    """Audio at the sample rate of a player. One thread adds to it, any thread reads.

    Args:
        sample_rate: Hz.
        expected: Frames that it will have; 0 where that is unknown.

    Attributes:
        sample_rate: Hz.
        ready: Frames that are there.
        complete: Whether nothing more comes.
        peak: The largest absolute value so far.
    """

    def __init__(self, sample_rate: int, expected: int = 0) -> None:
        self.sample_rate = sample_rate
        self.ready = 0
        self.complete = False
        self.peak = 0.0
        self._expected = expected
        self._buffer = np.zeros((0, CHANNELS), dtype=np.float32)
        self._peaks = np.zeros((0, 2), dtype=np.float32)
        self._turn = 0
        self._lock = threading.Lock()

    @classmethod
    def whole(cls, frames: NDArray[np.float32], sample_rate: int) -> Sound:
        """Return a complete sound, float32 of shape (t, 2), at a sample rate in Hz."""
        sound = cls(sample_rate, len(frames))
        sound.append(frames)
        sound.finish()
        return sound

    @property
    def frames(self) -> NDArray[np.float32]:
        """What is there, float32, shape (ready, 2); a view that nobody writes to."""
        ready = self.ready  # before the buffer: a larger buffer holds as much
        return self._buffer[:ready]

    @property
    def length(self) -> int:
        """Frames that it has when it is complete, as far as that is known."""
        return self.ready if self.complete else max(self.ready, self._expected)

    @property
    def duration(self) -> float:
        """Seconds, as far as the length is known."""
        return self.length / self.sample_rate

    @property
    def nbytes(self) -> int:
        """Memory that it takes."""
        return self.ready * CHANNELS * self._buffer.itemsize

    # Growing.

    def take_turn(self) -> int:
        """Return a number that lets its holder add to the sound, and nobody before."""
        with self._lock:
            self._turn += 1
            return self._turn

    def append(
        self, frames: NDArray[np.float32], at: int | None = None, turn: int | None = None
    ) -> bool:
        """Add frames.

        Args:
            frames: float32, shape (t, 2).
            at: Where they belong; what is there of them already is left out. At the end where None.
            turn: What `take_turn` returned; None where nobody else adds.

        Returns:
            False if somebody else has the turn now: nothing is added, or complete, any more.
        """
        with self._lock:
            if self.complete or (turn is not None and turn != self._turn):
                return False
            new = frames if at is None else frames[max(0, self.ready - at) :]
            end = self.ready + len(new)
            if end > len(self._buffer):
                # The first frames are kept as they are: most sounds of a shelf never grow.
                room = max(self._expected, self.ready * 3 // 2) if self.ready else 0
                more = np.empty((max(end, room), CHANNELS), np.float32)
                more[: self.ready] = self._buffer[: self.ready]
                self._buffer = more
            self._buffer[self.ready : end] = new
            if len(new):
                self.peak = max(self.peak, float(np.abs(new).max()))
            self._add_peaks(end)
            self.ready = end
            return True

    def finish(self, turn: int | None = None) -> None:
        """Say that nothing more comes; ignored where somebody else has the turn."""
        with self._lock:
            if turn is None or turn == self._turn:
                self.complete = True

    def _add_peaks(self, end: int) -> None:
        first, last = self.ready // PEAK_FRAMES, end // PEAK_FRAMES
        if last > len(self._peaks):
            room = max(last, len(self._buffer) // PEAK_FRAMES)
            more = np.zeros((room, 2), np.float32)
            more[:first] = self._peaks[:first]
            self._peaks = more
        blocks = self._buffer[first * PEAK_FRAMES : last * PEAK_FRAMES]
        blocks = blocks.reshape(last - first, PEAK_FRAMES * CHANNELS)
        self._peaks[first:last, 0] = blocks.min(axis=1)
        self._peaks[first:last, 1] = blocks.max(axis=1)

    # Drawing.

    def outline(self, start: int, end: int, columns: int) -> NDArray[np.float32]:
        """Return the lowest and the highest value of equal stretches of a piece.

        Args:
            start: First frame.
            end: The frame after the last one; above `start`.
            columns: How many stretches; at least 1. With fewer frames than columns, neighbouring
                columns show the same frame.

        Returns:
            float32, shape (columns, 2): minimum and maximum; NaN where nothing is there.
        """
        edges = start + np.arange(columns + 1, dtype=np.int64) * (end - start) // columns
        ready = self.ready
        out = np.full((columns, 2), np.nan, dtype=np.float32)
        there = (edges[:-1] >= 0) & (np.maximum(edges[1:], edges[:-1] + 1) <= ready)
        if not there.any():
            return out
        starts, stop = edges[:-1][there], int(np.maximum(edges[1:], edges[:-1] + 1)[there].max())
        if end - start > _FINE_AT_MOST * columns:
            starts, stop = starts // PEAK_FRAMES, stop // PEAK_FRAMES
            low, high = self._peaks[:stop, 0], self._peaks[:stop, 1]
        else:
            piece = self._buffer[int(starts[0]) : stop]
            low, high = piece.min(axis=1), piece.max(axis=1)
            starts = starts - starts[0]
        out[there, 0] = np.minimum.reduceat(low, starts)
        out[there, 1] = np.maximum.reduceat(high, starts)
        return out

    @property
    def overview(self) -> NDArray[np.float32]:
        """The outline of what is there, float32, shape (n, 2), n at most 1024."""
        if not self.ready:
            return np.zeros((1, 2), dtype=np.float32)
        return self.outline(0, self.ready, min(OVERVIEW_COLUMNS, self.ready))
