"""Variations: sounds near a sound, along named attributes or freely."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import soxr
from numpy.typing import NDArray

from library.clip import Clip
from library.descriptors import loudness_db
from library.errors import UserError
from vae.attributes import parse_step
from vae.codec import BaseCodec
from vae.latents import Latents
from vae.onset import split_at_onset
from vae.resynthesis import resynthesise
from vae.space import Space

DEFAULT_AMOUNT = 1.0
MOST_DEVIATIONS = 6.0
# What needs no model is limited in its own unit, dB and semitones.
EXACT_LIMITS: Mapping[str, float] = {"loudness": 60.0, "pitch": 48.0}


def settings_shift(space: Space, settings: Mapping[str, str]) -> NDArray[np.float32]:
    """Return the shift that settings such as ``{"brightness": "+1"}`` ask for.

    Returns:
        Standard deviations, float32, shape (dims,).

    Raises:
        UserError: An attribute is unknown to the space, or a value cannot be read.
    """
    shift = np.zeros(space.dims, np.float32)
    for name, text in settings.items():
        at = space.position(name)
        if not space.learned[at] and name not in EXACT_LIMITS:
            raise UserError(f"the space has not learned {name}", "train it on more varied sounds")
        deviation = float(space.deviation[at])
        shift[at] = parse_step(space.attributes[at], text, deviation)
        limit = EXACT_LIMITS.get(name, MOST_DEVIATIONS * deviation)
        if abs(shift[at]) * deviation > limit:
            raise UserError(
                f"{name}={text} is {shift[at]:.1f} standard deviations away",
                f"stay within {limit / deviation:.1f}",
            )
    return shift


def free_shift(space: Space, amount: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return a random shift over all dimensions but pitch and loudness, which a variation keeps.

    Args:
        space: Whose dimensions.
        amount: Expected length of the shift over the square root of the dimensions, in standard
            deviations.
        rng: Of the random choice.
    """
    shift = rng.normal(0, amount, space.dims).astype(np.float32)
    for i, attribute in enumerate(space.attributes):
        if attribute.name in EXACT_LIMITS:
            shift[i] = 0.0
    return shift


def vary(
    clip: Clip, latents: Latents, space: Space, codec: BaseCodec, shift: NDArray[np.float32]
) -> Clip:
    """Return a clip moved by a shift in the space.

    Two attributes need no model and are moved exactly: loudness is a gain, and pitch is the speed
    at which a sampler plays the sound, which shortens what it raises. The model moves the rest, and
    does not change the level.

    Args:
        clip: The original.
        latents: Its base latents, from its onset on.
        space: Where it moves.
        codec: What made the latents.
        shift: Standard deviations, float32, shape (dims,).
    """
    shaped = shift.copy()
    exact = dict.fromkeys(EXACT_LIMITS, 0.0)
    for i, attribute in enumerate(space.attributes):
        if attribute.name in exact:
            exact[attribute.name] = float(shift[i] * space.deviation[i])
            shaped[i] = 0.0
    gain_db = exact["loudness"]
    moved = clip
    if shaped.any():
        lead, sound = split_at_onset(clip)
        sound = resynthesise(sound, codec, latents, space.move(latents, codec, shaped))
        joined = np.concatenate([lead.frames, sound.frames], axis=1)
        moved = Clip(joined, clip.sample_rate)
        gain_db += loudness_db(clip.frames, clip.sample_rate)
        gain_db -= loudness_db(moved.frames, clip.sample_rate)
    if exact["pitch"]:
        moved = at_speed(moved, 2.0 ** (exact["pitch"] / 12))
    gained = moved.frames * np.float32(10 ** (gain_db / 20))
    return Clip(gained, clip.sample_rate)


def at_speed(clip: Clip, speed: float) -> Clip:
    """Return a clip played faster or slower, pitch and length changed alike.

    Args:
        clip: Any clip.
        speed: 2 is an octave up in half the time.
    """
    rate = clip.sample_rate
    played = soxr.resample(clip.frames.T, rate * speed, rate, quality="HQ")
    if not len(played):  # a frame or two, played fast
        played = clip.frames.T[:1]
    return Clip(np.ascontiguousarray(played.T, dtype=np.float32), rate)
