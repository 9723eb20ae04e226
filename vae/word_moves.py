"""A sound moved along one of the user's own words, until the ear hears as much of it as is asked.

The decoder says in which direction the user's own sounds change with the word; how far, the sound
itself tells: it is moved, heard, and moved again.
"""

from __future__ import annotations

import numpy as np

from library.clip import Clip
from library.descriptors import describe
from vae.codec import BaseCodec
from vae.ear_file import house_ear
from vae.latents import Latents
from vae.onset import from_onset
from vae.resynthesis import changed, decoded_change
from vae.space import Space

_TRIES = 5
_FARTHEST = 4.0
_ENOUGH = 0.1


def word_moved(
    sound: Clip, latents: Latents, space: Space, codec: BaseCodec, word: str, steps: float
) -> Clip:
    """Return a sound that is more, or less, of what a word says.

    Args:
        sound: From its onset on, not silent.
        latents: Of it.
        space: That follows the word.
        codec: What made the latents.
        word: The word.
        steps: Standard deviations of the space.

    Returns:
        Of the sounds along the word's direction, up to four times as far as the decoder promises,
        the one whose score is nearest to what is asked; the sound itself if none is nearer.
    """
    at = space.position(word)
    goal = _amount(space, word, sound) + steps * float(space.deviation[at])
    shift = np.zeros(space.dims, np.float32)
    shift[at] = np.sign(steps)
    field = decoded_change(codec, latents, space.move(latents, codec, shift))
    low, high = 0.0, _FARTHEST * abs(steps)
    best, missed = sound, abs(steps) * float(space.deviation[at])
    tried = abs(steps)
    for _ in range(_TRIES):
        moved = changed(sound, codec, (tried * field).clamp(-40, 40))
        short = (goal - _amount(space, word, moved)) * float(np.sign(steps))
        if abs(short) < missed:
            best, missed = moved, abs(short)
        if abs(short) < _ENOUGH * float(space.deviation[at]):
            break
        low, high = (tried, high) if short > 0 else (low, tried)
        tried = 0.5 * (low + high)
    return best


def _amount(space: Space, word: str, sound: Clip) -> float:
    """Return how much the ear hears of a word; 1 is the mean of the sounds that are it."""
    begun = from_onset(sound)
    whole = house_ear().hear(begun, describe(begun).pitch).whole
    return float(space.words.amounts(whole[None])[0, space.words.names.index(word)])
