"""Where on a map which kind of sound lies, for labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.answers import MapPoints

_BINS = 64
_BLUR = 2.0  # bins; about a thirtieth of the map
_LEAST_SHARE = 0.4  # of what lies at a place, for the place to be named after a kind
_LEAST_HEIGHT = 0.35  # of the highest peak of a kind, for another peak to be named too
_APART = 0.22  # of the map's width, between labels of one kind
_MOST_OF_A_KIND = 3


@dataclass(frozen=True, slots=True)
class Region:
    """A place named after the kind of sound that is the commonest there.

    Attributes:
        word: The category.
        x: In [0, 1].
        y: In [0, 1].
        weight: About how many sounds of the kind lie there.
    """

    word: str
    x: float
    y: float
    weight: float


def regions(points: MapPoints) -> list[Region]:
    """Return what to write on a map and where, the weightiest first.

    Each is a peak of the blurred density of a kind, at a sound of that kind.
    """
    categories = np.array([category or "" for category in points.categories])
    everything = _density(points.xy)
    found = []
    for word in sorted(set(categories) - {""}):
        xy = points.xy[categories == word]
        density = _density(xy)
        cells = _cells(xy)
        here = density[cells[:, 0], cells[:, 1]]
        named = here >= _LEAST_SHARE * everything[cells[:, 0], cells[:, 1]]
        named &= here >= _LEAST_HEIGHT * here.max(initial=0)
        taken: list[NDArray[np.float32]] = []
        for i in np.argsort(-here, kind="stable"):
            if len(taken) == _MOST_OF_A_KIND:
                break
            if named[i] and all(np.hypot(*(xy[i] - other)) >= _APART for other in taken):
                taken.append(xy[i])
                weight = float(here[i]) * 4 * np.pi * _BLUR**2
                found.append(Region(str(word), float(xy[i, 0]), float(xy[i, 1]), weight))
    return sorted(found, key=lambda region: -region.weight)


def _cells(xy: NDArray[np.float32]) -> NDArray[np.intp]:
    return (xy * _BINS).astype(np.intp).clip(0, _BINS - 1)


def _density(xy: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return how many points lie in each bin and around it, (x bins, y bins)."""
    from scipy.ndimage import gaussian_filter

    cells = _cells(xy)
    counts = np.bincount(cells[:, 0] * _BINS + cells[:, 1], minlength=_BINS**2)
    blurred: NDArray[np.float64] = gaussian_filter(
        counts.reshape(_BINS, _BINS).astype(np.float64), _BLUR, mode="constant"
    )
    return blurred
