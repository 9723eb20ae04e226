"""The level of a sound: a gain, and how much of it makes one sound as loud as another."""

from __future__ import annotations

import numpy as np

from library.clip import Clip
from library.descriptors import loudness_db


def gained(clip: Clip, gain_db: float) -> Clip:
    """Return a clip with a gain in dB."""
    return Clip(clip.frames * np.float32(10 ** (gain_db / 20)), clip.sample_rate)


def quieter_db(clip: Clip, than: Clip) -> float:
    """Return by how many dB a clip is quieter than another."""
    own = loudness_db(clip.frames, clip.sample_rate)
    return loudness_db(than.frames, than.sample_rate) - own


def as_loud_as(clip: Clip, other: Clip) -> Clip:
    """Return a clip at the loudness of another."""
    return gained(clip, quieter_db(clip, other))
