"""What every screen that makes takes shares: library, player, and the folder to keep them in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.screen import Screen

from tui.folders import chosen, trouble_writing
from tui.jobs import Asking
from tui.screens.ask import Ask
from tui.take_folder import TakeFolder

if TYPE_CHECKING:
    from index.workspace import Workspace
    from tui.playback import Player


class TakeScreen(Asking, Screen[None]):
    """Asks once in a session where takes are to be kept.

    Args:
        workspace: The library.
        player: What takes are heard on.
        keep_in: Where the user keeps them.
    """

    FOLDER_ASKED: ClassVar[tuple[str, str]]
    """How the folder is asked for: the title, and what is said of it."""

    def __init__(self, workspace: Workspace, player: Player, keep_in: TakeFolder) -> None:
        super().__init__()
        self._workspace = workspace
        self._player = player
        self._keep_in = keep_in

    def with_folder(self, then: Callable[[Path], None]) -> None:
        """Do something with the folder of the takes, which is asked for the first time."""
        if self._keep_in.path is not None:
            then(self._keep_in.path)
        else:
            self.ask_folder(then)

    def ask_folder(self, then: Callable[[Path], None] = lambda _: None) -> None:
        """Ask for a folder, also where there is one, and do something with it."""
        title, about = self.FOLDER_ASKED
        now = str(self._keep_in.path) if self._keep_in.path is not None else "~/"

        def answered(line: str | None) -> None:
            if line is not None:
                self._keep_in.path = chosen(line)
                self.folder_chosen()
                then(self._keep_in.path)

        self.app.push_screen(Ask(title, about, now, trouble_writing, folder=True), answered)

    def action_folder(self) -> None:
        """Ask for another folder."""
        self.ask_folder()

    def folder_chosen(self) -> None:
        """Show another folder, where it is shown."""

    def action_close(self) -> None:
        """Go back to the library."""
        self.dismiss()
