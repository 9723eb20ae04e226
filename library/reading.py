"""What a decoder gave before it stopped, and the limits that no file can raise."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from library.errors import DecodeError

SAMPLE_RATES_HZ = (1_000, 768_000)
"""The lowest and the highest sample rate that is believed."""

CHANNELS_AT_MOST = 1024
"""The most channels that are believed; libsndfile opens no file with more."""

VALUES_AT_MOST = 2**26
"""The most values of a file that are kept: 256 MiB, 25 minutes of mono at 44.1 kHz."""

BLOCK_VALUES = 2**21
"""How many values are decoded at a time."""


@dataclass(slots=True)
class Reading:
    """What came out of a decoder before it stopped.

    Attributes:
        channels: The number of channels; 0 where no file was opened.
        sample_rate: Hz.
        claimed: The frames that the file claims to hold; 0 where it does not say.
        format: The container, as the decoder names it.
        subtype: The coding inside it, as the decoder names it.
        parts: float32, each (c, t).
        length: The frames in all parts.
        at_limit: Whether as much was read as was to be read.
        error: What the decoder said when it stopped before the end.
        remark: What it said without stopping.
    """

    channels: int = 0
    sample_rate: int = 0
    claimed: int = 0
    format: str = ""
    subtype: str = ""
    parts: list[NDArray[np.float32]] = field(default_factory=list)
    length: int = 0
    at_limit: bool = False
    error: str = ""
    remark: str = ""

    def add(self, frames: NDArray[np.float32]) -> None:
        """Keep a block, shape (t, c), float32 of any byte order; it is copied."""
        self.parts.append(np.array(frames.T, np.float32, order="C"))
        self.length += len(frames)


def frames_to_read(channels: int, sample_rate: int, max_seconds: float | None) -> int:
    """Return how many frames of a file are read at most; at least one.

    Args:
        channels: That the file claims to have.
        sample_rate: Hz, that the file claims to have.
        max_seconds: As much from the start is wanted; None for all.

    Raises:
        DecodeError: The claims are not believed.
    """
    low, high = SAMPLE_RATES_HZ
    if not low <= sample_rate <= high:
        raise DecodeError(f"claims a sample rate of {sample_rate} Hz")
    if not 1 <= channels <= CHANNELS_AT_MOST:
        raise DecodeError(f"claims {channels} channels")
    limit = VALUES_AT_MOST // channels
    if max_seconds is not None:
        limit = min(limit, max(1, round(max_seconds * sample_rate)))
    return limit
