"""Training sounds for the house codec: real ones from a folder, synthesised ones without end.

Crops are augmented in ways that leave a sound plausible: pitch by resampling, spectral tilt, level
under the clip's own maximum, and two sounds mixed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from library.decode import decode
from library.errors import DecodeError
from vae.house_codec import SAMPLE_RATE, scaled_level, spectrum_peak
from vae.house_model import FRAMES_PER_STEP, HOP
from vae.spectrum import BINS, stft
from vae.synth import random_patch, render

Audio = NDArray[np.float32]
LONGEST_S = 6.0


def real_sounds(folder: Path) -> Iterator[Audio]:
    """Yield the first seconds of every readable audio file under a folder, mono at 44.1 kHz."""
    for path in sorted(p for p in folder.rglob("*") if p.suffix in {".ogg", ".wav", ".flac"}):
        try:
            clip = decode(path, LONGEST_S).clip.at_rate(SAMPLE_RATE)
        except DecodeError:
            continue
        yield clip.mono()


def synthesised_sounds(count: int, seed: int) -> Iterator[Audio]:
    """Yield random patches of the synthesiser, mono at 44.1 kHz."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        yield render(random_patch(rng), SAMPLE_RATE).mono()


class Crops:
    """A stream of augmented crops as scaled log spectra.

    Args:
        sounds: Mono audio at 44.1 kHz.
        steps: Steps of a crop.
        seed: Makes the stream repeatable.
    """

    def __init__(self, sounds: Sequence[Audio], steps: int, seed: int) -> None:
        self.sounds = [(s * 32767).astype(np.int16) for s in sounds if len(s) > 0]
        self.frames = steps * FRAMES_PER_STEP
        self.length = (self.frames - 1) * HOP
        self.rng = np.random.default_rng(seed)
        # Long sounds hold more to learn, but not in proportion: many are one note dying away.
        weight = np.sqrt([min(len(s), LONGEST_S * SAMPLE_RATE) for s in self.sounds])
        self.weight = weight / weight.sum()

    def _crop(self) -> Audio:
        rng = self.rng
        sound = self.sounds[int(rng.choice(len(self.sounds), p=self.weight))]
        ratio = 2.0 ** (rng.normal(0, 3.0) / 12) if rng.random() < 0.5 else 1.0
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
        crops = np.stack([self._crop() for _ in range(size)])
        for i in np.flatnonzero(rng.random(size) < 0.25):
            crops[i] += crops[int(rng.integers(size))] * 10 ** (rng.uniform(-24, 0) / 20)
        magnitude = stft(torch.from_numpy(crops), HOP).abs()
        tilt_db = torch.from_numpy(rng.normal(0, 4.0, size)).float()
        octaves = torch.log2(torch.arange(BINS).clamp_min(1) / 32.0)
        magnitude *= 10 ** (tilt_db[:, None] * octaves.clamp(-4, 4) / 4 / 20)[..., None]
        # A crop may be the quiet part of a loud clip.
        above = 10 ** (torch.from_numpy(rng.exponential(4.0, size)).float() / 20)
        peak = torch.stack([spectrum_peak(m) for m in magnitude]) * above
        return scaled_level(magnitude, peak[:, None, None])
