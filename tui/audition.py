"""Hearing the sound under the cursor: decoded in a thread, newest first, its neighbours ahead."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from tui import questions
from tui.audition_settings import AuditionSettings
from tui.growing_sound import Sound
from tui.jobs import Questions
from tui.mixer import Manner
from tui.playback import Player, SilentPlayer
from tui.sounds import Shelf, shelf_of

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from index.workspace import Workspace
    from library.catalog import SampleRow

DISKS_THAT_MAY_HANG = 3


class Audition:
    """Joins a library and a player. It asks for sounds; the screen gets them as `SoundReady`.

    Args:
        node: The screen.

    Attributes:
        player: What is played on.
        sample_id: Of the sample under the cursor; None until its sound is there.
        sound: The sound of that sample, where it can be heard.
        region: Its frames that are selected, from the first to the one after the last, or None.
    """

    def __init__(self, node: DOMNode) -> None:
        self._sounds = Questions(node, "sound", at_once=DISKS_THAT_MAY_HANG)
        self._rest = Questions(node, "rest", at_once=DISKS_THAT_MAY_HANG)
        self._ahead = Questions(node, "ahead")
        self._workspace: Workspace | None = None
        self._shelf: Shelf | None = None
        self._settings = AuditionSettings()
        self._playing: Sound | None = None
        self._row: SampleRow | None = None
        self._confined = False
        self._left_at = 0
        # A sound that is wanted begins in the thread that decodes it, unless anything else has
        # been wanted meanwhile: it does not wait for what the screen is busy with.
        self._wish = 0
        self._wishing = threading.Lock()
        self._begun: Sound | None = None
        self.player: Player = SilentPlayer("")
        self.sample_id: int | None = None
        self.sound: Sound | None = None
        self.region: tuple[int, int] | None = None

    def use_workspace(self, workspace: Workspace) -> None:
        """Hear the sounds of a library."""
        self._workspace = workspace
        self._shelf = shelf_of(workspace, self.player.sample_rate)

    def use_player(self, player: Player) -> None:
        """Play on something else."""
        self.player = player
        if self._workspace is not None:
            self._shelf = shelf_of(self._workspace, player.sample_rate)

    @property
    def settings(self) -> AuditionSettings:
        """How sounds are auditioned."""
        return self._settings

    def use_settings(self, settings: AuditionSettings) -> None:
        """Audition in another way, also what plays now."""
        if settings.loop and not self._settings.loop and self.region is not None:
            self._confined = True
        self._settings = settings
        self.adjust()

    # Where sounds come from.

    def forget(self) -> None:
        """Decode everything again, because files may have changed."""
        self.sample_id = None
        if self._shelf is not None:
            self._shelf.clear()

    def at_hand(self, sample_id: int) -> Sound | None:
        """Return a sound that is decoded already."""
        return None if self._shelf is None else self._shelf.at_hand(sample_id)

    def ask(self, sample_id: int, wanted: bool, row: SampleRow | None = None) -> None:
        """Ask for a sample with its audio, which is to be played if wanted.

        Args:
            sample_id: The sample.
            wanted: Whether it is to be played, as soon as its beginning is decoded.
            row: What is known of it, where that is at hand.
        """
        if self._workspace is None or self._shelf is None:
            return
        with self._wishing:
            self._wish += 1
            begin = partial(self._begin, self._wish) if wanted else None
        self._sounds.ask(
            partial(questions.sound, self._workspace, self._shelf, sample_id, begin, row)
        )

    def _begin(self, wish: int, row: SampleRow, sound: Sound) -> None:
        with self._wishing:
            if wish == self._wish:
                manner = Manner(self._settings.loop, None, self._gain(row, sound))
                self.player.play(sound, manner)
                self._begun = sound

    def look_ahead(self, ids: list[int]) -> None:
        """Decode the beginnings of what may be heard next."""
        if self._workspace is not None and self._shelf is not None:
            self._ahead.ask(partial(questions.ahead, self._workspace, self._shelf, ids))

    def take(self, row: SampleRow | None, sound: Sound | None) -> None:
        """Take the sample under the cursor with its sound; what comes next is about that one."""
        self.sample_id = None if row is None else row.id
        self._row = row
        if sound is self.sound:
            return
        if self.sound is not None:
            self.sound.take_turn()  # nobody waits for the rest of it any more
        self.sound, self.region, self._confined, self._left_at = sound, None, False, 0
        if row and sound and not sound.complete and self._workspace is not None:
            self._rest.ask(partial(questions.rest, self._workspace, row, sound))

    # Playing.

    def play(self, sound: Sound | None, at: int | None = None) -> None:
        """Play a sound instead of the one that plays, from a frame on; None for silence."""
        if sound is None:
            self._left_at = self.playhead
        with self._wishing:
            self._wish += 1
            self._begun, self._playing = None, sound
            if sound is None:
                self.player.stop()
                return
            self._confined = self._settings.loop and self.region is not None and at is None
            self.player.play(sound, self._manner(sound), at)

    def go_on(self, sound: Sound | None) -> None:
        """Play a sound that was wanted, unless it has begun already."""
        with self._wishing:
            begun, self._begun = self._begun is sound and sound is not None, None
        if begun:
            self._playing, self._confined = sound, False
        else:
            self.play(sound)

    def play_region(self) -> None:
        """Play what is selected, from its start."""
        if self.sound is not None and self.region is not None:
            self.play(self.sound, self.region[0])
            self._confined = True
            self.adjust()

    def seek(self, frame: int) -> None:
        """Play the sound under the cursor from a frame on."""
        if self.sound is None:
            return
        frame = max(0, min(frame, self.sound.length - 1))
        self._left_at = frame
        if self._confined and self.region and not self.region[0] <= frame < self.region[1]:
            self._confined = False
            self.adjust()
        if self.heard is None:
            confined = self._confined
            self.play(self.sound, frame)
            self._confined = confined
            self.adjust()
        else:
            self.player.seek(frame)

    def select(self, region: tuple[int, int] | None) -> None:
        """Select a region of the sound under the cursor; a loop keeps to it. None for none."""
        if self.sound is None:
            return
        if region is not None:
            start = max(0, min(region[0], self.sound.length - 1))
            region = (start, max(start + 1, min(region[1], self.sound.length)))
        self.region = region
        self._confined = region is not None and (self._confined or self._settings.loop)
        self.adjust()

    def adjust(self) -> None:
        """Play what plays as it is to be played now."""
        if self._playing is not None:
            self.player.change(self._manner(self._playing))

    def _manner(self, sound: Sound) -> Manner:
        mine = sound is self.sound
        region = self.region if mine and self._confined else None
        return Manner(self._settings.loop, region, self._gain(self._row if mine else None, sound))

    def _gain(self, row: SampleRow | None, sound: Sound) -> float:
        loudness = None if row is None else row.attributes.get("loudness")
        return self._settings.gain(loudness, sound.peak)

    @property
    def heard(self) -> int | None:
        """The frame of the sound under the cursor that is heard; None when it is not."""
        if self._playing is None:
            return None
        at = self.player.at
        if at is None:
            self._playing, self._left_at = None, 0
            return None
        if self._playing is not self.sound:
            return None
        return min(at, self._playing.length)

    @property
    def sounding(self) -> bool:
        """Whether anything plays."""
        return self._playing is not None and self.player.at is not None

    @property
    def playhead(self) -> int:
        """The frame that is heard, or where it was stopped."""
        heard = self.heard
        return self._left_at if heard is None else heard

    def with_switch(self, name: str) -> AuditionSettings:
        """Return the settings with one switch turned the other way."""
        return replace(self._settings, **{name: not getattr(self._settings, name)})
