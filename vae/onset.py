"""Onsets: where in a clip the sound begins.

What is alike must not depend on how much silence a file begins with, nor on how its onset falls
into the steps of a codec. So sounds are compared, mixed and moved from their onset on.
"""

from __future__ import annotations

import numpy as np

from library.clip import Clip
from library.envelope import analytic_magnitude, smoothed

ONSET_SHARE = 0.02
_ATTACK_SHARE = 0.1
_HEAD_S = 30.0
_LOWS_S = 0.004


def onset(clip: Clip) -> int:
    """Return the first frame that reaches 2 % of the peak; 0 for silence."""
    loud = np.abs(clip.frames).max(axis=0, initial=0.0)
    peak = float(loud.max(initial=0.0))
    return int(np.argmax(loud >= ONSET_SHARE * peak)) if peak > 0 else 0


def split_at_onset(clip: Clip) -> tuple[Clip, Clip]:
    """Return what comes before the sound, and the sound from its onset on."""
    at = onset(clip)
    lead = Clip(clip.frames[:, :at], clip.sample_rate)
    return lead, Clip(np.ascontiguousarray(clip.frames[:, at:]), clip.sample_rate)


def from_onset(clip: Clip) -> Clip:
    """Return the sound from its onset on."""
    return split_at_onset(clip)[1]


def attack_start(clip: Clip) -> int:
    """Return the frame at which the attack begins, where the envelope reaches a tenth of its peak.

    What comes before it, such as the noise of a room, is part of the sound, but not what is heard
    to begin. Nor is rumble: what is under some 200 Hz is weakened, as the ear does. Asked is the
    first half minute.
    """
    mono = clip.mono()[: round(_HEAD_S * clip.sample_rate)]
    lows = smoothed(mono, _LOWS_S * clip.sample_rate)
    weakened = (mono - lows).astype(np.float32)
    envelope = smoothed(analytic_magnitude(weakened), clip.sample_rate / 1000)
    return int(np.argmax(envelope >= _ATTACK_SHARE * envelope.max(initial=0.0)))
