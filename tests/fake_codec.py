"""A base codec that is no network: band levels, turned by a fixed rotation that can be undone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from library.clip import Clip
from vae.latents import Latents
from vae.phase import invent_phase
from vae.spectrum import BINS, stft

BANDS = 12
FLOOR_DB = 80.0
UNIT_DB = 20.0


class FakeCodec:
    """Twelve band levels a step, rotated; the first value is the level of the clip.

    A step lasts as long as one of the house codec. What it decodes has exactly the band levels of
    what it encoded: its latents are a spectrum in other words, and nothing is lost by chance.
    """

    name = "fake"
    digest = "fake-0"
    sample_rate = 11_025
    channels = 1
    hop = 512
    dims = 1 + BANDS
    level_dims = 1
    spectrum_hop = 512
    discrete = random = one_at_a_time = False

    def __init__(self) -> None:
        rng = np.random.default_rng(0)
        self._rotation = np.linalg.qr(rng.normal(size=(BANDS, BANDS)))[0].astype(np.float32)
        edges = np.geomspace(3, BINS, BANDS + 1).round().astype(int)
        edges[0] = 0
        self._band_of = np.repeat(np.arange(BANDS), np.diff(edges))

    def band_levels(self, clip: Clip) -> NDArray[np.float32]:
        """Return root mean square magnitudes of the bands, shape (BANDS, steps)."""
        mono = torch.from_numpy(np.ascontiguousarray(clip.at_rate(self.sample_rate).mono()))
        power = np.square(stft(mono[None], self.hop).abs()[0].numpy())
        return np.sqrt([power[self._band_of == band].mean(axis=0) for band in range(BANDS)])

    def encode(self, clip: Clip) -> Latents:
        bands = self.band_levels(clip)
        peak = max(float(bands.max()), 1e-6)
        shape = np.log10(bands / peak + 10 ** (-FLOOR_DB / 20)) * (20 / UNIT_DB)
        level = np.full((bands.shape[1], 1), 20 * np.log10(peak) / UNIT_DB)
        turned = (shape.T + FLOOR_DB / UNIT_DB) @ self._rotation
        return Latents(np.concatenate([level, turned], axis=1).astype(np.float32))

    def encode_batch(self, clips: Sequence[Clip]) -> list[Latents]:
        return [self.encode(clip) for clip in clips]

    def silence_after(self, latents: Latents) -> NDArray[np.float32]:
        step = np.zeros(self.dims, np.float32)
        step[0] = latents.values[0, 0]
        return step

    def decode_magnitudes(self, latents: Latents) -> NDArray[np.float32]:
        shape = latents.values[:, 1:] @ self._rotation.T - FLOOR_DB / UNIT_DB
        relative = 10 ** (shape * (UNIT_DB / 20)) - 10 ** (-FLOOR_DB / 20)
        peak = 10 ** (latents.values[:, :1].mean() * UNIT_DB / 20)
        bands = relative.clip(0) * peak
        return np.ascontiguousarray(bands.T[self._band_of], dtype=np.float32)

    def decode(self, latents: Latents, length: int | None = None) -> Clip:
        wanted = length if length is not None else latents.steps * self.hop
        audio = invent_phase(self.decode_magnitudes(latents), self.spectrum_hop, wanted)
        return Clip(audio[None], self.sample_rate)
