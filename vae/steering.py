"""Steering: the change of spectrum that moves measured attributes by what is asked, and no others.

What a space's decoder says of a step along an attribute is a change of the spectrum, one for each
attribute. How much a sound moves along one, and what else moves with it, is another for every
sound. So the changes are measured on the sound itself, and taken in the proportion that reaches
what was asked, which `vae.steering_solver` finds. Three changes that need no model, a tilt, a shelf
and a contrast, help where the decoder's own reach too little; they cost more.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from library.clip import Clip
from vae.codec import BaseCodec
from vae.latents import Latents
from vae.long_spectra import blocks
from vae.resynthesis import audible, decoded_change
from vae.soft_descriptors import STEERED, SoftDescriptors
from vae.space import Space
from vae.space_file import house_space
from vae.spectrum import BINS, WINDOW, stft
from vae.steering_solver import Solver, balanced

# Of a step of one standard deviation, in squared standard deviations missed.
_OWN_COST, _PLAIN_COST = 0.005, 0.02
# A long sound is measured at so many of its columns, spread evenly.
_COLUMNS = 512


class Steering:
    """One sound, ready to be steered.

    Args:
        clip: The sound, from its onset on, not empty.
        latents: Of it.
        space: Whose directions.
        codec: What made the latents.
        like: The sound that steps are counted from; the sound itself where None.
    """

    def __init__(
        self,
        clip: Clip,
        latents: Latents,
        space: Space,
        codec: BaseCodec,
        like: Clip | None = None,
    ) -> None:
        self._sound, self._fields, costs = fields_of(clip, latents, space, codec)
        columns = self._sound.shape[1]
        at = torch.linspace(0, columns - 1, min(columns, _COLUMNS)).round().long()
        top_hz = 0.48 * clip.sample_rate
        measure = SoftDescriptors(self._sound[:, at], codec.sample_rate, top_hz)
        self._start = measure(self._sound[:, at])
        if like is not None:
            whole = magnitudes_of(like, codec)
            self._start = SoftDescriptors(whole, codec.sample_rate, top_hz)(whole)
        self._solver = Solver(self._sound[:, at], self._fields[..., at], costs, measure)
        self.deviations = deviations_of(space)

    def change(
        self, wanted: Mapping[str, float], more: NDArray[np.float64] | None = None
    ) -> Tensor:
        """Return the change of the spectrum that moves the sound's attributes.

        The energy of every column stays: neither level nor envelope change.

        Args:
            wanted: Attribute to standard deviations of the space; those of `STEERED` that are not
                named are held where they are.
            more: Standard deviations to add, (3,), in the order of `STEERED`.

        Returns:
            dB, shape (BINS, n), the columns of `codec.decode_magnitudes`.
        """
        steps = np.array([float(wanted.get(name, 0.0)) for name in STEERED])
        goal = steps if more is None else steps + more
        moved = torch.from_numpy((goal * self.deviations).astype(np.float32))
        deviations = torch.from_numpy(self.deviations.astype(np.float32))
        amounts = self._solver.solve(self._start + moved, deviations)
        parts, highest = [], self._sound.amax()
        for first, count in blocks(self._sound.shape[1]):
            at = slice(first, first + count)
            sound = self._sound[:, at]
            parts.append(balanced(sound, audible(sound, highest), self._fields[..., at], amounts))
        return torch.cat(parts, dim=1)


def fields_of(
    clip: Clip, latents: Latents, space: Space, codec: BaseCodec
) -> tuple[Tensor, Tensor, Tensor]:
    """Return what a sound is steered by.

    Args:
        clip: The sound, from its onset on, not empty.
        latents: Of it.
        space: Whose directions.
        codec: What made the latents.

    Returns:
        The sound's magnitudes (BINS, n); changes in dB, those of the decoder and then those that
        need no model, (k, BINS, n); and what a step along each costs, (k,).
    """
    own = _decoder_fields(latents, space, codec)
    sound = magnitudes_of(clip, codec)
    columns = min([sound.shape[1], *(field.shape[1] for field in own)])
    sound = sound[:, :columns]
    plain = _plain_fields(sound, codec.sample_rate)
    fields = torch.stack([*(field[:, :columns] for field in own), *plain])
    return sound, fields, torch.tensor([_OWN_COST] * len(own) + [_PLAIN_COST] * len(plain))


def deviations_of(space: Space) -> NDArray[np.float64]:
    """Return the standard deviations of `STEERED`, on the even scales, (3,)."""
    house = house_space()
    names = [a.name for a in space.attributes]
    deviations = []
    for name in STEERED:
        # What the space does not follow is held all the same.
        known = name in names and space.learned[space.position(name)]
        of = space if known else house
        deviations.append(float(of.deviation[of.position(name)]))
    return np.array(deviations)


def _decoder_fields(latents: Latents, space: Space, codec: BaseCodec) -> list[Tensor]:
    """Return what the decoder says of a step along each attribute, in dB, (BINS, n)."""
    fields = []
    for position, attribute in enumerate(space.attributes):
        if attribute.name in STEERED and space.learned[position]:
            shift = np.zeros(space.dims, np.float32)
            shift[position] = 1.0
            fields.append(decoded_change(codec, latents, space.move(latents, codec, shift)))
    return fields


def magnitudes_of(clip: Clip, codec: BaseCodec) -> Tensor:
    """Return the sound's magnitudes at the codec's columns."""
    mono = clip.at_rate(codec.sample_rate).mono()
    return stft(torch.from_numpy(np.ascontiguousarray(mono))[None], codec.spectrum_hop).abs()[0]


def _plain_fields(magnitude: Tensor, sample_rate: int) -> Tensor:
    """Return changes that need no model, dB, (3, BINS, n): 6 dB an octave, lows, less contrast."""
    hz = torch.arange(BINS) * (sample_rate / WINDOW)
    tilt = 6.0 * torch.log2(hz.clamp_min(30.0) / 1000.0)
    shelf = 12.0 * torch.sigmoid((180.0 - hz) / 30.0)
    level = 20 * torch.log10(magnitude + magnitude.max() * 1e-5 + 1e-12)
    around = torch.nn.functional.avg_pool1d(
        level.T[:, None], 31, stride=1, padding=15, count_include_pad=False
    )[:, 0].T
    flatter = (0.5 * (around - level)).clamp(-30, 30)
    steady = torch.stack([tilt, shelf])[..., None].expand(-1, -1, magnitude.shape[1])
    return torch.cat([steady, flatter[None]])
