"""Hearing the sound under the cursor: decoded in a thread, newest first, its neighbours ahead."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui import questions
from tui.jobs import Questions
from tui.playback import Player, SilentPlayer
from tui.sounds import Shelf, Sound, shelf_of

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from index.workspace import Workspace

DISKS_THAT_MAY_HANG = 3


class Audition:
    """Joins a library and a player. It asks for sounds; the screen gets them as `SoundReady`.

    Args:
        node: The screen.
    """

    def __init__(self, node: DOMNode) -> None:
        self._sounds = Questions(node, "sound", at_once=DISKS_THAT_MAY_HANG)
        self._ahead = Questions(node, "ahead")
        self._workspace: Workspace | None = None
        self._shelf: Shelf | None = None
        self._playing: Sound | None = None
        self.player: Player = SilentPlayer("")

    def use_workspace(self, workspace: Workspace) -> None:
        """Hear the sounds of a library."""
        self._workspace = workspace
        self._shelf = shelf_of(workspace, self.player.sample_rate)

    def use_player(self, player: Player) -> None:
        """Play on something else."""
        self.player = player
        if self._workspace is not None:
            self._shelf = shelf_of(self._workspace, player.sample_rate)

    def forget(self) -> None:
        """Decode everything again, because files may have changed."""
        if self._shelf is not None:
            self._shelf.clear()

    def ask(self, sample_id: int, wanted: bool) -> None:
        """Ask for a sample with its audio, which is to be played if wanted."""
        if self._workspace is not None and self._shelf is not None:
            ask = partial(questions.sound, self._workspace, self._shelf, sample_id, wanted)
            self._sounds.ask(ask)

    def look_ahead(self, ids: list[int]) -> None:
        """Decode what may be heard next."""
        if self._workspace is not None and self._shelf is not None:
            self._ahead.ask(partial(questions.ahead, self._workspace, self._shelf, ids))

    def play(self, sound: Sound | None) -> None:
        """Play a sound instead of the one that plays; None for silence."""
        self._playing = sound
        if sound is None:
            self.player.stop()
        else:
            self.player.play(sound.frames)

    @property
    def heard(self) -> float | None:
        """Which part of the sound has been heard, within [0, 1]; None when nothing plays."""
        position = self.player.position
        if position is None or self._playing is None or self._playing.duration <= 0:
            return None
        return min(1.0, position / self._playing.duration)
