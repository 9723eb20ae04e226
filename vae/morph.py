"""Morphing: sounds in between, whose ends are the originals.

Magnitudes are mixed by a power mean, the phase is that of the cross-fade, onsets are aligned. What
a straight line can be drawn for lies on it: loudness in dB, brightness, low end, length, and where
all sounds have a pitch, the pitch: each is played at the speed that brings it to the one in
between, so that one note glides and two do not fade through each other. No attack is slower than
the slowest. docs/decisions has the figures, beside other ways.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from library.clip import Clip
from library.descriptors import loudness_db
from vae.envelope_shaping import with_attack
from vae.level import faded_out
from vae.long_spectra import BLOCK, OverlapAdd, blocks, column_count, spectrum_block
from vae.matching import matched
from vae.morph_model import Model
from vae.morph_parent import (
    Array,
    attack_of,
    bin_hz,
    parents_of,
    played,
    power_of,
    speed_to,
)
from vae.power_mean import power_mean
from vae.resynthesis import REDUNDANCY
from vae.spectrum import window_for
from vae.tilt import tilt_towards

_SMEARED_MS = 0.5
_FADED_SHARE = 0.5

Mixture = tuple[torch.Tensor, torch.Tensor]
"""Magnitudes, and the cross-fade whose phase they take, both (c, bins, n)."""


class Place(NamedTuple):
    """Where in a morph a sound lies.

    Attributes:
        weights: In which the spectra are mixed, one for each parent.
        line: In which pitch, brightness and what else is on a straight line are mixed.
    """

    weights: tuple[float, ...]
    line: tuple[float, ...]


class Morph:
    """Two to four sounds, ready to be mixed in any proportion.

    Args:
        clips: The sounds, any rates and channels, none of them empty.
        glide: Whether sounds that all have a pitch meet at one between; they keep their own if not.
        model: What adds to the power mean of the spectra, if any.
    """

    def __init__(
        self, clips: Sequence[Clip], glide: bool = True, model: Model | None = None
    ) -> None:
        if not 2 <= len(clips) <= 4:
            raise ValueError(f"a morph takes 2 to 4 sounds, not {len(clips)}")
        clips = matched(clips)
        self.sample_rate = clips[0].sample_rate
        self.channels = clips[0].channels
        self._window = window_for(self.sample_rate)
        self._hop = self._window // REDUNDANCY
        self._model = model
        self.parents = parents_of(clips, glide, self._hop, self._window)
        self.glides = self.parents[0].pitch is not None
        self._still: list[torch.Tensor] = []

    @torch.inference_mode()
    def mix(self, weights: Sequence[float], line: Sequence[float] | None = None) -> Clip:
        """Return the sound at a mixture of the parents.

        Args:
            weights: One for each parent, >= 0, summing to 1. A parent of weight 1 is returned as
                it is.
            line: As many, for what lies on the straight line; the weights if not given.
        """
        line = weights if line is None else line
        for each in (weights, line):
            fit = len(each) == len(self.parents) and min(each) >= 0
            if not fit or not abs(sum(each) - 1) <= 1e-6:  # so that NaN is refused too
                raise ValueError(f"weights must be one a parent and sum to 1: {each}")
        for weight, parent in zip(weights, self.parents, strict=True):
            if weight > 1 - 1e-9:
                return parent.clip
        pitch = self._between([p.pitch or 0.0 for p in self.parents], line)
        speeds = [speed_to(parent, pitch) for parent in self.parents]
        lasting = [
            (p.clip.length - p.onset) / speed for p, speed in zip(self.parents, speeds, strict=True)
        ]
        rest = round(self._between(lasting, line))
        # Of a sound that lasts longer than the mixture no more is played than is heard.
        sounds = [
            played(parent, speed, rest + self._window)
            for parent, speed in zip(self.parents, speeds, strict=True)
        ]
        start = max(at for _, at in sounds)
        audio = self._mixed(sounds, start, start + rest, weights, line)
        # The common onset moves to where the mixture's own onset belongs.
        at = round(self._between([float(at) for _, at in sounds], line))
        clip = Clip(audio[:, start - at :], self.sample_rate)
        return self._finished(_ended(clip, round(max(lasting)) - rest), line)

    @staticmethod
    def _between(values: Sequence[float], line: Sequence[float]) -> float:
        return sum(w * value for w, value in zip(line, values, strict=True))

    def _mixed(
        self,
        sounds: Sequence[tuple[Clip, int]],
        start: int,
        length: int,
        weights: Sequence[float],
        line: Sequence[float],
    ) -> NDArray[np.float32]:
        """Return the mixture of clips, their onsets at one place, with its colour, (c, length)."""
        whole = max(length, *(start - at + clip.length for clip, at in sounds))
        placed = [self._placed(clip, start - at, whole) for clip, at in sounds]
        correction = None
        if self._model is not None:
            heard = [Clip(each[:, start:length].numpy(), self.sample_rate) for each in placed]
            correction = self._model.correction(heard, weights, self._window, self._hop, start)
        columns = column_count(length, self._hop)

        def mixture(first: int, count: int) -> Mixture:
            spectra = self._spectra(placed, first, count)
            return blended(spectra, weights, correction(first, count) if correction else None)

        power = np.zeros(self._window // 2 + 1)
        for first, count in blocks(columns):
            last = mixture(first, count)
            power = power + power_of(last[0])
        gain = self._colour(power, line)
        out = OverlapAdd(self.channels, length, self._hop, self._window)
        for first, count in blocks(columns):
            # A sound of one block has it already; of a longer one each is made a second time.
            magnitude, faded = last if count == columns else mixture(first, count)
            out.add(torch.polar(magnitude * gain, faded.angle()), first)
        audio: NDArray[np.float32] = out.audio().numpy()
        return audio

    def _placed(self, clip: Clip, start: int, length: int) -> torch.Tensor:
        """Return a clip at its place, its peak 1, float32, (c, length)."""
        frames = np.zeros((self.channels, length), np.float32)
        frames[:, start : start + clip.length] = clip.frames
        frames /= max(float(np.abs(frames).max()), 1e-6)
        return torch.from_numpy(frames)

    def _spectra(
        self, placed: Sequence[torch.Tensor], first: int, count: int
    ) -> list[torch.Tensor]:
        """Return some columns of each sound; kept where one block is all, and nothing glides."""
        whole = column_count(placed[0].shape[1], self._hop)
        if self.glides or whole > BLOCK:
            return [spectrum_block(each, self._hop, self._window, first, count) for each in placed]
        if not self._still:
            self._still = [
                spectrum_block(each, self._hop, self._window, 0, whole) for each in placed
            ]
        return [each[:, :, first : first + count] for each in self._still]

    def _colour(self, power: Array, line: Sequence[float]) -> torch.Tensor:
        """Return the gain that brings a mixture to the line, (bins, 1)."""
        colours = [parent.colour for parent in self.parents]
        known = [colour for colour in colours if colour is not None]
        if len(known) < len(colours) or not power.any():
            return torch.ones(len(power), 1)
        brightness, low_end = (
            self._between([colour[i] for colour in known], line) for i in range(2)
        )
        hz = bin_hz(self._window, self.sample_rate)
        tilt = tilt_towards(power, hz, brightness, low_end)
        return torch.from_numpy(10 ** (tilt / 20)).float()[:, None]

    def _finished(self, clip: Clip, line: Sequence[float]) -> Clip:
        """Return a mixture with an attack no slower than the slowest, as loud as it should be."""
        attacks = [p.attack_ms for p in self.parents if p.attack_ms is not None]
        now = attack_of(clip)
        if attacks and now is not None and now > max(attacks) + _SMEARED_MS:
            clip = with_attack(clip, max(attacks))
        wanted_db = self._between([p.loudness_db for p in self.parents], line)
        gain = 10 ** ((wanted_db - loudness_db(clip.frames, clip.sample_rate)) / 20)
        # A click that is as loud as a tone would be far above it: no peak exceeds the originals'.
        most = max(_peak(p.clip) for p, w in zip(self.parents, line, strict=True) if w)
        gain = min(gain, most / max(_peak(clip), 1e-12))
        return Clip((clip.frames * gain).astype(np.float32), clip.sample_rate)


def _peak(clip: Clip) -> float:
    return float(np.abs(clip.frames).max(initial=0.0))


def blended(
    spectra: Sequence[torch.Tensor],
    weights: Sequence[float | torch.Tensor],
    correction: torch.Tensor | None = None,
) -> Mixture:
    """Return the mixture of spectra (c, bins, n).

    Args:
        spectra: Of the sounds.
        weights: One for each, or one for each and every column, (n,).
        correction: Nepers, (bins, n), that a model adds, if any.
    """
    faded = torch.stack([x * w for x, w in zip(spectra, weights, strict=True)]).sum(dim=0)
    mixed = power_mean([x.abs() for x in spectra], weights)
    return (mixed if correction is None else mixed * torch.exp(correction)), faded


def _ended(clip: Clip, cut: int) -> Clip:
    """Return a clip of which as many frames were cut off, faded out."""
    # No longer than what is cut off: a sound that nearly ends by itself nearly stays as it is.
    fade = min(cut, round(_FADED_SHARE * clip.length))
    return faded_out(clip, fade) if fade > 0 else clip


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


def place_on_path(parents: int, mixed: float, line: float) -> Place:
    """Return the place at a position along the path through all parents.

    Args:
        parents: How many.
        mixed: Of the spectra: 0 for the first parent, 1 for the last.
        line: Of what lies on the straight line.
    """
    return Place(path_weights(parents, mixed), path_weights(parents, line))
