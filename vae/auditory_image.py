"""The auditory image: how loud each band of hearing is at each instant.

Low bands are read through long windows and high bands through short ones, as the ear resolves them:
partials of a low note stay apart, and an attack stays sharp. Levels are relative to the loudest
point of the image, so that a gain changes nothing.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from library.clip import Clip

SAMPLE_RATE = 44100
HOP = 256
BANDS = 64
FLOOR_DB = -80.0
"""Where the beginning of a sound ends: what is under it does not make it another sound."""

DEEP_FLOOR_DB = -120.0
"""Where an image ends: the quiet parts of a long file are sounds as well."""

COLUMNS = 384
"""How many columns the beginning of a sound is: 2.2 s."""

LOG_COLUMNS = 48
_LONG, _SHORT = 2048, 512
_SPLIT_HZ = 1000.0
# A sound at 22.05 kHz holds as much, so that the same sound at any rate has the same image.
_LOW_HZ, _HIGH_HZ = 30.0, 10000.0
_PIECE = 4096  # columns at a time: a long file's spectra do not all fit in memory


def band_centres() -> NDArray[np.float64]:
    """Return the centre of each band, Hz, evenly spaced in mel (O'Shaughnessy 1987), (BANDS,)."""
    return _edges()[1:-1]


def auditory_image(clip: Clip) -> NDArray[np.float32]:
    """Return the auditory image of a clip.

    Args:
        clip: From its onset on (`vae.onset`); its channels are mixed.

    Returns:
        Level in dB relative to the highest of the image, float32 in [DEEP_FLOOR_DB, 0], shape
        (columns, BANDS), a column each 5.8 ms and at least one; the floor throughout for silence.
    """
    return image_and_level(clip)[0]


def image_and_level(clip: Clip) -> tuple[NDArray[np.float32], float]:
    """Return the auditory image of a clip, and the level in dB of its highest point.

    The level of silence is -inf.
    """
    audio = torch.from_numpy(np.ascontiguousarray(clip.at_rate(SAMPLE_RATE).mono()))
    peak = float(audio.abs().max()) if len(audio) else 0.0
    columns = 1 + len(audio) // HOP
    if peak == 0.0:
        return np.full((columns, BANDS), DEEP_FLOOR_DB, np.float32), -math.inf
    # The window of the first column ends with the first quarter of it inside the sound.
    audio = torch.nn.functional.pad(audio / peak, (_LONG // 2, _LONG))
    parts = []
    for start in range(0, columns, _PIECE):
        count = min(_PIECE, columns - start)
        piece = audio[start * HOP : (start + count - 1) * HOP + _LONG]
        parts.append(_band_power(piece, count))
    power = torch.cat(parts)
    highest = float(power.max())
    level = 10.0 * torch.log10(power / highest + 10 ** (DEEP_FLOOR_DB / 10))
    image: NDArray[np.float32] = level.clamp(DEEP_FLOOR_DB, 0.0).numpy()
    return image, 10.0 * math.log10(highest) + 20.0 * math.log10(peak)


def _band_power(audio: Tensor, columns: int) -> Tensor:
    """Return the power in each band, shape (columns, BANDS)."""
    parts = []
    for window, filters in _filter_banks():
        centred = audio[(_LONG - window) // 2 :]
        frames = centred.unfold(0, window, HOP)[:columns]
        spectrum = torch.fft.rfft(frames * torch.hann_window(window))
        first, last = _heard_bins(window)
        heard = spectrum[:, first:last]
        parts.append((heard.real.square() + heard.imag.square()) @ filters[first:last])
    return torch.cat(parts, dim=1)


@cache
def _filter_banks() -> tuple[tuple[int, Tensor], ...]:
    """Return the two windows, each with the filters of its bands, (bins, bands)."""
    low = int(np.searchsorted(band_centres(), _SPLIT_HZ))
    return ((_LONG, _filters(_LONG)[:, :low]), (_SHORT, _filters(_SHORT)[:, low:]))


@cache
def _heard_bins(window: int) -> tuple[int, int]:
    """Return the first bin that a window's bands hear, and the one after the last."""
    filters = dict(_filter_banks())[window]
    heard = filters.any(dim=1).nonzero()
    return int(heard[0]), int(heard[-1]) + 1


def _filters(window: int) -> Tensor:
    """Return triangular filters that sum power, (window // 2 + 1, BANDS).

    They are scaled by the energy of the window, so that both a tone and a noise have one power
    whichever window reads them.
    """
    hz = np.arange(window // 2 + 1)[:, None] * (SAMPLE_RATE / window)
    edges = _edges()
    low, centre, high = edges[:-2], edges[1:-1], edges[2:]
    shape = np.minimum((hz - low) / (centre - low), (high - hz) / (high - centre)).clip(0)
    energy = window * float(torch.hann_window(window).square().sum())
    return torch.from_numpy((shape / energy).astype(np.float32))


@cache
def _edges() -> NDArray[np.float64]:
    """Return the edges of the bands, Hz, (BANDS + 2,)."""
    mel = np.linspace(
        2595 * math.log10(1 + _LOW_HZ / 700), 2595 * math.log10(1 + _HIGH_HZ / 700), BANDS + 2
    )
    edges: NDArray[np.float64] = 700 * (10 ** (mel / 2595) - 1)
    return edges


def beginning(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the first COLUMNS columns, silence after a shorter sound.

    Returns:
        float32 in [FLOOR_DB, 0], shape (COLUMNS, BANDS), the highest being 0.
    """
    out = np.full((COLUMNS, BANDS), FLOOR_DB, np.float32)
    kept = image[:COLUMNS]
    out[: len(image)] = np.maximum(kept - kept.max(), FLOOR_DB)
    return out


def log_time(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the beginning of a sound on a logarithmic time axis.

    An attack then has as many columns as a decay, and a slower sound is the same one, shifted.

    Args:
        image: float32, shape (..., COLUMNS, BANDS), dB.

    Returns:
        Level of the mean power, float32, shape (..., LOG_COLUMNS, BANDS), dB, from 9 ms on.
    """
    power = 10.0 ** (image / 10.0)
    level = 10.0 * np.log10(_log_time_weights() @ power + 10 ** (FLOOR_DB / 10))
    return level.clip(FLOOR_DB, 0.0).astype(np.float32)


@cache
def _log_time_weights() -> NDArray[np.float32]:
    """Return the share of each column in each of the log-time columns, rows summing to 1."""
    edges = _log_time_edges()
    column = np.arange(COLUMNS)
    start = edges[:-1, None]
    end = np.maximum(edges[1:, None], start + 1.0).clip(max=COLUMNS)
    share = (np.minimum(end, column + 1) - np.maximum(start, column)).clip(0)
    weights: NDArray[np.float32] = (share / share.sum(axis=1, keepdims=True)).astype(np.float32)
    return weights


def log_time_lengths() -> NDArray[np.float64]:
    """Return how long each log-time column is, in columns, shape (LOG_COLUMNS,)."""
    return np.diff(_log_time_edges())


def _log_time_edges() -> NDArray[np.float64]:
    """Return where each log-time column begins, and the last one ends, (LOG_COLUMNS + 1,)."""
    offset = 2.0
    ratio = (COLUMNS + offset) / offset
    edges: NDArray[np.float64] = offset * ratio ** (np.arange(LOG_COLUMNS + 1) / LOG_COLUMNS)
    return edges - offset
