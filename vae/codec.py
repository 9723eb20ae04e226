"""What a base codec must do: the one seam behind which any existing audio VAE fits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from library.clip import Clip
from vae.latents import Latents


class BaseCodec(Protocol):
    """A frozen audio autoencoder.

    Attributes:
        name: For people.
        digest: Identifies the weights; latents of different digests never mix.
        sample_rate: Hz, of what it encodes and decodes.
        channels: A clip is mixed to as many before it is encoded.
        hop: Audio frames in a step.
        dims: Values in a step.
        level_dims: How many of the first values say the sound's level and nothing else.
        spectrum_hop: Audio frames between the columns of `decode_magnitudes`.
        discrete: Its latents are codes: whole numbers that mean nothing in between. No space can be
            learned on them.
        random: It draws while it encodes; its latents are means of several draws.
        one_at_a_time: Several threads gain nothing from it.
    """

    name: str
    digest: str
    sample_rate: int
    channels: int
    hop: int
    dims: int
    level_dims: int
    spectrum_hop: int
    discrete: bool
    random: bool
    one_at_a_time: bool

    def encode(self, clip: Clip) -> Latents:
        """Encode a clip of any length, rate and channels; the same clip gives the same latents."""
        ...

    def encode_batch(self, clips: Sequence[Clip]) -> list[Latents]:
        """Encode clips together; the latents are those that each has alone."""
        ...

    def silence_after(self, latents: Latents) -> NDArray[np.float32]:
        """Return one step of the silence that follows a sound, float32, shape (dims,)."""
        ...

    def decode_magnitudes(self, latents: Latents) -> NDArray[np.float32]:
        """Decode to magnitudes, float32 >= 0, shape (BINS, n), scaled as `spectrum.stft` does."""
        ...

    def decode(self, latents: Latents, length: int | None = None) -> Clip:
        """Decode to a clip of `length` frames (all steps where None)."""
        ...
