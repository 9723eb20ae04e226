"""A sound moved in a space: what settings and a random shift make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.asked import asked_of
from index.take_files import Made
from library.clip import Clip
from vae.codec import BaseCodec
from vae.courses import mean_shift, split_at_ends, without_courses
from vae.holding import held_names, varied_holding
from vae.onset import from_onset
from vae.over_time import over_time
from vae.space import Space
from vae.vary import ALSO_CALLED, settings_shift, vary


class Encoded:
    """A sound with its latents and its place in a space.

    Args:
        clip: The sound.
        space: Any.
        codec: Of the space.
    """

    def __init__(self, clip: Clip, space: Space, codec: BaseCodec) -> None:
        self.clip = clip
        self.latents = codec.encode(from_onset(clip))
        self.z: NDArray[np.float32] = space.encode([self.latents], codec)[0]


class Moves:
    """What every variation of a command does to a sound.

    Args:
        space: Where a sound is moved.
        codec: Of the space.
        settings: Attribute to relative step, or to a course over time.
        hold: Attributes that random movement leaves as they are.

    Raises:
        UserError: A setting cannot be read, or is none of the space.
    """

    def __init__(
        self, space: Space, codec: BaseCodec, settings: Mapping[str, str], hold: Sequence[str] = ()
    ) -> None:
        self.space, self.codec = space, codec
        self.still = held_names(hold)
        plain, self.courses = without_courses(space, settings)
        self.base = settings_shift(space, plain)
        self.set = {ALSO_CALLED.get(name, name) for name in plain}

    def of(self, sound: Encoded) -> Varied:
        """Return a sound, ready to be varied."""
        return Varied(self, sound)


class Varied:
    """A sound that is ready to be varied."""

    def __init__(self, moves: Moves, sound: Encoded) -> None:
        self._moves, self._sound = moves, sound

    def by(self, drawn: NDArray[np.float32], number: int) -> Made:
        """Return the variation of a random shift, standard deviations, (dims,)."""
        moves, clip, latents = self._moves, self._sound.clip, self._sound.latents
        space, codec, base, free = moves.space, moves.codec, moves.base, drawn
        if moves.still:
            made, free = varied_holding(clip, latents, space, codec, drawn, moves.still)
            if base.any():
                made = vary(made, codec.encode(from_onset(made)), space, codec, base)
        else:
            made = vary(clip, latents, space, codec, base + free)
        shift = base + free + mean_shift(space, moves.courses, split_at_ends(made)[1].duration)
        made = over_time(made, space, codec, moves.courses)
        facts = {"number": number, "shift": drawn.tolist()}
        # Beside a random move nothing can be said of one step alone.
        asked = {} if drawn.any() else asked_of(clip, space, base, moves.set)
        return Made(made, facts, z=tuple(float(v) for v in self._sound.z + shift), asked=asked)
