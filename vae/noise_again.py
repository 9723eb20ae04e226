"""The noise in a sound as another noise of the same spectrum, as it is each time a drum is hit.

A random gain on noise would make it patchy: noise that is noisy twice. So as much of it as wanted
goes, and independent noise of the same power and the same coherence between the channels comes, bin
by bin.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from library.clip import Clip
from vae.resynthesis import REDUNDANCY, read_off
from vae.spectrum import WINDOW, istft, stft, window_for

# Over which the power of noise is averaged: what is left of its own grain is 1 dB.
_AROUND_BINS, _AROUND_COLUMNS = 9, 13
_EULER = 0.5772


@torch.inference_mode()
def with_other_noise(clip: Clip, share: Tensor, rate: int, hop: int, seed: Sequence[int]) -> Clip:
    """Return a clip with other noise.

    Args:
        clip: Any rate, of one or two channels; more are returned as they are.
        share: Which share of the power of each bin is to be another noise, 0 to 1, (BINS, n).
        rate: Hz, at which `share` has its bins.
        hop: Frames at that rate between its columns.
        seed: Of the noise.
    """
    if clip.channels > 2 or not clip.length or not share.any():
        return clip
    window = window_for(clip.sample_rate)
    step = window // REDUNDANCY
    spectrum = stft(torch.from_numpy(np.ascontiguousarray(clip.frames)), step, window)
    share = read_off(
        share,
        spectrum.shape[1],
        spectrum.shape[2],
        (clip.sample_rate / window) / (rate / WINDOW),
        (step / clip.sample_rate) / (hop / rate),
    )
    rng = np.random.default_rng(seed)
    white = torch.from_numpy(rng.standard_normal(clip.frames.shape, np.float32))
    # The squares of a Hann window have the mean 3/8, and `stft` scales by 4 / window.
    noise = stft(white, step, window) * math.sqrt(window / 6)
    made = spectrum * (1 - share).sqrt() + _coloured(noise, spectrum, share) * share.sqrt()
    # What is not noise comes back bit for bit.
    change = istft(made - spectrum, step, clip.length).numpy()
    return Clip((clip.frames + change).astype(np.float32), clip.sample_rate)


def _coloured(noise: Tensor, like: Tensor, share: Tensor) -> Tensor:
    """Return noise of mean power 1 with the power and the coherence of spectra, (c, b, n)."""
    power = torch.stack([_noise_power(each.abs().square(), share) for each in like])
    first = power[0].sqrt()
    if len(like) == 1:
        return noise * first
    product = like[1] * like[0].conj()
    shared = torch.complex(_around(product.real), _around(product.imag))
    whole = [_around(each.abs().square()) for each in like]
    coherence = shared / (whole[0] * whole[1]).sqrt().clamp_min(1e-20)
    second = power[1].sqrt()
    alone = (1 - coherence.abs().square()).clamp_min(0).sqrt()
    return torch.stack([noise[0] * first, (noise[0] * coherence + noise[1] * alone) * second])


def _noise_power(power: Tensor, share: Tensor) -> Tensor:
    """Return the mean power of the noise around each bin, (b, n).

    The mean of the logarithms, of what is noise alone: a partial nearby must not become noise.
    """
    weight = share + 1e-6
    logarithm = torch.log(power + power.max() * 1e-12 + 1e-30)
    mean = _around(logarithm * weight) / _around(weight)
    # The power of noise is distributed exponentially: its logarithm has the mean of minus
    # Euler's constant.
    return torch.exp(mean + _EULER)


def _around(values: Tensor) -> Tensor:
    """Return means over neighbouring bins and columns, (b, n)."""
    return torch.nn.functional.avg_pool2d(
        values[None],
        (_AROUND_BINS, _AROUND_COLUMNS),
        stride=1,
        padding=(_AROUND_BINS // 2, _AROUND_COLUMNS // 2),
        count_include_pad=False,
    )[0]
