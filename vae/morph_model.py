"""What a model says lies between sounds, for morphs that go through a codec or a space.

To the power mean P of the spectra comes what the model says of the mixture z beyond the power mean
of what it says of the sounds:

    log |S| = log P(|X|) + log D(z) - log P(D(z of X))

So the ends are the originals, whatever the model cannot say of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from library.clip import Clip
from vae.codec import BaseCodec
from vae.latents import Latents
from vae.power_mean import power_mean
from vae.resynthesis import MOST_DB, RANGE_DB, read_off
from vae.space import Space
from vae.spectrum import WINDOW

Correction = Callable[[int, int], Tensor]
"""From the first column and their count to nepers, (bins, count)."""

_NEPERS = float(np.log(10) / 20)


class Model:
    """A codec, or a space of it.

    Args:
        codec: Its latents are mixed.
        space: Where they are mixed instead, if any; of the codec.
    """

    def __init__(self, codec: BaseCodec, space: Space | None = None) -> None:
        self._codec, self._space = codec, space

    def correction(
        self, clips: Sequence[Clip], weights: Sequence[float], window: int, hop: int, start: int
    ) -> Correction:
        """Return what the model adds to the power mean.

        Args:
            clips: From their onsets on, of one length.
            weights: One for each.
            window: Of the spectra that are mixed.
            hop: Of the same.
            start: Frame in them at which the clips begin.
        """
        codec = self._codec
        sounds = codec.encode_batch(list(clips))
        mixed = self._mixed(sounds, weights)
        said = [self._level(latents) for latents in (mixed, *sounds)]
        floor = max(float(level.amax()) for level in said) - RANGE_DB
        between, *each = (level.clamp_min(floor) for level in said)
        expected = 20 * torch.log10(power_mean([10 ** (level / 20) for level in each], weights))
        change = (between - expected).clamp(-MOST_DB, MOST_DB)
        rate = clips[0].sample_rate
        column = codec.spectrum_hop * rate / codec.sample_rate

        def read(first: int, count: int) -> Tensor:
            decibels = read_off(
                change,
                window // 2 + 1,
                count,
                (rate / window) / (codec.sample_rate / WINDOW),
                hop / column,
                (first * hop - start) / column,
            )
            return decibels * _NEPERS

        return read

    def _mixed(self, sounds: Sequence[Latents], weights: Sequence[float]) -> Latents:
        if self._space is not None:
            return self._space.between(sounds, weights, self._codec)
        values = sum(w * latents.values for w, latents in zip(weights, sounds, strict=True))
        return Latents(np.asarray(values, np.float32))

    def _level(self, latents: Latents) -> Tensor:
        magnitudes = torch.from_numpy(self._codec.decode_magnitudes(latents))
        return 20 * torch.log10(magnitudes + 1e-9)
