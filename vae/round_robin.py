"""Round robins: the same player hitting again.

How takes of one hit differ was measured on takes of it (docs/decisions/0022-hits.md): a little in
level, tilt, decay and pitch; more in what is faint than in what is loud, and most in the attack,
where every hit excites other modes; and noise is another noise each time. So a take is the original
with its spectrum changed by a random gain of that law, its phase kept.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from library.clip import Clip
from vae.grain import COLUMNS_PER_STEP, band_of_bins, grain
from vae.level import as_loud_as, gained
from vae.noise import noise_share
from vae.noise_again import with_other_noise
from vae.onset import onset
from vae.resynthesis import filtered
from vae.spectrum import BINS, WINDOW, stft
from vae.speed import at_speed

RATE = 44_100
HOP = 128

# Standard deviations of the difference of two takes of one hit.
LEVEL_DB = 1.0
TILT_DB = 0.6  # an octave
DECAY_SHARE = 0.04  # of what a band has fallen
CENTS = 2.0
LOUD_DB, FAINT_DB = 0.5, 0.045  # of a band that is the loudest, and more for each dB below it
ATTACK_DB = 3.0  # more, in all but the loudest bands
NEW_NOISE = 2.0  # all but e to the minus two of the noise is another one

_ATTACK_S = 0.025
_FAINTEST_DB = 50.0
_JUMP, _JUMP_DB = 6, (3.5, 7.0)  # columns; how far from an even course noise may be, and is a jump
_BANDS = 32
_MEL_TOP = math.log10(1 + (RATE / 2) / 700)
_KNOTS_S = (0.0, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4)

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """Chance, in standard deviations."""

    plain: Array  # level, tilt, decay, pitch
    steady: Array  # (_BANDS,)
    moving: Array  # (_BANDS, len(_KNOTS_S))

    def less(self, other: _Drawn) -> _Drawn:
        """Return the difference of two, again of variance 1."""
        half = np.float32(math.sqrt(0.5))
        return _Drawn(
            (self.plain - other.plain) * half,
            (self.steady - other.steady) * half,
            (self.moving - other.moving) * half,
        )


class RoundRobin:
    """One hit, ready to be hit again.

    Args:
        clip: The hit; any rate and channels.
        seed: Of all chance.
    """

    def __init__(self, clip: Clip, seed: int) -> None:
        self._clip, self._seed = clip, seed
        self._sounds = bool(clip.length and clip.frames.any())
        if not self._sounds:
            return
        mono = torch.from_numpy(np.ascontiguousarray(clip.at_rate(RATE).mono()))
        magnitude = stft(mono[None], HOP)[0].abs()
        self._place = _band_places()
        self._level = _band_levels(magnitude, self._place)
        seconds = torch.arange(magnitude.shape[1]) * (HOP / RATE)
        self._since = (seconds - onset(clip) / clip.sample_rate).clamp_min(0)
        # An attack keeps the noise that it has: another would begin before it.
        self._noise = _noise_of(magnitude) * (self._since / _ATTACK_S).clamp_max(1)
        # As if the original were one of the takes: then each is as far from it as from another.
        self._own = self._drawn(0)

    def take(self, number: int, amount: float = 1.0) -> Clip:
        """Return a take.

        Args:
            number: Which, from 1 on; the same number is the same take.
            amount: How much takes differ; 1 as real ones do.
        """
        if not self._sounds or not amount:
            return self._clip
        drawn = self._drawn(number).less(self._own)
        level, tilt, decay, pitch = (float(each) * amount for each in drawn.plain)
        field = self._smooth_field(drawn, tilt * TILT_DB, decay * DECAY_SHARE, amount)
        change = _at_bins(field, self._place)
        share = self._noise * (1 - math.exp(-NEW_NOISE * amount**2))
        made = with_other_noise(self._clip, share, RATE, HOP, [self._seed, number])
        made = as_loud_as(filtered(made, change, RATE, HOP), self._clip)
        made = at_speed(made, 2.0 ** (pitch * CENTS / 1200))
        return gained(made, level * LEVEL_DB)

    def _drawn(self, number: int) -> _Drawn:
        rng = np.random.default_rng([self._seed, number])

        def normal(*shape: int) -> Array:
            return rng.standard_normal(shape, np.float32)

        return _Drawn(normal(4), normal(_BANDS), normal(_BANDS, len(_KNOTS_S)))

    def _smooth_field(self, drawn: _Drawn, tilt: float, decay: float, amount: float) -> Tensor:
        """Return the gain of each band, dB, (_BANDS, n)."""
        since = self._since
        below = (self._level.max() - self._level).clamp(0, _FAINTEST_DB)
        early = (1 - since / (2 * _ATTACK_S)).clamp(0, 1) * (below / 10).clamp(0, 1)
        deviation = LOUD_DB + FAINT_DB * below + ATTACK_DB * early
        knots = torch.tensor(_KNOTS_S)
        low = (torch.searchsorted(knots, since, right=True) - 1).clamp(0, len(knots) - 2)
        part = ((since - knots[low]) / (knots[low + 1] - knots[low])).clamp(0, 1)
        moving = _between(torch.from_numpy(drawn.moving).T, low, part).T
        field = (torch.from_numpy(drawn.steady)[:, None] + moving) * math.sqrt(0.5)
        fallen = (self._level.amax(dim=1, keepdim=True) - self._level).clamp(0, _FAINTEST_DB)
        hz = 700 * (10 ** (torch.arange(_BANDS) / _BANDS * _MEL_TOP) - 1)
        octaves = torch.log2(hz.clamp_min(30.0) / 1000.0)[:, None]
        return amount * deviation * field + tilt * octaves + decay * fallen


def _band_places() -> Tensor:
    """Return where each bin lies among the bands, which are even in mel, (BINS,)."""
    hz = torch.arange(BINS) * (RATE / WINDOW)
    return (torch.log10(1 + hz / 700) / _MEL_TOP * _BANDS).clamp(0, _BANDS - 1)


def _band_levels(magnitude: Tensor, place: Tensor) -> Tensor:
    """Return the level of each band, dB, (_BANDS, n)."""
    power = magnitude.square()
    # A band narrower than a bin takes the nearest one's.
    nearest = (torch.arange(_BANDS)[:, None] - place[None]).abs()
    weights = (1 - nearest).clamp_min(0)
    weights[torch.arange(_BANDS), nearest.argmin(dim=1)] += 1e-3
    weights /= weights.sum(dim=1, keepdim=True)
    return 10 * torch.log10(weights @ power + 1e-14)


def _noise_of(magnitude: Tensor) -> Tensor:
    """Return the share of each bin that is noise, of its power, and steady, (BINS, n)."""
    level = 20 * torch.log10(magnitude[:, ::2] + magnitude.max() * 1e-5 + 1e-12)
    level = torch.nn.functional.pad(
        level[None], (0, -level.shape[1] % COLUMNS_PER_STEP), mode="replicate"
    )
    found = grain(level, band_of_bins(RATE))[0]
    steps = torch.arange(magnitude.shape[1]) / (2 * COLUMNS_PER_STEP) - 0.5
    share = noise_share(magnitude / magnitude.max().clamp_min(1e-12), found, steps, RATE)
    return share * _steady((magnitude.square() * share).sum(dim=0))


def _steady(power: Tensor) -> Tensor:
    """Return where noise rises or falls evenly in dB, 0 to 1, (n,).

    Not where it jumps, as in the strokes of a clap: other noise would begin before it.
    """
    level = 10 * torch.log10(power + power.max() * 1e-7 + 1e-30)[None]
    around = torch.nn.functional.pad(level, (_JUMP, _JUMP), mode="replicate")
    bent = (level - (around[:, : -2 * _JUMP] + around[:, 2 * _JUMP :]) / 2).abs()
    most = torch.nn.functional.max_pool1d(bent, 2 * _JUMP + 1, stride=1, padding=_JUMP)[0]
    return ((_JUMP_DB[1] - most) / (_JUMP_DB[1] - _JUMP_DB[0])).clamp(0, 1)


def _at_bins(field: Tensor, place: Tensor) -> Tensor:
    """Return a field over bands, (_BANDS, n), at every bin, (BINS, n)."""
    low = place.floor().long().clamp(0, _BANDS - 2)
    return torch.lerp(field[low], field[low + 1], (place - low)[:, None])


def _between(rows: Tensor, low: Tensor, part: Tensor) -> Tensor:
    """Return chance between rows, of the same variance as at them, (len(low), ...)."""
    part = part[:, None]
    mixed = (1 - part) * rows[low] + part * rows[low + 1]
    return mixed / ((1 - part).square() + part.square()).sqrt()
