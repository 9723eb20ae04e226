"""Variations: sounds near a sound, along named attributes or freely."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import soxr
from numpy.typing import NDArray

from library.clip import Clip
from library.descriptors import describe
from library.errors import UserError
from vae.attributes import parse_step
from vae.codec import BaseCodec
from vae.latents import Latents
from vae.resynthesis import resynthesise
from vae.space import Space

DEFAULT_AMOUNT = 1.0
MOST_DEVIATIONS = 6.0


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
        shift[at] = parse_step(space.attributes[at], text, float(space.deviation[at]))
        if abs(shift[at]) > MOST_DEVIATIONS:
            raise UserError(
                f"{name}={text} is {shift[at]:.1f} standard deviations away",
                f"stay within {MOST_DEVIATIONS:.0f}",
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
        if attribute.name in ("pitch", "loudness"):
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
        latents: Its base latents.
        space: Where it moves.
        codec: What made the latents.
        shift: Standard deviations, float32, shape (dims,).
    """
    shaped = shift.copy()
    exact = {"loudness": 0.0, "pitch": 0.0}
    for i, attribute in enumerate(space.attributes):
        if attribute.name in exact:
            exact[attribute.name] = float(shift[i] * space.deviation[i])
            shaped[i] = 0.0
    gain_db = exact["loudness"]
    moved = clip
    if shaped.any():
        moved = resynthesise(clip, codec, latents, space.move(latents, codec, shaped))
        gain_db += describe(clip).loudness - describe(moved).loudness
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
    return Clip(np.ascontiguousarray(played.T, dtype=np.float32), rate)
