"""What the screens that make sounds ask, each answered by one message. These run in threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.made import MadeMeasured, PadReady, ShaperReady, SoundMade, TakeKept
from tui.sounds import overview_of, sound_of

if TYPE_CHECKING:
    from index.answers import Take
    from index.workspace import Workspace
    from library.clip import Clip


def pad(workspace: Workspace, sounds: tuple[int, ...]) -> PadReady:
    """Return a pad with some samples on its corners."""
    made = workspace.morph_pad([str(each) for each in sounds])
    return PadReady(sounds, made, [overview_of(clip) for clip in made.corners])


def shaper(workspace: Workspace, sound: int) -> ShaperReady:
    """Return a sample under the sliders of the space in use."""
    ready = workspace.shaper(str(sound))
    return ShaperReady(ready, overview_of(ready.at({})), workspace.space_in_use())


def made(of: object, make: Callable[[], Clip], sample_rate: int) -> SoundMade:
    """Make a sound to be heard on a player with a sample rate in Hz."""
    clip = make()
    return SoundMade(of, clip, sound_of(clip, sample_rate))


def measured(of: object, clip: Clip) -> MadeMeasured:
    """Measure a sound that was made."""
    from dataclasses import asdict

    from library.descriptors import describe

    return MadeMeasured(of, asdict(describe(clip)))


def kept(write: Callable[[], Take]) -> TakeKept:
    """Write a take."""
    return TakeKept(write())
