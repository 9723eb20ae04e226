"""Calibration: that of the sounds of which a head is 80 % sure, it is right of 80 %.

Temperature scaling of Guo, Pleiss, Sun and Weinberger, On Calibration of Modern Neural Networks
(2017), 4.2. It never changes which category is the likeliest.
"""

from __future__ import annotations

import numpy as np
import scipy.optimize
from numpy.typing import NDArray

_LEAST = 1e-9
_WIDEST = 20.0


def tempered(probabilities: NDArray[np.float32], temperature: float) -> NDArray[np.float32]:
    """Return probabilities p ** (1 / temperature), each row with the sum 1 again.

    Args:
        probabilities: float32, shape (n, c), rows with the sum 1.
        temperature: > 0; above 1 less sure, below 1 surer.
    """
    logs = np.log(np.maximum(probabilities.astype(np.float64), _LEAST)) / temperature
    powers = np.exp(logs - logs.max(axis=1, keepdims=True))
    return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)


def fit_temperature(
    probabilities: NDArray[np.float32],
    truth: NDArray[np.int64],
    weights: NDArray[np.float64] | None = None,
) -> float:
    """Return the temperature at which probabilities are most likely to be true.

    Args:
        probabilities: Of sounds of sources that the head was not trained on, or it will be far
            too sure of all others; float32, shape (n, c).
        truth: The places of the true categories, int64, shape (n,).
        weights: How much each sound counts, float64, shape (n,); all the same where None.

    Returns:
        The minimiser of the mean negative logarithm of what the truth is given, in [1/20, 20].

    Raises:
        ValueError: There is no sound.
    """
    if not len(truth):
        raise ValueError("no sound to be calibrated on")
    rows = np.arange(len(truth))

    def loss(logarithm: float) -> float:
        given = tempered(probabilities, float(np.exp(logarithm)))[rows, truth]
        return -float(np.average(np.log(np.maximum(given, _LEAST)), weights=weights))

    ends = (-float(np.log(_WIDEST)), float(np.log(_WIDEST)))
    found = scipy.optimize.minimize_scalar(loss, bounds=ends, method="bounded")
    return float(np.exp(found.x))
