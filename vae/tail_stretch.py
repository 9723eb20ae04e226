"""A longer decay: what follows the peak is stretched in time, its pitch kept.

A phase vocoder (Flanagan and Golden 1966; Laroche and Dolson 1999, whose locking of phases around
peaks keeps the partials of one sound together). What comes before the peak is not touched.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from library.clip import Clip
from vae.spectrum import istft, stft, window_for

MOST_TIMES = 16.0
_REDUNDANCY = 8
_FADE_S = 0.01


@torch.inference_mode()
def with_longer_tail(clip: Clip, start: int, times: float) -> Clip:
    """Return a clip whose part after a frame is longer.

    The first windows after that frame still hear what was before it: they are not stretched, or
    the level would dip.

    Args:
        clip: Any rate and channels; channels stay together.
        start: Frame from which on it is stretched.
        times: 1 to MOST_TIMES.

    Returns:
        A clip of start + times (length - start) frames; those before `start` are the original's.
    """
    window = 2 * window_for(clip.sample_rate)
    hop = window // _REDUNDANCY
    tail = clip.length - start
    if times <= 1.0 or tail < 2 * hop:
        return clip
    length = round(start + times * tail)
    spectrum = stft(torch.from_numpy(np.ascontiguousarray(clip.frames)), hop, window)
    start += min(window // 2, tail // 4)
    times = (length - start) / (clip.length - start)
    first = start // hop
    columns = spectrum.shape[2] - first
    at = torch.arange(0, columns - 1, 1 / times, dtype=torch.float64) + first
    stretched = _stretched(spectrum, at, hop, window)
    joined = torch.cat([spectrum[:, :, :first], stretched], dim=2)
    made = istft(joined, hop, length).numpy()
    fade = max(1, round(_FADE_S * clip.sample_rate))
    share = ((np.arange(length) - start) / fade).clip(0, 1)
    frames = np.pad(clip.frames, ((0, 0), (0, length - clip.length))) * (1 - share) + made * share
    return Clip(frames.astype(np.float32), clip.sample_rate)


def _stretched(spectrum: Tensor, at: Tensor, hop: int, window: int) -> Tensor:
    """Return the spectrum (c, bins, n) read at fractional columns, its phases going on."""
    low = at.floor().long()
    part = (at - low).float()
    left, right = spectrum[:, :, low], spectrum[:, :, (low + 1).clamp(max=spectrum.shape[2] - 1)]
    # Of powers: the mean of two magnitudes of noise would be fainter than either.
    magnitude = torch.lerp(left.abs().square(), right.abs().square(), part).sqrt()
    expected = 2 * torch.pi * hop * torch.arange(spectrum.shape[1]) / window
    # One phase for all channels keeps what is between them; that of the loudest bin leads.
    turned = (left.conj() * right).sum(dim=0)
    apart = turned.angle() - expected[:, None]
    advance = expected[:, None] + torch.remainder(apart + torch.pi, 2 * torch.pi) - torch.pi
    total = magnitude.square().sum(dim=0)
    mixed = spectrum.sum(dim=0)[:, low]
    # A column at a time, each beside the next in memory.
    own, advance = mixed.angle().T.contiguous(), advance.T.contiguous()
    leads = _leading_bins(total).T.contiguous()
    turns = torch.empty_like(own)
    turns[0] = own[0]
    for column in range(1, len(at)):
        to = leads[column]
        led = turns[column - 1] + advance[column] - own[column]
        turns[column] = own[column] + led[to]
    phases = turns.T
    return magnitude * torch.polar(torch.ones_like(phases), phases) * _between(left, mixed)


def _between(left: Tensor, mixed: Tensor) -> Tensor:
    """Return how each channel's phase differs from that of their sum, on the unit circle."""
    turn = left * mixed.conj()
    return torch.polar(torch.ones_like(turn.real), turn.angle())


def _leading_bins(power: Tensor) -> Tensor:
    """Return for every bin and column the loudest bin within two of it, int64, (bins, n)."""
    padded = torch.nn.functional.pad(power.T[:, None], (2, 2), value=-1.0)[:, 0]
    around = padded.unfold(1, 5, 1)
    offset = around.argmax(dim=2) - 2
    return (torch.arange(power.shape[0])[None] + offset).T
