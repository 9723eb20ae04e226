"""How a sound is drawn: its waveform, its spectrum and the line of times. Pure functions."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from tui.widgets import facts, waveform

HALF_BLOCK = "▀"
_STOPS = ("#12141b", "#2a2350", "#6a2f86", "#c24668", "#f2b366", "#fff4c8")
SHADES = 32
LARGEST = 1000.0
"""60 dB."""


def wave(outline: NDArray[np.float32], width: int, height: int) -> list[str]:
    """Draw a waveform in braille, without gaps between one column and the next.

    Args:
        outline: float32, shape (2 width, 2): minimum and maximum of each column of dots; NaN for
            what is not known yet.
        width: Characters, at least 1.
        height: Lines, at least 1.
    """
    joined = outline.copy()
    joined[1:, 0] = np.fmin(outline[1:, 0], outline[:-1, 1])
    joined[1:, 1] = np.fmax(outline[1:, 1], outline[:-1, 0])
    joined[np.isnan(outline)] = np.nan
    return waveform.draw(joined, width, height)


def scale(outline: NDArray[np.float32]) -> float:
    """Return by how much a waveform may be enlarged to fill its height: 1 to `LARGEST`."""
    known = np.abs(outline[~np.isnan(outline)])
    peak = float(known.max()) if known.size else 1.0
    return min(LARGEST, max(1.0, 1.0 / peak)) if peak > 0 else 1.0


@cache
def shades() -> tuple[str, ...]:
    """Return the colours of the spectrum as ``#rrggbb``, from silent to loud."""
    stops = np.array([[int(stop[at : at + 2], 16) for at in (1, 3, 5)] for stop in _STOPS])
    at = np.linspace(0, len(_STOPS) - 1, SHADES)
    mixed = np.stack([np.interp(at, np.arange(len(_STOPS)), stops[:, c]) for c in range(3)], 1)
    return tuple("#" + "".join(f"{round(value):02x}" for value in colour) for colour in mixed)


def shaded(levels: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return the number of the shade of each level.

    Args:
        levels: float32, shape (2 height, width), within [0, 1], the lowest band first.

    Returns:
        uint8, shape (2 height, width), the highest band first.
    """
    return np.clip(levels[::-1] * SHADES, 0, SHADES - 1).astype(np.uint8)


def moment(seconds: float, span: float) -> str:
    """Return a place in a sound, as precise as a view of that many seconds allows."""
    if span < 1.0 and seconds < 10.0:
        return f"{seconds * 1000:.{1 if span < 0.1 else 0}f} ms"
    if span >= 60.0:
        whole = round(seconds)
        return facts.length(whole) if whole >= 60 else f"0:{whole:02}"
    if seconds < 60.0:
        return f"{seconds:.2f} s"
    minutes, rest = divmod(round(seconds, 1), 60.0)
    return f"{minutes:.0f}:{rest:04.1f}"


def ruler(view: tuple[float, float], region: tuple[float, float] | None, width: int) -> str:
    """Return the line of times under a sound.

    Args:
        view: Seconds, where what is drawn starts and ends.
        region: Seconds, where the region starts and ends; None for none.
        width: Characters; what has no room is left out.
    """
    span = view[1] - view[0]
    left, right = (moment(each, span) for each in view)
    middle = ""
    if region is not None:
        length = region[1] - region[0]
        middle = f"[{moment(region[0], span)} + {moment(length, min(span, length))}]"
    gap = width - cell_len(left) - cell_len(right)
    if gap < 1:
        return left[:width].ljust(width)
    if cell_len(middle) + 2 > gap:
        middle = ""
    return f"{left}{middle.center(gap)}{right}"
