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
from vae.loudness_course import course_of, following_gain, shaping_needed
from vae.onset import onset
from vae.rhythm import onset_strength, onsets

GRAINS_MS = (40.0, 500.0)

_RANGE_DB = 60.0
# Places that are tried where no onset is.
_BETWEEN_S = 0.03
# Of the course of loudness: what a gain mends, and what none does, in dB of distance for each dB.
_SHAPED, _LACKING = 0.1, 0.5
# A sound is over that is too quiet for so many columns, 46 ms.
_TOO_QUIET_DB, _QUIET_COLUMNS = 6.0, 8


class Wanted(NamedTuple):
    """What a piece is like.

    Attributes:
        spectrum: `piece_features` of it.
        course: `loudness_course.course_of` it.
        seconds: How long it is.
    """

    spectrum: NDArray[np.float32]
    course: NDArray[np.float64]
    seconds: float


class Fit(NamedTuple):
    """Where in a sound a piece fits best.

    Attributes:
        frame: Of the sound.
        distance: Of the two, >= 0, in dB of the cosine terms of their spectra.
        cost: The distance, and more where its loudness goes another way.
        lasts: Seconds after which it is over, or too quiet to be made as loud as the piece; the
            piece's length where it never is.
    """

    frame: int
    distance: float
    cost: float
    lasts: float


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


def wanted_of(piece: Clip) -> Wanted:
    """Return what a piece is like; it is not empty."""
    image = auditory_image(piece)
    return Wanted(piece_features(image), course_of(image, piece), piece.duration)


def best_fit(source: Clip, near_s: float, wanted: Wanted) -> Fit | None:
    """Return where a piece fits best in the half second of a sound that a window is of.

    Its beginning and its onsets are tried, and places between.

    Args:
        source: The sound.
        near_s: Where the window begins, seconds from the sound's onset.
        wanted: What the piece is like.

    Returns:
        None where the sound is silent there, or over.
    """
    first = onset(source) + round(near_s * source.sample_rate)
    last = first + round((WINDOW_S + wanted.seconds) * source.sample_rate)
    around = Clip(source.frames[:, first:last], source.sample_rate)
    if not around.length or not around.frames.any():
        return None
    image = auditory_image(around)
    columns = max(1, round(wanted.seconds * SAMPLE_RATE / HOP))
    room = max(1, min(len(image), round(WINDOW_S * SAMPLE_RATE / HOP)))
    begun = onsets(onset_strength(image).sum(axis=1))
    tried = {
        0,
        *begun[begun < room].tolist(),
        *range(0, room, round(_BETWEEN_S * SAMPLE_RATE / HOP)),
    }
    course = course_of(image, around)
    fits = []
    for column in sorted(tried):
        found = piece_features(image[column : column + columns])
        distance = float(np.linalg.norm(found - wanted.spectrum))
        shaped, lacking = shaping_needed(wanted.course, course[column : column + columns])
        cost = distance + _SHAPED * float(shaped.mean()) + _LACKING * float(lacking.mean())
        frame = first + round(column * HOP * source.sample_rate / SAMPLE_RATE)
        fits.append(Fit(frame, distance, cost, _lasts(lacking, wanted.seconds)))
    return min(fits, key=lambda fit: fit.cost)


def _lasts(lacking: NDArray[np.float64], seconds: float) -> float:
    """Return after how many seconds of a piece its sound stays too quiet."""
    few = np.convolve(lacking <= _TOO_QUIET_DB, np.ones(_QUIET_COLUMNS), "valid")
    if not len(few) or few.min() > 0:
        return seconds
    return float(min(np.argmin(few) * HOP / SAMPLE_RATE, seconds))


def played(piece: Clip, lead: int, begins: bool, source: Clip, frame: int) -> Clip:
    """Return a piece played by a sound, as loud as it was, and in its course as far as may be.

    Args:
        piece: What is replaced, with `lead` frames before it that only fade in.
        lead: Frames.
        begins: Whether something begins after them.
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
    made = Clip(frames, piece.sample_rate)
    return Clip(
        frames * following_gain(made, piece, (0, lead) if begins and lead else (0,)),
        piece.sample_rate,
    )


def _ended(frames: NDArray[np.float32], end: int, fade: int) -> NDArray[np.float32]:
    """Return frames, (c, t), faded out where their sound is over before they are."""
    fade = min(fade, end)
    if fade and end < frames.shape[1]:
        frames[:, end - fade : end] *= np.linspace(1, 0, fade, dtype=np.float32)
    return frames
