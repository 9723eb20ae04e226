"""A morph within one sound: it begins as one and ends as another, or goes as a line is drawn.

Spectra are mixed as in every morph (`vae.morph`), in weights that change from column to column,
each sound at its own level. Where all sounds have a pitch, the pitch goes along.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from library.clip import Clip
from library.errors import UserError
from vae.long_spectra import OverlapAdd, blocks, column_count, spectrum_block
from vae.matching import matched
from vae.morph import blended
from vae.morph_parent import Parent, parents_of
from vae.resynthesis import REDUNDANCY
from vae.spectrum import window_for
from vae.trajectory import Drawn, points_of
from vae.varispeed import at_speeds
from vae.weight_courses import WeightsAt

_PITCH_STEP_S = 0.005

Array = NDArray[np.float64]


def position_course(text: str) -> Drawn:
    """Return positions over time.

    Args:
        text: As `vae.trajectory` reads it, `0:1` or `0@0,1@50%,0@100%`: 0 is the first sound, 1 the
            last.

    Raises:
        UserError: It cannot be read, or leaves 0 to 1.
    """
    points = points_of("position", text)
    try:
        steps = np.array([float(point.step) for point in points or ()])
    except ValueError:
        steps = np.array([])
    if points is None or len(steps) < 2 or not ((steps >= 0) & (steps <= 1)).all():
        raise UserError(
            f"{text} is no way through a morph", "write it like 0:1 or 0@0,1@50%,0@100%"
        )
    return Drawn(points, steps)


@torch.inference_mode()
def morph_over_time(clips: Sequence[Clip], weights_at: WeightsAt, glide: bool = True) -> Clip:
    """Return one sound that goes from one to another while it plays.

    Args:
        clips: 2 to 4, any rates and channels, none of them empty.
        weights_at: Of each sound over time, which counts from the onset to the end of the longest.
        glide: As `vae.morph.Morph` has it.
    """
    clips = matched(clips)
    rate = clips[0].sample_rate
    window = window_for(rate)
    hop = window // REDUNDANCY
    parents = parents_of(clips, glide, hop, window)
    duration = max(p.clip.length - p.onset for p in parents) / rate
    sounds = [_gliding(parent, parents, weights_at, duration) for parent in parents]
    start = max(at for _, at in sounds)
    length = max(start - at + clip.length for clip, at in sounds)
    placed = [torch.from_numpy(_placed(clip.frames, start - at, length)) for clip, at in sounds]
    out = OverlapAdd(clips[0].channels, length, hop, window)
    for first, count in blocks(column_count(length, hop)):
        seconds = ((first + np.arange(count)) * hop - start) / rate
        weights = weights_at(seconds, duration)
        spectra = [spectrum_block(each, hop, window, first, count) for each in placed]
        magnitude, faded = blended(spectra, list(torch.from_numpy(weights).float()))
        out.add(torch.polar(magnitude, faded.angle()), first)
    # It begins as much before its onset as what it begins with does.
    begun = weights_at(np.zeros(1), duration)[:, 0]
    at = round(float(begun @ np.array([at for _, at in sounds])))
    return Clip(np.ascontiguousarray(out.audio().numpy()[:, start - at :]), rate)


def _gliding(
    parent: Parent, parents: Sequence[Parent], weights_at: WeightsAt, duration: float
) -> tuple[Clip, int]:
    """Return a parent played along the pitch in between, and where its onset is then."""
    if parent.pitch is None:
        return parent.clip, parent.onset
    rate = parent.clip.sample_rate
    seconds = np.arange(0.0, duration + _PITCH_STEP_S, _PITCH_STEP_S)
    pitches = np.array([p.pitch or 0.0 for p in parents])
    semitones = pitches @ weights_at(seconds, duration) - parent.pitch
    # Where in the original it is then: what it has been played at so far, summed up.
    speeds = 2.0 ** (semitones / 12)
    passed = np.concatenate([[0.0], np.cumsum(speeds[:-1] * _PITCH_STEP_S)])
    at = parent.onset / rate + passed
    return at_speeds(parent.clip, at, semitones), round(parent.onset / speeds[0])


def _placed(frames: NDArray[np.float32], start: int, length: int) -> NDArray[np.float32]:
    return np.pad(frames, ((0, 0), (start, length - start - frames.shape[1])))
