"""Latents: what a base codec makes of a clip, and what it can decode again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Latents:
    """Base latents of one clip.

    Attributes:
        values: float32, shape (s, d): steps by dimensions; s >= 1.
    """

    values: NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.dtype != np.float32 or not len(self.values):
            raise ValueError(
                "latents need float32 of shape (steps, dims), "
                f"not {self.values.dtype} of shape {self.values.shape}"
            )

    @property
    def steps(self) -> int:
        """The number of steps."""
        return int(self.values.shape[0])

    @property
    def dims(self) -> int:
        """The number of dimensions."""
        return int(self.values.shape[1])

    def to_bytes(self) -> bytes:
        """Return the values as little-endian float16, row by row: the cached form."""
        return self.values.astype("<f2").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes, dims: int) -> Latents:
        """Read the cached form back.

        Args:
            data: Little-endian float16.
            dims: Values in a step.
        """
        values = np.frombuffer(data, dtype="<f2").reshape(-1, dims)
        return cls(values.astype(np.float32))
