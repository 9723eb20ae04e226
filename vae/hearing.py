"""Hearing: what the ear keeps of one sound, the same whichever codec and space are in use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Hearing:
    """What is kept of one sound.

    Attributes:
        whole: The sound as one point, float32, shape (f,).
        windows: Its half seconds, one each quarter of a second, float32, shape (n, w), n >= 1.
    """

    whole: NDArray[np.float32]
    windows: NDArray[np.float32]

    def to_bytes(self) -> tuple[bytes, bytes]:
        """Return whole and windows as little-endian float16: the cached form."""
        return self.whole.astype("<f2").tobytes(), self.windows.astype("<f2").tobytes()

    @classmethod
    def from_bytes(cls, whole: bytes, windows: bytes, width: int) -> Hearing:
        """Read the cached form back.

        Args:
            whole: Little-endian float16.
            windows: The same.
            width: Values in a window.
        """
        return cls(
            np.frombuffer(whole, "<f2").astype(np.float32),
            np.frombuffer(windows, "<f2").astype(np.float32).reshape(-1, width),
        )
