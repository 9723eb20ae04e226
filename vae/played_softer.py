"""A hit as it would sound played softer, or harder.

How real layers of one hit differ was measured (docs/decisions/0022-hits.md): what is played softer
is darker, comes slower, and dies away as fast. So its spectrum is tilted around its centre of
gravity, its phase kept, until its brightness has fallen as far as that of real layers does; its
attack is shaped, and its level set.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from library.clip import Clip
from vae.envelope_shaping import attack_and_decay_of, with_attack
from vae.level import as_loud_as, gained
from vae.resynthesis import filtered
from vae.spectrum import BINS, WINDOW, stft

RATE = 44_100

BRIGHTNESS_OCTAVES = 0.03
"""By which the centre of gravity falls for each dB that a hit is softer."""
ATTACK_OCTAVES = 0.03
"""By which its attack, and a millisecond, becomes longer."""

_MOST_TILT = 0.25  # dB an octave, for each dB of level
_LONGEST_ATTACK_MS = 12.0  # what takes longer to rise is no hit, or its noise peaks late
_OCTAVES, _BELOW = 4.0, 0.5  # the tilt is half as steep under the centre of gravity
_HALVINGS = 12


def velocity_db(velocity: float, own: float = 127.0) -> float:
    """Return the level of a MIDI velocity over that of another, dB: amplitude follows velocity.

    Five layers are then 14 dB apart from the softest to the hardest; real ones are 5 to 17. A
    sampler's own curve (DLS Level 1: velocity squared) has 28.
    """
    return 20 * math.log10(velocity / own)


def played(clip: Clip, level_db: float) -> Clip:
    """Return a hit as it is played so much louder, or softer.

    Args:
        clip: The hit.
        level_db: By how much, dB; negative is softer. 0 is the clip itself.
    """
    if not level_db or not clip.length or not clip.frames.any():
        return clip
    # The attack first, as what comes slower has other parts of its spectrum for longer.
    return gained(as_loud_as(_tilted(_slower(clip, level_db), clip, level_db), clip), level_db)


def _slower(clip: Clip, level_db: float) -> Clip:
    """Return a clip with the attack of a softer hit; of a harder one no gain makes a faster."""
    own = attack_and_decay_of(clip)
    if own is None or level_db > 0 or own[0] >= _LONGEST_ATTACK_MS:
        return clip
    return with_attack(clip, (own[0] + 1.0) * 2 ** (-ATTACK_OCTAVES * level_db) - 1.0)


def _tilted(clip: Clip, hit: Clip, level_db: float) -> Clip:
    """Return a clip with the brightness of a softer or harder hit, or as near as it goes."""
    hz = torch.arange(BINS) * (RATE / WINDOW)
    power = _spectrum(clip)
    own = _centre(_spectrum(hit), hz)
    octaves = torch.log2((hz / own).clamp_min(1e-6)).clamp(-_OCTAVES, _OCTAVES)
    octaves = torch.where(octaves > 0, octaves, _BELOW * octaves)

    def short(tilt: float) -> bool:
        there = _centre(power * 10 ** (tilt * level_db * octaves / 10), hz)
        return math.log2(there / own) * math.copysign(1.0, level_db) < abs(
            BRIGHTNESS_OCTAVES * level_db
        )

    low, high = 0.0, _MOST_TILT
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if short(middle) else (low, middle)
    return filtered(clip, (high * level_db * octaves)[:, None], RATE, WINDOW)


def _spectrum(clip: Clip) -> Tensor:
    """Return the power of a whole clip, (BINS,)."""
    mono = torch.from_numpy(np.ascontiguousarray(clip.at_rate(RATE).mono()))
    return stft(mono[None], WINDOW // 4)[0].abs().square().double().sum(dim=1)


def _centre(power: Tensor, hz: Tensor) -> float:
    """Return the centre of gravity of a spectrum, Hz."""
    return max(float(power @ hz.double()) / max(float(power.sum()), 1e-30), 20.0)
