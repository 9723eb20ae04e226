"""Steering: the change of spectrum that moves measured attributes by what is asked, and no others.

What a space's decoder says of a step along an attribute is a change of the spectrum, one for each
attribute. How much a sound moves along one, and what else moves with it, is another for every
sound. So the changes are measured on the sound itself, and taken in the proportion that reaches
what was asked: a few Gauss-Newton steps with Levenberg's damping (Levenberg 1944, Marquardt 1963).
Three changes that need no model, a tilt, a shelf and a contrast, help where the decoder's own reach
too little; they cost more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from library.clip import Clip
from vae.codec import BaseCodec
from vae.latents import Latents
from vae.resynthesis import MOST_DB, audible, decoded_change
from vae.soft_descriptors import STEERED, SoftDescriptors
from vae.space import Space
from vae.space_file import house_space
from vae.spectrum import BINS, WINDOW, stft

# Of a step of one standard deviation, in squared standard deviations missed.
_OWN_COST, _PLAIN_COST = 0.005, 0.02
_STEPS = 10
_ENOUGH = 0.02
_LONGEST_STEP = 1.5
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
        own = _decoder_fields(latents, space, codec)
        sound = _magnitudes(clip, codec)
        columns = min([sound.shape[1], *(field.shape[1] for field in own)])
        self._sound = sound[:, :columns]
        plain = _plain_fields(self._sound, codec.sample_rate)
        self._fields = torch.stack([*(field[:, :columns] for field in own), *plain])
        costs = torch.tensor([_OWN_COST] * len(own) + [_PLAIN_COST] * len(plain))
        at = torch.linspace(0, columns - 1, min(columns, _COLUMNS)).round().long()
        top_hz = 0.48 * clip.sample_rate
        measure = SoftDescriptors(self._sound[:, at], codec.sample_rate, top_hz)
        self._start = measure(self._sound[:, at])
        if like is not None:
            whole = _magnitudes(like, codec)
            self._start = SoftDescriptors(whole, codec.sample_rate, top_hz)(whole)
        self._solver = _Solver(self._sound[:, at], self._fields[..., at], costs, measure)
        self.deviations = _deviations(space)

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
        return _change(self._sound, audible(self._sound), self._fields, amounts)


def _deviations(space: Space) -> NDArray[np.float64]:
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


def _magnitudes(clip: Clip, codec: BaseCodec) -> Tensor:
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


def _change(magnitude: Tensor, raised: Tensor, fields: Tensor, amounts: Tensor) -> Tensor:
    """Return the change of fields in some amounts that leaves the energy of each column."""
    change = torch.tensordot(amounts, fields, 1)
    change = MOST_DB * torch.tanh(change / MOST_DB)
    change = torch.where(change > 0, change * raised, change)
    energy = magnitude.square().sum(dim=0) + 1e-20
    after = (magnitude * 10 ** (change / 20)).square().sum(dim=0) + 1e-20
    return change - 10 * torch.log10(after / energy)


class _Solver:
    """Finds the amounts of fields for one sound."""

    def __init__(
        self, magnitude: Tensor, fields: Tensor, costs: Tensor, measure: SoftDescriptors
    ) -> None:
        self._magnitude, self._fields, self._costs = magnitude, fields, costs
        self._raised = audible(magnitude)
        self._measure = measure

    def solve(self, goal: Tensor, deviations: Tensor) -> Tensor:
        """Return the amounts, shape (k,).

        Args:
            goal: What the descriptors shall be, on the even scales, (3,); NaN for any.
            deviations: By which a miss is weighed, (3,).
        """
        known = ~goal.isnan()

        def missed(amounts: Tensor) -> Tensor:
            change = _change(self._magnitude, self._raised, self._fields, amounts)
            measured = self._measure(self._magnitude * 10 ** (change / 20))
            return ((goal - measured) / deviations)[known]

        amounts = torch.zeros(len(self._fields))
        damping = 1e-2
        residual, slopes = _with_slopes(missed, amounts)
        for _ in range(_STEPS):
            if float(residual.abs().max()) < _ENOUGH:
                break
            cost = self._cost(residual, amounts)
            gradient = slopes.T @ residual + self._costs * amounts
            curvature = slopes.T @ slopes + torch.diag(self._costs)
            while True:
                step = -torch.linalg.solve(curvature + damping * torch.eye(len(amounts)), gradient)
                tried = amounts + step.clamp(-_LONGEST_STEP, _LONGEST_STEP)
                with torch.no_grad():
                    better = self._cost(missed(tried), tried) < cost - 1e-5
                if better or damping > 100:
                    break
                damping *= 4
            if not better:
                break
            amounts, damping = tried, max(damping / 3, 1e-4)
            residual, slopes = _with_slopes(missed, amounts)
        return amounts

    def _cost(self, residual: Tensor, amounts: Tensor) -> float:
        return float(residual.square().sum() + (self._costs * amounts.square()).sum())


def _with_slopes(missed: Callable[[Tensor], Tensor], amounts: Tensor) -> tuple[Tensor, Tensor]:
    """Return what is missed, and how that changes with the amounts, (r, k)."""
    with torch.enable_grad():
        free = amounts.clone().requires_grad_(True)
        residual = missed(free)
        rows = [torch.autograd.grad(each, free, retain_graph=True)[0] for each in residual]
    return residual.detach(), torch.stack(rows)
