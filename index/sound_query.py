"""What is asked when somebody looks for sounds by sound: plain values, for both front ends.

`index.query_text` makes them of what people type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Region:
    """A piece of a sound.

    Attributes:
        start: Seconds from the beginning; below 0, from the end; None for the beginning.
        end: Seconds from the beginning; below 0, from the end; None for the end.
    """

    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class SoundQuery:
    """A question for the samples that sound like something.

    At least one of `sound`, `like` and `at` says what; several are asked for at once, as one sound
    in the middle of them.

    Attributes:
        sound: A sample's id or path, or any audio file's path.
        k: How many samples at most; the sounds named are not among them.
        where: A query of `library.query`; only what matches is looked at.
        space: Whose vectors; the space in use where None.
        region: The piece of `sound` that is meant; None for all of it.
        like: More sounds of the same kind as `sound`; one named twice counts twice.
        unlike: Sounds to keep away from.
        moves: Attribute to a step away from the sound, as `vae.attributes.parse_step` reads it.
        weights: How much the squared distance in an aspect counts; 0 leaves the aspect out. Those
            not named count 1, the loudness 0.
        at: A point on the map, both coordinates in [0, 1].
    """

    sound: str | None = None
    k: int = 20
    where: str = ""
    space: str | None = None
    region: Region | None = None
    like: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    moves: Mapping[str, str] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    at: tuple[float, float] | None = None

    @property
    def sounds(self) -> tuple[str, ...]:
        """The sounds that are asked for, `sound` first."""
        return self.like if self.sound is None else (self.sound, *self.like)
