"""Pictures of sounds: waveform and spectrogram, side by side on the same scales."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from library.clip import Clip

RATE = 44_100
WINDOW, SIZE = 2048, 8192
LOWEST_HZ, HIGHEST_HZ = 40.0, 20_000.0
ROWS, COLUMNS = 150, 220
RANGE_DB = 75.0
LONGEST_S = 4.0
WIDEST, NARROWEST = 8, 4
"""Pictures beside each other, and for how many there is room at least."""
LEFT, RIGHT = 0.045, 0.005
"""Of a row of pictures, shares of its width that are for the axis and for nothing."""
COLOURS = 64

_INCHES = 12.6

Array = NDArray[np.float64]


def frequencies() -> Array:
    """Return the frequency of each row of a spectrogram, Hz, rising by equal ratios, (ROWS,)."""
    return np.geomspace(LOWEST_HZ, HIGHEST_HZ, ROWS)


def spectrogram(clip: Clip, seconds: float) -> Array:
    """Return the power of a sound over time and frequency.

    Args:
        clip: Any; channels are averaged.
        seconds: Of the picture; a shorter sound is followed by silence.

    Returns:
        Power, shape (ROWS, COLUMNS), each the greatest that falls into it, so that neither a click
        nor a thin partial is lost between pixels. A full-scale sine has 1.
    """
    mono = clip.at_rate(RATE).mono().astype(np.float64)
    half = WINDOW // 2
    total = max(1, round(seconds * RATE))
    signal = np.zeros(total + WINDOW)
    kept = mono[:total]
    signal[half : half + len(kept)] = kept
    window = np.hanning(WINDOW)
    # At least four windows to a column and to a window's length.
    hop = max(1, min(half // 4, total // (4 * COLUMNS)))
    views = np.lib.stride_tricks.sliding_window_view(signal, WINDOW)[::hop]
    edges = np.linspace(0, len(views), COLUMNS + 1).astype(np.int64)
    image = np.zeros((ROWS, COLUMNS))
    low, high = _reach()
    for column, (first, last) in enumerate(pairwise(edges)):
        bins = np.fft.rfft(views[first : max(last, first + 1)] * window, SIZE, axis=1)
        power = np.square(np.abs(bins) * 2 / window.sum()).max(axis=0)
        image[:, column] = np.maximum.reduceat(power, low)[: len(low)]
        narrow = high - low <= 1
        image[narrow, column] = np.interp(
            frequencies()[narrow], np.arange(len(power)) * RATE / SIZE, power
        )
    return image


def _reach() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    ratio = (HIGHEST_HZ / LOWEST_HZ) ** (0.5 / (ROWS - 1))
    low = np.floor(frequencies() / ratio * SIZE / RATE).astype(np.int64)
    high = np.floor(frequencies() * ratio * SIZE / RATE).astype(np.int64)
    return low, high


def columns_for(count: int) -> int:
    """Return for how many pictures there is room in a row of so many."""
    return min(max(count, NARROWEST), WIDEST)


def draw(clips: Sequence[Clip], captions: Sequence[str], path: Path) -> None:
    """Draw up to `WIDEST` sounds side by side: one scale of time, level and frequency for all.

    Args:
        clips: The sounds; of longer ones than `LONGEST_S` only the beginning.
        captions: Of each.
        path: The PNG to write.
    """
    from matplotlib.figure import Figure
    from PIL import Image

    seconds = min(LONGEST_S, max(clip.duration for clip in clips))
    images = [spectrogram(clip, seconds) for clip in clips]
    loudest = max(float(image.max()) for image in images)
    peak = max(float(np.abs(clip.frames).max(initial=1e-6)) for clip in clips)
    figure = Figure(figsize=(_INCHES, 2.9))
    grid = figure.add_gridspec(
        2, columns_for(len(clips)), height_ratios=(1, 4), left=LEFT, right=1 - RIGHT,
        bottom=0.1, top=0.91, wspace=0.06, hspace=0.05,
    )  # fmt: skip
    for column, (clip, image, caption) in enumerate(zip(clips, images, captions, strict=True)):
        wave = figure.add_subplot(grid[0, column])
        _draw_wave(wave, clip, seconds, peak)
        wave.set_title(caption, fontsize=8, pad=3)
        axes = figure.add_subplot(grid[1, column])
        levels = 10 * np.log10(image / max(loudest, 1e-12) + 1e-12)
        axes.pcolormesh(
            np.linspace(0, seconds, COLUMNS), frequencies(), levels, cmap="magma",
            vmin=-RANGE_DB, vmax=0, shading="nearest", rasterized=True,
        )  # fmt: skip
        axes.set_yscale("log")
        axes.set_yticks([100, 1000, 10_000], ["100", "1k", "10k Hz"] if not column else [])
        axes.tick_params(labelsize=7, length=2)
        axes.minorticks_off()
        axes.set_xticks(*_times(seconds))
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=100)
    path.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(buffer) as picture:
        few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(path, optimize=True)


def _draw_wave(axes: Any, clip: Clip, seconds: float, peak: float) -> None:
    mono = clip.mono()[: round(seconds * clip.sample_rate)]
    parts = np.array_split(mono, min(2 * COLUMNS, len(mono)))
    at = np.linspace(0, len(mono) / clip.sample_rate, len(parts))
    axes.fill_between(at, [p.min() for p in parts], [p.max() for p in parts], color="0.25", lw=0)
    axes.set_xlim(0, seconds)
    axes.set_ylim(-peak, peak)
    axes.set_xticks([])
    axes.set_yticks([])


def _times(seconds: float) -> tuple[list[float], list[str]]:
    """Return where the axis of time is marked, and how."""
    step = next(s for s in (0.05, 0.1, 0.2, 0.5, 1.0, 2.0) if seconds / s <= 4)
    at = [i * step for i in range(int(0.95 * seconds / step) + 1)]
    # The unit at the second mark: at the last one it would run into the next picture.
    return at, [f"{t:g}" + (" s" if i == 1 else "") for i, t in enumerate(at)]
