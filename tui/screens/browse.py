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
from tui.kept_state import Place
from tui.keys import Scope, bindings
from tui.marks import NUMBERED
from tui.messages import RowsReady, SpaceReady, StatusReady, Trouble
from tui.screens.arranging import Arranging
from tui.screens.deriving import Deriving
from tui.screens.handing import Handing
from tui.screens.inspecting import Inspecting
from tui.screens.likeness import Likeness
from tui.screens.mapping import Mapping
from tui.screens.marking import Marking
from tui.screens.teaching import Teaching
from tui.screens.triaging import Triaging
from tui.widgets.finder import Finder
from tui.widgets.inspector import Inspector
from tui.widgets.job_bar import JobBar
from tui.widgets.sample_table import SampleTable
from tui.widgets.search_line import SearchLine, SearchOffers
from tui.widgets.side_panel import SidePanel
from tui.widgets.top_line import TopLine
from tui.widgets.triage_line import TriageLine

if TYPE_CHECKING:
    from index.workspace import Workspace


class Browse(
    Likeness, Arranging, Inspecting, Marking, Triaging, Handing, Deriving, Teaching, Mapping
):
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
        yield SearchOffers()
        with Horizontal(id="panes"):
            yield SidePanel()
            with Horizontal(id="sounds"):
                yield Finder()
                yield Inspector()
        yield TriageLine()
        yield JobBar()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Give the list the keyboard."""
        self.finder.take_keyboard()

    # What the application hands over.

    def begin_at(self, place: Place) -> None:
        """Begin where the user was."""
        self._history.change(query=place.query, current=place.current or None)
        self.search.show_query(place.query)
        if place.view != self._view:
            self.action_switch()

    @property
    def place(self) -> Place:
        """Where the user is; it can be asked when the screen has gone."""
        here = self._history.here
        return Place(here.query, here.current or 0, self._view)

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
            if whole or not (self.search.typing or self._history.here.sound is not None):
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
        if event.sample_id in self._marks and 1 < len(self._marks) <= NUMBERED:
            self.action_morph()
        else:
            self._hear(event.sample_id)

    def on_status_ready(self, event: StatusReady) -> None:
        """Show the counts."""
        self.top.samples = event.status.samples
        self._ask_places(folders=True)
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
