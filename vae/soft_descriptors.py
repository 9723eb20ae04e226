"""Descriptors of a magnitude spectrum that a solver can follow: smooth, with gradients.

They are those of `library.descriptors` that magnitudes alone decide, on the even scales of
`vae.attributes`.
"""

from __future__ import annotations

import torch
from torch import Tensor

from vae.spectrum import BINS, WINDOW

STEERED = ("brightness", "noisiness", "low_end")
"""What is measured, in this order."""

_LOW_END_HZ = 150.0
_NOISE_BAND_HZ = (500.0, 8000.0)
_HEARD_SHARE = 1e-6  # 60 dB under the loudest column
_ROUNDING = 1e-4  # as the log-odds of `vae.attributes`


class SoftDescriptors:
    """Measures spectra of one sound, or of several pieces of one side by side.

    Args:
        magnitude: The sound's own, shape (..., BINS, n), n >= 1, as `spectrum.stft` makes them.
        sample_rate: Hz.
        top_hz: Where the sound ends, half of the rate that it was recorded at.
    """

    def __init__(self, magnitude: Tensor, sample_rate: int, top_hz: float) -> None:
        step = sample_rate / WINDOW
        self._hz = torch.arange(1, BINS) * step
        # A bin that the edge cuts counts by its part.
        self._low = ((_LOW_END_HZ - self._hz) / step + 0.5).clamp(0, 1)
        band = (self._hz >= _NOISE_BAND_HZ[0]) & (self._hz <= min(_NOISE_BAND_HZ[1], top_hz))
        self._band = band.nonzero()[:, 0] if band.sum() >= 8 else None
        energy = magnitude.square().sum(dim=-2)
        # Chosen once: what is heard must not change under the solver's feet.
        self._heard = energy >= energy.amax(dim=-1, keepdim=True) * _HEARD_SHARE

    def __call__(self, magnitude: Tensor) -> Tensor:
        """Return the descriptors of spectra of the same shape, (..., 3), NaN where not defined."""
        power = magnitude[..., 1:, :].square()
        spectrum = power.sum(dim=-1)
        total = spectrum.sum(dim=-1) + 1e-20
        brightness = torch.log2(spectrum @ self._hz / total + 20.0)
        low_end = _log_odds(spectrum @ self._low / total)
        return torch.stack([brightness, self._noisiness(power), low_end], dim=-1)

    def _noisiness(self, power: Tensor) -> Tensor:
        if self._band is None:
            return torch.full(power.shape[:-2], torch.nan)
        # What is not heard is set aside before its logarithm, whose slope has no end at nothing.
        heard = self._heard[..., None, :]
        inside = torch.where(heard, power[..., self._band, :], 1.0)
        mean = inside.mean(dim=-2) + 1e-20
        flatness = torch.exp(torch.log(inside + (mean * 1e-12 + 1e-25)[..., None, :]).mean(dim=-2))
        weight = power.sum(dim=-2) * self._heard
        weighted = (flatness / mean * weight).sum(dim=-1)
        return _log_odds(weighted / (weight.sum(dim=-1) + 1e-20))


def _log_odds(share: Tensor) -> Tensor:
    return torch.log2((share + _ROUNDING) / (1 - share + _ROUNDING))
