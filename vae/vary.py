"""Variations: sounds near a sound, along named attributes or freely."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from library.clip import Clip
from library.descriptors import SECONDS_AT_MOST, width_of
from library.errors import UserError
from vae.attributes import ATTRIBUTES, parse_step
from vae.codec import BaseCodec
from vae.envelope_limits import with_end_faded_as, with_envelope_near
from vae.latents import Latents
from vae.level import as_loud_as, gained, quieter_db
from vae.onset import split_at_onset
from vae.resynthesis import resynthesise
from vae.shaping import goals_of, shape_of, shaped_to, step_of
from vae.soft_descriptors import STEERED
from vae.space import Space
from vae.speed import at_speed
from vae.steered_sound import steered
from vae.width_shaping import with_width_moved
from vae.word_moves import word_moved

DEFAULT_AMOUNT = 1.0
MOST_DEVIATIONS = 6.0
# What needs no model is limited in its own unit: dB, semitones, octaves of side over mid.
EXACT_LIMITS: Mapping[str, float] = {"loudness": 60.0, "pitch": 48.0, "width": 16.0}
ALSO_CALLED: Mapping[str, str] = {"length": "decay"}
_KEPT = (*EXACT_LIMITS, "decay", "roughness")
# Attacks of a mixed library differ by octaves, and a hit that is no hit is no variation of it.
_ATTACK_OCTAVES = 0.5


def settings_shift(space: Space, settings: Mapping[str, str]) -> NDArray[np.float32]:
    """Return the shift that settings such as ``{"brightness": "+1"}`` ask for.

    Returns:
        Standard deviations, float32, shape (dims,).

    Raises:
        UserError: An attribute is unknown to the space, or a value cannot be read.
    """
    shift = np.zeros(space.dims, np.float32)
    for given, text in settings.items():
        name = ALSO_CALLED.get(given, given)
        at = _position(space, name)
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


def _position(space: Space, name: str) -> int:
    """Return which dimension follows an attribute that has been set."""
    if name in ATTRIBUTES and name not in (known := [each.name for each in space.attributes]):
        raise UserError(
            f"the space has no attribute {name!r}",
            f"it has {', '.join(known)}; train one that has it: "
            f"crate train NAME --attributes {name},…",
        )
    return space.position(name)


def free_shift(space: Space, amount: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return a random shift over all dimensions but those that a variation keeps.

    It keeps pitch, loudness and width; the decay, so that it is as long as the sound; roughness,
    which is soon too much; and words, which take a second each. Its attack moves by half an octave
    where the others move by a standard deviation, if that is less.

    Args:
        space: Whose dimensions.
        amount: Expected length of the shift over the square root of the dimensions, in standard
            deviations.
        rng: Of the random choice.
    """
    shift = rng.normal(0, amount, space.dims).astype(np.float32)
    for i, attribute in enumerate(space.attributes):
        if attribute.name in _KEPT or attribute.name not in ATTRIBUTES:
            shift[i] = 0.0
        elif attribute.name == "attack":
            shift[i] *= min(1.0, _ATTACK_OCTAVES / float(space.deviation[i]))
    shift[len(space.attributes) : space.free_from] = 0.0
    return shift


def vary(
    clip: Clip, latents: Latents, space: Space, codec: BaseCodec, shift: NDArray[np.float32]
) -> Clip:
    """Return a clip moved by a shift in the space.

    Free dimensions move through the decoder, and leave the envelope as it is. Brightness, noisiness
    and low end are steered by what the decoder says of them until the sound itself measures what is
    asked, and words until the ear hears it; roughness, attack and decay are shaped, loudness is a
    gain, width is one of the side alone, and pitch is the speed at which a sampler plays the sound,
    which shortens what it raises. With its decay the clip becomes longer or shorter; one channel
    becomes two as it becomes wider.

    Args:
        clip: The original.
        latents: Its base latents, from its onset on.
        space: Where it moves.
        codec: What made the latents.
        shift: Standard deviations, float32, shape (dims,).
    """
    names = [attribute.name for attribute in space.attributes]
    wanted = {name: float(shift[i]) for i, name in enumerate(names) if shift[i]}
    free = shift.copy()
    free[: len(names)] = 0
    moved = clip
    if free.any() or any(name not in EXACT_LIMITS for name in wanted):
        lead, sound = split_at_onset(clip)
        sound = _shaped(sound, latents, space, codec, wanted, free)
        moved = _joined(lead, with_end_faded_as(sound, clip))
    if octaves := step_of(space, "width", wanted):
        moved = with_width_moved(moved, octaves, _width_of(clip))
    gain_db = step_of(space, "loudness", wanted)
    if moved is not clip:
        gain_db += quieter_db(moved, clip)
    if semitones := step_of(space, "pitch", wanted):
        moved = at_speed(moved, 2.0 ** (semitones / 12))
    return gained(moved, gain_db)


def more_like_mine(clip: Clip, space: Space, codec: BaseCodec, amount: float) -> Clip:
    """Return a clip pulled towards the sounds that a space was learned on.

    The space says what the sound would be were it one of the user's own, and the spectrum changes
    by a share of the difference; its loudness stays. As MidiMe has it (Dinculescu, Engel, Roberts
    2019), where that replaced the sound.

    Args:
        clip: Any.
        space: The user's.
        codec: Of the space.
        amount: 0 for the sound itself, 1 for as much as the space can say.
    """
    lead, sound = split_at_onset(clip)
    if not amount or not sound.length or not sound.frames.any():
        return clip
    latents = codec.encode(sound)
    said = space.as_mine(latents, codec)
    pulled = Latents(latents.values + np.float32(amount) * (said.values - latents.values))
    moved = _joined(lead, resynthesise(sound, codec, latents, pulled))
    return as_loud_as(moved, clip)


def _joined(lead: Clip, sound: Clip) -> Clip:
    """Return a sound after what came before it."""
    return Clip(np.concatenate([lead.frames, sound.frames], axis=1), sound.sample_rate)


def _width_of(clip: Clip) -> float:
    return width_of(clip.frames[:, : math.ceil(SECONDS_AT_MOST * clip.sample_rate)])


def _shaped(
    sound: Clip,
    latents: Latents,
    space: Space,
    codec: BaseCodec,
    wanted: Mapping[str, float],
    free: NDArray[np.float32],
) -> Clip:
    """Return a sound, from its onset on, with all but its loudness and pitch moved."""
    if not sound.length or not sound.frames.any():
        return sound
    given = sound
    if free.any():
        sound = resynthesise(sound, codec, latents, space.move(latents, codec, free))
        sound = with_envelope_near(sound, given)
    for word in (name for name in wanted if name not in ATTRIBUTES):
        sound = word_moved(sound, codec.encode(sound), space, codec, word, wanted[word])
    goals = goals_of(sound, space, wanted)
    if free.any():
        # Counted from the sound itself, or it would come on top of what the free move did.
        attack = {name: step for name, step in wanted.items() if name == "attack"}
        goals |= shape_of(given, ["attack"]) | goals_of(given, space, attack)
    shaped = shaped_to(sound, goals)
    if shaped is sound and not any(name in STEERED for name in wanted):
        return sound
    # An envelope weighs the parts of a sound anew; steering sets right what that moves.
    if shaped is not given:
        latents = codec.encode(shaped)
    # And it moves what was shaped, though by less.
    return shaped_to(steered(shaped, latents, space, codec, wanted, like=sound), goals)
