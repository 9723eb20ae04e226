"""The part of the library's screen that hands sounds to other programs and into folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from tui import handing_off, reports
from tui.folders import chosen, trouble_writing
from tui.jobs import Questions
from tui.messages import JobWanted, PathsReady, Started
from tui.saying import sounds
from tui.screens.ask import Ask
from tui.screens.library_screen import LibraryScreen
from tui.screens.pick import Pick, Picked

if TYPE_CHECKING:
    from pathlib import Path

    from index.workspace import Workspace


class Handing(LibraryScreen):
    """Copies paths, opens folders, starts the user's programs, exports."""

    def __init__(self) -> None:
        super().__init__()
        self._programs: Mapping[str, str] = {}

    def use_programs(self, programs: Mapping[str, str]) -> None:
        """Offer the user's command lines, by the names under which they are offered."""
        self._programs = programs

    def action_copy(self) -> None:
        """Copy the paths of the samples to the clipboard."""
        ids = self._meant()
        if len(ids) > handing_off.MOST_PATHS:
            self.notify(f"The clipboard takes {handing_off.MOST_PATHS:,} paths at most")
        elif ids and self._workspace is not None:
            Questions(self, "paths").ask(partial(_paths, self._workspace, ids))

    def on_paths_ready(self, event: PathsReady) -> None:
        """Put the paths on the clipboard."""
        event.stop()
        lines = "\n".join(str(path) for path in event.paths)
        self.app.copy_to_clipboard(lines.encode("utf-8", "replace").decode("utf-8"))
        count = len(event.paths)
        self.notify("Path copied" if count == 1 else f"{count:,} paths copied", timeout=2)

    def action_open_folder(self) -> None:
        """Show the sample at the cursor in the file manager."""
        row = self._under_cursor()
        if row is not None:
            Questions(self, "start").ask(partial(_show, row.path))

    def action_send(self) -> None:
        """Ask for one of the user's programs and start it on the samples."""
        if not self._programs:
            hint = 'No program is set: write audacity = "audacity {paths}" under [send] in the '
            self.notify(f"{hint}settings file", markup=False)
        elif self._meant():
            title = f"Send {sounds(len(self._meant()))} to"
            self.app.push_screen(Pick(title, self._programs), self._send)

    def _send(self, picked: Picked | None) -> None:
        ids = self._meant()
        if picked is not None and ids and self._workspace is not None:
            command = self._programs[picked.name]
            question = partial(_send, self._workspace, ids, picked.name, command)
            Questions(self, "start").ask(question)

    def on_started(self, event: Started) -> None:
        """Say what was started."""
        event.stop()
        self.notify(event.told, markup=False, timeout=3)

    def action_export(self) -> None:
        """Ask for a folder and for names, and copy the samples there."""
        ids = self._meant()
        if ids:
            about = "Copies of the files are written there; the files themselves stay as they are"
            ask = Ask(f"Export {sounds(len(ids))} into", about, "", trouble_writing, folder=True)
            self.app.push_screen(ask, partial(self._ask_pattern, ids))

    def _ask_pattern(self, ids: Sequence[int], line: str | None) -> None:
        if line is not None:
            about = "{name} {n} {n:03} {category} {tags} {rating} {folder} {id} may stand in it"
            ask = Ask("Names of the copies", about, "{name}")
            self.app.push_screen(ask, partial(self._export, ids, chosen(line)))

    def _export(self, ids: Sequence[int], folder: Path, pattern: str | None) -> None:
        if pattern and self._workspace is not None:
            begin = partial(self._workspace.export_samples, ids, folder, pattern)
            tell = partial(self.notify, markup=False)
            self.post_message(
                JobWanted(
                    "exporting",
                    begin,
                    lambda report: tell(reports.exported(report, str(folder))),
                    changes=False,
                )
            )


def _paths(workspace: Workspace, ids: Sequence[int]) -> PathsReady:
    return PathsReady([row.path for row in workspace.rows(ids)])


def _show(path: Path) -> Started:
    handing_off.start(handing_off.showing(path))
    return Started(f"{path.parent.name} is being opened")


def _send(workspace: Workspace, ids: Sequence[int], name: str, command: str) -> Started:
    """Start a program on samples; called in a thread."""
    within = ids[: handing_off.MOST_PATHS + 1]
    paths = [row.path for row in workspace.rows(within)]
    for words in handing_off.command_lines(command, paths):
        handing_off.start(words)
    return Started(f"{sounds(len(paths))} sent to {name}")
