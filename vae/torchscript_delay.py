"""How late a codec is: exports for live use give back a sound some time after they heard it."""

from __future__ import annotations

import torch
from torch import Tensor

PROBE_STEPS = 48
BURSTS_AT_STEPS = (12.0, 16.6, 19.3, 25.9, 29.0)
# A program begins and ends with a fault where it misses silence around: that part is not compared.
COMPARED_STEPS = slice(8, 44)
MOST_DELAY_STEPS = 8
# Least correlation of waveforms, and of envelopes, that tells anything.
LEAST_ALIKE, LEAST_ALIKE_IN_ENVELOPE = 0.5, 0.6


def probe_sound(channels: int, hop: int) -> Tensor:
    """Return decaying bursts of dark noise in silence; float32, shape (channels, 48 hop)."""
    generator = torch.Generator().manual_seed(0)
    noise = torch.randn(channels, 1, PROBE_STEPS * hop, generator=generator)
    dark = torch.nn.functional.conv1d(noise, (0.97 ** torch.arange(256.0))[None, None])
    dark = torch.nn.functional.pad(dark[:, 0], (255, 0))
    since = torch.full((PROBE_STEPS * hop,), torch.inf)
    for start in BURSTS_AT_STEPS:
        at = int(start * hop)
        since[at:] = torch.arange(len(since) - at) / hop
    sound = dark * torch.exp(-1.5 * since)
    return 0.5 * sound / sound.abs().amax().clamp_min(1e-9)


def delay_between(sent: Tensor, heard: Tensor, hop: int) -> int:
    """Return by how many frames the probing sound came out late; 0 where it cannot be told.

    Not every codec keeps the waveform, but all keep the envelope, which is compared in 32 parts of
    a step.

    Args:
        sent: `probe_sound`, mixed to mono; float32, shape (48 hop,).
        heard: What came out, of the same shape.
        hop: Frames in a step.
    """
    compared = slice(COMPARED_STEPS.start * hop, COMPARED_STEPS.stop * hop)
    a, b = sent[compared], heard[compared]
    late, alike = _lag(a, b, MOST_DELAY_STEPS * hop)
    if alike > LEAST_ALIKE:
        return late
    unit = max(hop // 32, 1)
    a, b = (torch.nn.functional.avg_pool1d(x.square()[None], unit)[0].sqrt() for x in (a, b))
    late, alike = _lag(a, b, MOST_DELAY_STEPS * hop // unit)
    return late * unit if alike > LEAST_ALIKE_IN_ENVELOPE else 0


def _lag(a: Tensor, b: Tensor, most: int) -> tuple[int, float]:
    """Return the lag of b after a, below `most`, at which they are most alike; and how much."""
    a, b = a - a.mean(), b - b.mean()
    size = 2 * len(a)
    both = torch.fft.rfft(a, size).conj() * torch.fft.rfft(b, size)
    products = torch.fft.irfft(both, size)[:most].abs()
    at = int(products.argmax())
    return at, float(products[at] / (a.norm() * b.norm()).clamp_min(1e-9))
