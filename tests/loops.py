"""Loops made of hits, at a tempo."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RATE = 22_050
Sound = NDArray[np.float32]


def hit(hz: float, seconds: float = 0.15) -> Sound:
    """A tone that dies away."""
    at = np.arange(round(seconds * RATE)) / RATE
    sound: Sound = (np.sin(2 * np.pi * hz * at) * np.exp(-30 * at)).astype(np.float32)
    return sound


def hiss() -> Sound:
    """A short noise."""
    noise = np.random.default_rng(5).standard_normal(round(0.05 * RATE))
    sound: Sound = (noise * np.exp(-np.arange(len(noise)) / (0.01 * RATE))).astype(np.float32)
    return sound


def played(
    tempo: float, steps: Sequence[tuple[float, Sound]], beats: int, tail: float = 0
) -> Sound:
    """Sounds at beats, in a sound of so many beats."""
    frames = np.zeros(round((beats * 60 / tempo + tail) * RATE), np.float32)
    for beat, sound in steps:
        start = round(beat * 60 / tempo * RATE)
        part = sound[: max(0, len(frames) - start)]
        frames[start : start + len(part)] += part
    return frames


def groove(tempo: float, bars: int = 2, tail: float = 0) -> Sound:
    """Kick, snare and hats, cut to whole bars, or with a tail in seconds."""
    kick, snare, hat = hit(60), hit(190) + 0.3 * hit(900), 0.3 * hiss()
    steps: list[tuple[float, Sound]] = []
    for bar in range(bars):
        steps += [(4 * bar + beat, kick) for beat in (0, 2, 2.5)]
        steps += [(4 * bar + beat, snare) for beat in (1, 3)]
        steps += [(4 * bar + beat / 2, hat) for beat in range(8)]
    return played(tempo, steps, 4 * bars, tail)
