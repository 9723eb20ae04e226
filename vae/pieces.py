"""Pieces of a sound: what is played one after another in it, cut where each begins."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from library.clip import Clip
from library.envelope import smoothed
from vae.auditory_image import HOP, SAMPLE_RATE, auditory_image
from vae.rhythm import onset_strength, onsets

_JOIN_MS, _STEADY_JOIN_MS = 2.0, 60.0
# A piece that begins with an onset is no shorter: the end of a file may look like one.
_SHORTEST_MS = 50.0
_REACH_MS = 15.0
_BEGUN = 0.1
# Of the image at a time: its memory does not grow with the sound.
_PART_S = 30.0


class Piece(NamedTuple):
    """Some frames of a sound.

    Attributes:
        start: The first.
        end: One after the last.
        join: For how many frames before the first the one before fades over into it: few where
            something begins, more where a steady sound is cut.
        begins: Whether something begins there.
    """

    start: int
    end: int
    join: int
    begins: bool

    def of(self, clip: Clip) -> Clip:
        """Return its frames of a clip, with those before it in which it fades in."""
        frames = clip.frames[:, self.start - self.join : self.end]
        return Clip(np.ascontiguousarray(frames), clip.sample_rate)


def cut_at(piece: Piece, frame: int, sample_rate: int) -> tuple[Piece, Piece]:
    """Return a piece cut in two at a frame inside it, where nothing begins."""
    join = min(round(_STEADY_JOIN_MS * sample_rate / 1000), (frame - piece.start) // 2)
    return piece._replace(end=frame), Piece(frame, piece.end, join, False)


def pieces_of(clip: Clip, longest_s: float) -> list[Piece]:
    """Return a sound in pieces.

    Args:
        clip: Any; not empty.
        longest_s: A piece that is longer is cut into equal ones.

    Returns:
        In order, all of it.
    """
    short, long, least = (
        round(ms * clip.sample_rate / 1000) for ms in (_JOIN_MS, _STEADY_JOIN_MS, _SHORTEST_MS)
    )
    begun = [0]
    for at in _onset_frames(clip):
        if at - begun[-1] >= least and clip.length - at >= least:
            begun.append(at)
    longest = max(1, int(longest_s * clip.sample_rate))
    pieces: list[Piece] = []
    for start, end in pairwise([*begun, clip.length]):
        count = -(-(end - start) // longest)
        cuts = [start + (end - start) * i // count for i in range(count + 1)]
        for number, (first, last) in enumerate(pairwise(cuts)):
            room = (first - pieces[-1].start) // 2 if pieces else 0
            pieces.append(Piece(first, last, min(long if number else short, room), number == 0))
    return pieces


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


def joined(parts: Sequence[NDArray[np.float32]], pieces: Sequence[Piece]) -> NDArray[np.float32]:
    """Return pieces one after another, each faded over into the next.

    Args:
        parts: What stands for each, as long as what `Piece.of` returns, (c, t).
        pieces: As `pieces_of` gives them.
    """
    whole = np.zeros((parts[0].shape[0], pieces[-1].end), np.float32)
    for number, (part, piece) in enumerate(zip(parts, pieces, strict=True)):
        frames = part.copy()
        if piece.join:
            frames[:, : piece.join] *= _rise(piece.join)
        if number + 1 < len(pieces) and (fall := pieces[number + 1].join):
            frames[:, -fall:] *= 1 - _rise(fall)
        whole[:, piece.start - piece.join : piece.end] += frames
    return whole


def _rise(frames: int) -> NDArray[np.float32]:
    return ((np.arange(frames) + 0.5) / frames).astype(np.float32)
