"""The shape of a sound in numbers: its spectrum, how that moves, and how its energy runs.

All are read off the beginning of its auditory image, so none depends on its level.
"""

from __future__ import annotations

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from vae.auditory_image import BANDS

MFCC = 19
SPECTRAL, MFCC_STATISTICS, TEMPORAL = 14, 3 * MFCC, 5
_SHARES = 8
_ENERGY_POWER = 0.3  # loud instants count more, but a decay counts as well


def spectral_shape(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the shape of the spectrum.

    Args:
        image: float32, shape (COLUMNS, BANDS), dB.

    Returns:
        Centroid, spread, deviation of the centroid over time, log flatness, centroid of the first
        quarter and of the rest, in bands; and the log of the share of energy in eighths of the
        bands; float32, shape (SPECTRAL,). Peeters (2004), 6.1, on mel bands.
    """
    power = 10.0 ** (image.astype(np.float64) / 10.0)
    energy = power.sum(axis=1)
    weight = energy / energy.sum()
    band = np.arange(BANDS)
    share = weight @ (power / energy[:, None])
    centroid = float(share @ band)
    spread = float(np.sqrt(share @ np.square(band - centroid)))
    centroids = power @ band / energy
    moving = float(np.sqrt(weight @ np.square(centroids - weight @ centroids)))
    flatness = np.exp(np.log(power + 1e-9).mean(axis=1)) / power.mean(axis=1)
    quarter = max(1, _sounding(energy) // 4)
    end = max(quarter + 1, _sounding(energy))
    early, late = power[:quarter].sum(axis=0), power[quarter:end].sum(axis=0)
    shares = np.log10(share.reshape(_SHARES, -1).sum(axis=1) + 1e-4)
    numbers = [
        centroid,
        spread,
        moving,
        float(np.log(weight @ flatness + 1e-6)),
        float(early @ band / early.sum()),
        float(late @ band / late.sum()),
    ]
    return np.array([*numbers, *shares], np.float32)


def mfcc_statistics(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return mean, deviation and mean change of MFCCs 1 to 19, loud instants counting more.

    Args:
        image: float32, shape (COLUMNS, BANDS), dB.

    Returns:
        float32, shape (MFCC_STATISTICS,). The cosine transform of the image's levels, as Davis and
        Mermelstein (1980) take it of log mel energies.
    """
    cepstrum = scipy.fft.dct(image, axis=1, norm="ortho")[:, 1 : MFCC + 1]
    energy = (10.0 ** (image.astype(np.float64) / 10.0)).sum(axis=1)
    energy /= energy.max()
    weight = np.where(energy > 1e-6, energy**_ENERGY_POWER, 0.0)
    weight /= weight.sum()
    mean = weight @ cepstrum
    deviation = np.sqrt(weight @ np.square(cepstrum - mean))
    change = np.diff(cepstrum[::2], axis=0, prepend=cepstrum[:1])  # over 12 ms
    moving = np.sqrt((weight[::2] / weight[::2].sum()) @ np.square(change))
    return np.concatenate([mean, deviation, moving]).astype(np.float32)


def temporal_shape(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how the energy runs.

    Args:
        image: float32, shape (COLUMNS, BANDS), dB.

    Returns:
        Logs of the times at which 10, 50 and 90 % of the energy have sounded, of the time of the
        peak, and of that until which it is above -40 dB, in columns; float32, shape (TEMPORAL,).
    """
    energy = (10.0 ** (image.astype(np.float64) / 10.0)).sum(axis=1)
    sounded = np.cumsum(energy) / energy.sum()
    quantiles = np.searchsorted(sounded, (0.1, 0.5, 0.9)) + 1
    return np.log(np.array([*quantiles, 1 + int(energy.argmax()), _sounding(energy)])).astype("f4")


def _sounding(energy: NDArray[np.float64]) -> int:
    """Return how many columns there are to the last one above -40 dB."""
    return int(np.flatnonzero(energy > energy.max() * 1e-4)[-1]) + 1
