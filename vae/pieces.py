"""Pieces of a sound: what is played one after another in it, cut where each begins."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from library.clip import Clip
from library.envelope import smoothed
from vae.auditory_image import HOP, SAMPLE_RATE, auditory_image
from vae.rhythm import onset_strength, onsets

JOIN_MS = 8.0
"""How long one piece fades over into the next; it is over when the next begins."""

_REACH_MS = 15.0
_BEGUN = 0.1
# Of the image at a time: its memory does not grow with the sound.
_PART_S = 30.0


def piece_starts(clip: Clip, longest_s: float, shortest_s: float = 0.0) -> list[int]:
    """Return where the pieces of a sound begin.

    Args:
        clip: Any; not empty.
        longest_s: A piece that is longer is cut into equal ones.
        shortest_s: An onset that comes sooner after another begins no piece.

    Returns:
        Frames, rising; the first is 0.
    """
    least = max(shortest_s, 2 * JOIN_MS / 1000) * clip.sample_rate
    starts = [0]
    for at in _onset_frames(clip):
        if at - starts[-1] >= least and clip.length - at >= least:
            starts.append(at)
    longest = max(1, round(longest_s * clip.sample_rate))
    cut: list[int] = []
    for start, end in pairwise([*starts, clip.length]):
        count = -(-(end - start) // longest)
        cut += [start + (end - start) * i // count for i in range(count)]
    return cut


def _onset_frames(clip: Clip) -> list[int]:
    part = round(_PART_S * clip.sample_rate)
    found: list[int] = []
    for first in range(0, clip.length, part):
        heard = Clip(clip.frames[:, first : first + part], clip.sample_rate)
        if not heard.frames.any():
            continue
        columns = onsets(onset_strength(auditory_image(heard)).sum(axis=1))
        mono = heard.mono()
        for column in columns:
            at = _begun(mono, round(column * HOP * clip.sample_rate / SAMPLE_RATE), clip)
            found.append(first + at)
    return found


def _begun(mono: NDArray[np.float32], near: int, clip: Clip) -> int:
    """Return the frame near another one at which the level begins to rise."""
    reach = round(_REACH_MS * clip.sample_rate / 1000)
    first = max(0, near - reach)
    around = np.abs(mono[first : near + reach])
    level = smoothed(around, clip.sample_rate / 1000)
    top = int(level.argmax())
    low = float(level[: top + 1].min())
    return first + int(np.argmax(level >= low + _BEGUN * (float(level[top]) - low)))


def with_context(clip: Clip, start: int, end: int, join: int) -> Clip:
    """Return a piece with the frames before it in which it fades in; the first has none."""
    frames = clip.frames[:, start - join if start else 0 : end]
    return Clip(np.ascontiguousarray(frames), clip.sample_rate)


def joined_pieces(
    parts: Sequence[NDArray[np.float32]], starts: Sequence[int], join: int
) -> NDArray[np.float32]:
    """Return pieces one after another, each faded over into the next.

    Args:
        parts: Frames (c, t) of each: from `join` frames before its start (the first from its start)
            to the start of the next, or later; what comes later is not used.
        starts: Where each begins.
        join: Frames of a fade, which ends where the next piece begins.
    """
    ends = [*starts[1:], starts[-1] + parts[-1].shape[1] - (join if len(parts) > 1 else 0)]
    whole = np.zeros((parts[0].shape[0], ends[-1]), np.float32)
    rise = ((np.arange(join) + 0.5) / join).astype(np.float32)
    for number, (part, start, end) in enumerate(zip(parts, starts, ends, strict=True)):
        first = start - join if number else start
        frames = part[:, : end - first].copy()
        if number:
            frames[:, :join] *= rise
        if number < len(parts) - 1:
            frames[:, -join:] *= 1 - rise
        whole[:, first:end] += frames
    return whole
