"""The part of the library's screen that plays and draws the sound under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.messages import SoundReady
from tui.screens.library_screen import LibraryScreen
from tui.widgets.finder import Finder

if TYPE_CHECKING:
    from tui.playback import Player

TICK_SECONDS = 1 / 20


class Hearing(LibraryScreen):
    """Turns moves of the cursor into sound."""

    def on_mount(self) -> None:
        """Follow what is heard while it is."""
        self._ticker = self.set_interval(TICK_SECONDS, self._tick, pause=True)

    def use_player(self, player: Player) -> None:
        """Play on something else."""
        self._audition.use_player(player)
        self.top.player_note = player.note

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
