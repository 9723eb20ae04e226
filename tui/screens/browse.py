"""The library: search line, list or map, and what is known of the sound under the cursor."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Footer

from library.category import CATEGORY_NAMES
from library.names import displayable
from tui import questions, reports
from tui.audition import Audition
from tui.colours import number_of
from tui.jobs import Asking, Questions
from tui.keys import Scope, bindings
from tui.looks import History, Look
from tui.messages import (
    ListReady,
    MapReady,
    RowsChanged,
    RowsReady,
    ScopeReady,
    SoundReady,
    SpaceReady,
    StatusReady,
    Trouble,
)
from tui.screens.ask import Ask
from tui.screens.morph import Morph
from tui.widgets.finder import Finder
from tui.widgets.inspector import Inspector
from tui.widgets.job_bar import JobBar
from tui.widgets.sample_table import SampleTable
from tui.widgets.search_line import SearchLine
from tui.widgets.top_line import TopLine

if TYPE_CHECKING:
    from index.answers import MapPoints
    from index.workspace import Workspace
    from library.catalog import SampleRow
    from tui.playback import Player

TICK_SECONDS = 1 / 20


class Browse(Asking, Screen[None]):
    """Turns keys and messages of its widgets into questions, and answers into what they show."""

    key_scope: ClassVar[Scope] = "browse"
    BINDINGS = bindings("browse")

    finder = getters.query_one(Finder)
    inspector = getters.query_one(Inspector)
    search = getters.query_one(SearchLine)
    top = getters.query_one(TopLine)

    def __init__(self) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (92, "-wide")]
        self._workspace: Workspace | None = None
        self._audition = Audition(self)
        self._history = History()
        self._row: SampleRow | None = None
        self._marks: dict[int, SampleRow] = {}
        self._points: MapPoints | None = None
        self._takes: TemporaryDirectory[str] | None = None
        self._typing = False
        self._map_wanted = False
        self._lists = Questions(self, "list")
        self._rows = Questions(self, "rows", at_once=2)
        self._counts = Questions(self, "status")
        self._maps = Questions(self, "map")
        self._spaces = Questions(self, "space")
        self._scopes = Questions(self, "scope")

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
        self._ticker = self.set_interval(TICK_SECONDS, self._tick, pause=True)
        self.finder.take_keyboard()

    # What the application hands over.

    def use_workspace(self, workspace: Workspace) -> None:
        """Show a library."""
        self._workspace = workspace
        self._audition.use_workspace(workspace)
        self.refresh_library()

    def use_player(self, player: Player) -> None:
        """Play on something else."""
        self._audition.use_player(player)
        self.top.player_note = player.note

    def refresh_list(self) -> None:
        """Ask again for the list, its rows and the counts, because a job changes them."""
        if self._workspace is not None:
            self._ask_list(self._history.here)
            self._counts.ask(partial(questions.status, self._workspace))
            self.finder.table.refetch()

    def refresh_library(self) -> None:
        """Ask again for everything, because a job changed it."""
        self._map_wanted = True
        self._audition.forget()
        self.refresh_list()

    @property
    def query_text(self) -> str:
        """The query of what is shown; it scopes what is trained."""
        return self._history.here.query

    # The list.

    def _ask_list(self, look: Look) -> None:
        if self._workspace is not None:
            self._lists.ask(partial(questions.samples, self._workspace, look))

    def on_list_ready(self, event: ListReady) -> None:
        """Show the samples of the look, if it is still the one wanted."""
        here = self._history.here
        if (event.look.query, event.look.sound) != (here.query, here.sound):
            return
        self.search.show_query(here.query)
        self.search.show_answer(reports.found(len(event.ids), here))
        self.finder.show_list(event.ids, event.scores, here.current, here.name)
        if not len(event.ids):
            self._row = None
            self.inspector.show(None)
        if self._points is not None:
            self._scopes.ask(partial(questions.scope, self._points, event.ids))

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

    def _show_row(self, row: SampleRow) -> None:
        self._row = row
        self.inspector.show(row)
        self.finder.map_view.show_colour(row.id, number_of(row.category))
        if row.id in self._marks:
            self._marks[row.id] = row

    # The sound under the cursor.

    def _under_cursor(self) -> SampleRow | None:
        """Return the sample under the cursor, also when keys come faster than it is shown."""
        current = self.finder.current
        if current is None or self._workspace is None:
            return None
        if self._row is not None and self._row.id == current:
            return self._row
        row = self.finder.table.row(current)
        return row or next(iter(self._workspace.rows([current])), None)

    def on_finder_moved(self, event: Finder.Moved) -> None:
        """Show and play the sample; a list that changed by itself makes no sound."""
        self._history.change(current=event.sample_id)
        row = self.finder.table.row(event.sample_id)
        if row is not None:
            self._show_row(row)
        self._audition.ask(event.sample_id, event.by_hand and self.top.autoplay)
        if self._workspace is not None:
            self._workspace.attention.turn_to(self.finder.looked_at)

    def on_sound_ready(self, event: SoundReady) -> None:
        """Play and draw the sound, or say why not."""
        self._show_row(event.row)
        self.inspector.show_trouble(event.reason)
        if event.sound is not None:
            self.inspector.show_sound(event.sound.overview)
        if event.wanted:
            self._audition.play(event.sound)
            self._ticker.resume()
        self._audition.look_ahead(self.finder.near)

    def _tick(self) -> None:
        """Move the line of what has been heard."""
        heard = self._audition.heard
        self.inspector.show_heard(heard or 0.0)
        if heard is None:
            self._ticker.pause()

    def action_play(self) -> None:
        """Play the sound, or stop it."""
        current = self.finder.current
        if self._audition.heard is not None:
            self._audition.play(None)
        elif current is not None:
            self._audition.ask(current, True)

    def action_autoplay(self) -> None:
        """Turn playing on every cursor move off, and on again."""
        self.top.autoplay = not self.top.autoplay
        if not self.top.autoplay:
            self._audition.play(None)

    def on_finder_chosen(self, event: Finder.Chosen) -> None:
        """Play from the start, or open the morph of a marked sample."""
        if event.sample_id in self._marks and len(self._marks) > 1:
            self.action_morph()
        else:
            self._audition.ask(event.sample_id, True)

    # Looking around.

    def action_search(self) -> None:
        """Give the search line the keyboard."""
        self._typing = False
        self.search.start_typing()

    def on_search_line_changed(self, event: SearchLine.Changed) -> None:
        """Ask for what the query finds; the whole typing is one step on the way back."""
        if not self._typing:
            self._history.go(self._history.here)
            self._typing = True
        self._ask_list(self._history.change(query=event.query))

    def on_search_line_left(self) -> None:
        """Give the keyboard back to the list or the map."""
        self._typing = False
        self.finder.take_keyboard()

    def action_similar(self) -> None:
        """List what sounds like the sample under the cursor, within the query."""
        row = self._under_cursor()
        if row is not None:
            here = self._history.here
            look = replace(here, sound=row.id, name=row.name, current=row.id)
            self._ask_list(self._history.go(look))
            self.search.show_answer("listening …")

    def action_back(self) -> None:
        """Show what was looked at before; from the first look, the whole library."""
        look = self._history.back()
        if look is None:
            look = self._history.change(query="", sound=None, name="")
        self.search.show_query(look.query)
        self._ask_list(look)

    def action_switch(self) -> None:
        """Switch between the list and the map."""
        self.finder.switch()

    # The user's own words and stars.

    def action_tag(self) -> None:
        """Ask for words for the sample."""
        row = self._under_cursor()
        if row is not None:
            about = "Words of your own, with spaces between. A minus takes one away: -old"
            ask = Ask(f"Words for {row.name}", about)
            self.app.push_screen(ask, partial(self._say, row.id))

    def _say(self, sample_id: int, line: str | None) -> None:
        if line and self._workspace is not None:
            self._write(partial(questions.words, self._workspace, sample_id, line))

    def action_category(self) -> None:
        """Ask of what category the sample is; what it is now can be confirmed with enter."""
        row = self._under_cursor()
        if row is not None:
            about = f"One of {', '.join(CATEGORY_NAMES)}. Nothing takes back what you said"
            now = row.category or ""
            ask = Ask(
                f"Category of {row.name}",
                about,
                now,
                questions.trouble_with_category,
                words=CATEGORY_NAMES,
            )
            self.app.push_screen(ask, partial(self._say_category, row.id))

    def _say_category(self, sample_id: int, line: str | None) -> None:
        if line is not None and self._workspace is not None:
            self._write(partial(questions.category, self._workspace, sample_id, line))

    def action_rate(self, stars: int) -> None:
        """Rate the sample."""
        row = self._under_cursor()
        if row is not None and self._workspace is not None:
            self._write(partial(questions.rating, self._workspace, row.id, stars))

    def _write(self, question: partial[RowsChanged]) -> None:
        # Questions of its own each time: no writing may be dropped for a newer one.
        Questions(self, "write").ask(question)

    def on_rows_changed(self, event: RowsChanged) -> None:
        """Fetch again what was written."""
        if self._workspace is not None:
            Questions(self, "rows").ask(partial(questions.rows, self._workspace, event.ids))

    def action_copy(self) -> None:
        """Copy the path of the sample to the clipboard."""
        row = self._under_cursor()
        if row is not None:
            path = str(row.path).encode("utf-8", "replace").decode("utf-8")
            self.app.copy_to_clipboard(path)
            self.notify("Path copied", timeout=2)

    # Morphing.

    def action_mark(self) -> None:
        """Mark the sample for a morph, or unmark it."""
        row = self._under_cursor()
        if row is not None:
            if self._marks.pop(row.id, None) is None:
                self._marks[row.id] = row
            self.finder.table.show_marks(tuple(self._marks))
            self.top.marked = len(self._marks)

    def action_morph(self) -> None:
        """Open the morph between the marked samples."""
        rows = list(self._marks.values())
        row = self._under_cursor()
        if len(rows) == 1 and row is not None and row.id not in self._marks:
            rows.append(row)
        if len(rows) < 2 or self._workspace is None:
            self.notify("Mark two sounds with m, then M morphs between them")
        else:
            self._audition.play(None)
            if self._takes is None:
                self._takes = TemporaryDirectory(prefix="latentcrate-")
            folder = Path(self._takes.name)
            self.app.push_screen(Morph(self._workspace, self._audition.player, rows, folder))

    def let_go(self) -> None:
        """Remove the morphs that were heard and not saved."""
        if self._takes is not None:
            self._takes.cleanup()

    # Answers of other kinds.

    def on_status_ready(self, event: StatusReady) -> None:
        """Show the counts."""
        self.top.samples = event.status.samples
        if self._map_wanted and self._workspace is not None:
            # Only now: they load the model, and the list must not wait for that.
            self._map_wanted = False
            self._maps.ask(partial(questions.library_map, self._workspace))
            self._spaces.ask(partial(questions.space, self._workspace))

    def on_space_ready(self, event: SpaceReady) -> None:
        """Show which space is in use."""
        self.top.space = event.name

    def on_map_ready(self, event: MapReady) -> None:
        """Show the map."""
        self._points = event.points
        self.finder.map_view.show(event.points.ids, event.points.xy, event.colours)
        if self._history.here.current is not None:
            self.finder.map_view.go_to(self._history.here.current)
        if self._history.here.query or self._history.here.sound is not None:
            self._ask_list(self._history.here)

    def on_scope_ready(self, event: ScopeReady) -> None:
        """Show which part of the map is in the list."""
        self.finder.map_view.show_within(event.within)

    def on_trouble(self, event: Trouble) -> None:
        """Say what is wrong, at the search line if the list cannot be had."""
        event.stop()
        trouble = displayable(str(event.error))
        if event.group == "list":
            self.search.show_wrong(trouble)
        else:
            self.notify(trouble, severity="warning", markup=False)
