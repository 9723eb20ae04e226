"""Splicing: sounds one after another, in time and without clicks.

Where a sound is neither faded nor overlaid by another, its samples are those of the original. Fades
are of equal power: the sine and the cosine of a quarter turn, whose squares sum to one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from library.clip import Clip
from library.errors import UserError
from vae.matching import matched

MOST_SOUNDS = 1000
MOST_VALUES = 2**26
"""Of the result: what `library.decode` reads."""

FADE_MS = 2.0
"""Of a sound that begins or ends abruptly, where no fade is asked for."""

LONGEST_GAP_S, LONGEST_FADE_MS = 600.0, 10_000.0
TEMPOS_BPM, MOST_BEATS = (1.0, 1000.0), 1000.0
# A first or last frame of more than this share of the peak clicks: -40 dB, as its own attack covers
# what is less, and -60 dB, as nothing covers it.
_ABRUPT_START, _ABRUPT_END = 1e-2, 1e-3


@dataclass(frozen=True, slots=True)
class Timing:
    """When each sound begins, and how it gives way to the next.

    Attributes:
        gap: Silence between two sounds, in seconds; not looked at where there is a tempo.
        bpm: Beats a minute; then each sound begins on a beat, and its end sounds on under the next.
        beats: From one beginning to the next, where there is a tempo.
        cut: Whether a sound ends where the next begins, fading over into it.
        fade_ms: Of the end of each sound and the beginning of the next; where None, only what
            begins or ends abruptly is faded, over `FADE_MS`.

    Raises:
        UserError: A number is out of range, or of the wrong kind of timing.
    """

    gap: float = 0.0
    bpm: float | None = None
    beats: float | None = None
    cut: bool = False
    fade_ms: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.gap <= LONGEST_GAP_S:
            raise UserError(
                f"a gap of {self.gap:g} s cannot be", f"choose 0 to {LONGEST_GAP_S:.0f}"
            )
        if (self.bpm is None) != (self.beats is None):
            raise UserError("a tempo needs --bpm and --beats", "give both")
        if self.bpm is not None and self.gap:
            raise UserError("a gap and a tempo exclude each other", "leave one out")
        low, high = TEMPOS_BPM
        if self.bpm is not None and not low <= self.bpm <= high:
            raise UserError(f"{self.bpm:g} beats a minute cannot be", f"choose {low:g} to {high:g}")
        if self.beats is not None and not 0 < self.beats <= MOST_BEATS:
            raise UserError(f"{self.beats:g} beats cannot be", f"choose up to {MOST_BEATS:.0f}")
        if self.cut and self.bpm is None:
            raise UserError("without a tempo nothing is cut", "add --bpm and --beats")
        if self.fade_ms is not None and not 0 <= self.fade_ms <= LONGEST_FADE_MS:
            raise UserError(
                f"a fade of {self.fade_ms:g} ms cannot be", f"choose 0 to {LONGEST_FADE_MS:.0f}"
            )


def splice(clips: Sequence[Clip], timing: Timing) -> tuple[Clip, tuple[int, ...]]:
    """Return clips joined in order.

    Args:
        clips: At least one, of any rates and channels: the highest rate and the most channels
            count. None of them empty.
        timing: When each begins.

    Returns:
        All of them, and the frame at which each begins. The peak may be above full scale.

    Raises:
        UserError: It would be too long.
    """
    _check_size(clips, timing)
    clips = matched(clips)
    rate = clips[0].sample_rate
    fade = round((FADE_MS if timing.fade_ms is None else timing.fade_ms) * rate / 1000)
    always = timing.fade_ms is not None
    starts, parts = [], []
    start = fallen = 0
    for place, clip in enumerate(clips):
        last = place == len(clips) - 1
        frames = clip.frames
        at_end = always or _abrupt(frames, -1, _ABRUPT_END)
        if timing.bpm is not None and timing.beats is not None:
            start = round(place * timing.beats * 60.0 / timing.bpm * rate)
            room = round((place + 1) * timing.beats * 60.0 / timing.bpm * rate) - start + fade
            if timing.cut and not last and room < clip.length:
                frames, at_end = frames[:, :room], True
        at_start = place > 0 and (always or _abrupt(frames, 0, _ABRUPT_START))
        most = frames.shape[1] // 2
        rise = min(fade, most) if at_start else 0
        fall = min(fade, most) if at_end and not last else 0
        if place and timing.bpm is None:
            start += round(timing.gap * rate)
            # Without silence between them, one fades over into the other.
            start -= 0 if timing.gap else min(rise, fallen)
        starts.append(start)
        parts.append(_faded(frames, rise, fall))
        fallen = fall
        if timing.bpm is None:
            start += frames.shape[1]
    length = max(at + part.shape[1] for at, part in zip(starts, parts, strict=True))
    joined = np.zeros((clips[0].channels, length), np.float32)
    for at, part in zip(starts, parts, strict=True):
        joined[:, at : at + part.shape[1]] += part
    return Clip(joined, rate), tuple(starts)


def _check_size(clips: Sequence[Clip], timing: Timing) -> None:
    """Refuse what would not fit into a file that can be read, before anything is made."""
    if not 1 <= len(clips) <= MOST_SOUNDS:
        raise UserError(f"{len(clips)} sounds cannot be joined", f"name 1 to {MOST_SOUNDS}")
    if not all(clip.length for clip in clips):
        raise UserError("a sound without audio cannot be joined", "leave it out")
    rate = max(clip.sample_rate for clip in clips)
    channels = max(clip.channels for clip in clips)
    seconds = sum(clip.duration for clip in clips)
    if timing.bpm is not None and timing.beats is not None:
        seconds += len(clips) * timing.beats * 60.0 / timing.bpm
    seconds += len(clips) * timing.gap
    if seconds * rate * channels > MOST_VALUES:
        most = MOST_VALUES / (rate * channels)
        raise UserError(
            f"that may be longer than the {most:.0f} s a file can have", "join fewer at a time"
        )


def _abrupt(frames: NDArray[np.float32], at: int, share: float) -> bool:
    """Return whether a frame is of more than a share of the peak."""
    return float(np.abs(frames[:, at]).max()) > share * float(np.abs(frames).max())


def _faded(frames: NDArray[np.float32], rise: int, fall: int) -> NDArray[np.float32]:
    """Return frames, (c, t), faded in over some of them and out over some."""
    if not rise and not fall:
        return frames
    faded = frames.copy()
    if rise:
        faded[:, :rise] *= np.sin(_quarter_turn(rise)).astype(np.float32)
    if fall:
        faded[:, -fall:] *= np.cos(_quarter_turn(fall)).astype(np.float32)
    return faded


def _quarter_turn(frames: int) -> NDArray[np.float64]:
    """Return angles from 0 to a quarter turn, each in the middle of its frame, (frames,)."""
    places = np.arange(frames, dtype=np.float64) + 0.5
    angles: NDArray[np.float64] = places * (math.pi / 2 / frames)
    return angles
