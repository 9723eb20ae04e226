"""The mixer: one sound at a time, and no click whatever is done to it."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tui.growing_sound import CHANNELS, Sound

FADE_MS = 4.0
"""How long a sound that is cut off takes to fall silent, and one cut into takes to rise."""
RAMP_MS = 20.0
"""How long a change of gain takes."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a sound is played.

    Attributes:
        loop: Whether it begins again at its end.
        region: The frames to be played, from the first one to the one after the last; None for
            all.
        gain: Linear, at least 0.
    """

    loop: bool = False
    region: tuple[int, int] | None = None
    gain: float = 1.0


class Mixer:
    """One sound, and the last milliseconds of what it replaced.

    The device thread calls :meth:`render`; any thread may call the rest. A sound that begins at
    its first frame, or loops as a whole, is rendered as it is; wherever it is cut off or cut into,
    it fades over `FADE_MS`. Where a growing sound has not grown far enough, there is silence, and
    it goes on as soon as there is more.

    Args:
        sample_rate: Hz.
    """

    def __init__(self, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self._lock = threading.Lock()
        self._sound: Sound | None = None
        self._manner = Manner()
        self._at = 0
        self._gain = 1.0
        self._ramp_left = 0
        self._risen = 0
        self._starved = False
        self._tail = np.zeros((0, CHANNELS), dtype=np.float32)
        fade = max(1, round(FADE_MS * sample_rate / 1000))
        self._fade = np.linspace(1.0, 0.0, fade, dtype=np.float32)[:, None]
        self._rise = self._fade[::-1]
        self._ramp = max(1, round(RAMP_MS * sample_rate / 1000))

    # What is asked for.

    def play(
        self,
        sound: Sound | NDArray[np.float32],
        manner: Manner | None = None,
        at: int | None = None,
    ) -> None:
        """Start a sound instead of the one that plays.

        Args:
            sound: The sound, or its frames, float32, shape (t, 2).
            manner: How; once and as it is where None.
            at: The frame to begin with; where None, the first one of the region or of all.
        """
        if not isinstance(sound, Sound):
            sound = Sound.whole(sound, self._sample_rate)
        manner = manner or Manner()
        with self._lock:
            self._cut()
            self._sound, self._manner = sound, manner
            self._gain, self._ramp_left = manner.gain, 0
            first = manner.region[0] if manner.region else 0
            self._go_to(first if at is None else at)
            if sound.complete and not sound.ready:
                self._sound = None

    def stop(self) -> None:
        """Fall silent."""
        with self._lock:
            self._cut()
            self._sound = None

    def seek(self, frame: int) -> None:
        """Go on from another frame; nothing where nothing plays."""
        with self._lock:
            if self._sound is not None:
                self._cut()
                self._go_to(frame)

    def change(self, manner: Manner) -> None:
        """Go on in another manner; from the start of a region that the sound is outside of."""
        with self._lock:
            if manner.gain != self._manner.gain:
                self._ramp_left = self._ramp
            self._manner = manner
            region = manner.region
            if self._sound is not None and region and not region[0] <= self._at < region[1]:
                self._cut()
                self._go_to(region[0])

    @property
    def at(self) -> int | None:
        """The frame of the sound to be rendered next; None when there is nothing left to render."""
        with self._lock:
            return None if self._sound is None else self._at

    # What is rendered.

    def render(self, count: int) -> NDArray[np.float32]:
        """Return the next frames, float32 within [-1, 1], shape (count, 2)."""
        out = np.zeros((count, CHANNELS), dtype=np.float32)
        with self._lock:
            tail, self._tail = self._tail, self._tail[count:]
            out[: len(tail)] = tail[:count]
            done = 0
            while self._sound is not None and done < count:
                begin, end = self._bounds(self._sound)
                piece = self._sound.frames[self._at : min(end, self._at + count - done)]
                if len(piece):
                    out[done : done + len(piece)] += self._shaped(piece)
                    self._at += len(piece)
                    done += len(piece)
                if self._at >= end:
                    self._cut(out[done:])
                    if self._manner.loop and end - begin >= len(self._fade):
                        self._go_to(begin)
                    else:
                        self._sound = None
                elif done < count:
                    self._starve(out[done:])
                    break
        return np.clip(out, -1.0, 1.0, out=out)

    def _bounds(self, sound: Sound) -> tuple[int, int]:
        """Return the frames between which the sound is played; no end where it is not known yet."""
        begin, end = self._manner.region or (0, sound.length if sound.complete else 2**62)
        return (begin, min(end, sound.ready)) if sound.complete else (begin, end)

    def _go_to(self, frame: int) -> None:
        self._at = max(0, frame)
        if self._sound is not None and self._sound.complete:
            self._at = min(self._at, self._sound.ready)
        self._risen = 0 if self._at else len(self._rise)
        self._starved = False

    def _shaped(self, piece: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return a piece with its gain, rising where it was cut into."""
        if self._starved:
            self._starved, self._risen = False, 0
        rise = self._rise[self._risen : self._risen + len(piece)]
        if len(rise):
            self._risen += len(rise)
            piece = np.concatenate([piece[: len(rise)] * rise, piece[len(rise) :]])
        if self._ramp_left:
            steps = np.arange(1, len(piece) + 1, dtype=np.float32) / self._ramp_left
            away = self._manner.gain - self._gain
            gains = self._gain + away * np.minimum(1.0, steps)
            self._gain = float(gains[-1])
            self._ramp_left = max(0, self._ramp_left - len(piece))
            return piece * gains.astype(np.float32)[:, None]
        self._gain = self._manner.gain
        return piece if self._gain == 1.0 else piece * np.float32(self._gain)

    def _cut(self, out: NDArray[np.float32] | None = None) -> None:
        """Let what would have come next fade.

        Args:
            out: What is being rendered, from now on; None between two buffers.
        """
        if self._sound is not None and not self._starved:
            rest = self._sound.frames[self._at : self._at + len(self._fade)]
            level = self._gain
            if self._risen < len(self._rise):
                level *= float(self._rise[self._risen, 0])
            self._fall(rest * (level * self._fade[: len(rest)]), out)

    def _starve(self, out: NDArray[np.float32]) -> None:
        """Fall from the last frame there was, until there is more."""
        if not self._starved and self._at:
            last = self._sound.frames[self._at - 1 : self._at] if self._sound is not None else None
            if last is not None and len(last):
                self._fall(last * (self._gain * self._fade), out)
        self._starved = True

    def _fall(self, piece: NDArray[np.float32], out: NDArray[np.float32] | None) -> None:
        """Add what fades to what is being rendered, and keep the rest of it."""
        if out is not None:
            now = min(len(out), len(piece))
            out[:now] += piece[:now]
            piece = piece[now:]
        longer, shorter = sorted((self._tail, piece), key=len, reverse=True)
        self._tail = longer.copy()
        self._tail[: len(shorter)] += shorter
