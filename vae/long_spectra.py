"""Spectra of sounds of any length, a block at a time, so that memory does not grow with them."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from vae.spectrum import stft

BLOCK = 2048
"""Columns at a time: 6 s at 44.1 kHz and a redundancy of 8."""


def column_count(length: int, hop: int) -> int:
    """Return how many columns `vae.spectrum.stft` has for as many frames."""
    return 1 + length // hop


def blocks(columns: int) -> Iterator[tuple[int, int]]:
    """Yield the first column of each block, and how many it has."""
    for first in range(0, columns, BLOCK):
        yield first, min(BLOCK, columns - first)


def spectrum_block(frames: Tensor, hop: int, window: int, first: int, count: int) -> Tensor:
    """Return some columns of the spectrum that `vae.spectrum.stft` makes of the whole.

    Args:
        frames: float32, (c, t).
        hop: Frames from one window to the next.
        window: Frames of a window.
        first: Column, counted from the start.
        count: Columns.

    Returns:
        complex64, (c, window // 2 + 1, count).
    """
    start = first * hop - window // 2
    end = start + (count - 1) * hop + window
    inside = frames[:, max(start, 0) : max(end, 0)]
    before, after = max(-start, 0), max(end - frames.shape[1], 0)
    return stft(torch.nn.functional.pad(inside, (before, after)), hop, window, centred=False)


class OverlapAdd:
    """The audio of a spectrum that comes in blocks, as `vae.spectrum.istft` makes it of the whole.

    Args:
        channels: Of the audio.
        length: Frames wanted.
        hop: Frames from one window to the next.
        window: Frames of a window.
    """

    def __init__(self, channels: int, length: int, hop: int, window: int) -> None:
        self._hop, self._window, self._length = hop, window, length
        total = window + hop * (column_count(length, hop) - 1)
        self._audio = torch.zeros(channels, total)
        self._weight = torch.zeros(1, total)
        self._hann = torch.hann_window(window)[:, None]

    def add(self, spectrum: Tensor, first: int) -> None:
        """Add columns, complex64, (c, bins, n), the first of them being column `first`."""
        columns = spectrum.shape[2]
        size = self._window + self._hop * (columns - 1)
        parts = torch.fft.irfft(spectrum * (self._window / 4.0), n=self._window, dim=1)
        start = first * self._hop
        for whole, part in (
            (self._audio, parts * self._hann),
            (self._weight, self._hann.square().expand(1, -1, columns)),
        ):
            folded = torch.nn.functional.fold(
                part, (1, size), (1, self._window), stride=(1, self._hop)
            )
            whole[:, start : start + size] += folded.reshape(len(whole), size)

    def audio(self) -> Tensor:
        """Return the audio, float32, (c, length)."""
        half = self._window // 2
        kept = slice(half, half + self._length)
        audio = self._audio[:, kept] / self._weight[:, kept].clamp_min(1e-8)
        return torch.nn.functional.pad(audio, (0, self._length - audio.shape[1]))
