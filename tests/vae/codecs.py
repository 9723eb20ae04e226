"""Codecs that must fail where the house codec passes, and how far a codec is from a sound."""

from __future__ import annotations

from collections.abc import Callable

import torch

from library.clip import Clip
from vae.codec import BaseCodec
from vae.house_codec import SAMPLE_RATE, HouseCodec, house_codec
from vae.house_model import HOP, HouseNet
from vae.latents import Latents
from vae.mel_error import mel_error_db
from vae.spectrum import mel_filters, stft

FILTERS = mel_filters(64, SAMPLE_RATE)


def reference(clip: Clip) -> torch.Tensor:
    """Magnitudes of a mono clip at the house codec's rate, shape (BINS, n)."""
    return stft(torch.from_numpy(clip.frames), HOP).abs()[0]


def error_db(clip: Clip, magnitude: torch.Tensor) -> float:
    """The error of magnitudes, which may have more columns than the clip."""
    wanted = reference(clip)
    return mel_error_db(wanted, magnitude[:, : wanted.shape[1]], FILTERS).item()


def codec_error_db(
    codec: BaseCodec, clip: Clip, turned: Callable[..., Latents] = lambda x: x
) -> float:
    """The error of a codec on a clip, with the latents changed on the way."""
    latents = turned(codec.encode(clip))
    return error_db(clip, torch.from_numpy(codec.decode_magnitudes(latents)))


def mean_spectrum_error_db(clip: Clip) -> float:
    """The error of one spectrum for the whole sound, its own: a decoder that ignores time."""
    wanted = reference(clip)
    return error_db(clip, wanted.square().mean(dim=1, keepdim=True).sqrt().expand_as(wanted))


def random_codec() -> HouseCodec:
    """The house codec's shape with random weights in every layer."""
    net = HouseNet(house_codec().net.config)
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in (*net.parameters(), *net.buffers()):
            parameter.normal_(0, 0.02, generator=generator)
    return HouseCodec(net, "random")


def skeleton_net() -> HouseNet:
    """The house network before its training: principal components and nothing else."""
    trained = house_codec().net
    net = HouseNet(trained.config)
    net.set_skeleton(trained.mean, trained.analysis, trained.synthesis)
    return net
