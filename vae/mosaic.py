"""Mosaic: the pieces of one sound, each played by another sound that is like it there.

Source: Schwarz, Concatenative sound synthesis: the early years (2006), for the method; the
distances are ours.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from library.clip import Clip
from vae.auditory_image import BANDS, HOP, SAMPLE_RATE, auditory_image
from vae.ear_windows import WINDOW_DIMS, WINDOW_S
from vae.onset import onset
from vae.rhythm import onset_strength, onsets

GRAINS_MS = (40.0, 500.0)

_MOST_GAIN_DB = 24.0
_RANGE_DB = 60.0
# Places that are tried where no onset is.
_BETWEEN_S = 0.06


class Fit(NamedTuple):
    """Where in a sound a piece fits best.

    Attributes:
        frame: Of the sound.
        distance: Of the two, >= 0, in dB of the cosine terms of their spectra.
    """

    frame: int
    distance: float


def piece_features(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what a piece is like: its spectrum at first and later, float32, (2 WINDOW_DIMS,).

    Args:
        image: Of the piece, float32, shape (columns, BANDS), columns >= 1.
    """
    # Both halves under the loudest point of the two: what falls is not like what stays.
    heard = np.maximum(image - image.max(), -_RANGE_DB)
    halves = np.array_split(heard, 2) if len(heard) > 1 else [heard, heard]
    means = np.stack([half.mean(axis=0) for half in halves])
    terms = scipy.fft.dct(means, axis=1, norm="ortho")[:, :WINDOW_DIMS] / np.sqrt(BANDS)
    return np.asarray(terms.ravel(), np.float32)


def best_fit(
    source: Clip, near_s: float, wanted: NDArray[np.float32], seconds: float
) -> Fit | None:
    """Return where a piece fits best in the half second of a sound that a window is of.

    Its beginning and its onsets are tried, and places between.

    Args:
        source: The sound.
        near_s: Where the window begins, seconds from the sound's onset.
        wanted: `piece_features` of the piece.
        seconds: How long the piece is.

    Returns:
        None where the sound is silent there, or over.
    """
    first = onset(source) + round(near_s * source.sample_rate)
    last = first + round((WINDOW_S + seconds) * source.sample_rate)
    around = Clip(source.frames[:, first:last], source.sample_rate)
    if not around.length or not around.frames.any():
        return None
    image = auditory_image(around)
    columns = max(1, round(seconds * SAMPLE_RATE / HOP))
    room = max(1, min(len(image), round(WINDOW_S * SAMPLE_RATE / HOP)))
    begun = onsets(onset_strength(image).sum(axis=1))
    tried = {
        0,
        *begun[begun < room].tolist(),
        *range(0, room, round(_BETWEEN_S * SAMPLE_RATE / HOP)),
    }
    fits = []
    for column in sorted(tried):
        found = piece_features(image[column : column + columns])
        frame = first + round(column * HOP * source.sample_rate / SAMPLE_RATE)
        fits.append(Fit(frame, float(np.linalg.norm(found - wanted))))
    return min(fits, key=lambda fit: fit.distance)


def played(piece: Clip, lead: int, source: Clip, frame: int) -> Clip:
    """Return a piece played by a sound, as loud as it was.

    Args:
        piece: What is replaced, with `lead` frames before it that only fade in.
        lead: Frames.
        source: The sound, of any rate and channels.
        frame: Where in it the piece begins.

    Returns:
        As long as the piece, of its rate and channels; silent where the source is over.
    """
    rate = source.sample_rate / piece.sample_rate
    first = frame - round(lead * rate)
    # A little more, so that what a filter does at its ends is cut off.
    cut = Clip(
        np.ascontiguousarray(
            source.frames[:, max(first, 0) : first + round(piece.length * rate) + 64]
        ),
        source.sample_rate,
    )
    heard = cut.at_rate(piece.sample_rate).with_channels(piece.channels).frames
    missing = round(max(-first, 0) / rate)
    frames = np.zeros_like(piece.frames)
    kept = heard[:, : piece.length - missing]
    frames[:, missing : missing + kept.shape[1]] = kept
    frames = _ended(frames, missing + kept.shape[1], lead)
    wanted, has = (float(np.square(each[:, lead:]).mean()) for each in (piece.frames, frames))
    gain = np.sqrt(wanted / has) if has > 0 else 0.0
    return Clip(frames * np.float32(min(gain, 10 ** (_MOST_GAIN_DB / 20))), piece.sample_rate)


def _ended(frames: NDArray[np.float32], end: int, fade: int) -> NDArray[np.float32]:
    """Return frames, (c, t), faded out where their sound is over before they are."""
    fade = min(fade, end)
    if fade and end < frames.shape[1]:
        frames[:, end - fade : end] *= np.linspace(1, 0, fade, dtype=np.float32)
    return frames
