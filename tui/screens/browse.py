"""The library: search line, list or map, and what is known of the sound under the cursor."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Footer

from library.names import displayable
from tui import questions
from tui.jobs import Questions
from tui.keys import Scope, bindings
from tui.messages import RowsReady, SpaceReady, StatusReady, Trouble
from tui.screens.hearing import Hearing
from tui.screens.mapping import Mapping
from tui.screens.organising import Organising
from tui.screens.searching import Searching
from tui.screens.teaching import Teaching
from tui.widgets.finder import Finder
from tui.widgets.inspector import Inspector
from tui.widgets.job_bar import JobBar
from tui.widgets.sample_table import SampleTable
from tui.widgets.search_line import SearchLine
from tui.widgets.top_line import TopLine

if TYPE_CHECKING:
    from index.workspace import Workspace


class Browse(Searching, Hearing, Organising, Teaching, Mapping):
    """Turns keys and messages of its widgets into questions, and answers into what they show."""

    key_scope: ClassVar[Scope] = "browse"
    BINDINGS = bindings("browse")

    def __init__(self) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (92, "-wide")]
        self._map_wanted = False
        self._rows = Questions(self, "rows", at_once=2)
        self._counts = Questions(self, "status")
        self._spaces = Questions(self, "space")

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield TopLine()
        yield SearchLine()
        with Horizontal(id="panes"):
            yield Finder()
            yield Inspector()
        yield JobBar()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Give the list the keyboard."""
        self.finder.take_keyboard()

    # What the application hands over.

    def use_workspace(self, workspace: Workspace) -> None:
        """Show a library."""
        self._workspace = workspace
        self._audition.use_workspace(workspace)
        self.refresh_library()

    def refresh_list(self, whole: bool = False) -> None:
        """Ask again for the list, its rows and the counts, because a job changes them.

        Args:
            whole: Whether the list itself is asked for in any case. Otherwise not while the user
                types, when every letter asks for it, and not for sounds alike, which takes longer.
        """
        if self._workspace is not None:
            if whole or not (self._typing or self._history.here.sound is not None):
                self._ask_list(self._history.here)
            self._counts.ask(partial(questions.status, self._workspace))
            self.finder.table.refetch()

    def refresh_library(self) -> None:
        """Ask again for everything, because a job changed it."""
        self._map_wanted = True
        self._audition.forget()
        self.refresh_list(whole=True)

    # What the widgets and the workers tell.

    def on_sample_table_rows_wanted(self, event: SampleTable.RowsWanted) -> None:
        """Fetch rows that came into sight."""
        if self._workspace is not None:
            self._rows.ask(partial(questions.rows, self._workspace, event.ids))
            self._workspace.attention.turn_to(self.finder.looked_at)

    def on_rows_ready(self, event: RowsReady) -> None:
        """Show rows."""
        self.finder.table.show_rows(event.rows)
        for row in event.rows:
            if self._row is not None and row.id == self._row.id and row != self._row:
                self._show_row(row)

    def on_finder_chosen(self, event: Finder.Chosen) -> None:
        """Play from the start, or open the morph of a marked sample."""
        if event.sample_id in self._marks and len(self._marks) > 1:
            self.action_morph()
        else:
            self._audition.ask(event.sample_id, True)

    def on_status_ready(self, event: StatusReady) -> None:
        """Show the counts."""
        self.top.samples = event.status.samples
        if self._map_wanted and self._workspace is not None:
            # Only now: they load the model, and the list must not wait for that.
            self._map_wanted = False
            self._ask_map()
            self._spaces.ask(partial(questions.space, self._workspace))

    def on_space_ready(self, event: SpaceReady) -> None:
        """Show which space is in use."""
        self.top.space = event.name

    def on_trouble(self, event: Trouble) -> None:
        """Say what is wrong, at the search line if the list cannot be had."""
        event.stop()
        trouble = displayable(str(event.error))
        if event.group == "list":
            self.search.show_wrong(trouble)
        else:
            self.notify(trouble, severity="warning", markup=False)
