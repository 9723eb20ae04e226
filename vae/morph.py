"""Morphing: sounds in between, whose ends are the originals.

Magnitudes are mixed by a power mean, the phase is that of the cross-fade, onsets are aligned and
levels interpolated in dB. Where all sounds have a pitch, each is played at the speed that brings it
to the pitch in between, so that one note glides and two do not fade through each other. Of the ways
tried this has the most even steps and the least smeared attacks; docs/decisions has the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from library.clip import Clip
from library.descriptors import loudness_db
from library.pitch import pitch_of
from vae.onset import onset
from vae.spectrum import istft, stft, window_for
from vae.speed import at_speed

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
        onset: Of the original, in frames.
        loudness_db: Of the original.
        pitch: Of the original, MIDI note number; None where it has none, or is not to glide.
    """

    clip: Clip
    onset: int
    loudness_db: float
    pitch: float | None


class Morph:
    """Two to four sounds, ready to be mixed in any proportion.

    Args:
        clips: The sounds, any rates and channels, none of them empty.
        glide: Whether sounds that all have a pitch meet at one between; they keep their own if not.
    """

    def __init__(self, clips: Sequence[Clip], glide: bool = True) -> None:
        if not 2 <= len(clips) <= 4:
            raise ValueError(f"a morph takes 2 to 4 sounds, not {len(clips)}")
        clips = matched(clips)
        self.sample_rate = clips[0].sample_rate
        self.channels = clips[0].channels
        self._window = window_for(self.sample_rate)
        self._hop = self._window // REDUNDANCY
        pitches = [_pitch(clip) if glide else None for clip in clips]
        self.glides = None not in pitches
        self.parents = [
            Parent(
                clip,
                onset(clip),
                loudness_db(clip.frames, clip.sample_rate),
                pitch if self.glides else None,
            )
            for clip, pitch in zip(clips, pitches, strict=True)
        ]
        self._still: list[torch.Tensor] = []

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
        played = [_played(parent, self._speed(parent, weights)) for parent in self.parents]
        start = max(at for _, at in played)
        length = max(start - at + clip.length for clip, at in played)
        pairs = [
            (w, x) for w, x in zip(weights, self._spectra(played, start, length), strict=True) if w
        ]
        power = sum(w * (x.abs() + 1e-12) ** POWER for w, x in pairs)
        faded = sum(w * x for w, x in pairs)
        assert isinstance(power, torch.Tensor)
        assert isinstance(faded, torch.Tensor)
        mixed = torch.polar(power ** (1 / POWER), faded.angle())
        audio = istft(mixed, self._hop, length).numpy()
        wanted_db = sum(w * p.loudness_db for w, p in zip(weights, self.parents, strict=True))
        gain = 10 ** ((wanted_db - loudness_db(audio, self.sample_rate)) / 20)
        at = round(sum(w * at for w, (_, at) in zip(weights, played, strict=True)))
        # The common onset moves to where the mixture's own onset belongs.
        moved = audio[:, start - at :] * np.float32(gain)
        return Clip(np.ascontiguousarray(moved, dtype=np.float32), self.sample_rate)

    def _speed(self, parent: Parent, weights: Sequence[float]) -> float:
        """Return the speed at which a parent has the pitch of the mixture."""
        if parent.pitch is None:
            return 1.0
        between = sum(w * (p.pitch or 0.0) for w, p in zip(weights, self.parents, strict=True))
        return float(2.0 ** ((between - parent.pitch) / 12))

    def _spectra(
        self, played: Sequence[tuple[Clip, int]], start: int, length: int
    ) -> list[torch.Tensor]:
        """Return the spectra of clips, their onsets at one place; kept where none is to glide."""
        if self._still:
            return self._still
        spectra = [self._spectrum(clip, start - at, length) for clip, at in played]
        if not self.glides:
            self._still = spectra
        return spectra

    def _spectrum(self, clip: Clip, start: int, length: int) -> torch.Tensor:
        """Return the spectrum of a clip at its place, its peak 1; (c, bins, n)."""
        placed = np.zeros((self.channels, length), np.float32)
        placed[:, start : start + clip.length] = clip.frames
        placed /= max(float(np.abs(placed).max()), 1e-6)
        return stft(torch.from_numpy(placed), self._hop, self._window)


def _pitch(clip: Clip) -> float | None:
    mono = clip.mono()
    return pitch_of(mono - mono.mean(), clip.sample_rate)


def _played(parent: Parent, speed: float) -> tuple[Clip, int]:
    """Return a parent at a speed, and where its onset is then."""
    if speed == 1.0:
        return parent.clip, parent.onset
    return at_speed(parent.clip, speed), round(parent.onset / speed)


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
