"""The morph: two sounds, the steps between them to be heard, and a folder to keep them in."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import getters
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Static

from library.names import displayable
from tui import questions, reports
from tui.colours import ACCENT, QUIET, colour_of
from tui.folders import chosen, trouble_writing
from tui.jobs import Asking, Questions
from tui.keys import Scope, bindings
from tui.messages import JobWanted, TakeReady, Trouble
from tui.screens.ask import Ask
from tui.widgets import facts
from tui.widgets.job_bar import JobBar
from tui.widgets.step_list import Step, StepList
from tui.widgets.waveform import Waveform

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.answers import Take
    from index.workspace import Workspace
    from library.catalog import SampleRow
    from tui.playback import Player

FEWEST, MOST, USUAL = 3, 33, 9
SECOND = "#6fa8ff"


class Morph(Asking, Screen[None]):
    """Makes the steps between A and B, plays them and writes them where the user wants.

    Args:
        workspace: The library.
        player: What the steps are heard on.
        rows: At least two samples; the first two are A and B at first.
        folder: Where the steps lie while they are heard; it is there and is not removed here.
    """

    key_scope: ClassVar[Scope] = "morph"
    BINDINGS = bindings("morph")

    steps = getters.query_one(StepList)

    def __init__(
        self, workspace: Workspace, player: Player, rows: Sequence[SampleRow], folder: Path
    ) -> None:
        super().__init__()
        self._workspace = workspace
        self._player = player
        self._choices = tuple(rows)
        self._ends = [0, 1]
        self._count = USUAL
        self._takes: list[Take] = []
        self._folder = folder
        self._heard = Questions(self, "take", at_once=3)

    def compose(self) -> ComposeResult:
        """Lay out the two ends over the steps."""
        with Horizontal(id="morph-ends"):
            yield Static("", id="morph-a")
            yield Static("", id="morph-b")
        yield Static("", id="morph-count")
        with Vertical(id="morph-body"):
            yield StepList(SECOND)
            yield Waveform(id="morph-waveform")
        yield JobBar()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Make the first steps at once."""
        self.steps.focus()
        self._show_ends()
        self.action_make()

    def on_unmount(self) -> None:
        """Fall silent."""
        self._player.stop()

    @property
    def sounds(self) -> list[str]:
        """A and B as the workspace names them."""
        return [str(self._choices[end].id) for end in self._ends]

    def _show_ends(self) -> None:
        for name, end, colour in zip("ab", self._ends, (ACCENT, SECOND), strict=True):
            row = self._choices[end]
            text = Text(f"{name.upper()}  ", style=f"bold {colour}")
            text.append(row.name, style="bold")
            told = (row.category or "", facts.length(row.duration), row.folder)
            text.append("\n   " + " · ".join(filter(None, told)), style=f"not bold {QUIET}")
            self.query_one(f"#morph-{name}", Static).update(text)
        made = len(self._takes) == self._count
        hint = "" if made else "   enter makes them"
        self.query_one("#morph-count", Static).update(
            Content(f"{self._count} steps; the first and the last are the originals{hint}")
        )

    def _changed(self) -> None:
        """Show that the steps are to be made again."""
        self._takes = []
        self.steps.show([Step(each / (self._count - 1)) for each in range(self._count)], SECOND)
        self.query_one(Waveform).show(None)
        self._show_ends()

    def action_next_end(self, which: int) -> None:
        """Take the next marked sample as A or as B."""
        other = self._ends[1 - which]
        place = (self._ends[which] + 1) % len(self._choices)
        if place == other:
            place = (place + 1) % len(self._choices)
        if place == self._ends[which]:
            self.notify("Mark more sounds with m to choose among them")
            return
        self._ends[which] = place
        self._changed()

    def action_swap(self) -> None:
        """Swap A and B."""
        self._ends.reverse()
        self._changed()

    def action_steps(self, more: int) -> None:
        """Take more or fewer steps."""
        count = max(FEWEST, min(MOST, self._count + more))
        if count != self._count:
            self._count = count
            self._changed()

    def action_make(self) -> None:
        """Make the steps."""
        self._changed()
        out = Path(tempfile.mkdtemp(dir=self._folder))
        wanted = (self.sounds, self._count)
        begin = partial(self._workspace.morph, self.sounds, self._count, out, remember=False)
        self.post_message(JobWanted("morphing", begin, partial(self._show_takes, wanted), False))

    def _show_takes(self, wanted: tuple[list[str], int], takes: list[Take]) -> None:
        if wanted != (self.sounds, self._count) or not self.is_attached:
            return
        self._takes = takes
        parts = [take.weights[-1] if take.weights else 0.0 for take in takes]
        pairs = zip(parts, takes, strict=True)
        self.steps.show([Step(part, take.attributes) for part, take in pairs], SECOND)
        self._show_ends()
        self._hear()

    def _hear(self) -> None:
        if self._takes:
            take = self._takes[self.steps.cursor]
            self._heard.ask(partial(questions.take, take, self._player.sample_rate))

    def on_step_list_moved(self) -> None:
        """Play the step."""
        self._hear()

    def on_take_ready(self, event: TakeReady) -> None:
        """Play and draw the step, or say why not."""
        if event.sound is None:
            self.notify(event.reason, severity="warning", markup=False)
            return
        category = self._choices[self._ends[0]].category
        self.query_one(Waveform).show(event.sound.overview, colour_of(category))
        self._player.play(event.sound.frames)

    def action_move(self, lines: int) -> None:
        """Move to another step."""
        self.steps.move(lines)

    def action_play(self) -> None:
        """Play the step, or stop it."""
        if self._player.position is not None:
            self._player.stop()
        else:
            self._hear()

    def action_save(self) -> None:
        """Ask for a folder and write the steps into it."""
        about = f"The {self._count} steps are written there as WAV files; nothing is overwritten."
        ask = Ask("Save the morph", about, "~/", trouble_writing, folder=True)
        self.app.push_screen(ask, self._save)

    def _save(self, line: str | None) -> None:
        if line is not None:
            out = chosen(line)
            begin = partial(self._workspace.morph, self.sounds, self._count, out)
            self.post_message(JobWanted("saving", begin, partial(self._saved, out), False))

    def _saved(self, out: Path, takes: list[Take]) -> None:
        self.app.notify(reports.saved(len(takes), displayable(str(out))), markup=False)

    def action_close(self) -> None:
        """Go back to the library."""
        self.dismiss()

    def on_trouble(self, event: Trouble) -> None:
        """Say what is wrong."""
        event.stop()
        self.notify(displayable(str(event.error)), severity="warning", markup=False)
