"""How good and how varied sounds are that were made, against sounds that exist."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.retrieval_rivals import mfcc_statistics
from library.clip import Clip
from vae.ear_file import house_ear
from vae.latents import Latents
from vae.onset import from_onset
from vae.vector import scales

NEIGHBOURS = 3
Rows = NDArray[np.float64]


def distances(a: Rows, b: Rows) -> Rows:
    """Return L2 distances, shape (n, m)."""
    squared = np.square(a).sum(axis=1)[:, None] + np.square(b).sum(axis=1) - 2 * a @ b.T
    return np.sqrt(np.maximum(squared, 0))


def _radii(rows: Rows) -> Rows:
    """Return how far the third nearest of each is, of fewer the last, (n,)."""
    own = distances(rows, rows)
    np.fill_diagonal(own, np.inf)
    return np.sort(own, axis=1)[:, min(NEIGHBOURS, len(rows) - 1) - 1]


def precision_recall(real: Rows, made: Rows) -> tuple[float, float]:
    """Return which share of what was made is like something real, and the other way round.

    A sound is like others where it is nearer to one of them than the third nearest of its own kind.

    Args:
        real: Shape (n, d), n >= 2.
        made: Shape (m, d), m >= 2.

    Source:
        Kynkäänniemi, Karras, Laine, Lehtinen, Aila (2019), Improved precision and recall metric for
        assessing generative models, with k = 3.
    """
    apart = distances(real, made)
    precision = (apart <= _radii(real)[:, None]).any(axis=0).mean()
    recall = (apart <= _radii(made)).any(axis=1).mean()
    return float(precision), float(recall)


def diversity(rows: Rows) -> float:
    """Return the mean distance of two of them."""
    apart = distances(rows, rows)
    return float(apart[np.triu_indices(len(rows), 1)].mean())


def ear_rows(clips: Sequence[Clip]) -> Rows:
    """Return what the ear keeps of sounds, weighted as search weights it; no space, no pitch."""
    ear = house_ear()
    return np.stack([ear.hear(from_onset(clip), None).whole for clip in clips]) * scales()


class Mfcc:
    """MFCC statistics, standardised by the sounds that it is made with."""

    def __init__(self, clips: Sequence[Clip]) -> None:
        rows = np.stack([mfcc_statistics(clip) for clip in clips])
        self._mean, self._deviation = rows.mean(axis=0), rows.std(axis=0) + 1e-9

    def __call__(self, clips: Sequence[Clip]) -> Rows:
        """Return rows, shape (n, d)."""
        rows = np.stack([mfcc_statistics(clip) for clip in clips])
        return np.asarray(((rows - self._mean) / self._deviation).clip(-4, 4))


def movement(sounds: Sequence[Latents], scale: Rows, level_dims: int) -> float:
    """Return how much more latents move in the last third of sounds than in the first, a ratio.

    Args:
        sounds: Those under four steps do not count.
        scale: Deviation of each dimension after the level, (d,).
        level_dims: Dimensions that say the level.
    """
    early, late = [], []
    for sound in sounds:
        if sound.steps < 4:
            continue
        steps = np.square(np.diff(sound.values[:, level_dims:] / scale, axis=0)).mean(axis=1)
        third = len(steps) // 3
        early.append(steps[:third].mean())
        late.append(steps[-third:].mean())
    return float(np.mean(late) / np.mean(early))
