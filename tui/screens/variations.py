"""What is made of one sound, as a grid to play through and keep from."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import getters
from textual.app import ComposeResult
from textual.widgets import Footer, Static

from library.descriptors import DESCRIPTORS
from library.names import displayable
from tui import take_kinds
from tui.changes import changes
from tui.colours import ACCENT, BAD, GROOVE, QUIET, colour_of
from tui.heard_takes import KeepFolder, remove
from tui.keys import Scope, bindings
from tui.messages import TakeHeard
from tui.screens.choose import Choose
from tui.screens.takes import Takes
from tui.sounds import AUDITION_SECONDS, Sound, sound_of
from tui.take_kinds import KINDS, Choice
from tui.widgets import facts
from tui.widgets.job_bar import JobBar
from tui.widgets.take_grid import TakeGrid, Tile

if TYPE_CHECKING:
    from index.answers import Take
    from index.workspace import Workspace
    from library.catalog import SampleRow
    from tui.playback import Player

LESS = "#6fa8ff"
"""Colour of what became less."""
BAR = 16
THROWS = 3
"""How many throws lie on the disk: one that is being kept must not go with the next."""
HOLDABLE = tuple(
    (fact.name, "length and decay" if fact.name == "decay" else fact.name.replace("_", " "))
    for fact in DESCRIPTORS
)


class Variations(Takes):
    """Makes takes of a sound, plays them and keeps those that the user wants.

    Args:
        workspace: The library.
        player: What they are heard on.
        row: The sample.
        keep_in: Where the user keeps them.
        folder: Where they lie while they are heard.
    """

    key_scope: ClassVar[Scope] = "variations"
    BINDINGS = bindings("variations")

    grid = getters.query_one(TakeGrid)

    def __init__(
        self,
        workspace: Workspace,
        player: Player,
        row: SampleRow,
        keep_in: KeepFolder,
        folder: Path,
    ) -> None:
        super().__init__(workspace, player, keep_in, folder, (str(row.id),))
        self._row = row
        self._kind = KINDS[0]
        self._amounts = {kind.name: kind.usual for kind in KINDS}
        self._seed = 0
        self._hold: tuple[str, ...] = ()
        self._first = 0  # the number of the take before those of this throw
        self._tiles: list[Tile] = []
        self._marked: set[int] = set()
        self._throws: deque[Path] = deque()

    def compose(self) -> ComposeResult:
        """Lay out the choices over the grid."""
        yield Static("", id="variations-head")
        yield TakeGrid()
        yield JobBar()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Make the first ones at once."""
        self.grid.focus()
        self._throw()

    # The tiles: the first is the sound itself, the others the takes of this throw.

    @property
    def current(self) -> int | None:
        """The number of the take under the cursor; 0 is the sound itself."""
        return self._number_at(self.grid.cursor)

    def _number_at(self, place: int) -> int | None:
        if place == 0:
            return 0
        number = self._first + place
        return number if number in self._takes else None

    def _show_tile(self, place: int, tile: Tile) -> None:
        self._tiles[place] = tile
        self.grid.show_tile(place, tile)

    def _throw(self) -> None:
        """Make them, by what is chosen now."""
        self._first = self._number
        self._marked.clear()
        waiting = [Tile(str(n), waiting="…") for n in range(1, self._kind.count + 1)]
        own = self._tiles[0] if self._tiles else self._original(None)
        self._tiles = [own, *waiting]
        self.grid.show(self._tiles)
        self._show_head()
        if own.overview is None:
            self._hearing.ask(partial(self._overview_of_original))
        amount = self._amounts[self._kind.name]
        choice = Choice(self._row.id, amount, self._seed, self._hold)
        out = Path(mkdtemp(dir=self._folder))
        self._throws.append(out)
        if len(self._throws) > THROWS:
            remove(self._throws.popleft())
        self.make(self._kind.job, partial(self._kind.begin, self._workspace, choice, out))

    def _overview_of_original(self) -> TakeHeard:
        return TakeHeard(0, self._shelf.get(0), "")

    def _load(self, number: int) -> Sound:
        if number == 0:
            clip = self._workspace.clip(self._row.id, AUDITION_SECONDS)
            return sound_of(clip, self._player.sample_rate)
        return super()._load(number)

    def _original(self, sound: Sound | None) -> Tile:
        row = self._row
        said = (row.name, row.category or "no category", row.folder or "")
        return Tile(
            "original",
            facts.length(row.duration),
            None if sound is None else sound.overview,
            tuple((displayable(each), QUIET) for each in said),
            colour_of(row.category),
            waiting="…",
        )

    def on_take_heard(self, event: TakeHeard) -> None:
        """Draw the sound itself when it is first there; the base plays it, as every take."""
        if event.number == 0 and event.sound is not None and self._tiles[0].overview is None:
            self._show_tile(0, self._original(event.sound))

    def show_arrived(self, number: int, take: Take, sound: Sound | None, reason: str) -> None:
        """Fill the next tile; it is heard at once where the cursor waits for it."""
        place = number - self._first
        lines = [
            (change.text, ACCENT if change.share > 0 else LESS)
            for change in changes(self._row.attributes, take.attributes)[:3]
        ]
        tile = Tile(
            str(place),
            take_kinds.caption(self._kind, place, take),
            None if sound is None else sound.overview,
            tuple(lines) or ((reason or "measures the same", BAD if reason else QUIET),),
            colour_of(self._row.category),
            waiting="✗",
        )
        self._show_tile(place, tile)
        if place == self.grid.cursor and sound is not None:
            self._player.play(sound.frames)

    def show_kept(self, numbers: Sequence[int]) -> None:
        """Sign the tiles of takes that are kept."""
        for place in [number - self._first for number in numbers]:
            if 0 < place < len(self._tiles):
                self._show_tile(place, replace(self._tiles[place], kept=True, marked=False))
        self._marked -= set(numbers)

    def run_over(self, done: bool) -> None:
        """Empty the tiles that nothing came for."""
        for place, tile in enumerate(self._tiles):
            if place and tile.overview is None and tile.waiting == "…":
                self._show_tile(place, replace(tile, waiting="r makes it"))

    def _show_head(self) -> None:
        kind = self._kind
        text = Text(no_wrap=True, overflow="ellipsis")
        text.append(f"{kind.name.capitalize()} of ", style=f"bold {ACCENT}")
        text.append(displayable(self._row.name), style="bold")
        text.append(f"   {self._row.category or ''}\n", style=colour_of(self._row.category))
        if kind.amounts:
            amount = self._amounts[kind.name]
            full, empty = facts.bar(amount / kind.amounts[-1], BAR)
            text.append("amount ", style=QUIET)
            text.append(full, style=ACCENT)
            text.append(empty, style=GROOVE)
            text.append(f" {amount:g}   ")
        if kind.thrown:
            text.append("throw ", style=QUIET)
            text.append(f"{self._seed + 1}   ")
        if kind.holds:
            text.append("held ", style=QUIET)
            text.append(", ".join(dict(HOLDABLE)[name] for name in self._hold) or "nothing")
        if not (kind.amounts or kind.thrown or kind.holds):
            text.append(_ABOUT.get(kind.name, ""), style=QUIET)
        self.query_one("#variations-head", Static).update(text)

    # Keys.

    def on_take_grid_moved(self) -> None:
        """Play the take."""
        self._player.stop()
        self.hear()

    def on_take_grid_clicked(self) -> None:
        """Play the take again."""
        self.hear()

    def action_move(self, across: int, down: int) -> None:
        """Move to another tile."""
        self.grid.move(across, down)

    def action_go(self, place: int) -> None:
        """Move to the first tile, or to the last for a negative place."""
        self.grid.go_to(place % len(self._tiles))

    def action_amount(self, more: int) -> None:
        """Take another amount and make them again."""
        amounts = self._kind.amounts
        if not amounts:
            self.notify(f"{self._kind.name.capitalize()} have no amount")
            return
        at = amounts.index(self._amounts[self._kind.name])
        amount = amounts[max(0, min(at + more, len(amounts) - 1))]
        if amount != self._amounts[self._kind.name]:
            self._amounts[self._kind.name] = amount
            self._throw()

    def action_throw(self, more: int) -> None:
        """Throw the dice again, or go back to the throw before."""
        if not self._kind.thrown:
            self.notify(f"{self._kind.name.capitalize()} are the same every time")
        elif self._seed + more >= 0:
            self._seed += more
            self._throw()

    def action_again(self) -> None:
        """Make what is not there."""
        if not self.making:
            self._throw()

    def action_kind(self, more: int) -> None:
        """Make another kind of them."""
        self._kind = KINDS[(KINDS.index(self._kind) + more) % len(KINDS)]
        self._throw()

    def action_hold(self) -> None:
        """Ask what is to stay as it is."""
        if not self._kind.holds:
            self.notify(f"{self._kind.name.capitalize()} hold nothing")
            return
        about = "Variations leave these as they are."
        self.app.push_screen(Choose("Hold", about, HOLDABLE, self._hold), self._held)

    def _held(self, names: list[str] | None) -> None:
        if names is not None and tuple(names) != self._hold:
            self._hold = tuple(names)
            self._throw()

    def action_mark(self) -> None:
        """Mark the take, or unmark it."""
        number, place = self.current, self.grid.cursor
        if number is None or place == 0:
            self.notify("Only takes that are made can be marked")
            return
        self._marked ^= {number}
        self._show_tile(place, replace(self._tiles[place], marked=number in self._marked))

    def action_keep_marked(self) -> None:
        """Keep the marked takes."""
        numbers = sorted(self._marked - set(self._kept))
        if numbers:
            self.keep(numbers)
        else:
            self.notify("Mark takes with m, then W keeps them")


_ABOUT = {
    "velocity layers": "played softer to harder; the last is the sound itself",
    "transfers": "as your own sounds would say it; its envelope kept, its pitch too, or free",
    "mosaics": "rebuilt from your other sounds, in longer and longer pieces",
}
