"""The level of a sound: a gain, how much of it makes one sound as loud as another, and a fade."""

from __future__ import annotations

import numpy as np

from library.clip import Clip
from library.descriptors import loudness_db


def gained(clip: Clip, gain_db: float) -> Clip:
    """Return a clip with a gain in dB."""
    return Clip(clip.frames * np.float32(10 ** (gain_db / 20)), clip.sample_rate)


def faded_out(clip: Clip, frames: int) -> Clip:
    """Return a clip whose last frames, at most all of it, fall to nothing along a cosine."""
    gain = np.ones(clip.length)
    gain[clip.length - frames :] = np.cos(np.linspace(0, np.pi / 2, frames)) ** 2
    return Clip((clip.frames * gain).astype(np.float32), clip.sample_rate)


def quieter_db(clip: Clip, than: Clip) -> float:
    """Return by how many dB a clip is quieter than another."""
    own = loudness_db(clip.frames, clip.sample_rate)
    return loudness_db(than.frames, than.sample_rate) - own


def as_loud_as(clip: Clip, other: Clip) -> Clip:
    """Return a clip at the loudness of another."""
    return gained(clip, quieter_db(clip, other))
