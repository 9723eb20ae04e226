"""A sound played at a speed that changes while it plays, as a tape is slowed down by hand.

The speed is given in semitones along the sound. How long each piece of it then lasts is integrated
exactly, and every frame that comes out is read off between the original's by a windowed sinc whose
band is narrowed where the sound is played faster, so that nothing folds back.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from library.clip import Clip

_LOBES = 32
_ROLLOFF = 0.94
_BETA = 9.0  # of the Kaiser window: 90 dB
_TABLE_STEPS = 512
_VALUES_AT_ONCE = 1 << 20
_SEMITONES = math.log(2.0) / 12.0

Array = NDArray[np.float64]


def at_speeds(clip: Clip, places: Array, semitones: Array) -> Clip:
    """Return a clip played at speeds that go from one to the next evenly in semitones.

    Args:
        clip: Any clip.
        places: Seconds of the clip, never falling, (n,), n >= 1. Before the first and after the
            last the speed stays.
        semitones: At each, by how much the speed is raised, (n,).
    """
    if not clip.length:
        return clip
    rate = clip.sample_rate
    knots, log_speed = _knots(places * rate, semitones * _SEMITONES, float(clip.length))
    times = _times(knots, log_speed)
    length = max(1, round(times[-1]))
    played = np.empty((clip.channels, length), np.float32)
    table = _sinc_table()
    frames = clip.frames.astype(np.float32)
    begun = 0
    while begun < length:
        position, speed = _read_off(np.arange(begun, length), knots, log_speed, times, 4096)
        half = math.ceil(_LOBES * max(1.0, float(speed.max())) / _ROLLOFF)
        count = min(len(position), max(1, _VALUES_AT_ONCE // (2 * half)))
        played[:, begun : begun + count] = _between(
            frames, position[:count], speed[:count], half, table
        )
        begun += count
    return Clip(played, rate)


def _knots(places: Array, log_speed: Array, length: float) -> tuple[Array, Array]:
    """Return where the speed bends, rising from 0 to the length, and its logarithm there."""
    inside = np.unique(np.clip(np.append(places, (0.0, length)), 0.0, length))
    return inside, np.interp(inside, places, log_speed)


def _times(knots: Array, log_speed: Array) -> Array:
    """Return when each knot is played, in frames: the integral of one over the speed."""
    spans, rises = np.diff(knots), np.diff(log_speed)
    with np.errstate(invalid="ignore", divide="ignore"):
        curved = (np.exp(-log_speed[:-1]) - np.exp(-log_speed[1:])) / rises
    level = np.exp(-0.5 * (log_speed[:-1] + log_speed[1:]))
    lasting = spans * np.where(np.abs(rises) > 1e-6, curved, level)
    return np.concatenate([[0.0], np.cumsum(lasting)])


def _read_off(
    frames: NDArray[np.int64], knots: Array, log_speed: Array, times: Array, most: int
) -> tuple[Array, Array]:
    """Return where in the original the first of some frames lie, and the speed there."""
    now = frames[:most].astype(np.float64)
    piece = np.clip(np.searchsorted(times, now, side="right") - 1, 0, len(knots) - 2)
    since = now - times[piece]
    slope = np.diff(log_speed)[piece] / np.diff(knots)[piece]
    start = np.exp(log_speed[piece])
    # Of dx/dt = start * exp(slope * x): x = -log(1 - slope * start * t) / slope.
    bent = slope * start * since
    with np.errstate(invalid="ignore", divide="ignore"):
        along = -np.log1p(-np.minimum(bent, 1 - 1e-12)) / slope
    along = np.where(np.abs(bent) > 1e-9, along, start * since)
    position = np.minimum(knots[piece] + along, knots[-1])
    return position, np.exp(np.interp(position, knots, log_speed))


def _between(
    frames: NDArray[np.float32],
    position: Array,
    speed: Array,
    half: int,
    table: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return frames at places between frames, (c, n).

    Args:
        frames: Shape (c, t).
        position: Between 0 and t, rising, (n,).
        speed: At each, (n,).
        half: Frames on each side that count.
        table: Half of the windowed sinc.
    """
    first = int(position[0]) - half
    last = int(position[-1]) + half + 1
    around = frames[:, max(first, 0) : last + 1]
    around = np.pad(around, ((0, 0), (max(-first, 0), max(0, last + 1 - frames.shape[1]))))
    whole = np.floor(position).astype(np.int64)
    band = _ROLLOFF / np.maximum(speed, 1.0)
    taps = np.arange(-half + 1, half + 1)
    away = np.abs((position - whole)[:, None] - taps) * band[:, None]
    at = np.minimum(away * _TABLE_STEPS, float(len(table) - 2)).astype(np.float32)
    low = at.astype(np.int32)
    below = table[low]
    weights = below + (at - low) * (table[low + 1] - below)
    weights *= band[:, None].astype(np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(around, 2 * half, axis=1)
    starts = whole - half + 1 - first
    return np.stack([np.einsum("nt,nt->n", each[starts], weights) for each in windows])


def _sinc_table() -> NDArray[np.float32]:
    """Return a sinc under a Kaiser window, from its middle to its end, which is 0."""
    x = np.arange(_LOBES * _TABLE_STEPS + 2) / _TABLE_STEPS
    inside = np.sqrt(np.maximum(0.0, 1.0 - np.square(x / _LOBES)))
    shape = np.sinc(x) * np.i0(_BETA * inside) / np.i0(_BETA)
    shape[x >= _LOBES] = 0.0
    return shape.astype(np.float32)
