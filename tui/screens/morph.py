"""The morph: two to four sounds on the corners of a pad, heard at every place between them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Footer, Static

from library.names import displayable
from tui import making_questions, reports
from tui.colours import ACCENT, CORNERS, OTHER
from tui.jobs import Questions
from tui.keys import Scope, bindings
from tui.made import PadReady
from tui.messages import JobWanted
from tui.recording import Recording, TimedPosition
from tui.screens.ask import Ask
from tui.screens.taking import Taking
from tui.step_line import LETTERS, Steps, steps_of, trouble_with_steps
from tui.take_folder import TakeFolder
from tui.widgets.job_bar import JobBar
from tui.widgets.measured import Measured
from tui.widgets.pad import Pad
from tui.widgets.pad_corner import PadCorner
from tui.widgets.take_list import TakeList
from tui.widgets.waveform import Waveform
from vae.pad import weights_at

if TYPE_CHECKING:
    from index.answers import Take
    from index.pad import MorphPad
    from index.workspace import Workspace
    from library.catalog import SampleRow
    from tui.playback import Player

MOST = 4
USUAL_STEPS = 9
STEP, FINE = 0.05, 0.01
"""How far the cursor goes, as parts of the pad."""


class Morph(Taking):
    """Plays a pad, keeps takes of it, records ways over it and has steps made.

    Args:
        workspace: The library.
        player: What the sounds are heard on.
        rows: At least two samples; the first four at most lie on the corners at first.
        folder: Where takes go.
    """

    key_scope: ClassVar[Scope] = "morph"
    BINDINGS = bindings("morph")

    pad = getters.query_one(Pad)

    def __init__(
        self,
        workspace: Workspace,
        player: Player,
        rows: Sequence[SampleRow],
        folder: TakeFolder,
    ) -> None:
        super().__init__(workspace, player, folder)
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
        self.VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]
        self._choices = tuple(rows)
        self._corners = list(range(min(MOST, len(rows))))
        self._pads = Questions(self, "pad")
        self._ready: MorphPad | None = None
        self._recording: Recording | None = None
        self._way: tuple[TimedPosition, ...] = ()
        self._on_way = False

    def compose(self) -> ComposeResult:
        """Lay out the corners around the pad, and what is heard and kept beside it."""
        cards = [PadCorner(letter) for letter in LETTERS[: len(self._corners)]]
        with Horizontal(id="morph-body"):
            with Vertical(id="morph-main"):
                with Horizontal(classes="pad-corners"):
                    yield from cards[:2]
                yield Pad(len(cards))
                with Horizontal(classes=f"pad-corners -lower -{len(cards) - 2}"):
                    # Clockwise: the third lies at the lower right.
                    yield from reversed(cards[2:])
                yield Waveform(id="made-waveform")
            with VerticalScroll(id="morph-side", can_focus=False):
                yield Measured()
                yield TakeList()
        yield Static("", id="made-state")
        yield JobBar()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Prepare the pad and hear its middle."""
        self._show_corners()

    # The sounds on the corners.

    @property
    def sounds(self) -> tuple[int, ...]:
        """Ids of the sounds, in the order of the corners."""
        return tuple(self._choices[corner].id for corner in self._corners)

    @property
    def colours(self) -> list[str]:
        """The colours of the corners; a sound keeps its own wherever it goes."""
        return [CORNERS[corner % len(CORNERS)] for corner in self._corners]

    @property
    def _cards(self) -> list[PadCorner]:
        cards = list(self.query(PadCorner))
        return [*cards[:2], *reversed(cards[2:])]

    def _show_corners(self) -> None:
        """Show other sounds on the corners, and prepare them."""
        self._ready = None
        for card, corner, colour in zip(self._cards, self._corners, self.colours, strict=True):
            card.show(self._choices[corner].name, colour)
        self.pad.show_colours(self.colours)
        self._show_weights()
        self._show_state("listening …")
        self._pads.ask(partial(making_questions.pad, self._workspace, self.sounds))

    def on_pad_ready(self, event: PadReady) -> None:
        """Hear the place of the cursor."""
        if event.sounds != self.sounds:
            return
        self._ready = event.pad
        for card, overview in zip(self._cards, event.overviews, strict=True):
            card.show_outline(overview)
        self.scale_to(event.overviews)
        self._show_state()
        self._hear()

    def action_rotate(self) -> None:
        """Turn the sounds by one corner, clockwise."""
        self._corners = [self._corners[-1], *self._corners[:-1]]
        self._show_corners()

    def action_swap(self) -> None:
        """Swap the first two sounds."""
        self._corners[:2] = reversed(self._corners[:2])
        self._show_corners()

    def action_next_sound(self) -> None:
        """Take the next marked sample that lies on no corner for the corner that is nearest."""
        unused = [each for each in range(len(self._choices)) if each not in self._corners]
        if not unused:
            self.notify("All marked sounds are on the pad; mark more with m to choose among them")
            return
        weights = self._weights()
        nearest = weights.index(max(weights))
        now = self._corners[nearest]
        self._corners[nearest] = next((each for each in unused if each > now), unused[0])
        self._show_corners()

    # The cursor.

    def action_move(self, x: int, y: int) -> None:
        """Move the cursor by a step."""
        self.pad.move(x * STEP, y * STEP)

    def action_nudge(self, x: int, y: int) -> None:
        """Move the cursor by a small step."""
        self.pad.move(x * FINE, y * FINE)

    def action_corner(self, corner: int) -> None:
        """Move the cursor to a corner."""
        if corner < len(self._corners):
            self.pad.go_to_corner(corner)

    def action_centre(self) -> None:
        """Move the cursor to the middle."""
        self.pad.go_to_centre()

    def on_pad_moved(self, event: Pad.Moved) -> None:
        """Hear the place, and record it."""
        if self._on_way:
            self._on_way = False
            self._show_state()
        if self._recording is not None:
            self._recording.move(time.monotonic(), event.position)
        self._hear()
        self._show_weights()

    def _weights(self) -> tuple[float, ...]:
        return weights_at(len(self._corners), self.pad.position)

    def _show_weights(self) -> None:
        for card, weight in zip(self._cards, self._weights(), strict=True):
            card.show_weight(weight)

    def _hear(self) -> None:
        if self._ready is None:
            return
        if self._on_way:
            self.hear(self._way, partial(self._ready.along, self._way))
        else:
            position = self.pad.position
            self.hear(position, partial(self._ready.at, position))

    @property
    def colour(self) -> str:
        """The colour of the sound that there is most of."""
        if self._on_way:
            return ACCENT
        weights = self._weights()
        return self.colours[weights.index(max(weights))] if weights else OTHER

    # The path.

    def action_record(self) -> None:
        """Record where the cursor goes from now on, or stop and hear the path as one sound."""
        now = time.monotonic()
        if self._recording is None:
            self._recording = Recording(now, self.pad.position)
            self._show_state()
            return
        way, self._recording = self._recording.end(now), None
        if way:
            self._way = way
            self.pad.show_way([(x, y) for _, x, y in way])
            self.action_path()
        else:
            self.notify("Nothing was recorded: press r, move, and press r again")
        self._show_state()

    def action_path(self) -> None:
        """Hear the recorded path as one sound."""
        if self._way:
            self._on_way = True
            self._hear()
            self._show_state()
        else:
            self.notify("There is no path yet: press r, move, and press r again")

    # Takes.

    def action_keep(self) -> None:
        """Keep what is heard, a place or the path."""
        if self._ready is None:
            return
        if self._on_way:
            way, along = self._way, self._ready.keep_along
            self.keep(lambda folder: along(way, folder))
        else:
            position, at = self.pad.position, self._ready.keep
            self.keep(lambda folder: at(position, folder))

    def action_steps(self) -> None:
        """Ask which way and how many steps, and write them."""
        letters = LETTERS[: len(self._corners)]
        about = (
            f"Corners and how many: {letters} {USUAL_STEPS} goes through "
            f"{', '.join(letters)} in steps that sound evenly far apart"
        )
        about += f"; path {USUAL_STEPS} along the recorded path." if self._way else "."
        usual = f"path {USUAL_STEPS}" if self._on_way else f"{letters[:2]} {USUAL_STEPS}"
        check = partial(trouble_with_steps, sounds=len(self._corners), recorded=bool(self._way))
        self.app.push_screen(Ask("Write steps", about, usual, check), self._steps_asked)

    def _steps_asked(self, line: str | None) -> None:
        steps = steps_of(line) if line is not None else None
        if steps is not None:
            self.with_folder(partial(self._write_steps, steps))

    def _write_steps(self, steps: Steps, out: Path) -> None:
        if steps.corners:
            sounds = [str(self.sounds[corner]) for corner in steps.corners]
            begin = partial(self._workspace.morph, sounds, steps.count, out)
        elif self._ready is not None:
            way = [(x, y) for _, x, y in self._way]
            begin = partial(self._ready.steps_along, way, steps.count, out)
        else:
            return
        self.post_message(JobWanted("morphing", begin, partial(self._steps_written, out), False))

    def _steps_written(self, out: Path, takes: list[Take]) -> None:
        self.app.notify(reports.saved(len(takes), displayable(str(out))), markup=False)
        if self.is_attached:
            for take in takes:
                self.takes.add(displayable(take.path.name), self.about(take))

    def about(self, take: Take) -> str:
        """Return how much of each sound is in a take."""
        parts = zip(LETTERS, take.weights or (), strict=False)
        return "  ".join(f"{letter} {weight:.0%}" for letter, weight in parts if weight)

    # What goes on.

    def _show_state(self, waiting: str = "") -> None:
        state = self.query_one("#made-state", Static)
        state.set_class(self._recording is not None, "-recording")
        if waiting:
            state.update(Content(waiting))
        elif self._recording is not None:
            state.update(Content("● recording where the cursor goes; r ends it"))
        elif self._on_way:
            state.update(Content("the path as one sound; enter keeps it, a move leaves it"))
        else:
            state.update(Content("enter keeps what is heard"))
