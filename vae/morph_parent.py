"""The sounds of a morph: what each is, and how it is played to meet the others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from library.clip import Clip
from library.descriptors import loudness_db
from library.pitch import pitch_of
from vae.envelope_shaping import attack_and_decay_of
from vae.long_spectra import blocks, column_count, spectrum_block
from vae.onset import attack_start
from vae.speed import at_speed
from vae.tilt import brightness_and_low_end

# A pitch that is a little less clear than the library asks for is still what is heard to glide.
_CLEAR = 0.25
_SAME_ST = 1e-4
_HEAD_S = 30.0

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Parent:
    """A sound of a morph.

    Attributes:
        clip: The original at the common rate and channels.
        onset: Where the attack of the original begins, in frames.
        loudness_db: Of the original.
        pitch: Of the original, MIDI note number; None where it has none, or is not to glide.
        attack_ms: Of the original; None where it has none.
        colour: Brightness and low end on their even scales; None for silence.
    """

    clip: Clip
    onset: int
    loudness_db: float
    pitch: float | None
    attack_ms: float | None
    colour: tuple[float, float] | None


def parents_of(clips: Sequence[Clip], glide: bool, hop: int, window: int) -> list[Parent]:
    """Return clips of one rate and as many channels, measured.

    Args:
        clips: None of them empty.
        glide: Whether sounds that all have a pitch are to meet at one in between.
        hop: Of the spectra.
        window: Of the spectra.
    """
    pitches = [_pitch(clip) if glide else None for clip in clips]
    gliding = None not in pitches
    found = []
    for clip, pitch in zip(clips, pitches, strict=True):
        attack = attack_of(clip)
        power = np.zeros(window // 2 + 1)
        frames = torch.from_numpy(np.ascontiguousarray(clip.frames))
        for first, count in blocks(column_count(clip.length, hop)):
            power += power_of(spectrum_block(frames, hop, window, first, count).abs())
        found.append(
            Parent(
                clip,
                attack_start(clip),
                loudness_db(clip.frames, clip.sample_rate),
                pitch if gliding else None,
                attack,
                brightness_and_low_end(power, bin_hz(window, clip.sample_rate)),
            )
        )
    return found


def bin_hz(window: int, sample_rate: int) -> Array:
    """Return the frequency of each bin."""
    return np.linspace(0.0, sample_rate / 2, window // 2 + 1)


def power_of(magnitude: torch.Tensor) -> Array:
    """Return the power of each bin of magnitudes (c, bins, n), over channels and time."""
    total = magnitude.square().sum(dim=(0, 2), dtype=torch.float64)
    return np.asarray(total.numpy())


def attack_of(clip: Clip) -> float | None:
    """Return the attack in ms, read off the first half minute; None where there is none."""
    head = Clip(clip.frames[:, : round(_HEAD_S * clip.sample_rate)], clip.sample_rate)
    times = attack_and_decay_of(head)
    return None if times is None else times[0]


def _pitch(clip: Clip) -> float | None:
    mono = clip.mono()
    return pitch_of(mono - mono.mean(), clip.sample_rate, _CLEAR)


def speed_to(parent: Parent, pitch: float) -> float:
    """Return the speed that gives a parent a pitch; 1 where it has none, or is not to glide."""
    if parent.pitch is None or abs(parent.pitch - pitch) < _SAME_ST:
        return 1.0
    return float(2.0 ** ((pitch - parent.pitch) / 12))


def played(parent: Parent, speed: float, rest: int) -> tuple[Clip, int]:
    """Return a parent at a speed, and where its onset is then.

    Args:
        parent: The sound.
        speed: 2 is an octave up in half the time.
        rest: Frames after the onset that are needed at that speed; those of a parent that is
            played as it is are not cut off.
    """
    if speed == 1.0:
        return parent.clip, parent.onset
    end = parent.onset + math.ceil(rest * speed)
    cut = Clip(parent.clip.frames[:, :end], parent.clip.sample_rate)
    return at_speed(cut, speed), round(parent.onset / speed)
