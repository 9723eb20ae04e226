"""Dreams as a stream: they come one after another, to be kept or thrown away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import getters
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Footer, Static

from library.names import displayable
from tui.changes import short
from tui.colours import ACCENT, GROOVE, QUIET, colour_of
from tui.growing_sound import Sound
from tui.keys import Scope, bindings
from tui.screens.ask import Ask
from tui.screens.takes import Takes
from tui.take_folder import TakeFolder
from tui.widgets import facts
from tui.widgets.dream_list import DreamList, Dreamt
from tui.widgets.job_bar import JobBar
from tui.widgets.waveform import Waveform

if TYPE_CHECKING:
    from index.answers import Take
    from index.dream_stream import DreamStream
    from index.workspace import Workspace
    from tui.playback import Player

UNHEARD = 6
"""So many wait to be heard before no more are made."""

LISTED = 60
"""So many are listed; more than that, and the oldest that are not kept go."""

FRUITLESS = 3
"""So often in a row nothing good may come before it pauses."""

COLDEST, HOTTEST, STEP, USUAL = 0.4, 1.6, 0.1, 0.9
RAMPS: tuple[tuple[str, float], ...] = (("even", 0.0), ("rising", 0.2), ("falling", -0.2))
SHOWN = ("brightness", "decay", "pitch", "noisiness", "low_end")
LEARNING = (
    "The first time, what goes on after what is learned from your sounds: a minute or two.\n"
    "X stops that and keeps what is learned so far."
)


class Dream(Takes):
    """Dreams, plays and keeps.

    Args:
        workspace: The library.
        player: What the dreams are heard on.
        keep_in: Where the user keeps them.
        folder: Where they lie while they are heard.
        seed: Of all chance.
    """

    key_scope: ClassVar[Scope] = "dream"
    BINDINGS = bindings("dream")

    listed = getters.query_one(DreamList)

    def __init__(
        self,
        workspace: Workspace,
        player: Player,
        keep_in: TakeFolder,
        folder: Path,
        seed: int = 0,
    ) -> None:
        super().__init__(workspace, player, keep_in, folder)
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
        self._seed = seed
        self._stream: DreamStream | None = None
        self._dreams: list[Dreamt] = []
        self._heat = USUAL
        self._ramp = 0
        self._like = ""
        self._paused = False
        self._came = -1
        self._since = 0
        self._fruitless = 0

    def compose(self) -> ComposeResult:
        """Lay out the choices over the stream."""
        yield Static("", id="dream-head")
        with Horizontal(id="dream-body"):
            yield DreamList()
            with Vertical(id="dream-side"):
                yield Waveform(id="dream-waveform")
                yield Static("", id="dream-facts")
        yield JobBar()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Begin at once."""
        self.listed.focus()
        self._go_on()

    # The stream.

    @property
    def temperature(self) -> str:
        """The temperature, as the workspace reads it."""
        rise = RAMPS[self._ramp][1]
        ends = (self._heat - rise, self._heat + rise)
        return f"{ends[0]:.1f}:{ends[1]:.1f}" if rise else f"{self._heat:.1f}"

    @property
    def _unheard(self) -> int:
        return sum(not dream.heard for dream in self._dreams)

    @property
    def _waiting(self) -> int:
        """How many wait of those that are as the user wants them now."""
        return sum(not dream.heard and dream.number > self._since for dream in self._dreams)

    def _go_on(self) -> None:
        """Make more, unless enough wait, it is paused, or some are being made."""
        if self._stream is None and not self.making and not self._paused:
            begin = partial(self._workspace.dream_stream, self._folder, seed=self._seed)
            self.make("learning to dream", begin, self._learned)
        elif self._stream is not None and not self.making and not self._paused:
            wanted = UNHEARD - self._waiting
            if wanted > 0:
                self._dream(self._stream, wanted)
        self._show_head()

    def _dream(self, stream: DreamStream, wanted: int) -> None:
        """Make so many more, as the user wants them now."""
        self._came = self._number
        self.make("dreaming", partial(stream.more, wanted, self.temperature, self._like))

    def _learned(self, stream: DreamStream) -> None:
        self._stream = stream

    def run_over(self, done: bool) -> None:
        """Go on where it came to its end; pause where it was stopped or nothing good comes."""
        if self._stream is not None and done:
            self._fruitless = 0 if self._number > self._came else self._fruitless + 1
        self._paused = not done or self._fruitless >= FRUITLESS
        if self._paused and done:
            self._fruitless = 0
            self.notify("Nothing good comes: try another temperature, or n for more")
        self._go_on()

    def _changed(self) -> None:
        """Dream otherwise from now on; what waits already stays, and counts no more."""
        self._paused = False
        self._since = self._number
        if self.making and self._stream is not None:
            self._dream(self._stream, UNHEARD)
            self._show_head()
        else:
            self._go_on()

    @property
    def current(self) -> int | None:
        """The number of the dream under the cursor."""
        place = self.listed.cursor
        return self._dreams[place].number if place < len(self._dreams) else None

    def show_arrived(self, number: int, take: Take, sound: Sound | None, reason: str) -> None:
        """Put a dream to the end; it is heard at once where the cursor waits for it."""
        told = [facts.length(None if sound is None else sound.duration)]
        told += [
            f"{short(name)} {facts.attribute(name, take.attributes[name])}"
            for name in SHOWN
            if take.attributes.get(name) is not None
        ]
        near = reason
        if take.why is not None:
            name = displayable(take.why.nearest.name)
            near = f"like {name} · newer than {take.why.novelty:.0%}"
        dream = Dreamt(
            number,
            take.category or "nameless",
            colour_of(take.category),
            tuple(filter(None, told)),
            near,
            None if sound is None else sound.overview,
        )
        waited = self.listed.cursor == len(self._dreams)
        self._dreams.append(dream)
        self._forget_oldest()
        self._show()
        if waited and sound is not None:
            self._player.play(sound.frames)
            self._hear_current()

    def _forget_oldest(self) -> None:
        """Let the oldest go that is not kept, and not under the cursor, where there are many."""
        if len(self._dreams) > LISTED:
            current = self.current
            old = next((d for d in self._dreams if not d.kept and d.number != current), None)
            if old is not None:
                before = self._dreams.index(old) < self.listed.cursor
                self._remove(old)
                self.listed.cursor -= before

    def _remove(self, dream: Dreamt) -> None:
        self._dreams.remove(dream)
        take = self._takes.pop(dream.number)
        take.path.unlink(missing_ok=True)

    def show_kept(self, numbers: Sequence[int]) -> None:
        """Sign the dreams that are kept."""
        self._dreams = [replace(d, kept=d.kept or d.number in numbers) for d in self._dreams]
        self._show()

    def _show(self) -> None:
        self.listed.show(self._dreams)
        self._show_side()
        self._show_head()

    def _show_side(self) -> None:
        place = self.listed.cursor
        text = Text(overflow="fold")
        overview = None
        colour = QUIET
        if place < len(self._dreams):
            dream = self._dreams[place]
            take = self._takes[dream.number]
            overview, colour = dream.overview, dream.colour
            text.append(f"Dream {dream.number}", style="bold")
            text.append(f"   {dream.name}\n\n", style=dream.colour)
            for name, value in take.attributes.items():
                if value is not None:
                    text.append(f"{name.replace('_', ' '):<12}", style=QUIET)
                    full, empty = facts.bar(facts.part(name, value) or 0.0, 12)
                    text.append(full, style=ACCENT)
                    text.append(empty, style=GROOVE)
                    text.append(f" {facts.attribute(name, value)}\n")
            if take.why is not None:
                why = take.why
                text.append("\nmost like ", style=QUIET)
                text.append(displayable(why.nearest.name))
                text.append(f"\n\n{why.distance:.2f} away from it, further than ", style=QUIET)
                text.append(f"{why.novelty:.0%}")
                text.append(" of your sounds are from theirs; in a fuller place than ", style=QUIET)
                text.append(f"{why.density:.0%}")
                text.append(" of them", style=QUIET)
                if why.apart is not None:
                    text.append(f"; {why.apart:.2f} away from the dreams before", style=QUIET)
        elif self._stream is None:
            text.append(LEARNING, style=QUIET)
        self.query_one(Waveform).show(overview, colour)
        self.query_one("#dream-facts", Static).update(text)

    def _show_head(self) -> None:
        text = Text(no_wrap=True, overflow="ellipsis")
        text.append("Dreams", style=f"bold {ACCENT}")
        if self._stream is not None:
            text.append(f" of the space {displayable(self._stream.space)}", style=QUIET)
        text.append(f"   {self._state()}\n", style="bold")
        text.append("temperature ", style=QUIET)
        full, empty = facts.bar((self._heat - COLDEST) / (HOTTEST - COLDEST), 12)
        text.append(full, style=ACCENT)
        text.append(empty, style=GROOVE)
        text.append(f" {self.temperature.replace(':', ' to ')}")
        text.append(f" {RAMPS[self._ramp][0]}   ", style=QUIET)
        text.append("like ", style=QUIET)
        text.append(self._like or "any of your sounds")
        self.query_one("#dream-head", Static).update(text)
        self.listed.waiting = self._state()

    def _state(self) -> str:
        """Return what happens now, in a few words."""
        if self._stream is None:
            return "paused: n begins again" if self._paused else "learning from your sounds…"
        if self.making:
            return "dreaming…"
        if self._paused:
            return "paused: n goes on"
        return f"{self._unheard} wait to be heard"

    # Keys.

    def _hear_current(self) -> None:
        """Remember that the dream under the cursor is heard, and see to it that more come."""
        number = self.current
        self._dreams = [replace(d, heard=d.heard or d.number == number) for d in self._dreams]
        self._show()
        self._go_on()

    def on_dream_list_moved(self) -> None:
        """Play the dream."""
        self._player.stop()
        self.hear()
        self._hear_current()

    def on_dream_list_clicked(self) -> None:
        """Play the dream again."""
        self.hear()

    def action_move(self, dreams: int) -> None:
        """Move to another dream."""
        self.listed.move(dreams)

    def action_go(self, place: int) -> None:
        """Move to the first dream, or to the last for a negative place."""
        self.listed.go_to(place if place >= 0 else len(self._dreams) - 1)

    def action_throw_away(self) -> None:
        """Throw the dream away; the next comes at once."""
        number = self.current
        if number is None:
            self.notify("There is nothing to throw away here")
            return
        self._player.stop()
        self._remove(next(dream for dream in self._dreams if dream.number == number))
        self._show()
        self.hear()
        self._hear_current()

    def action_heat(self, more: int) -> None:
        """Dream more daringly, or less."""
        heat = round(max(COLDEST, min(self._heat + more * STEP, HOTTEST)), 1)
        if heat != self._heat:
            self._heat = heat
            self._changed()

    def action_ramp(self) -> None:
        """Let the temperature rise over each sound, or fall, or neither."""
        self._ramp = (self._ramp + 1) % len(RAMPS)
        self._changed()

    def action_like(self) -> None:
        """Ask for a query whose sounds dreams are to lie between."""
        about = "Dreams lie between the sounds of a query; nothing for any of yours."
        self.app.push_screen(Ask("Dreams like", about, self._like), self._liked)

    def _liked(self, line: str | None) -> None:
        if line is not None and line.strip() != self._like:
            self._like = line.strip()
            self._changed()

    def action_more(self) -> None:
        """Go on, also where enough wait to be heard."""
        self._paused = False
        if self._stream is not None and not self.making and self._waiting >= UNHEARD:
            self._dream(self._stream, UNHEARD)
        self._go_on()
