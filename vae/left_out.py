"""What one sound has that another, made to be near it, has not: to be heard, and in figures."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from library.clip import Clip
from vae.mel_error import mel_error_db, smoothed_mel_db
from vae.resynthesis import REDUNDANCY
from vae.spectrum import istft, mel_filters, stft, window_for

EDGES_HZ = (30, 125, 250, 500, 1000, 2000, 4000, 8000, 16000)
"""Of the bands that figures are told of."""

_RATE, _HOP, _MEL_BANDS, _RANGE_DB = 44_100, 256, 64, 70.0
_SILENT_DB = -100.0
# Power is compared over a neighbourhood: two noises are never alike bin by bin.
_AROUND_BINS, _AROUND_COLUMNS = 9, 13


@torch.inference_mode()
def left_out(target: Clip, made: Clip) -> Clip:
    """Return what a sound has more of than another, in its own phase.

    Its power and that of the other one make the sound's power; what the other has too much of is
    not in it.

    Args:
        target: The sound.
        made: Of the same length, rate and channels.
    """
    if not target.length:
        return target
    window = window_for(target.sample_rate)
    hop = window // REDUNDANCY
    spectrum, other = (
        stft(torch.from_numpy(np.ascontiguousarray(each.frames)), hop, window)
        for each in (target, made)
    )
    there, here = _around(spectrum), _around(other)
    share = (1 - here / there.clamp_min(1e-20)).clamp(0, 1)
    frames = istft(spectrum * share.sqrt(), hop, target.length).numpy()
    return Clip(frames.astype(np.float32), target.sample_rate)


def _around(spectrum: Tensor) -> Tensor:
    """Return the mean power around each bin, (c, b, n)."""
    return torch.nn.functional.avg_pool2d(
        spectrum.abs().square(),
        (_AROUND_BINS, _AROUND_COLUMNS),
        stride=1,
        padding=(_AROUND_BINS // 2, _AROUND_COLUMNS // 2),
        count_include_pad=False,
    )


def distance_db(target: Clip, made: Clip) -> float:
    """Return how far two clips are apart to the ear; see `vae.mel_error`."""
    filters = mel_filters(_MEL_BANDS, _RATE)
    return float(mel_error_db(_magnitudes(target), _magnitudes(made), filters))


def missed_db(target: Clip, made: Clip) -> list[float | None]:
    """Return by how many dB a clip is fainter than a target, in each band of `EDGES_HZ`.

    The mean over what is heard of the target; less than 0 where there is too much, None where
    nothing is heard.
    """
    filters = mel_filters(_MEL_BANDS, _RATE)
    wanted, found = (smoothed_mel_db(_magnitudes(each), filters) for each in (target, made))
    floor = max(float(wanted.max()), _SILENT_DB) - _RANGE_DB
    lacking = wanted - found.clamp_min(floor)
    heard = wanted > floor
    middles = _middles(filters)
    bands: list[float | None] = []
    for low, high in pairwise(EDGES_HZ):
        inside = ((middles >= low) & (middles < high))[:, None] & heard
        bands.append(float(lacking[inside].mean()) if inside.any() else None)
    return bands


def _middles(filters: Tensor) -> Tensor:
    hz = torch.arange(filters.shape[1]) * (_RATE / (2 * (filters.shape[1] - 1)))
    return filters @ hz


def _magnitudes(clip: Clip) -> Tensor:
    mono = clip.at_rate(_RATE).mono()
    return stft(torch.from_numpy(np.ascontiguousarray(mono))[None], _HOP)[0].abs()


def in_words(bands: Sequence[float | None], much_db: float = 6.0) -> str:
    """Return what figures of `missed_db` say, for people."""
    named = list(zip(pairwise(EDGES_HZ), bands, strict=False))
    less = [f"{a} to {b} Hz" for (a, b), db in named if db is not None and db > much_db]
    more = [f"{a} to {b} Hz" for (a, b), db in named if db is not None and db < -much_db]
    said = [f"too little at {', '.join(less)}"] if less else []
    said += [f"too much at {', '.join(more)}"] if more else []
    return "; ".join(said) or f"within {much_db:g} dB in every band"
