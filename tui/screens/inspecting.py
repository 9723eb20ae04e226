"""The part of the library's screen that looks into a sound: zoom, spectrum, region, seeking."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from tui import questions
from tui.jobs import Questions
from tui.messages import SpectrumReady
from tui.screens.hearing import Hearing
from tui.widgets.sound_drawing import moment
from tui.widgets.sound_view import SoundView

SEEK_PART = 1 / 20
"""How much of what is in sight one step of seeking is."""
PAN_PART = 1 / 2


class Inspecting(Hearing):
    """Turns keys and the mouse on the drawn sound into what is seen and heard of it."""

    def __init__(self) -> None:
        super().__init__()
        self._spectra = Questions(self, "spectrum")

    # Zoom and spectrum.

    def action_zoom_sound(self, steps: int) -> None:
        """Look closer, or from further away."""
        self.inspector.view.zoom(steps)

    def action_pan_sound(self, way: int) -> None:
        """Look at what lies before, or behind."""
        self.inspector.view.pan(way * PAN_PART)

    def action_spectrum(self) -> None:
        """Draw the spectrum instead of the waveform, or the waveform again."""
        self._switch("spectrum")

    def on_sound_view_spectrum_wanted(self, event: SoundView.SpectrumWanted) -> None:
        """Compute the spectrum of what is in sight."""
        self._spectra.ask(
            partial(questions.spectrum, event.sound, event.view, event.columns, event.bands)
        )

    def on_spectrum_ready(self, event: SpectrumReady) -> None:
        """Draw the spectrum."""
        self.inspector.view.show_levels(event.sound, event.view, event.levels)

    # Seeking.

    def action_seek(self, steps: int) -> None:
        """Hear what comes a bit later, or came a bit earlier."""
        start, end = self.inspector.view.view
        step = max(1, round((end - start) * SEEK_PART))
        self._seek(self._audition.playhead + steps * step)

    def on_sound_view_sought(self, event: SoundView.Sought) -> None:
        """Play from where the click was."""
        self._seek(event.frame)

    def _seek(self, frame: int) -> None:
        self._audition.seek(frame)
        self._ticker.resume()

    # The region.

    def on_sound_view_selected(self, event: SoundView.Selected) -> None:
        """Select what the mouse was drawn over."""
        self._select(event.region)

    def action_region_start(self) -> None:
        """Let the region start where the sound is now."""
        sound, region, here = self._audition.sound, self._audition.region, self._audition.playhead
        if sound is not None:
            end = region[1] if region is not None and region[1] > here else sound.length
            self._select((here, end))

    def action_region_end(self) -> None:
        """Let the region end where the sound is now."""
        region, here = self._audition.region, self._audition.playhead
        start = region[0] if region is not None and region[0] < here else 0
        if here > start:
            self._select((start, here))

    def action_region_clear(self) -> None:
        """Select nothing."""
        self._select(None)

    def _select(self, region: tuple[int, int] | None) -> None:
        self._audition.select(region)
        self.inspector.view.show_region(self._audition.region)

    def action_region_play(self) -> None:
        """Play the region."""
        if self._audition.region is None:
            self._tell_how()
        else:
            self._audition.play_region()
            self._ticker.resume()

    def action_region_similar(self) -> None:
        """List what sounds like the region, within the query."""
        row, sound, region = self._row, self._audition.sound, self._audition.region
        if region is None or row is None or sound is None:
            self._tell_how()
            return
        start, end = (each / sound.sample_rate for each in region)
        name = f"{row.name}, {moment(start, end - start)} to {moment(end, end - start)}"
        look = replace(
            self._history.here, sound=row.id, name=name, region=(start, end), current=row.id
        )
        self._ask_list(self._history.go(look))
        self.search.show_answer("listening …")

    def _tell_how(self) -> None:
        self.notify("Select a region first: [ and ] while it plays, or draw with the mouse")
