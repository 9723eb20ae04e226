"""What is usual among the user's own sounds, and how any sound would be if it were one of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Variance that a sound may have of its own, in squared standard deviations of a space. Of .1, .3
# and 1 no one was best on all of four libraries.
_OWN_VARIANCE = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Usual:
    """Where in a space the user's own sounds lie.

    Attributes:
        mean: Of their z, float32, (dims,).
        covariance: Of the same, float32, (dims, dims).
    """

    mean: NDArray[np.float32]
    covariance: NDArray[np.float32]

    def pulled(self, z: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what is most likely of sounds, were they the user's own, float32, (n, dims).

        What the user's sounds do not differ in goes to their mean, and what they differ in much
        stays: the estimate of Wiener (1949), for normal distributions.

        Args:
            z: float32, (n, dims).
        """
        noisy = self.covariance + _OWN_VARIANCE * np.eye(len(self.mean))
        kept = np.linalg.solve(noisy, self.covariance)
        moved: NDArray[np.float32] = (self.mean + (z - self.mean) @ kept).astype(np.float32)
        return moved


def usual_of(z: NDArray[np.float32]) -> Usual:
    """Return where sounds lie, from the z of at least two of them, (n, dims)."""
    return Usual(z.mean(axis=0), np.cov(z.T).astype(np.float32))
