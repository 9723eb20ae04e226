"""What workers tell the screens that make sounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.answers import Take
    from index.pad import MorphPad
    from index.shaper import Shaper
    from library.clip import Clip
    from tui.growing_sound import Sound


class PadReady(Message):
    """A pad can be played.

    Attributes:
        sounds: Ids of its sounds, in the order of the corners.
        pad: The pad.
        overviews: Of each sound, as `tui.sounds.Sound` has it.
    """

    def __init__(
        self, sounds: tuple[int, ...], pad: MorphPad, overviews: list[NDArray[np.float32]]
    ) -> None:
        super().__init__()
        self.sounds = sounds
        self.pad = pad
        self.overviews = overviews


class ShaperReady(Message):
    """A sound can be moved along the attributes of the space in use.

    Attributes:
        shaper: The sound.
        overview: Of the original, as `tui.sounds.Sound` has it.
        space: The name of the space.
    """

    def __init__(self, shaper: Shaper, overview: NDArray[np.float32], space: str) -> None:
        super().__init__()
        self.shaper = shaper
        self.overview = overview
        self.space = space


class SoundMade(Message):
    """A sound was made, to be heard at once.

    Attributes:
        of: What it was made of: a place, a way or moves.
        clip: The sound.
        sound: The same, ready to be played and drawn.
    """

    def __init__(self, of: object, clip: Clip, sound: Sound) -> None:
        super().__init__()
        self.of = of
        self.clip = clip
        self.sound = sound


class MadeMeasured(Message):
    """What is measured of a sound that was made."""

    def __init__(self, of: object, attributes: Mapping[str, float | None]) -> None:
        super().__init__()
        self.of = of
        self.attributes = attributes


class TakeKept(Message):
    """A take was written."""

    def __init__(self, take: Take) -> None:
        super().__init__()
        self.take = take
