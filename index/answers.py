"""What the workspace answers with: frozen values, fit for a screen or for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from library.catalog import SampleRow


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A sample near another sound.

    Attributes:
        row: The sample.
        distance: L2 distance of the vectors, >= 0; 0 is the sound itself.
        score: The same as a grade in [0, 1]; 1 is the sound itself, 0.5 a typical neighbour.
        aspects: Grade in [0, 1] for each block of the vector.
    """

    row: SampleRow
    distance: float
    score: float
    aspects: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class MapPoints:
    """The library as a map.

    Attributes:
        ids: int64, shape (n,).
        xy: float32, shape (n, 2), each axis within [0, 1].
        categories: One for each point; None where there is none.
    """

    ids: NDArray[np.int64]
    xy: NDArray[np.float32]
    categories: tuple[str | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class VectorTable:
    """Exactly the vectors that search uses.

    Attributes:
        ids: int64, shape (n,).
        paths: Absolute paths, n of them.
        matrix: float32, shape (n, d); the smallest L2 distance is the most similar.
    """

    ids: NDArray[np.int64]
    paths: tuple[Path, ...]
    matrix: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SpaceRow:
    """A personal space of this library, or the house space.

    Attributes:
        name: Unique in the library.
        samples: How many sounds it was learned on.
        attributes: Names of its regularised dimensions.
        in_use: Whether search and the map use it now.
        created_at: ISO 8601, UTC.
        report: What training measured.
    """

    name: str
    samples: int
    attributes: tuple[str, ...]
    in_use: bool
    created_at: str
    report: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class AddReport:
    """What adding or scanning did.

    Attributes:
        found: Audio files seen on the disks.
        new: Files not known before.
        changed: Known files whose content changed.
        moved: Known files found at another place.
        missing: Known files that are not there now.
        analysed: Files analysed in this run.
        failed: Path and reason of every file that could not be read in this run.
        seconds: Wall time.
    """

    found: int
    new: int
    changed: int
    moved: int
    missing: int
    analysed: int
    failed: tuple[tuple[Path, str], ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class TrainReport:
    """What training a space did.

    Attributes:
        space: Its name.
        samples: How many sounds it was learned on.
        seconds: Wall time of the training alone.
        attributes: For each attribute whether it is `learned`; `spearman`, its rank correlation on
            held-out sounds, None where too few have it; `range`, of the sounds, in its `unit`.
        error: What `house space` and `this space` lose of sounds held out of training, as a share
            of their variance.
    """

    space: str
    samples: int
    seconds: float
    attributes: Mapping[str, Mapping[str, object]]
    error: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Take:
    """A sound that was made.

    Attributes:
        path: The WAV file.
        attributes: Measured descriptors of the result.
        weights: Mixing weights of the parents (morphs).
        z: Personal coordinates (variations).
    """

    path: Path
    attributes: Mapping[str, float | None]
    weights: tuple[float, ...] | None = None
    z: tuple[float, ...] | None = None
