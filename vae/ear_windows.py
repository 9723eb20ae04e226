"""Windows of a sound for the ear: half seconds that a region of a long file is found by."""

from __future__ import annotations

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from vae.auditory_image import BANDS, HOP, SAMPLE_RATE

WINDOW_S = 0.5
WINDOW_DIMS = 24
_COLUMNS = round(WINDOW_S * SAMPLE_RATE / HOP)
_STEP = round(0.25 * SAMPLE_RATE / HOP)
STEP_S = _STEP * HOP / SAMPLE_RATE
"""From one window to the next: a quarter of a second, in whole columns."""

_RANGE_DB = 60.0


def window_starts(columns: int) -> NDArray[np.intp]:
    """Return the first column of each window; the last one ends with the sound, or after it."""
    last = max(columns - _COLUMNS, 0)
    starts = np.arange(0, last + 1, _STEP)
    return starts if starts[-1] == last else np.append(starts, last)


def window_features(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what each half second of a sound is like.

    Args:
        image: Its auditory image, float32, shape (columns, BANDS), dB.

    Returns:
        The mean spectrum of each window, on 60 dB under its own loudest point, in cosine terms,
        float32, shape (n, WINDOW_DIMS), in dB.
    """
    found = []
    for start in window_starts(len(image)):
        part = image[start : start + _COLUMNS]
        found.append(np.maximum(part - part.max(), -_RANGE_DB).mean(axis=0))
    terms = scipy.fft.dct(np.stack(found), axis=1, norm="ortho") / np.sqrt(BANDS)
    return terms[:, :WINDOW_DIMS].astype(np.float32)
