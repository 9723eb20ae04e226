"""Attribute sliders on one sound: moved with the arrow keys, and heard while they move."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import getters
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Footer, Static

from tui import making_questions
from tui.colours import ACCENT, QUIET, colour_of
from tui.jobs import Questions
from tui.keys import Scope, bindings
from tui.made import MadeMeasured, ShaperReady
from tui.screens.taking import Taking
from tui.take_folder import TakeFolder
from tui.widgets import facts
from tui.widgets.job_bar import JobBar
from tui.widgets.sliders import Sliders
from tui.widgets.take_list import TakeList
from tui.widgets.waveform import Waveform

if TYPE_CHECKING:
    from index.answers import Take
    from index.shaper import Shaper
    from index.workspace import Workspace
    from library.catalog import SampleRow
    from tui.playback import Player

LARGE = 4
"""So many steps at once, a whole standard deviation."""


class Shape(Taking):
    """Moves a sound along the attributes of the space in use, and keeps what comes of it.

    Args:
        workspace: The library.
        player: What the sound is heard on.
        row: The sample.
        folder: Where takes go.
    """

    key_scope: ClassVar[Scope] = "shape"
    BINDINGS = bindings("shape")

    sliders = getters.query_one(Sliders)
    original = getters.query_one("#shape-original", Waveform)

    def __init__(
        self, workspace: Workspace, player: Player, row: SampleRow, folder: TakeFolder
    ) -> None:
        super().__init__(workspace, player, folder)
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
        self.VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]
        self._row = row
        self._shapers = Questions(self, "shaper")
        self._ready: Shaper | None = None
        self._comparing = False

    def compose(self) -> ComposeResult:
        """Lay out the sliders under the sound, and the takes beside them."""
        yield Static("", id="shape-sound")
        with Horizontal(id="shape-body"):
            with Vertical(id="shape-main"):
                yield Sliders()
                with Vertical(id="shape-outlines"):
                    yield Static("original", classes="outline-name")
                    yield Waveform(id="shape-original")
                    yield Static("shaped", classes="outline-name", id="shape-name")
                    yield Waveform(id="made-waveform")
            with VerticalScroll(id="shape-side", can_focus=False):
                yield TakeList()
        yield Static("", id="made-state")
        yield JobBar()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Prepare the sound and hear it."""
        self.sliders.focus()
        self._show_sound("")
        self._show_state("listening …")
        self._shapers.ask(partial(making_questions.shaper, self._workspace, self._row.id))

    def on_shaper_ready(self, event: ShaperReady) -> None:
        """Show the sliders."""
        self._ready = event.shaper
        self.sliders.show(event.shaper.sliders)
        self.scale_to([event.overview])
        self.original.show(self.scaled(event.overview), QUIET)
        self._show_sound(event.space)
        self._show_state()
        self._hear()

    # The sliders.

    def action_choose(self, lines: int) -> None:
        """Choose another slider."""
        self.sliders.choose(lines)

    def action_turn(self, steps: int) -> None:
        """Move the slider by steps."""
        self.sliders.turn(steps)

    def action_turn_far(self, steps: int) -> None:
        """Move the slider far."""
        self.sliders.turn(steps * LARGE)

    def action_reset(self) -> None:
        """Move the slider back."""
        self.sliders.reset()

    def action_reset_all(self) -> None:
        """Move all sliders back."""
        self.sliders.reset_all()

    def on_sliders_moved(self) -> None:
        """Hear what the sliders say."""
        self._comparing = False
        self._show_state()
        self._hear()

    def _hear(self) -> None:
        if self._ready is not None:
            moves = {} if self._comparing else self.sliders.moves
            self.hear(moves, partial(self._ready.at, moves))

    def action_compare(self) -> None:
        """Hear the original, or again what was made of it."""
        if not self.sliders.moves:
            self.notify("Nothing is moved yet: what you hear is the original")
            return
        self._comparing = not self._comparing
        self._show_state()
        self._hear()

    @property
    def colour(self) -> str:
        """The colour of the sample's category."""
        return colour_of(self._row.category)

    def show_measured(self, event: MadeMeasured) -> None:
        """Show what the sound measures, beside what was asked of it."""
        if event.of:
            self.sliders.show_reached(event.attributes)

    # Takes.

    def action_keep(self) -> None:
        """Keep the sound as the sliders say."""
        moves = self.sliders.moves
        if self._ready is None:
            return
        if not moves:
            self.notify("Nothing is moved, and the original is there: move a slider first")
            return
        write = self._ready.keep
        self.keep(lambda folder: write(moves, folder))

    def about(self, take: Take) -> str:
        """Return what was asked of a take and reached."""
        reached = [f"{each.name} {facts.attribute(each.name, each.reached)}" for each in take.asked]
        return ", ".join(reached)

    # What is told.

    def _show_sound(self, space: str) -> None:
        row = self._row
        text = Text(no_wrap=True, overflow="ellipsis")
        text.append("● ", style=colour_of(row.category))
        text.append(row.name, style="bold")
        told = (row.category or "", facts.length(row.duration), row.folder)
        text.append("  " + " · ".join(filter(None, told)), style=QUIET)
        if space:
            text.append("   in the space ", style=QUIET)
            text.append(space, style=ACCENT)
        self.query_one("#shape-sound", Static).update(text)

    def _show_state(self, waiting: str = "") -> None:
        told = waiting or "enter keeps it; b compares with the original"
        if not waiting and self._comparing:
            told = "this is the original; b goes back"
        self.query_one("#made-state", Static).update(Content(told))
