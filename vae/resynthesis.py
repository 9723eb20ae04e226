"""Differential resynthesis: a move in latent space changes the original, and nothing replaces it.

The original's spectrum is multiplied by the ratio of what the decoder says after and before the
move; its phase is kept. Where nothing moves nothing changes, whatever the codec cannot say of the
sound.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from library.clip import Clip
from vae.codec import BaseCodec
from vae.latents import Latents
from vae.long_spectra import OverlapAdd, blocks, column_count, spectrum_block
from vae.spectrum import WINDOW, window_for

MOST_DB = 40.0
RANGE_DB = 75.0
AUDIBLE_DB, SILENT_DB = -50.0, -70.0
FAINT_DB = -10.0
"""How much further under the loudest of the whole sound a bin may be."""
REDUNDANCY = 8


def decoded_change(codec: BaseCodec, before: Latents, after: Latents) -> Tensor:
    """Return the change in dB that the decoder says, shape (BINS, n).

    Both sides are held above a floor under the louder one: what is that faint is the decoder's
    guess, and the ratio of two guesses is noise.
    """
    old = torch.from_numpy(codec.decode_magnitudes(before))
    new = torch.from_numpy(codec.decode_magnitudes(after))
    floor = torch.maximum(old.amax(), new.amax()) * 10 ** (-RANGE_DB / 20) + 1e-9
    change = 20 * torch.log10((new + floor) / (old + floor))
    # Three bins wide, so that a single bin does not whistle.
    smooth = torch.nn.functional.avg_pool1d(
        change.T[:, None], 3, stride=1, padding=1, count_include_pad=False
    )
    return smooth[:, 0].T.clamp(-MOST_DB, MOST_DB)


def audible(magnitude: Tensor, highest: Tensor | None = None) -> Tensor:
    """Return how far each bin (..., BINS, n) stands out of the noise under its column's peak, 0..1.

    What is not heard must not be raised: the faint rest of a recording would turn into a sound that
    nobody played. Nor what is far under the loudest of all: the hiss of a room is near its rumble,
    and is heard as soon as a change that keeps the energy of a column takes that away.

    Args:
        magnitude: Of a sound, or of a part of it.
        highest: Of the whole sound, (..., 1, 1), where this is a part.
    """
    peak = magnitude.amax(dim=-2, keepdim=True).clamp_min(1e-9)
    if highest is None:
        highest = peak.amax(dim=-1, keepdim=True)
    loudest = highest * 10 ** (FAINT_DB / 20)
    under = 20 * torch.log10(magnitude / torch.maximum(peak, loudest) + 1e-9)
    return ((under - SILENT_DB) / (AUDIBLE_DB - SILENT_DB)).clamp(0, 1)


def read_off(
    change: Tensor,
    bins: int,
    columns: int,
    bin_step: float,
    column_step: float,
    first_column: float = 0.0,
) -> Tensor:
    """Return a change (b, n) read off at other bins and columns, linearly, held at its edges.

    Args:
        change: At the codec's bins and columns.
        bins: Wanted.
        columns: Wanted.
        bin_step: From one to the next, in bins of the change.
        column_step: From one to the next, in columns of the change.
        first_column: Where the first one lies, in columns of the change.
    """

    def along(x: Tensor, count: int, step: float, dim: int, first: float = 0.0) -> Tensor:
        at = (first + torch.arange(count) * step).clamp(0, x.shape[dim] - 1)
        low = at.floor().long()
        high = (low + 1).clamp(max=x.shape[dim] - 1)
        shape = [1, 1]
        shape[dim] = count
        part = (at - low).reshape(shape).float()
        return torch.lerp(x.index_select(dim, low), x.index_select(dim, high), part)

    return along(along(change, bins, bin_step, 0), columns, column_step, 1, first_column)


def resynthesise(clip: Clip, codec: BaseCodec, before: Latents, after: Latents) -> Clip:
    """Change a clip by a move of its latents.

    Args:
        clip: The original, any rate and channels; all channels change alike.
        codec: What made the latents.
        before: The original's latents.
        after: The moved latents, of the same number of steps.

    Returns:
        A clip of the same length, rate and channels.
    """
    if clip.length == 0 or np.array_equal(before.values, after.values):
        return clip
    return changed(clip, codec, decoded_change(codec, before, after))


def changed(clip: Clip, codec: BaseCodec, change: Tensor) -> Clip:
    """Return a clip with its spectrum changed, its phase kept.

    Args:
        clip: Any rate and channels, not empty; all channels change alike.
        codec: Whose columns the change has.
        change: dB, shape (BINS, n).
    """
    return filtered(clip, change, codec.sample_rate, codec.spectrum_hop)


@torch.inference_mode()
def filtered(clip: Clip, change: Tensor, rate: int, change_hop: int) -> Clip:
    """Return a clip with its spectrum changed, its phase kept.

    Args:
        clip: Any rate and channels, not empty; all channels change alike.
        change: dB, shape (BINS, n).
        rate: Hz, at which the change has its bins.
        change_hop: Frames at that rate from one column of the change to the next.
    """
    window = window_for(clip.sample_rate)
    hop = window // REDUNDANCY
    bin_step = (clip.sample_rate / window) / (rate / WINDOW)
    column_step = (hop / clip.sample_rate) / (change_hop / rate)
    frames = torch.from_numpy(np.ascontiguousarray(clip.frames))
    out = OverlapAdd(clip.channels, clip.length, hop, window)
    columns = column_count(clip.length, hop)
    highest = torch.zeros(clip.channels, 1, 1)
    for first, count in blocks(columns):
        spectrum = spectrum_block(frames, hop, window, first, count)
        highest = torch.maximum(highest, spectrum.abs().amax(dim=(1, 2), keepdim=True))
    for first, count in blocks(columns):
        if count < columns:
            spectrum = spectrum_block(frames, hop, window, first, count)
        bins = spectrum.shape[1]
        ratio = read_off(change, bins, count, bin_step, column_step, first * column_step)
        ratio = torch.minimum(ratio, ratio * audible(spectrum.abs(), highest))
        out.add(spectrum * 10 ** (ratio / 20), first)
    return Clip(out.audio().numpy().astype(np.float32), clip.sample_rate)
