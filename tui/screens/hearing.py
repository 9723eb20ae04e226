"""The part of the library's screen that plays the sound under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.audition_settings import LOUDEST_DB, QUIETEST_DB, AuditionSettings
from tui.heard import Heard
from tui.looks import Look
from tui.messages import RestReady, SoundReady
from tui.screens.library_screen import LibraryScreen
from tui.widgets.finder import Finder

if TYPE_CHECKING:
    from library.catalog import SampleRow
    from tui.growing_sound import Sound
    from tui.playback import Player

TICK_SECONDS = 1 / 20


class Hearing(LibraryScreen):
    """Turns moves of the cursor into sound."""

    def __init__(self) -> None:
        super().__init__()
        self._heard = Heard()
        self._hearing: int | None = None
        self._gone_back_to: int | None = None

    def on_mount(self) -> None:
        """Follow what is heard while it is."""
        self._ticker = self.set_interval(TICK_SECONDS, self._tick, pause=True)
        self.finder.table.moving.subscribe(self, self._hear_move, immediate=True)

    # What the application hands over.

    def use_player(self, player: Player) -> None:
        """Play on something else."""
        self._audition.use_player(player)
        self.top.player_note = player.note

    @property
    def audition_settings(self) -> AuditionSettings:
        """How sounds are auditioned; to be kept between starts."""
        return self._audition.settings

    def use_audition_settings(self, settings: AuditionSettings) -> None:
        """Audition in another way."""
        self._audition.use_settings(settings)
        self.top.autoplay = settings.autoplay
        self.top.switches = settings.told
        self.inspector.view.show_spectrum(settings.spectrum)

    # The sound under the cursor.

    def _hear_move(self, move: tuple[int, bool]) -> None:
        """Play the sample that the cursor goes to, before anything is drawn."""
        sample_id, by_hand = move
        self._hearing = sample_id
        wanted = by_hand and self.audition_settings.autoplay
        if sample_id == self._gone_back_to:
            wanted, self._gone_back_to = True, None
        row, sound = self.finder.table.row(sample_id), self._audition.at_hand(sample_id)
        if row is not None and sound is not None and not (row.missing or row.state == "failed"):
            self._audition.take(row, sound)
            if wanted:
                self._audition.play(sound)
                self._heard.add(row.id)
        else:
            self._audition.take(None, None)
            self._audition.ask(sample_id, wanted, row)

    def on_finder_moved(self, event: Finder.Moved) -> None:
        """Show the sample; a list that changed by itself makes no sound."""
        self._history.change(current=event.sample_id)
        if event.sample_id == self.finder.current:
            if event.sample_id != self._hearing:
                self._hear_move((event.sample_id, event.by_hand))
            row = self.finder.table.row(event.sample_id)
            if row is not None:
                self._show(row, self._audition.sound)
        self._hearing = None if self._hearing == event.sample_id else self._hearing
        if self._workspace is not None:
            self._workspace.attention.turn_to(self.finder.looked_at)

    def on_sound_ready(self, event: SoundReady) -> None:
        """Play and draw the sound, or say why not, unless the cursor has moved on."""
        if event.row.id != self.finder.current:
            return
        self._audition.take(event.row, event.sound)
        if event.wanted:
            self._audition.go_on(event.sound)
            if event.sound is not None:
                self._heard.add(event.row.id)
        self._show(event.row, event.sound, event.reason)

    def _show(self, row: SampleRow, sound: Sound | None, reason: str = "") -> None:
        """Show a sample, with its sound or why it cannot be heard, where that is known yet."""
        self._show_row(row)
        if reason or sound is not None:
            self.inspector.show_trouble(reason)
        if sound is not None:
            self.inspector.show_sound(sound)
            self.inspector.view.show_region(self._audition.region)
            self._ticker.resume()
        if sound is not None or reason:
            self._audition.look_ahead(self.finder.near)

    def on_rest_ready(self, event: RestReady) -> None:
        """Draw all of a long sound."""
        if event.sound is self._audition.sound:
            self._follow()

    def _follow(self) -> None:
        """Show what is heard, and what has come of a sound that still grows."""
        self._audition.adjust()
        self.inspector.view.show_grown()
        self.inspector.view.show_playhead(self._audition.heard)

    def _tick(self) -> None:
        self._follow()
        sound = self._audition.sound
        if not self._audition.sounding and (sound is None or sound.complete):
            self._ticker.pause()

    def _hear(self, sample_id: int) -> None:
        """Play the sample under the cursor from its start."""
        if self._audition.sound is not None and self._audition.sample_id == sample_id:
            self._audition.play(self._audition.sound)
            self._heard.add(sample_id)
            self._ticker.resume()
        else:
            self._audition.ask(sample_id, True)

    # Keys.

    def action_play(self) -> None:
        """Play the sound, or stop it."""
        current = self.finder.current
        if self._audition.sounding:
            self._audition.play(None)
        elif current is not None:
            self._hear(current)

    def _switch(self, name: str) -> None:
        self.use_audition_settings(self._audition.with_switch(name))

    def action_autoplay(self) -> None:
        """Turn playing on every cursor move off, and on again."""
        self._switch("autoplay")
        if not self.audition_settings.autoplay:
            self._audition.play(None)

    def action_loop(self) -> None:
        """Turn the loop on, and off again."""
        self._switch("loop")

    def action_gain_match(self) -> None:
        """Bring all sounds to the same loudness, or leave them as they are."""
        self._switch("gain_match")

    def action_louder(self, steps: int) -> None:
        """Turn the volume up, or down."""
        settings = self.audition_settings.louder(steps)
        if settings == self.audition_settings:
            end = LOUDEST_DB if steps > 0 else QUIETEST_DB
            self.notify(f"The volume goes from {QUIETEST_DB:g} to {LOUDEST_DB:g} dB; it is {end:g}")
        self.use_audition_settings(settings)

    def action_heard_before(self) -> None:
        """Go back to the sound heard before, and play it."""
        sample_id = self._heard.back()
        if sample_id is None:
            self.notify("Nothing was heard before that", timeout=2)
            return
        if self.finder.go_to(sample_id):
            self._history.change(current=sample_id)
            self._audition.ask(sample_id, True)
        else:
            self._gone_back_to = sample_id
            self._ask_list(self._history.go(Look(current=sample_id)))
