"""Morphing: sounds in between, whose ends are the originals.

Magnitudes are mixed by a power mean, the phase is that of the cross-fade, onsets are aligned and
levels interpolated in dB. Of the ways tried it has the most even steps and the least smeared
attacks; docs/decisions has the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from library.clip import Clip
from library.descriptors import loudness_db
from vae.onset import onset
from vae.spectrum import istft, stft, window_for

POWER = 0.3
REDUNDANCY = 8


def matched(clips: Sequence[Clip]) -> list[Clip]:
    """Return clips at the highest of their sample rates, with the most of their channels."""
    rate = max(clip.sample_rate for clip in clips)
    channels = max(clip.channels for clip in clips)
    return [clip.at_rate(rate).with_channels(channels) for clip in clips]


@dataclass(frozen=True, slots=True, eq=False)
class Parent:
    """A sound prepared for mixing.

    Attributes:
        clip: The original at the common rate and channels.
        spectrum: Of the sound with its onset at the common place, peak 1; (c, bins, n).
        onset: Of the original, in frames.
        loudness_db: Of the original.
    """

    clip: Clip
    spectrum: torch.Tensor
    onset: int
    loudness_db: float


class Morph:
    """Two to four sounds, ready to be mixed in any proportion.

    Args:
        clips: The sounds, any rates and channels, none of them empty.
    """

    @torch.inference_mode()
    def __init__(self, clips: Sequence[Clip]) -> None:
        if not 2 <= len(clips) <= 4:
            raise ValueError(f"a morph takes 2 to 4 sounds, not {len(clips)}")
        clips = matched(clips)
        self.sample_rate = clips[0].sample_rate
        self.channels = clips[0].channels
        self._window = window_for(self.sample_rate)
        self._hop = self._window // REDUNDANCY
        onsets = [onset(clip) for clip in clips]
        self._start = max(onsets)
        self._length = max(
            self._start - at + clip.length for at, clip in zip(onsets, clips, strict=True)
        )
        self.parents = [self._prepare(clip, at) for clip, at in zip(clips, onsets, strict=True)]

    def _prepare(self, clip: Clip, at: int) -> Parent:
        peak = max(float(np.abs(clip.frames).max()), 1e-6)
        placed = np.zeros((self.channels, self._length), np.float32)
        start = self._start - at
        placed[:, start : start + clip.length] = clip.frames / peak
        spectrum = stft(torch.from_numpy(placed), self._hop, self._window)
        return Parent(clip, spectrum, at, loudness_db(clip.frames, clip.sample_rate))

    @torch.inference_mode()
    def mix(self, weights: Sequence[float]) -> Clip:
        """Return the sound at a mixture of the parents.

        Args:
            weights: One for each parent, >= 0, summing to 1. A parent of weight 1 is returned as
                it is.

        Source:
            Power mean of magnitudes: M = (sum of w |X|^p)^(1/p), p = 0.3.
        """
        fit = len(weights) == len(self.parents) and min(weights) >= 0
        if not fit or not abs(sum(weights) - 1) <= 1e-6:  # so that NaN is refused too
            raise ValueError(f"weights must be one a parent and sum to 1: {weights}")
        for weight, parent in zip(weights, self.parents, strict=True):
            if weight > 1 - 1e-9:
                return parent.clip
        pairs = [(w, p) for w, p in zip(weights, self.parents, strict=True) if w > 0]
        power = sum(w * (p.spectrum.abs() + 1e-12) ** POWER for w, p in pairs)
        faded = sum(w * p.spectrum for w, p in pairs)
        assert isinstance(power, torch.Tensor)
        assert isinstance(faded, torch.Tensor)
        mixed = torch.polar(power ** (1 / POWER), faded.angle())
        audio = istft(mixed, self._hop, self._length).numpy()
        wanted_db = sum(w * p.loudness_db for w, p in pairs)
        gain = 10 ** ((wanted_db - loudness_db(audio, self.sample_rate)) / 20)
        at = round(sum(w * p.onset for w, p in pairs))
        # The common onset moves to where the mixture's own onset belongs.
        moved = audio[:, self._start - at :] * np.float32(gain)
        return Clip(np.ascontiguousarray(moved, dtype=np.float32), self.sample_rate)


def path_weights(parents: int, position: float) -> tuple[float, ...]:
    """Return the weights at a position along the path through all parents.

    Args:
        parents: How many.
        position: 0 for the first parent, 1 for the last.
    """
    at = min(max(position, 0.0), 1.0) * (parents - 1)
    left = min(int(at), parents - 2)
    weights = [0.0] * parents
    weights[left + 1] = at - left
    weights[left] = 1 - weights[left + 1]
    return tuple(weights)


def even_positions(
    positions: Sequence[float], distances: Sequence[float] | NDArray[np.float32], steps: int
) -> list[float]:
    """Return positions along a path that sound evenly spaced.

    Args:
        positions: Rising from 0 to 1, where the path was measured.
        distances: How different the sound at each position but the first is from the one before
            it, >= 0; one fewer than the positions.
        steps: Positions wanted, >= 2; the first is 0, the last 1.
    """
    travelled = np.concatenate([[0.0], np.cumsum(distances)])
    if travelled[-1] <= 0:
        return list(np.linspace(0, 1, steps))
    # A sliver of the plain spacing keeps the curve strictly rising where nothing changes.
    rising = travelled / travelled[-1] + 1e-6 * np.asarray(positions)
    wanted = np.linspace(0, rising[-1], steps)
    return [0.0, *(float(p) for p in np.interp(wanted, rising, positions)[1:-1]), 1.0]
