"""What the screens share that make sounds to be listened to: making, hearing and keeping them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from library.names import displayable
from library.progress import Job
from tui import questions, reports
from tui.growing_sound import Sound
from tui.heard_takes import remove
from tui.jobs import Questions
from tui.messages import JobWanted, RunOver, TakeArrived, TakeHeard, TakesKept, Trouble
from tui.screens.take_screen import TakeScreen
from tui.sounds import Shelf, sound_of
from tui.take_folder import TakeFolder
from tui.take_run import Run, telling

if TYPE_CHECKING:
    from index.answers import Take
    from index.workspace import Workspace
    from tui.playback import Player

HEARD_BYTES = 48 * 2**20
"""How much audio is kept ready to be heard again."""


class Takes(TakeScreen):
    """Runs one job at a time that makes takes, numbers them, plays them and keeps them.

    A subclass shows them: it overrides `run_over` and `show_arrived`, `show_kept` and `current`.

    Args:
        workspace: The library.
        player: What they are heard on.
        keep_in: Where the user keeps them.
        folder: Where they lie while they are heard; it is there, and goes with the screen.
        sounds: What they are made from, as the workspace names them.
    """

    FOLDER_ASKED = (
        "Keep takes in",
        "Kept takes are written there as WAV files; nothing is overwritten.",
    )

    def __init__(
        self,
        workspace: Workspace,
        player: Player,
        keep_in: TakeFolder,
        folder: Path,
        sounds: tuple[str, ...] = (),
    ) -> None:
        super().__init__(workspace, player, keep_in)
        self._folder = folder
        self._sounds = sounds
        self._takes: dict[int, Take] = {}
        self._number = 0
        self._kept: dict[int, Path] = {}
        self._run: Run | None = None
        self._next: Callable[[], None] | None = None
        self._then: Callable[[Any], object]
        self._shelf = Shelf(self._load, int, HEARD_BYTES)
        self._hearing = Questions(self, "take", at_once=3)

    # What a subclass says.

    @property
    def current(self) -> int | None:
        """The number of the take under the cursor; None where there is none."""
        raise NotImplementedError

    def show_arrived(self, number: int, take: Take, sound: Sound | None, reason: str) -> None:
        """Show a take that was just made."""
        raise NotImplementedError

    def show_kept(self, numbers: Sequence[int]) -> None:
        """Show that takes are kept."""
        raise NotImplementedError

    def run_over(self, done: bool) -> None:
        """Show that nothing is made any more; `done` if the job came to its end."""

    # Making.

    @property
    def making(self) -> bool:
        """Whether takes are being made."""
        return self._run is not None

    def make(
        self,
        name: str,
        begin: Callable[[], Job[Any]],
        then: Callable[[Any], object] = lambda _: None,
    ) -> None:
        """Run a job that makes takes; one that runs is given up first.

        Args:
            name: What it is called on the screen.
            begin: Makes the job; called in its thread.
            then: Is given the report, if the job was not given up and the screen is there.
        """
        if self._run is not None:
            self._run.given_up = True
            self._next = partial(self.make, name, begin, then)
            return
        run = self._run = Run()
        self._then = then
        told = partial(telling, self, run, begin, self._player.sample_rate)
        over = partial(self._over, run)
        self.post_message(JobWanted(name, told, partial(setattr, run, "report"), False, over))

    def _over(self, run: Run, done: bool) -> None:
        run.ended = True
        if self.is_attached:
            # By way of the queue: the last takes may still be in it.
            self.post_message(RunOver(run, done))
        else:
            remove(self._folder)

    def on_run_over(self, event: RunOver) -> None:
        """Hand over the report, and make what was wanted meanwhile."""
        self._run = None
        if event.done and not event.run.given_up:
            self._then(event.run.report)
        if self._next is not None:
            following, self._next = self._next, None
            following()
        else:
            self.run_over(event.done)

    def on_take_arrived(self, event: TakeArrived) -> None:
        """Number a take and show it."""
        if event.run is self._run and not event.run.given_up:
            self._number += 1
            self._takes[self._number] = event.take
            self.show_arrived(self._number, event.take, event.sound, event.reason)

    def on_unmount(self) -> None:
        """Fall silent, and let what was only heard go."""
        self._player.stop()
        if self._run is not None and not self._run.ended:
            self._run.given_up = True  # its folder goes when it has ended
        else:
            remove(self._folder)

    # Hearing.

    def _load(self, number: int) -> Sound:
        """Return a take decoded; called in a thread."""
        from library.decode import read

        return sound_of(read(self._takes[number].path), self._player.sample_rate)

    def hear(self) -> None:
        """Play the take under the cursor."""
        if self.current is not None:
            self._hearing.ask(partial(questions.heard, self._shelf, self.current))

    def on_take_heard(self, event: TakeHeard) -> None:
        """Play the take, or say why not."""
        if event.sound is None:
            self.notify(displayable(event.reason), severity="warning", markup=False)
        elif event.number == self.current:
            self._player.play(event.sound.frames)

    def action_play(self) -> None:
        """Play the take, or stop it."""
        if self._player.position is not None:
            self._player.stop()
        else:
            self.hear()

    # Keeping.

    def action_keep(self) -> None:
        """Keep the take under the cursor."""
        number = self.current
        if number not in self._takes:
            self.notify("There is nothing to keep here")
        elif number in self._kept:
            self.notify(f"Kept already, as {displayable(self._kept[number].name)}", markup=False)
        else:
            self.keep([number])

    def keep(self, numbers: Sequence[int]) -> None:
        """Keep takes; the folder is asked for once in a session."""
        self.with_folder(partial(self._keep, numbers))

    def _keep(self, numbers: Sequence[int], folder: Path) -> None:
        paths = {number: self._takes[number].path for number in numbers}
        # Questions of its own each time: no keeping may be dropped for a newer one.
        ask = partial(questions.kept, self._workspace, paths, folder, self._sounds)
        Questions(self, "keep").ask(ask)

    def on_takes_kept(self, event: TakesKept) -> None:
        """Say where they are, or why they are not."""
        self._kept |= event.kept
        if event.kept:
            self.show_kept(list(event.kept))
            names = [displayable(path.name) for path in event.kept.values()]
            folder = displayable(str(self._keep_in.path))
            self.notify(reports.kept(names, folder), markup=False)
        if event.error is not None:
            self.notify(displayable(str(event.error)), severity="error", markup=False)

    def on_trouble(self, event: Trouble) -> None:
        """Say what is wrong."""
        event.stop()
        self.notify(displayable(str(event.error)), severity="warning", markup=False)
