"""The mixer: one sound at a time, and no click when another takes its place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CHANNELS = 2
FADE_MS = 4.0
"""How long a sound that is cut off takes to fall silent."""


class Mixer:
    """One sound, and the last milliseconds of the sound that it replaced.

    The device thread calls :meth:`render`; any thread may call :meth:`play` and :meth:`stop`,
    which only leave a request for the next buffer.

    Args:
        sample_rate: Hz.
    """

    def __init__(self, sample_rate: int) -> None:
        self._silence = np.zeros((0, CHANNELS), dtype=np.float32)
        self._request: NDArray[np.float32] | None = None
        self._sound = self._silence
        self._at = 0
        self._tail = self._silence
        fade = max(1, round(FADE_MS * sample_rate / 1000))
        self._fade = np.linspace(1.0, 0.0, fade, dtype=np.float32)[:, None]

    def play(self, frames: NDArray[np.float32]) -> None:
        """Ask for a sound, float32, shape (t, 2)."""
        self._request = frames

    def stop(self) -> None:
        """Ask for silence."""
        self._request = self._silence

    @property
    def at(self) -> int | None:
        """Frames of the sound rendered so far; None when there is nothing left to render."""
        if self._request is not None:
            return 0 if len(self._request) else None
        return self._at if self._at < len(self._sound) else None

    def render(self, count: int) -> NDArray[np.float32]:
        """Return the next frames, float32 within [-1, 1], shape (count, 2)."""
        request = self._request
        if request is not None:
            self._request = None
            rest = self._sound[self._at : self._at + len(self._fade)]
            self._tail = rest * self._fade[: len(rest)]
            self._sound, self._at = request, 0
        out = np.zeros((count, CHANNELS), dtype=np.float32)
        now = self._sound[self._at : self._at + count]
        out[: len(now)] = now
        self._at += len(now)
        tail = self._tail[:count]
        out[: len(tail)] += tail
        self._tail = self._tail[count:]
        return np.clip(out, -1.0, 1.0, out=out)
