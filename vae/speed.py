"""A sound played faster or slower, as a sampler does."""

from __future__ import annotations

import numpy as np
import soxr

from library.clip import Clip


def at_speed(clip: Clip, speed: float) -> Clip:
    """Return a clip played faster or slower, pitch and length changed alike.

    Args:
        clip: Any clip.
        speed: 2 is an octave up in half the time.
    """
    rate = clip.sample_rate
    played = soxr.resample(clip.frames.T, rate * speed, rate, quality="HQ")
    if not len(played):  # a frame or two, played fast
        played = clip.frames.T[:1]
    return Clip(np.ascontiguousarray(played.T, dtype=np.float32), rate)
