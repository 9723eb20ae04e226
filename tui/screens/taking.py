"""What the screens that make sounds share: a sound is heard as soon as it is made, and kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from textual import getters
from textual.content import Content
from textual.widgets import Static

from library.names import displayable
from tui import making_questions
from tui.jobs import Questions
from tui.made import MadeMeasured, SoundMade, TakeKept
from tui.messages import Trouble
from tui.screens.take_screen import TakeScreen
from tui.take_folder import TakeFolder
from tui.widgets.measured import Measured
from tui.widgets.take_list import TakeList
from tui.widgets.waveform import Waveform

if TYPE_CHECKING:
    from index.answers import Take
    from index.workspace import Workspace
    from library.clip import Clip
    from tui.playback import Player

TICK_SECONDS = 1 / 20


class Taking(TakeScreen):
    """Hears what is made, newest first, and keeps it in a folder of the user's.

    Args:
        workspace: The library.
        player: What sounds are heard on.
        folder: Where takes go.
    """

    FOLDER_ASKED = (
        "Where do takes go?",
        "Takes are written there as WAV files, until you leave; nothing is overwritten.",
    )

    takes = getters.query_one(TakeList)
    waveform = getters.query_one("#made-waveform", Waveform)

    def __init__(self, workspace: Workspace, player: Player, folder: TakeFolder) -> None:
        super().__init__(workspace, player, folder)
        self._made = Questions(self, "made", late=True)
        self._measures = Questions(self, "measured")
        self._heard: SoundMade | None = None
        self._peak = 1.0

    def on_mount(self) -> None:
        """Follow what is heard, and say where takes go."""
        self._ticker = self.set_interval(TICK_SECONDS, self._tick, pause=True)
        self.folder_chosen()

    def on_unmount(self) -> None:
        """Fall silent."""
        self._player.stop()

    # What is heard.

    @property
    def colour(self) -> str:
        """The colour of what is heard, as ``#rrggbb``."""
        raise NotImplementedError

    def hear(self, of: object, make: Callable[[], Clip]) -> None:
        """Make a sound in a thread and play it.

        Args:
            of: What it is made of, which the screen finds again in what it is told.
            make: Called in the thread.
        """
        self._made.ask(partial(making_questions.made, of, make, self._player.sample_rate))

    def on_sound_made(self, event: SoundMade) -> None:
        """Play and draw the sound, and measure it."""
        self._heard = event
        self._play(event)
        self.waveform.show(self.scaled(event.sound.overview), self.colour)
        self._measures.ask(partial(making_questions.measured, event.of, event.clip))

    def scale_to(self, overviews: Sequence[NDArray[np.float32]]) -> None:
        """Draw what is heard beside the loudest of some outlines, which fills the height."""
        self._peak = max(float(np.abs(each).max(initial=0.0)) for each in overviews) or 1.0

    def scaled(self, overview: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return an outline to be drawn at that scale."""
        return overview / np.float32(self._peak)

    def on_made_measured(self, event: MadeMeasured) -> None:
        """Show what was measured, if it is still what is heard."""
        if self._heard is not None and event.of == self._heard.of:
            self.show_measured(event)

    def show_measured(self, event: MadeMeasured) -> None:
        """Show what was measured of what is heard."""
        self.query_one(Measured).show(event.attributes)

    def _play(self, made: SoundMade) -> None:
        self._player.play(made.sound.frames)
        self._ticker.resume()

    def _tick(self) -> None:
        position = self._player.position
        if position is None or self._heard is None:
            self._ticker.pause()
            position = 0.0
        lasting = self._heard.sound.duration if self._heard is not None else 0.0
        self.waveform.show_heard(min(1.0, position / lasting) if lasting > 0 else 0.0)

    def action_play(self) -> None:
        """Play what is heard from its start, or stop it."""
        if self._player.position is not None:
            self._player.stop()
        elif self._heard is not None:
            self._play(self._heard)

    # What is kept.

    def folder_chosen(self) -> None:
        """Show where takes go."""
        if self._keep_in.path is not None:
            self.takes.show_folder(displayable(str(self._keep_in.path)))

    def keep(self, write: Callable[[Path], Take]) -> None:
        """Write a take into the folder, in a thread."""

        def into(folder: Path) -> None:
            # Questions of its own each time: no take may be dropped for a newer one.
            Questions(self, "keep").ask(partial(making_questions.kept, partial(write, folder)))

        self.with_folder(into)

    def on_take_kept(self, event: TakeKept) -> None:
        """List the take."""
        name = displayable(event.take.path.name)
        self.takes.add(name, self.about(event.take))
        self.notify(f"Kept {name}", timeout=3, markup=False)

    def about(self, take: Take) -> str:
        """Return a few words on a take, beside its name."""
        raise NotImplementedError

    def on_trouble(self, event: Trouble) -> None:
        """Say what is wrong."""
        event.stop()
        trouble = displayable(str(event.error))
        self.notify(trouble, severity="warning", markup=False)
        if self._heard is None:
            self.query_one("#made-state", Static).update(Content(trouble))
