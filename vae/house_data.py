"""Training sounds for the house codec: real ones from folders, synthesised ones without end.

Crops are augmented in ways that leave a sound plausible: pitch by resampling, spectral tilt, a
narrower band, level under the clip's own maximum, and two sounds mixed. Nothing is reversed: an
attack belongs at the beginning.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from library.decode import decode
from library.errors import DecodeError
from vae.house_codec import SAMPLE_RATE, scaled_level, spectrum_peak
from vae.house_loss import Batch, with_targets
from vae.house_model import FRAMES_PER_STEP, HOP
from vae.spectrum import BINS, WINDOW, stft
from vae.synth import random_patch, render

Audio = NDArray[np.float32]
LONGEST_S = 6.0
ENDINGS = frozenset({".ogg", ".wav", ".flac", ".aif", ".aiff", ".mp3"})
FREE_LICENCES = frozenset(
    {
        "CC0-1.0",
        "Public Domain",
        "Public Domain (as stated)",
        "Unlicense",
        "MIT",
        "BSD-3-Clause",
        "CC-BY-3.0",
    }
)
SYNTHESISER = "synthesiser"
REAL_SHARE = 0.65
AHEAD = 2


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """A sound to train on.

    Attributes:
        source: Who made it.
        frames: int16, mono at 44.1 kHz, shape (t,), t > 0.
    """

    source: str
    frames: NDArray[np.int16]


def real_sounds(folder: Path, without: frozenset[str] = frozenset()) -> Iterator[Sound]:
    """Yield the first seconds of the sounds under a folder that weights may be trained on.

    Where a folder has a ``manifest.csv`` (columns path, source, licence) only sounds of a free
    licence are taken; without one every readable file is.

    Args:
        folder: With sounds in it.
        without: Sources to leave out, so that others may be judged by them.
    """
    manifest = folder / "manifest.csv"
    if manifest.exists():
        with manifest.open(newline="", encoding="utf-8") as file:
            rows = [r for r in csv.DictReader(file) if r["licence"] in FREE_LICENCES]
        named = [(folder / r["path"], r["source"]) for r in rows if r["source"] not in without]
    else:
        found = (p for p in folder.rglob("*") if p.suffix.lower() in ENDINGS)
        named = [(path, folder.name) for path in found]
    for path, source in sorted(named):
        try:
            clip = decode(path, LONGEST_S).clip.at_rate(SAMPLE_RATE)
        except DecodeError:
            continue
        yield from sound_of(source, clip.mono())


def synthesised(rng: np.random.Generator) -> Iterator[Sound]:
    """Yield random patches of the synthesiser, without end."""
    while True:
        yield from sound_of(SYNTHESISER, render(random_patch(rng), SAMPLE_RATE).mono())


def sound_of(source: str, mono: Audio) -> Iterator[Sound]:
    """Yield audio as a sound, if there is any in it."""
    if len(mono) and (peak := float(np.abs(mono).max())) > 0:
        # Quiet files keep their resolution: the level of a crop is taken off again anyway.
        yield Sound(source, (mono * (32767 / peak)).astype(np.int16))


class Crops:
    """A stream of augmented crops as scaled log spectra.

    Args:
        sounds: To crop from.
        steps: Steps of a crop.
        seed: Makes the stream repeatable.
        endless: Whether a synthesised sound is replaced by a new one for each batch.
        spread: How far crops are changed; 0 leaves them as they are.
        real_share: Of the crops, where some sounds are real and some are not.
    """

    def __init__(
        self,
        sounds: Sequence[Sound],
        steps: int,
        seed: int,
        endless: bool = False,
        spread: float = 1.0,
        real_share: float = REAL_SHARE,
    ) -> None:
        self.sounds = list(sounds)
        self.frames = steps * FRAMES_PER_STEP
        self.length = (self.frames - 1) * HOP
        self.rng = np.random.default_rng(seed)
        self._spread = spread
        self._fresh = synthesised(self.rng) if endless else iter(())
        self._made = [i for i, s in enumerate(self.sounds) if s.source == SYNTHESISER]
        # A source of many sounds, and a long sound, teach more, but not in proportion.
        count = Counter(s.source for s in self.sounds)
        weight = np.array(
            [np.sqrt(min(len(s.frames), LONGEST_S * SAMPLE_RATE)) for s in self.sounds]
        ) / np.array([np.sqrt(count[s.source]) for s in self.sounds])
        real = np.array([s.source != SYNTHESISER for s in self.sounds])
        if real.any() and self._made:
            weight[real] *= real_share / weight[real].sum()
            weight[~real] *= (1 - real_share) / weight[~real].sum()
        self.weight = weight / weight.sum()

    def _crop(self) -> Audio:
        rng = self.rng
        sound = self.sounds[int(rng.choice(len(self.sounds), p=self.weight))].frames
        ratio = 2.0 ** (rng.normal(0, 3.0 * self._spread) / 12) if rng.random() < 0.5 else 1.0
        wanted = int(self.length * ratio) + 2
        before = int(rng.integers(0, FRAMES_PER_STEP * HOP))
        spare = max(len(sound) - wanted, 0)
        start = 0 if rng.random() < 0.5 else int(rng.integers(0, spare + 1))
        piece = sound[start : start + wanted].astype(np.float32) / 32767
        if ratio != 1.0 and len(piece) > 1:
            at = np.arange(0, len(piece) - 1, ratio)
            piece = np.interp(at, np.arange(len(piece)), piece).astype(np.float32)
        out = np.zeros(self.length, np.float32)
        if start == 0:
            piece = piece[: self.length - before]
            out[before : before + len(piece)] = piece
        else:
            out[: len(piece)] = piece[: self.length]
        return out

    def batch(self, size: int) -> Tensor:
        """Return float32, shape (size, BINS, 8 * steps), as the network takes it."""
        rng = self.rng
        for sound in self._fresh:
            self.sounds[self._made[int(rng.integers(len(self._made)))]] = sound
            break
        crops = np.stack([self._crop() for _ in range(size)])
        for i in np.flatnonzero(rng.random(size) < 0.2 * self._spread):
            crops[i] += crops[int(rng.integers(size))] * 10 ** (rng.uniform(-24, 0) / 20)
        magnitude = stft(torch.from_numpy(crops), HOP).abs()
        magnitude *= torch.from_numpy(self._filters(size))[..., None]
        # A crop may be the quiet part of a loud clip.
        above = 10 ** (torch.from_numpy(rng.exponential(4.0 * self._spread, size)).float() / 20)
        peak = torch.stack([spectrum_peak(m) for m in magnitude]) * above
        return scaled_level(magnitude, peak[:, None, None])

    def _filters(self, size: int) -> NDArray[np.float32]:
        """Return what each bin of each crop is multiplied by: a tilt, and now and then a cut."""
        rng = self.rng
        octaves = np.log2(np.maximum(np.arange(BINS), 1) / 32.0).clip(-4, 4)
        gain_db = rng.normal(0, 4.0 * self._spread, size)[:, None] * octaves / 4
        hz = np.arange(BINS) * SAMPLE_RATE / WINDOW
        for i in np.flatnonzero(rng.random(size) < 0.15 * self._spread):
            cut = np.exp(rng.uniform(np.log(500), np.log(16_000)))
            above = np.log2(np.maximum(hz, 1) / cut)
            gain_db[i] -= np.maximum(above, 0) * rng.choice([12, 24, 200])
        return (10 ** (np.maximum(gain_db, -120) / 20)).astype(np.float32)


def ahead(crops: Crops, size: int) -> Generator[Batch]:
    """Yield batches without end, the next ones made while one is used."""

    def made() -> Batch:
        return with_targets(crops.batch(size))

    with ThreadPoolExecutor(1) as pool:
        waiting = [pool.submit(made) for _ in range(AHEAD)]
        while True:
            waiting.append(pool.submit(made))
            yield waiting.pop(0).result()
