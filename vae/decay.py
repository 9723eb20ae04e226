"""A sound given another decay: shorter by a gain that falls, longer by a tail that is stretched."""

from __future__ import annotations

from library.clip import Clip
from vae.envelope_shaping import attack_and_decay_of, peak_of, with_shorter_decay
from vae.tail_stretch import MOST_TIMES, with_longer_tail

_TRIES = 3
_CLOSE = 0.03


def with_decay(clip: Clip, decay_s: float) -> Clip:
    """Return a clip whose decay is as near to a time as it can be brought.

    Args:
        clip: Not empty.
        decay_s: As `library.descriptors` measures it, but over the whole clip, at least 0.
    """
    measures = attack_and_decay_of(clip)
    if measures is None or measures[1] <= 0.0:
        return clip
    now = measures[1]
    if decay_s < now:
        return with_shorter_decay(clip, decay_s)
    start = peak_of(clip)
    times = decay_s / now
    stretched = clip
    for _ in range(_TRIES):
        times = min(times, MOST_TIMES)
        stretched = with_longer_tail(clip, start, times)
        reached = (attack_and_decay_of(stretched) or measures)[1] or now
        if abs(reached / decay_s - 1) < _CLOSE:
            break
        times = max(1.0, times * decay_s / reached)
    # A tail that rang on too long can still be faded.
    return with_shorter_decay(stretched, decay_s)
