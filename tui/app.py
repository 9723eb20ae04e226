"""The application: it owns the library, the player, the theme and the keys.

It does no work itself. What it imports at its top loads fast; the rest follows the first paint.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.theme import Theme

from library.errors import LibraryError
from library.names import displayable
from tui import reports
from tui.colours import THEME, VARIABLES
from tui.commands import KeyCommands
from tui.folders import chosen
from tui.garbage import keep_passes_short
from tui.keys import Scope, bindings
from tui.messages import PlayerOpened, SpaceChosen, StatusReady, Trouble, WorkspaceOpened
from tui.playback import Player, open_player
from tui.quiet import only_we_draw, only_we_print
from tui.running_jobs import RunningJobs
from tui.screens.browse import Browse
from tui.screens.help import Help
from tui.screens.welcome import Welcome, add_folder

if TYPE_CHECKING:
    from pathlib import Path

    from index.workspace import Workspace


def open_workspace(path: Path | None) -> Workspace:
    """Open a library; None for the user's own one."""
    from index.workspace import Workspace

    return Workspace.open(path)


def run(workspace_path: Path | None = None) -> int:
    """Open the application on a library.

    Args:
        workspace_path: The library's file; None for the user's own one.

    Returns:
        The exit code: 0, or 2 if the library cannot be opened.
    """
    app = Browser(partial(open_workspace, workspace_path))
    keep_passes_short()
    with only_we_draw(), only_we_print():
        app.run()
    app.let_go()
    return app.return_code or 0


class Browser(RunningJobs):
    """The terminal application.

    Args:
        workspace: Opens the library; called in a thread after the first paint.
        player: Opens the audio device; called in a thread after the first paint.
    """

    TITLE = "latentcrate"
    CSS_PATH = "app.tcss"
    COMMANDS: ClassVar[set[Any]] = App.COMMANDS | {KeyCommands}
    BINDINGS = bindings("app")
    key_scope: ClassVar[Scope] = "app"

    def __init__(
        self,
        workspace: Callable[[], Workspace],
        player: Callable[[], Player] = open_player,
    ) -> None:
        super().__init__()
        self._open_workspace = workspace
        self._open_player = player
        self._workspace: Workspace | None = None
        self._player: Player | None = None
        self._browse = Browse()
        self._welcomed = False

    def on_mount(self) -> None:
        """Paint first, then open the library and the audio device behind."""
        self.register_theme(Theme(name="crate", dark=True, variables=VARIABLES, **THEME))
        self.theme = "crate"
        self.push_screen(self._browse)
        self.call_after_refresh(self._open)

    def _open(self) -> None:
        self.run_worker(self._work_open, thread=True, group="open")
        self.run_worker(
            lambda: self.post_message(PlayerOpened(self._open_player())), thread=True, group="open"
        )

    def _work_open(self) -> None:
        try:
            self.post_message(WorkspaceOpened(self._open_workspace()))
        except LibraryError as error:
            self.post_message(Trouble("open", error))

    def on_workspace_opened(self, event: WorkspaceOpened) -> None:
        """Show the library."""
        self._workspace = event.workspace
        self._browse.use_workspace(event.workspace)

    def on_player_opened(self, event: PlayerOpened) -> None:
        """Play on the device."""
        self._player = event.player
        self._browse.use_player(event.player)

    def on_status_ready(self, event: StatusReady) -> None:
        """Ask for a folder when the library is empty, once."""
        if not self._welcomed and not event.status.samples:
            self.push_screen(Welcome(), self._add)
        self._welcomed = True

    def on_trouble(self, event: Trouble) -> None:
        """Leave when the library cannot be opened."""
        self.exit(return_code=2, message=displayable(str(event.error)))

    def let_go(self) -> None:
        """Close the device and the library, and remove what was not saved."""
        self._browse.let_go()
        if self._player is not None:
            self._player.close()
        if self._workspace is not None:
            self._workspace.close()

    def library_changes(self) -> None:
        """Let the list follow a job that changes the library."""
        self._browse.refresh_list()

    def library_changed(self) -> None:
        """Show what a job left."""
        self._browse.refresh_library()

    def on_space_chosen(self, event: SpaceChosen) -> None:
        """Show the library as the space has it."""
        self.library_changed()
        self.notify(f"Search and the map use the space {event.name}", markup=False)

    def action_add(self) -> None:
        """Ask for a folder and add it."""
        self.push_screen(add_folder(), self._add)

    def _add(self, line: str | None) -> None:
        if line is not None and self._workspace is not None:
            self.start("adding", partial(self._workspace.add, [chosen(line)]), reports.added)

    def action_scan(self) -> None:
        """Bring the library up to date with the disks."""
        if self._workspace is not None and self.is_free("scanning"):
            self.start("scanning", self._workspace.scan, reports.added)

    def action_project(self) -> None:
        """Compute the map."""
        if self._workspace is not None and self.is_free("mapping"):
            self.start("mapping", self._workspace.project, reports.projected)

    def action_help(self) -> None:
        """Show every key."""
        self.push_screen(Help())
