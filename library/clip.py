"""A clip: decoded audio in memory, and the few things that can be done with any clip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Less of the mean energy of the channels than this in their mean, and they cancel each other.
LEAST_SHARE_OF_MEAN = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """Decoded audio.

    Attributes:
        frames: float32, shape (c, t), nominally in [-1, 1]; c >= 1, t may be 0.
        sample_rate: Hz, a positive integer.
    """

    frames: NDArray[np.float32]
    sample_rate: int

    def __post_init__(self) -> None:
        if self.frames.ndim != 2 or self.frames.dtype != np.float32 or not len(self.frames):
            raise ValueError(
                "a clip needs float32 of shape (channels, frames), "
                f"not {self.frames.dtype} of shape {self.frames.shape}"
            )
        if self.sample_rate <= 0:
            raise ValueError(f"a sample rate is positive, not {self.sample_rate}")

    @property
    def channels(self) -> int:
        """The number of channels."""
        return int(self.frames.shape[0])

    @property
    def length(self) -> int:
        """The number of frames."""
        return int(self.frames.shape[1])

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.length / self.sample_rate

    def mono(self) -> NDArray[np.float32]:
        """Return the clip as one channel, float32, shape (t,).

        That is the mean of the channels; but where they cancel each other, as left and right of
        opposite sign do, the loudest one stands for all: what is heard must not count as silence.
        """
        mixed: NDArray[np.float32] = self.frames.mean(axis=0)
        if self.channels == 1:
            return mixed
        # In float64 no square is too small or too large to tell.
        energies = np.einsum("ct,ct->c", self.frames, self.frames, dtype=np.float64)
        energy = np.einsum("t,t->", mixed, mixed, dtype=np.float64)
        if energy < LEAST_SHARE_OF_MEAN * energies.mean():
            mixed[:] = self.frames[int(energies.argmax())]
        return mixed

    def at_rate(self, sample_rate: int) -> Clip:
        """Return the clip resampled (soxr, high quality) to a sample rate in Hz."""
        if sample_rate == self.sample_rate or self.length == 0:
            return self if sample_rate == self.sample_rate else Clip(self.frames, sample_rate)
        import soxr

        resampled = soxr.resample(self.frames.T, self.sample_rate, sample_rate, quality="HQ")
        return Clip(np.ascontiguousarray(resampled.T, dtype=np.float32), sample_rate)

    def with_channels(self, channels: int) -> Clip:
        """Return the clip with a number of channels.

        Mono is copied to all; more channels are followed by silent ones, or mixed to mono first
        where there must be fewer.
        """
        if channels == self.channels:
            return self
        if 1 < self.channels < channels:
            silent = np.zeros((channels - self.channels, self.length), np.float32)
            return Clip(np.concatenate([self.frames, silent]), self.sample_rate)
        return Clip(np.repeat(self.mono()[None], channels, axis=0), self.sample_rate)

    def padded_to(self, length: int) -> Clip:
        """Return the clip with silence after it, or cut, to a length in frames."""
        if length <= self.length:
            return Clip(self.frames[:, :length], self.sample_rate)
        return Clip(np.pad(self.frames, ((0, 0), (0, length - self.length))), self.sample_rate)
