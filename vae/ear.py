"""The ear: what makes of any sound a point that is near the points of sounds like it.

Part of what it keeps is measured (spectrum, how that moves, how the energy runs, pitch, rhythm) and
part is learned: networks trained so that sounds of one kind are near whoever made them. Each block
lies on a unit sphere around the middle of all sounds: lengths would make sounds that are unlike
everything near to everything (hubs; Radovanović et al. 2010).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from library.clip import Clip
from vae.auditory_image import BANDS, LOG_COLUMNS, auditory_image, beginning, log_time
from vae.ear_model import EarNet
from vae.ear_nets import EarNets
from vae.ear_windows import window_features
from vae.hearing import Hearing
from vae.rhythm import RHYTHM, rhythm
from vae.sound_shape import (
    MFCC_STATISTICS,
    SPECTRAL,
    TEMPORAL,
    mfcc_statistics,
    spectral_shape,
    temporal_shape,
)

MFCC_AXES, IMAGE_AXES, LEARNED = 28, 48, 64
PITCH = 4
BLOCKS: Mapping[str, int] = {
    "ear": LEARNED,
    "shape": SPECTRAL,
    "mfcc": MFCC_AXES,
    "envelope": TEMPORAL,
    "spectrum": IMAGE_AXES,
    "pitch": PITCH,
    "rhythm": RHYTHM,
}
"""The blocks of `Hearing.whole`, in their order, and how many numbers each has."""

_MOST_DEVIATIONS = 4.0
_IMAGE_DB = -60.0
_SEMITONES = 24.0
_MIDDLE_NOTE = 60.0


def block_slices() -> dict[str, slice]:
    """Return where each block lies in `Hearing.whole`."""
    found: dict[str, slice] = {}
    start = 0
    for name, size in BLOCKS.items():
        found[name] = slice(start, start + size)
        start += size
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Measures:
    """How measured numbers are scaled and reduced, learned from training sounds.

    Attributes:
        centre: Of spectral shape, MFCC statistics and temporal shape, float32, (s + m + t,).
        deviation: Of the same.
        mfcc_axes: PCA of the scaled MFCC statistics, float32, (m, MFCC_AXES).
        image_centre: Of reduced log-time images, float32, (i,).
        image_axes: PCA of them, float32, (i, IMAGE_AXES).
        window_scale: What each term of a window is divided by, float32, (WINDOW_DIMS,).
    """

    centre: NDArray[np.float32]
    deviation: NDArray[np.float32]
    mfcc_axes: NDArray[np.float32]
    image_centre: NDArray[np.float32]
    image_axes: NDArray[np.float32]
    window_scale: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Ear:
    """A trained ear.

    Attributes:
        digest: Identifies the weights; what different ears keep never mixes.
        measures: Scales of the measured part.
        nets: Networks whose embeddings are taken together.
        net_centres: The middle of the embeddings of each, float32, (nets, dims).
        net_axes: PCA of all of them together, float32, (nets * dims, LEARNED).
        head: Weights from `Hearing.whole` to categories, float32, (f + 1, 14), the last row added.
    """

    digest: str
    measures: Measures
    nets: tuple[EarNet, ...]
    net_centres: NDArray[np.float32]
    net_axes: NDArray[np.float32]
    head: NDArray[np.float32]

    def hear(self, clip: Clip, pitch: float | None) -> Hearing:
        """Return what is kept of a sound.

        Args:
            clip: From its onset on (`vae.onset`).
            pitch: MIDI note number, None where it has none (`library.descriptors`).
        """
        image = auditory_image(clip)
        return Hearing(self.whole(image, pitch), self.windows(image))

    def windows(self, image: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the half seconds of a sound, as `Hearing` has them, of its auditory image."""
        return window_features(image) / self.measures.window_scale

    def whole(self, image: NDArray[np.float32], pitch: float | None) -> NDArray[np.float32]:
        """Return a sound as one point.

        Args:
            image: Its auditory image, float32, shape (columns, BANDS), dB.
            pitch: MIDI note number, or None.

        Returns:
            The blocks of `BLOCKS`, float32, shape (f,).
        """
        start = beginning(image)
        return self.point(log_time(start), shape_numbers(start), pitch, rhythm(image))

    def point(
        self,
        log_image: NDArray[np.float32],
        shape: NDArray[np.float32],
        pitch: float | None,
        pattern: NDArray[np.float32],
    ) -> NDArray[np.float32]:
        """Return the point of what `whole` reads off an image, float32, shape (f,)."""
        parts = {
            "ear": self._heard(log_image),
            **self._measured(shape, reduced(log_image)),
            "pitch": pitch_numbers(pitch),
            "rhythm": pattern,
        }
        return np.concatenate([parts[name] for name in BLOCKS]).astype(np.float32)

    @cached_property
    def _networks(self) -> EarNets:
        return EarNets(self.nets)

    def _heard(self, log_image: NDArray[np.float32]) -> NDArray[np.float32]:
        parts = self._networks.embed(torch.from_numpy(log_image)).numpy()
        return unit(unit(parts - self.net_centres).ravel() @ self.net_axes)

    def _measured(
        self, shape: NDArray[np.float32], image: NDArray[np.float32]
    ) -> dict[str, NDArray[np.float32]]:
        m = self.measures
        scaled = ((shape - m.centre) / m.deviation).clip(-_MOST_DEVIATIONS, _MOST_DEVIATIONS)
        spectral, mfcc, temporal = np.split(scaled, [SPECTRAL, SPECTRAL + MFCC_STATISTICS])
        return {
            "shape": unit(spectral),
            "mfcc": unit((mfcc @ m.mfcc_axes).astype(np.float32)),
            "envelope": unit(temporal),
            "spectrum": unit((image - m.image_centre) @ m.image_axes),
        }

    def probabilities(self, wholes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how likely each category is: the ear is a head (`vae.category_head`).

        Args:
            wholes: `Hearing.whole` of sounds, float32, shape (n, f).

        Returns:
            float32, shape (n, 14), rows summing to 1, in the order of
            `library.category.CATEGORY_NAMES`.
        """
        logits = wholes @ self.head[:-1] + self.head[-1]
        likely = np.exp(logits - logits.max(axis=1, keepdims=True))
        out: NDArray[np.float32] = likely / likely.sum(axis=1, keepdims=True)
        return out


def unit(values: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """Return vectors scaled to length 1 along the last axis; none stay none."""
    length = np.linalg.norm(values, axis=-1, keepdims=True)
    out: NDArray[np.float32] = (values / np.maximum(length, 1e-6)).astype(np.float32)
    return out


def shape_numbers(start: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return spectral shape, MFCC statistics and temporal shape of the beginning of a sound."""
    return np.concatenate([spectral_shape(start), mfcc_statistics(start), temporal_shape(start)])


def reduced(log_image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a log-time image at half its resolution, on 60 dB, flat."""
    halves = log_image.reshape(LOG_COLUMNS // 2, 2, BANDS // 2, 2).mean(axis=(1, 3))
    return halves.clip(_IMAGE_DB, 0.0).ravel()


def pitch_numbers(pitch: float | None) -> NDArray[np.float32]:
    """Return pitch as a point: how clear, how high, and the pitch class on a circle.

    The pitch class is a circle as in Shepard (1982), so that octaves are near; a sound without a
    pitch is at the origin.
    """
    if pitch is None:
        return np.zeros(PITCH, np.float32)
    angle = 2 * np.pi * pitch / 12.0
    height = (pitch - _MIDDLE_NOTE) / _SEMITONES
    return np.array([1.0, height, 0.5 * np.cos(angle), 0.5 * np.sin(angle)], np.float32)
