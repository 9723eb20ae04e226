"""Brightness, noisiness and low end steered over time: piece by piece, in pieces that overlap.

Each piece is solved for what is asked of it at its time (`vae.steering_solver`), all else that is
steered held where it is in that piece. Between the middles of two pieces the amounts go evenly from
one to the other, so nothing steps; and as no column changes its energy, no attack is smeared. What
came out is measured in the same pieces, and solved once more for what is missed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from library.clip import Clip
from vae.codec import BaseCodec
from vae.courses import Course
from vae.latents import Latents
from vae.resynthesis import audible, changed
from vae.soft_descriptors import STEERED, SoftDescriptors
from vae.space import Space
from vae.steering import deviations_of, fields_of, magnitudes_of
from vae.steering_solver import Solver, balanced
from vae.trajectory import Depth
from vae.vary import MOST_DEVIATIONS

_LONGEST_PIECE_S, _SHORTEST_PIECE_S = 0.25, 0.06
_PIECES = 12
"""A short sound has about as many."""
_SOUNDING_DB = -50.0
"""A piece that is quieter, beside the loudest, goes along with its neighbours."""
_COLUMNS = 24
"""Of a longer piece so many are measured, spread evenly."""
_AT_ONCE = 24
_TRIES = 2
_HELD = 0.5
"""How much a change that nobody asked for counts against what was asked."""
_MOST_MORE = 2.0
_ENOUGH = 0.1


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Pieces of a sound that are heard.

    Attributes:
        columns: Which columns of the spectrum each has, (w, m).
        middles: Of each, in columns, float32, (w,).
    """

    columns: Tensor
    middles: Tensor


def steered_over_time(
    clip: Clip,
    latents: Latents,
    space: Space,
    codec: BaseCodec,
    courses: Mapping[str, Course],
) -> Clip:
    """Return a sound whose attributes take courses over time.

    Args:
        clip: The sound, from its onset to its end, not silent.
        latents: Of it.
        space: Whose directions and standard deviations.
        codec: What made the latents.
        courses: Of attributes of `STEERED`; the others are held.

    Returns:
        A clip of the same length, rate and channels.
    """
    sound, fields, costs = fields_of(clip, latents, space, codec)
    pieces = _pieces(sound, codec.spectrum_hop / codec.sample_rate)
    deviations = torch.from_numpy(deviations_of(space).astype(np.float32))
    top_hz = 0.48 * clip.sample_rate

    def measured(magnitude: Tensor) -> Tensor:
        parts = _cut(magnitude, pieces.columns)
        return SoftDescriptors(parts, codec.sample_rate, top_hz)(parts)

    start = measured(sound)
    seconds = pieces.middles.double().numpy() * codec.spectrum_hop / codec.sample_rate
    steps = torch.zeros_like(start)
    for name, course in courses.items():
        at = STEERED.index(name)
        if isinstance(course, Depth):
            own = start[:, at] / deviations[at]
            steps[:, at] = (course.factor - 1.0) * (own - own.nanmean())
        else:
            steps[:, at] = torch.from_numpy(course.at(seconds, clip.duration).astype(np.float32))
    steps = steps.clamp(-MOST_DEVIATIONS, MOST_DEVIATIONS).nan_to_num()
    goal = start + steps * deviations
    asked = torch.tensor([name in courses for name in STEERED])
    scale = torch.where(asked, deviations, deviations / _HELD)
    raised = audible(sound)
    aim, best, least = goal, clip, float("inf")
    for _ in range(_TRIES):
        amounts = torch.cat([
            Solver(
                parts := _cut(sound, columns),
                _cut(fields, columns),
                costs,
                SoftDescriptors(parts, codec.sample_rate, top_hz),
            ).solve(wanted, scale)
            for columns, wanted in zip(
                pieces.columns.split(_AT_ONCE), aim.split(_AT_ONCE), strict=True
            )
        ])  # fmt: skip
        along = _between(amounts, pieces.middles, sound.shape[1])
        made = changed(clip, codec, balanced(sound, raised, fields, along))
        whole = magnitudes_of(made, codec)[:, : sound.shape[1]]
        short = ((goal - measured(whole)) / deviations).nan_to_num()
        if (miss := float((short * deviations / scale).square().mean())) < least:
            best, least = made, miss
        if float(short.abs().max()) < _ENOUGH:
            break
        aim = aim + short.clamp(-_MOST_MORE, _MOST_MORE) * deviations
    return best


def _pieces(sound: Tensor, column_s: float) -> _Pieces:
    """Return the pieces of a spectrum (BINS, n) that are heard, the next from the middle of one."""
    count = sound.shape[1]
    long_s = min(_LONGEST_PIECE_S, max(_SHORTEST_PIECE_S, 2 * count * column_s / _PIECES))
    long = min(count, max(1, round(long_s / column_s)))
    number = 1 + max(0, round((count - long) / (0.5 * long)))
    firsts = torch.linspace(0, count - long, number).round().unique()
    within = torch.linspace(0, long - 1, min(long, _COLUMNS)).round()
    columns = (firsts[:, None] + within).long()
    energy = sound.square().sum(dim=0)[columns].mean(dim=1)
    heard = energy >= energy.max() * 10 ** (_SOUNDING_DB / 10)
    return _Pieces(columns[heard], (firsts + 0.5 * (long - 1))[heard])


def _cut(spectra: Tensor, columns: Tensor) -> Tensor:
    """Return columns (w, m) of spectra (..., BINS, n), (..., w, BINS, m)."""
    cut = spectra[..., columns]  # (..., BINS, w, m)
    return cut.movedim(-2, -3)


def _between(amounts: Tensor, middles: Tensor, count: int) -> Tensor:
    """Return amounts (w, k) at every column, (k, count): even between the middles of pieces."""
    at = torch.arange(count, dtype=middles.dtype).clamp(middles[0], middles[-1])
    after = torch.searchsorted(middles, at).clamp(1, max(1, len(middles) - 1))
    if len(middles) == 1:
        return amounts[0][:, None].expand(-1, count)
    early, late = middles[after - 1], middles[after]
    return torch.lerp(amounts[after - 1].T, amounts[after].T, (at - early) / (late - early))
