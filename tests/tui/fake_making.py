"""A pad and sliders that need no model: weighted sums and gains of small clips."""

from __future__ import annotations

import threading
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path

import numpy as np

from index.answers import Asked, Take
from index.shaper import Slider
from library.clip import Clip
from library.errors import UserError
from library.progress import Progress
from library.wav import write_wav
from vae.pad import course_along, evenly_along, weights_at


def free(out: Path, stem: str) -> Path:
    """A name that is not taken."""
    out.mkdir(parents=True, exist_ok=True)
    taken = len(list(out.glob(f"{stem}*.wav")))
    return out / (f"{stem}_{taken + 1}.wav" if taken else f"{stem}.wav")


class FakePad:
    """Cross-fades clips of one length.

    Args:
        clips: 2 to 4.
    """

    def __init__(self, clips: Sequence[Clip]) -> None:
        self.corners = tuple(clips)
        self.calls: list[tuple[object, ...]] = []
        self.threads: set[int] = set()

    def _mixed(self, weights: Sequence[float]) -> Clip:
        self.threads.add(threading.get_ident())
        for weight, clip in zip(weights, self.corners, strict=True):
            if weight == 1:
                return clip
        frames = sum(w * clip.frames for w, clip in zip(weights, self.corners, strict=True))
        return Clip(np.asarray(frames, np.float32), self.corners[0].sample_rate)

    def at(self, position: tuple[float, float]) -> Clip:
        self.calls.append(("at", position))
        return self._mixed(weights_at(len(self.corners), position))

    def keep(self, position: tuple[float, float], out: Path) -> Take:
        self.calls.append(("keep", position))
        weights = weights_at(len(self.corners), position)
        path = free(out, "place")
        write_wav(self._mixed(weights), path, exact=True)
        return Take(path, {}, weights)

    def along(self, way: Sequence[tuple[float, float, float]]) -> Clip:
        self.calls.append(("along", tuple(way)))
        course = course_along(len(self.corners), way)
        clips = np.stack([clip.frames[0] for clip in self.corners])
        at = np.linspace(0, 1, clips.shape[1])
        weights = np.stack([np.interp(at, course[:, 0], each) for each in course[:, 1:].T])
        return Clip((weights * clips).sum(axis=0)[None].astype(np.float32), 8_000)

    def keep_along(self, way: Sequence[tuple[float, float, float]], out: Path) -> Take:
        path = free(out, "path")
        write_wav(self.along(way), path, exact=True)
        return Take(path, {})

    def steps_along(
        self, way: Sequence[tuple[float, float]], steps: int, out: Path
    ) -> Generator[Progress, None, list[Take]]:
        self.calls.append(("steps", tuple(way), steps))
        takes = []
        for position in evenly_along(way, steps):
            takes.append(self.keep(position, out))
            yield Progress("morph", len(takes), steps)
        return takes


class FakeShaper:
    """Loudness is a gain, and brightness mixes in the difference of neighbouring frames.

    Args:
        clip: The sound.
    """

    sliders = (
        Slider("brightness", "", 0.25, 4.0, 500.0, 0.5, 1.5),
        Slider("loudness", "dB", 1.0, 24.0, -20.0, -3.0, 1.0),
        Slider("crunchy", "", 0.25, 4.0, None, 9.0, 1.0),
    )

    def __init__(self, clip: Clip) -> None:
        self.clip = clip
        self.calls: list[tuple[object, ...]] = []

    def at(self, moves: Mapping[str, float]) -> Clip:
        self.calls.append(("at", dict(moves)))
        if "crunchy" in moves:
            raise UserError("crunchy needs a second of sound", "take a longer one")
        if not moves:
            return self.clip
        frames = self.clip.frames
        sharper = np.diff(frames, axis=1, prepend=0)
        frames = frames + np.float32(moves.get("brightness", 0.0)) * sharper
        gain = np.float32(10 ** (moves.get("loudness", 0.0) / 20))
        return Clip((frames * gain).astype(np.float32), self.clip.sample_rate)

    def keep(self, moves: Mapping[str, float], out: Path) -> Take:
        path = free(out, "shaped")
        write_wav(self.at(moves), path, exact=True)
        asked = (Asked("loudness", "dB", -20.0, -22.0, -22.0, 1.0),)
        return Take(path, {}, asked=asked)
