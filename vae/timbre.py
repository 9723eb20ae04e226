"""The timbre of one sound on another, and the envelope of one on another: both as filters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from library.clip import Clip
from vae.loudness_course import power_course, without_steps
from vae.resynthesis import RANGE_DB, REDUNDANCY, audible
from vae.spectrum import istft, stft, window_for

_LEAST_DB, _MOST_DB = -60.0, 40.0
# Wide enough that partials are not seen, or the one sound would take over the other's.
_OCTAVES, _LEAST_BINS = 1 / 3, 6.0
_MOST_GAIN = 1000.0  # 60 dB
_SILENT = 1e-8  # of the highest power


@torch.inference_mode()
def with_timbre_of(clip: Clip, other: Clip, share: float) -> Clip:
    """Return a sound with the spectral envelope of another at each instant, its partials kept.

    It is filtered towards the other; where it has nothing to filter, as a whistle has above its
    note, what is lacking is the other's own.

    Args:
        clip: The sound.
        other: Of the same length, rate and channels.
        share: Of the way, in dB, 0 to 1.
    """
    window = window_for(clip.sample_rate)
    hop = window // REDUNDANCY
    own, wanted = (
        stft(torch.from_numpy(np.ascontiguousarray(each.frames)), hop, window)
        for each in (clip, other)
    )
    made = []
    for spectrum, model in zip(own, wanted, strict=True):
        here, there = _smooth_db(spectrum), _smooth_db(model)
        floor = max(float(here.max()), float(there.max())) - RANGE_DB
        gain = (there.clamp_min(floor) - here.clamp_min(floor)).clamp(_LEAST_DB, _MOST_DB) * share
        gain = torch.minimum(gain, gain * audible(spectrum.abs()))
        filtered = spectrum * 10 ** (gain / 20)
        lacking = (1 - 10 ** ((_smooth_db(filtered) - there) / 10)).clamp(0, 1).sqrt()
        made.append(filtered + model * lacking * share**2)
    frames = istft(torch.stack(made), hop, clip.length).numpy().astype(np.float32)
    return Clip(frames, clip.sample_rate)


def _smooth_db(spectrum: Tensor) -> Tensor:
    """Return the mean power around each bin of a spectrum (BINS, n), dB, of the same shape."""
    bins = len(spectrum)
    total = torch.nn.functional.pad(spectrum.abs().square().double().cumsum(dim=0), (0, 0, 1, 0))
    at = torch.arange(bins)
    reach = (at * (2 ** (_OCTAVES / 2) - 1)).clamp_min(_LEAST_BINS)
    low = (at - reach).clamp_min(0).round().long()
    high = (at + reach + 1).clamp_max(bins).round().long()
    power = (total[high] - total[low]) / (high - low)[:, None]
    return 10 * torch.log10(power.clamp_min(1e-20)).float()


def with_envelope_of(clip: Clip, other: Clip, begun: Sequence[int] = (0,)) -> Clip:
    """Return a sound as loud at each instant as another one is.

    Args:
        clip: The sound; where it is silent it stays so.
        other: Of the same length and rate.
        begun: Frames at which something begins in the other, rising, the first 0: what comes after
            makes nothing before it louder.
    """
    here, there = (power_course(each, begun) for each in (clip, other))
    floor = max(float(there.max()), 1e-12) * _SILENT
    gain = np.sqrt(there / (here + floor)).clip(0, _MOST_GAIN).astype(np.float32)
    return Clip(clip.frames * without_steps(gain, begun, clip.sample_rate), clip.sample_rate)
