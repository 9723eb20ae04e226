"""The application: it owns the library, the player, the theme and the keys.

It does no work itself. What it imports at its top loads fast; the rest follows the first paint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App, SystemCommand
from textual.filter import LineFilter
from textual.screen import Screen

from library.errors import LibraryError
from library.names import displayable
from tui import reports
from tui.audition_settings import AuditionSettings
from tui.colours import DARK, LIGHT, THEMES
from tui.columns import ListColumns
from tui.commands import KeyCommands
from tui.folders import chosen
from tui.garbage import keep_passes_short
from tui.kept_state import Place, read_state, restored, state_file, write_state
from tui.keymap import Keymap
from tui.keys import Scope, bindings
from tui.messages import PlayerOpened, SpaceChosen, StatusReady, Trouble, WorkspaceOpened
from tui.playback import Player, open_player
from tui.quiet import only_we_draw, only_we_print
from tui.running_jobs import RunningJobs
from tui.screens.browse import Browse
from tui.screens.help import Help
from tui.screens.welcome import Welcome, add_folder
from tui.settings import Settings, read_settings, settings_file
from tui.themes import LightFilter, themes

if TYPE_CHECKING:
    from pathlib import Path

    from _typeshed import DataclassInstance

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
    settings = read_settings(settings_file())
    app = Browser(partial(open_workspace, workspace_path), settings=settings, keep=True)
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
        settings: What the user has set.
        keep: Whether to begin where the user was, and to remember that at the end.
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
        settings: Settings | None = None,
        keep: bool = False,
    ) -> None:
        super().__init__()
        self._open_workspace = workspace
        self._open_player = player
        self._settings = settings or Settings()
        self._keep = keep
        self._workspace: Workspace | None = None
        self._player: Player | None = None
        self._browse = Browse()
        self._welcomed = False

    def on_mount(self) -> None:
        """Paint first, then open the library and the audio device behind."""
        for theme in themes():
            self.register_theme(theme)
        self.theme = self._settings.theme or DARK
        self.set_keymap(dict(self._settings.keymap))
        self._browse.use_programs(self._settings.send)
        self.push_screen(self._browse)
        for trouble in self._settings.troubles:
            self.notify(displayable(trouble), severity="warning", markup=False)
        self.call_after_refresh(self._open)

    def _open(self) -> None:
        self.run_worker(self._work_open, thread=True, group="open")
        self.run_worker(
            lambda: self.post_message(PlayerOpened(self._open_player())), thread=True, group="open"
        )

    def _work_open(self) -> None:
        try:
            workspace = self._open_workspace()
            kept = read_state(state_file(workspace.path)) if self._keep else {}
            self.post_message(WorkspaceOpened(workspace, kept))
        except LibraryError as error:
            self.post_message(Trouble("open", error))

    def on_workspace_opened(self, event: WorkspaceOpened) -> None:
        """Show the library."""
        self._workspace = event.workspace
        place = restored(Place(), event.kept.get("place"))
        if place.theme in THEMES and not self._settings.theme:
            self.theme = place.theme
        self._browse.use_columns(restored(ListColumns(), event.kept.get("columns")))
        audition = restored(AuditionSettings(), event.kept.get("audition"))
        self._browse.use_audition_settings(audition)
        self._browse.begin_at(place)
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
        """Remember where the user was, close device and library, remove what was only heard."""
        if self._workspace is not None and self._keep:
            place = replace(self._browse.place, theme=self.theme)
            parts: dict[str, DataclassInstance] = {
                "place": place,
                "columns": self._browse.columns,
                "audition": self._browse.audition_settings,
            }
            write_state(state_file(self._workspace.path), parts)
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
        self.push_screen(Help(self.keymap))

    @property
    def keymap(self) -> Keymap:
        """The user's own keys, by the id of the action."""
        return self._settings.keymap

    def action_theme(self) -> None:
        """Exchange light and dark."""
        self.theme = DARK if self.theme == LIGHT else LIGHT

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what changes the colours of all that is drawn."""
        light = [LightFilter()] if self.theme == LIGHT else []
        return [*super().get_line_filters(), *light]

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer of Textual's own commands those that are not in our table."""
        ours = {"Theme", "Keys", "Quit"}
        return [each for each in super().get_system_commands(screen) if each.title not in ours]
