"""What a random variation must leave as it is: held in the space, and set right on the sound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from library.clip import Clip
from library.descriptors import describe
from library.errors import UserError
from vae.attributes import ATTRIBUTES, scaled
from vae.codec import BaseCodec
from vae.envelope_limits import with_end_faded_as
from vae.envelope_shaping import padded_without_constant
from vae.latents import Latents
from vae.level import as_loud_as
from vae.onset import split_at_onset
from vae.shaping import shape_of, shaped_to
from vae.soft_descriptors import STEERED
from vae.space import Space
from vae.steered_sound import steered
from vae.steering import deviations_of
from vae.vary import ALSO_CALLED, vary

_ENVELOPE = ("attack", "decay")
_SAME_TIME = 0.05  # of an attack or a decay; nobody hears so little
_SAME = 0.05  # standard deviations of what is steered
_SAME_NOTE = 0.5  # semitones
_SHARES = (1.0, 0.7, 0.5, 0.35, 0.2, 0.1)


def held_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return attributes to hold, each by its own name.

    Raises:
        UserError: There is no such attribute.
    """
    found = [ALSO_CALLED.get(name, name) for name in names]
    for given, name in zip(names, found, strict=True):
        if name not in ATTRIBUTES:
            raise UserError(
                f"there is no attribute {given!r} to hold", f"choose from {', '.join(ATTRIBUTES)}"
            )
    return tuple(dict.fromkeys(found))


def without_held(
    space: Space, shift: NDArray[np.float32], names: Sequence[str]
) -> NDArray[np.float32]:
    """Return a shift that leaves the dimensions of some attributes alone, float32, (dims,)."""
    still = [i for i, attribute in enumerate(space.attributes) if attribute.name in names]
    kept = shift.copy()
    kept[still] = 0.0
    return kept


def varied_holding(
    clip: Clip,
    latents: Latents,
    space: Space,
    codec: BaseCodec,
    shift: NDArray[np.float32],
    names: Sequence[str],
) -> tuple[Clip, NDArray[np.float32]]:
    """Return a random variation that leaves some attributes as they are.

    The dimensions of what is held do not move; nothing else can set a pitch right, so where it is
    heard elsewhere, as when the fundamental is gone, the rest moves less far. What is missing is
    set right on the sound (`held`).

    Args:
        clip: The original.
        latents: Its base latents, from its onset on.
        space: Where it moves.
        codec: What made the latents.
        shift: At random, standard deviations, float32, (dims,).
        names: Of `ATTRIBUTES`.

    Returns:
        The variation, and the shift that it was moved by.
    """
    shift = without_held(space, shift, names)
    pitch = describe(clip).pitch if "pitch" in names else None
    for share in _SHARES:
        moved = shift * np.float32(share)
        made = held(vary(clip, latents, space, codec, moved), clip, space, codec, names)
        now = describe(made).pitch if pitch is not None else None
        if pitch is None or (now is not None and abs(now - pitch) <= _SAME_NOTE):
            return made, moved
    return clip, np.zeros_like(shift)


def held(made: Clip, original: Clip, space: Space, codec: BaseCodec, names: Sequence[str]) -> Clip:
    """Return a variation whose attributes are set right to those of the original.

    The envelope is shaped, brightness, noisiness and low end are steered while those of them that
    are not named stay where the variation has them, and loudness is a gain. A variation has the
    pitch of its original as it is.

    Args:
        made: A random variation of the original.
        original: What it is of.
        space: Whose directions.
        codec: Of the space.
        names: Of `ATTRIBUTES`.
    """
    if not original.frames.any() or not made.frames.any():
        return made
    lead, sound = split_at_onset(made)
    like = split_at_onset(original)[1]
    envelope = shape_of(like, [name for name in _ENVELOPE if name in names])
    sound = shaped_to(sound, envelope, _SAME_TIME)
    wanted = _missing(sound, like, space, names)
    if any(abs(step) > _SAME for step in wanted.values()):
        sound = steered(sound, codec.encode(sound), space, codec, wanted)
    made = Clip(np.concatenate([lead.frames, sound.frames], axis=1), made.sample_rate)
    if "decay" in names:
        made = _as_long_as(made, original)
    if "loudness" in names:
        made = as_loud_as(made, original)
    return made


def _as_long_as(made: Clip, original: Clip) -> Clip:
    """Return a variation with the length of its original, faded out where it is cut."""
    if made.length <= original.length:
        # A sound may have a constant part, or a wave so slow that it only looks like one.
        padded = made.padded_to(original.length), padded_without_constant(made, original.length)
        return min(padded, key=lambda each: _decays_apart(each, original))
    cut = Clip(np.ascontiguousarray(made.frames[:, : original.length]), made.sample_rate)
    return with_end_faded_as(cut, original)


def _decays_apart(a: Clip, b: Clip) -> float:
    decays = [describe(each).decay or 0.0 for each in (a, b)]
    scale = ATTRIBUTES["decay"].to_scale
    return abs(scale(decays[0]) - scale(decays[1]))


def _missing(sound: Clip, like: Clip, space: Space, names: Sequence[str]) -> dict[str, float]:
    """Return by how many standard deviations what is steered has to go back."""
    attributes = tuple(ATTRIBUTES[name] for name in STEERED)
    is_now, was = scaled(attributes, [asdict(describe(sound)), asdict(describe(like))])
    steps = np.nan_to_num((was - is_now) / deviations_of(space))
    return {name: float(step) for name, step in zip(STEERED, steps, strict=True) if name in names}
