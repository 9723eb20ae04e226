"""The nearest sound that a space can make to a given one.

What a space says of a foreign sound after encoding it is a first guess: its encoder was trained on
other sounds. So z is moved, by the gradient through both decoders, until what they say is nearest
to what the codec alone says of the sound, as Zhu et al. project an image onto what a generator can
make (Generative visual manipulation on the natural image manifold, 2016). A cost on leaving where
the user's sounds lie keeps it one of theirs.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from library.clip import Clip
from vae.channels import through
from vae.codec import BaseCodec
from vae.house_codec import HouseCodec
from vae.latents import Latents
from vae.level import as_loud_as
from vae.mel_error import smoothed_mel_db
from vae.pieces import joined, pieces_of
from vae.space import Space
from vae.spectrum import mel_filters
from vae.windows import windows

BANDS = 64
RANGE_DB = 70.0
STEPS = 60
RATE = 0.1
# What it costs, in dB, to be less usual than nearly all of the user's own sounds, for each squared
# standard deviation from their middle.
UNUSUAL_DB = 0.02
# As much as a space sees at once.
_LONGEST_PIECE_S = 3.0


def nearest(clip: Clip, space: Space, codec: BaseCodec) -> Clip:
    """Return the sound that a space can make which is nearest to one, piece by piece.

    Args:
        clip: Any.
        space: The user's.
        codec: Of the space.

    Returns:
        What the decoders say, of the same length, rate, channels and loudness.
    """
    if not clip.length or not clip.frames.any():
        return clip
    pieces = pieces_of(clip, _LONGEST_PIECE_S)
    parts = []
    for each in pieces:
        piece = each.of(clip)
        if piece.frames.any():
            piece = through(codec, piece, lambda latents: nearest_latents(latents, space, codec))
        parts.append(piece.frames)
    made = Clip(joined(parts, pieces), clip.sample_rate)
    return as_loud_as(made, clip) if made.frames.any() else made


def nearest_latents(target: Latents, space: Space, codec: BaseCodec) -> Latents:
    """Return the latents nearest to some that a space's decoder can give.

    Near in the log-mel spectrum, where the codec lets gradients through; else in the latents, each
    dimension as much as the target varies in all.

    Args:
        target: Base latents.
        space: Whose decoder.
        codec: What made them.
    """
    flat = torch.from_numpy(windows(target, codec).reshape(-1, space.net.config.window))
    wanted = torch.from_numpy(target.values)
    level = wanted[:, : codec.level_dims]

    def said(z: Tensor) -> Tensor:
        values = space.net.decode(z).reshape(-1, target.dims)[: target.steps]
        return torch.cat([level, values[:, codec.level_dims :]], dim=1)

    missed = _MissedMel(wanted, codec) if isinstance(codec, HouseCodec) else _MissedLatents(wanted)
    unusual = _Unusual(space)
    with torch.no_grad():
        z = space.net.encode(flat)
    z = z.clone().requires_grad_()
    best, least = z.detach().clone(), float("inf")
    optimiser = torch.optim.Adam([z], lr=RATE)
    for _ in range(STEPS):
        values = said(z)
        cost = missed(values) + UNUSUAL_DB * unusual(z)
        if (now := cost.item()) < least:
            best, least = z.detach().clone(), now
        optimiser.zero_grad()
        cost.backward()
        optimiser.step()
    with torch.no_grad():
        return Latents(np.ascontiguousarray(said(best).numpy()))


class _MissedMel:
    """Mean error of the log-mel spectrum, dB, where either is heard."""

    def __init__(self, wanted: Tensor, codec: HouseCodec) -> None:
        self._codec = codec
        self._filters = mel_filters(BANDS, codec.sample_rate)
        with torch.no_grad():
            image = smoothed_mel_db(codec.magnitudes(wanted[None])[0], self._filters)
        self._floor = image.max() - RANGE_DB
        self._image = image.clamp_min(self._floor)

    def __call__(self, values: Tensor) -> Tensor:
        """Return the error of latents (s, dims)."""
        image = smoothed_mel_db(self._codec.magnitudes(values[None])[0], self._filters)
        image = image.clamp_min(self._floor)
        heard = ((image > self._floor) | (self._image > self._floor)).float()
        return (_rounded(image - self._image) * heard).sum() / heard.sum().clamp_min(1)


class _MissedLatents:
    """Mean error of latents, of which their standard deviation counts as 10 dB."""

    def __init__(self, wanted: Tensor) -> None:
        self._wanted = wanted
        self._unit = 0.1 * (wanted - wanted.mean(dim=0)).square().mean().sqrt().clamp_min(1e-3)

    def __call__(self, values: Tensor) -> Tensor:
        """Return the error of latents (s, dims)."""
        return _rounded((values - self._wanted) / self._unit).mean()


def _rounded(error: Tensor) -> Tensor:
    """Return how large errors are, without a corner at nothing."""
    return torch.nn.functional.huber_loss(
        error, torch.zeros_like(error), reduction="none", delta=3.0
    ) / 3.0  # fmt: skip


class _Unusual:
    """By how much windows are farther from the middle of the user's sounds than nearly all of them.

    In squared standard deviations. Those of a normal distribution are chi-squared: 95 of 100 are
    within about the dimensions and 1.645 times the root of twice as many.
    """

    def __init__(self, space: Space) -> None:
        self._usual = space.dims + 1.645 * math.sqrt(2 * space.dims)
        if space.usual is None:
            self._mean = torch.zeros(space.dims)
            self._inverse = torch.eye(space.dims)
        else:
            spread = space.usual.covariance + 0.1 * np.eye(space.dims)
            self._mean = torch.from_numpy(space.usual.mean)
            self._inverse = torch.from_numpy(np.linalg.inv(spread).astype(np.float32))

    def __call__(self, z: Tensor) -> Tensor:
        """Return it for z (n, dims)."""
        away = z - self._mean
        squared = ((away @ self._inverse) * away).sum(dim=1)
        return (squared - self._usual).clamp_min(0).mean()
