"""The outline of a clip, for drawing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from library.clip import Clip


def overview(clip: Clip, columns: int) -> NDArray[np.float32]:
    """Return the lowest and the highest value of each of a number of equal stretches.

    Args:
        clip: Audio; the extremes are taken over all channels.
        columns: How many stretches; at least 1. With fewer frames than columns, neighbouring
            columns show the same frame.

    Returns:
        float32, shape (columns, 2): minimum and maximum, in the clip's own range; zeros for a
        clip without frames.

    Raises:
        ValueError: ``columns`` is below 1.
    """
    if columns < 1:
        raise ValueError(f"a waveform has at least one column, not {columns}")
    if not clip.length:
        return np.zeros((columns, 2), np.float32)
    low = clip.frames.min(axis=0)
    high = clip.frames.max(axis=0)
    # reduceat gives the single value at a start that equals the next one, which is the repeat
    # wanted when there are more columns than frames.
    starts = np.arange(columns, dtype=np.int64) * clip.length // columns
    return np.stack(
        [np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)], axis=1
    ).astype(np.float32, copy=False)
