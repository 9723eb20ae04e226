"""What stands beside the codec in its tables: less than it, more than it, and what must fail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.codec_measures import spectrum_of
from library.clip import Clip
from vae.codec import BaseCodec
from vae.house_codec import HouseCodec
from vae.house_model import HouseNet
from vae.latents import Latents
from vae.phase import invent_phase

Magnitudes = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Way:
    """A way of a mono clip through something that does not keep all of it.

    Attributes:
        magnitudes: Of what comes out, shape (BINS, n); None where only audio does.
        audio: What comes out, as long as what went in; None where only magnitudes do.
    """

    magnitudes: Callable[[Clip], Magnitudes] | None
    audio: Callable[[Clip], Clip] | None


def through(codec: BaseCodec) -> Way:
    """Return the way through a codec, to magnitudes and to its own audio."""
    return Way(
        lambda clip: codec.decode_magnitudes(codec.encode(clip)),
        lambda clip: codec.decode(codec.encode(clip), clip.length),
    )


def with_plain_phase(codec: BaseCodec) -> Way:
    """Return the way through a codec to audio whose phase is invented for its magnitudes alone."""

    def audio(clip: Clip) -> Clip:
        magnitude = codec.decode_magnitudes(codec.encode(clip))
        frames = invent_phase(magnitude, codec.spectrum_hop, clip.length)
        return Clip(frames[None], codec.sample_rate)

    return Way(through(codec).magnitudes, audio)


def mean_spectrum(codec: BaseCodec) -> Way:
    """Return the way to a sound's own mean spectrum, held for as long as it lasts."""

    def magnitudes(clip: Clip) -> Magnitudes:
        own = spectrum_of(clip, codec.spectrum_hop)
        mean = own.square().mean(dim=1, keepdim=True).sqrt()
        return mean.expand_as(own).contiguous().numpy()

    return Way(magnitudes, None)


def original_magnitudes(codec: BaseCodec) -> Way:
    """Return the way of the original's magnitudes through the codec's invented phase.

    No codec with that phase can come nearer to the sound but by chance.
    """

    def audio(clip: Clip) -> Clip:
        magnitude = spectrum_of(clip, codec.spectrum_hop).numpy()
        frames = invent_phase(magnitude, codec.spectrum_hop, clip.length)
        return Clip(frames[None], clip.sample_rate)

    return Way(None, audio)


def skeleton_only(codec: HouseCodec) -> HouseCodec:
    """Return the principal components that a house codec was trained from.

    They have as many dimensions and steps as it has, and were fitted to the same training sounds.
    """
    net = HouseNet(codec.net.config)
    net.set_skeleton(codec.net.mean, codec.net.analysis, codec.net.synthesis)
    return HouseCodec(net, "skeleton")


def random_weights(codec: HouseCodec) -> HouseCodec:
    """Return a codec of the same shape with random weights in every layer."""
    net = HouseNet(codec.net.config)
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in (*net.parameters(), *net.buffers()):
            parameter.normal_(0, 0.02, generator=generator)
    return HouseCodec(net, "random")


class Ignoring:
    """A codec whose decoder ignores what it is given, but for the level and the length.

    Args:
        codec: Encodes, and decodes other latents.
        values: Steps that are decoded in place of any sound's, over and over, float32, shape
            (s, dims), s >= 1.
    """

    def __init__(self, codec: BaseCodec, values: NDArray[np.float32]) -> None:
        self._codec = codec
        self._values = values
        self.name = "ignoring"
        self.digest = "ignoring"
        self.sample_rate = codec.sample_rate
        self.channels = codec.channels
        self.hop = codec.hop
        self.dims = codec.dims
        self.level_dims = codec.level_dims
        self.spectrum_hop = codec.spectrum_hop
        self.discrete = codec.discrete
        self.random = codec.random
        self.one_at_a_time = codec.one_at_a_time

    def _instead(self, latents: Latents) -> Latents:
        values = self._values[np.arange(latents.steps) % len(self._values)].copy()
        values[:, : self.level_dims] = latents.values[:, : self.level_dims]
        return Latents(values)

    def encode(self, clip: Clip) -> Latents:
        """Encode as the codec does."""
        return self._codec.encode(clip)

    def encode_batch(self, clips: Sequence[Clip]) -> list[Latents]:
        """Encode as the codec does."""
        return self._codec.encode_batch(clips)

    def silence_after(self, latents: Latents) -> NDArray[np.float32]:
        """Return the codec's own silence."""
        return self._codec.silence_after(latents)

    def decode_magnitudes(self, latents: Latents) -> Magnitudes:
        """Decode the other steps, at the level of these."""
        return self._codec.decode_magnitudes(self._instead(latents))

    def decode(self, latents: Latents, length: int | None = None) -> Clip:
        """Decode the other steps, at the level of these."""
        return self._codec.decode(self._instead(latents), length)
