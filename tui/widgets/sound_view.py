"""One sound to look into: waveform or spectrum, zoom, a region, and the place that is heard."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.colours import ACCENT, GROOVE, OTHER, QUIET, faded
from tui.widgets import sound_drawing
from tui.widgets.braille import DOTS_ACROSS

if TYPE_CHECKING:
    from tui.growing_sound import Sound

_HEAD = faded(ACCENT, 0.4)

FEWEST_FRAMES = 64
"""The shortest view: at 48 kHz, 1.3 ms."""


class SoundView(Widget):
    """Draws a sound over a line of times. Frames are those of the sound.

    As a whole a sound is drawn as loud as it is; what is zoomed into fills the height.
    """

    DEFAULT_CSS = """
    SoundView { height: 8; width: 1fr; }
    """

    class Sought(Message):
        """A click on a frame."""

        def __init__(self, frame: int) -> None:
            super().__init__()
            self.frame = frame

    class Selected(Message):
        """The mouse was drawn over a region: its first frame, and the one after its last."""

        def __init__(self, region: tuple[int, int]) -> None:
            super().__init__()
            self.region = region

    class SpectrumWanted(Message):
        """The spectrum of a view is to be computed, for :meth:`SoundView.show_levels`."""

        def __init__(self, sound: Sound, view: tuple[int, int], columns: int, bands: int) -> None:
            super().__init__()
            self.sound = sound
            self.view = view
            self.columns = columns
            self.bands = bands

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - the name Textual uses
        super().__init__(id=id)
        self._sound: Sound | None = None
        self._colour = OTHER
        self._zoomed: tuple[int, int] | None = None
        self._region: tuple[int, int] | None = None
        self._playhead: int | None = None
        self._spectrum = False
        self._levels: tuple[object, NDArray[np.uint8]] | None = None
        self._asked: object = None
        self._wave: tuple[object, list[str]] | None = None
        self._drawn_from: int | None = None

    # What is shown.

    @property
    def view(self) -> tuple[int, int]:
        """The first frame in sight, and the one after the last."""
        length = max(1, self._sound.length) if self._sound is not None else 1
        if self._zoomed is None:
            return 0, length
        return self._zoomed

    def show(self, sound: Sound | None, colour: str = OTHER) -> None:
        """Show another sound as a whole, or the same one as it was; None for none."""
        if sound is not self._sound:
            self._zoomed = self._region = self._playhead = None
            self._wave = self._levels = self._asked = None
        self._sound, self._colour = sound, colour
        self.refresh()

    def show_grown(self) -> None:
        """Draw what has come since."""
        self.refresh()

    def show_playhead(self, frame: int | None) -> None:
        """Show which frame is heard, and follow it out of sight; None for none."""
        if frame == self._playhead:
            return
        start, end = self.view
        before, self._playhead = self._playhead, frame
        if frame is not None and before is not None and start <= before < end <= frame:
            self._look_at(frame, end - start)
        self.refresh()

    def show_region(self, region: tuple[int, int] | None) -> None:
        """Show a region; None for none."""
        self._region = region
        self.refresh()

    def show_spectrum(self, wanted: bool) -> None:
        """Draw the spectrum instead of the waveform, or the waveform again."""
        self._spectrum = wanted
        self.refresh()

    def show_levels(self, sound: Sound, view: tuple[int, int], levels: NDArray[np.float32]) -> None:
        """Draw the spectrum of a view, float32 of shape (bands, columns), each within [0, 1]."""
        if sound is self._sound and view == self.view:
            self._levels = (view, sound_drawing.shaded(levels))
            self.refresh()

    # What part of it.

    def zoom(self, steps: int) -> None:
        """Show a half, or twice as much, around the region, or the place that is heard."""
        start, end = self.view
        around = (start + end) // 2
        if self._region is not None:
            around = sum(self._region) // 2
        elif self._playhead is not None:
            around = self._playhead
        self._zoom_around(steps, around)

    def _zoom_around(self, steps: int, frame: int) -> None:
        start, end = self.view
        span = round((end - start) * 2.0**-steps)
        part = (frame - start) / (end - start)
        part = part if 0 <= part <= 1 else 0.5
        self._look_at(round(frame - part * span), span)

    def pan(self, part: float) -> None:
        """Show what lies beside it, by a part of what is in sight; negative for what is before."""
        start, end = self.view
        self._look_at(start + round(part * (end - start)), end - start)

    def _look_at(self, start: int, span: int) -> None:
        if self._sound is None:
            return
        length = max(1, self._sound.length)
        span = max(min(FEWEST_FRAMES, length), min(span, length))
        start = max(0, min(start, length - span))
        self._zoomed = None if span == length else (start, start + span)
        self.refresh()

    def _frame_at(self, x: int) -> int:
        start, end = self.view
        x = max(0, min(x, self.size.width))
        return start + round(x * (end - start) / max(1, self.size.width))

    # The mouse.

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin a click or a region."""
        if self._sound is not None and event.button == 1:
            event.stop()
            self.capture_mouse()
            self._drawn_from = event.x

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Draw the region up to the mouse."""
        if self._drawn_from is not None and event.x != self._drawn_from:
            self.show_region(self._drawn_to(event.x))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Tell of the click, or of the region."""
        drawn_from = self._drawn_from
        if drawn_from is None:
            return
        event.stop()
        self.release_mouse()
        if event.x == drawn_from:
            self.post_message(self.Sought(self._frame_at(event.x)))
        else:
            self.post_message(self.Selected(self._drawn_to(event.x)))
        self._drawn_from = None

    def _drawn_to(self, x: int) -> tuple[int, int]:
        first, last = sorted((self._frame_at(self._drawn_from or 0), self._frame_at(x)))
        return first, max(first + 1, last)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Zoom in around the mouse."""
        event.stop()
        self._zoom_around(1, self._frame_at(event.x))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Zoom out around the mouse."""
        event.stop()
        self._zoom_around(-1, self._frame_at(event.x))

    # Drawing.

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        width, height = self.size
        if self._sound is None:
            return Strip.blank(width, self.rich_style)
        if y == height - 1 and height > 1:
            return self._ruler(self._sound, width)
        if self._spectrum:
            return self._spectrum_line(self._sound, y, width, max(1, height - 1))
        return self._wave_line(self._sound, y, width, max(1, height - 1))

    def _ruler(self, sound: Sound, width: int) -> Strip:
        view = tuple(each / sound.sample_rate for each in self.view)
        region = self._region and tuple(each / sound.sample_rate for each in self._region)
        text = sound_drawing.ruler(view, region, width)  # type: ignore[arg-type]
        return Strip([Segment(text, self.rich_style + Style(color=QUIET))], width)

    def _columns_of(self, frames: tuple[int, int] | None, width: int) -> tuple[int, int]:
        """Return the columns that frames fill, at least one where any is in sight."""
        if frames is None:
            return 0, 0
        start, end = self.view
        first, last = ((each - start) * width / (end - start) for each in frames)
        if last <= 0 or first >= width:
            return 0, 0
        left = max(0, min(width - 1, round(first)))
        return left, max(left + 1, min(width, round(last)))

    def _wave_line(self, sound: Sound, y: int, width: int, height: int) -> Strip:
        key = (self.view, width, height, sound.ready)
        if self._wave is None or self._wave[0] != key:
            outline = sound.outline(*self.view, width * DOTS_ACROSS)
            scale = sound_drawing.scale(outline) if self._zoomed is not None else 1.0
            self._wave = (key, sound_drawing.wave(outline * np.float32(scale), width, height))
        line = self._wave[1][y]
        background = self.rich_style
        heard_to = 0
        if self._playhead is not None and self._playhead > self.view[0]:
            heard_to = self._columns_of((self.view[0], self._playhead), width)[1] or width
        bright, quiet = self._colour, faded(self._colour, 0.6 if heard_to else 0.35)
        cells: list[Segment] = []
        for first, last, inside, head in self._parts(width, heard_to):
            colour = bright if first < heard_to or inside else quiet
            style = background + Style(color=colour, bgcolor=GROOVE if inside else None)
            if head:
                style = background + Style(color=self._colour, bgcolor=_HEAD)
            cells.append(Segment(line[first:last], style))
        return Strip(cells, width)

    def _parts(self, width: int, *also: int) -> list[tuple[int, int, bool, bool]]:
        """Return runs of columns: first, the one after the last, in the region, at the playhead."""
        region = self._columns_of(self._region, width)
        head = (0, 0)
        if self._playhead is not None:
            head = self._columns_of((self._playhead, self._playhead + 1), width)
        edges = sorted({0, width, *region, *head, *also})
        return [
            (a, b, region[0] <= a < region[1], head[0] <= a < head[1]) for a, b in pairwise(edges)
        ]

    def _spectrum_line(self, sound: Sound, y: int, width: int, height: int) -> Strip:
        wanted = (self.view, width, height, sound.ready)
        if wanted != self._asked:
            self._asked = wanted
            self.post_message(self.SpectrumWanted(sound, self.view, width, 2 * height))
        shades = self._levels[1] if self._levels is not None else np.zeros((0, 0), np.uint8)
        if self._levels is None or self._levels[0] != self.view or shades.shape[1] != width:
            return Strip.blank(width, self.rich_style)
        if len(shades) != 2 * height:
            return Strip.blank(width, self.rich_style)
        colours = sound_drawing.shades()
        upper, lower = shades[2 * y], shades[2 * y + 1]
        cells: list[Segment] = []
        for first, last, inside, head in self._parts(width):
            for x in range(first, last):
                above, below = colours[upper[x]], colours[lower[x]]
                if head:
                    above = below = _HEAD
                elif self._region is not None and not inside:
                    above, below = faded(above, 0.55), faded(below, 0.55)
                cells.append(Segment(sound_drawing.HALF_BLOCK, Style(color=above, bgcolor=below)))
        return Strip(cells, width)
