"""What is known about one sample: waveform, facts, measured attributes and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual import getters
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.colours import ACCENT, BAD, GROOVE, QUIET, STAR, colour_of
from tui.widgets import facts
from tui.widgets.sound_view import SoundView

if TYPE_CHECKING:
    from library.catalog import SampleRow
    from tui.growing_sound import Sound

LABEL, VALUE = 11, 10
ABOVE = 10
"""Lines of the sound where it is at its highest, with the free one below it."""


def describe(row: SampleRow, width: int, trouble: str = "") -> Text:
    """Return all that is known of a sample as styled text.

    Args:
        row: The sample.
        width: Cells of a line, at most.
        trouble: Why it cannot be heard, where the row does not say so already.
    """
    text = Text(no_wrap=False, overflow="fold")
    text.append(row.name + "\n", style="bold")
    text.append((row.folder or "") + "\n\n", style=QUIET)
    if row.missing:
        text.append("? not there now: its disk or folder is away\n\n", style=BAD)
    elif row.state == "failed":
        text.append(f"✗ {row.reason or 'cannot be read'}\n\n", style=BAD)
    elif trouble:
        text.append(f"✗ {trouble}\n\n", style=BAD)
    first = [facts.length(row.duration), facts.rate(row.sample_rate), facts.channels(row.channels)]
    if any(first):
        text.append(" · ".join(filter(None, first)) + "\n")
    if row.format:
        text.append(facts.form(row.format) + "\n", style=QUIET)
    text.append("● ", style=colour_of(row.category))
    text.append(row.category or "no category", style=colour_of(row.category))
    text.append(facts.told_by(row.category_source, row.category_probability), style=QUIET)
    text.append("   ")
    text.append(facts.stars(row.rating) + "\n", style=STAR)
    musical = [facts.tempo(row.tempo, row.tempo_source), facts.key(row.key, row.key_source)]
    if any(musical):
        text.append("♪ " + " · ".join(filter(None, musical)) + "\n")
    if row.note:
        text.append(row.note + "\n", style=QUIET)
    if row.tags:
        text.append("\n" + " ".join(f"#{word}" for word in row.tags) + "\n", style=ACCENT)
    if any(value is not None for value in row.attributes.values()):
        text.append("\n")
        for name, value in row.attributes.items():
            _attribute(text, name, value, width)
    elif row.state == "listed":
        text.append("\nnot analysed yet\n", style=QUIET)
    return text


def _attribute(text: Text, name: str, value: float | None, width: int) -> None:
    """Add one line: the name, a bar where the attribute has one, and the value."""
    text.append(set_cell_size(name.replace("_", " "), LABEL), style=QUIET)
    value_text = facts.attribute(name, value)
    bar_width = width - LABEL - VALUE - 1
    part = facts.part(name, value)
    if bar_width >= 4:
        full, empty = facts.bar(part or 0.0, bar_width)
        text.append(full, style=ACCENT)
        text.append(empty + " ", style=GROOVE)
    text.append(value_text.rjust(VALUE) if cell_len(value_text) <= VALUE else value_text)
    text.append("\n")


class Inspector(VerticalScroll, can_focus=False):
    """Shows one sample."""

    DEFAULT_CSS = """
    Inspector {
        padding: 1 2; background: $surface;
        scrollbar-size-vertical: 1; scrollbar-gutter: stable;
        SoundView { height: 9; margin-bottom: 1; }
    }
    """

    view = getters.query_one(SoundView)

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - the name Textual uses
        super().__init__(id=id)
        self._row: SampleRow | None = None
        self._trouble = ""
        self._drawn: tuple[SampleRow | None, str, int] | None = None

    def compose(self) -> ComposeResult:
        """Lay out the sound over the facts."""
        yield SoundView(id="inspector-sound")
        yield Static("", id="inspector-facts")

    def show(self, row: SampleRow | None) -> None:
        """Show the facts of another sample; its sound comes by :meth:`show_sound`."""
        other = row is None or self._row is None or row.id != self._row.id
        self._row = row
        self.view.display = row is None or not (row.missing or row.state == "failed")
        if other:
            self.view.show(None)
            self._trouble = ""
        self._draw()

    def show_sound(self, sound: Sound) -> None:
        """Show the sound of the sample."""
        category = self._row.category if self._row is not None else None
        self.view.show(sound, colour_of(category))

    def show_trouble(self, reason: str) -> None:
        """Show why the sample cannot be heard; empty where it can."""
        if reason != self._trouble:
            self._trouble = reason
            self._draw()

    def on_resize(self) -> None:
        """Draw the bars in the new width."""
        # As large as there is room for: it grows where a sample has more to tell, not at each.
        self.query_one("#inspector-facts").styles.min_height = max(0, self.size.height - ABOVE)
        self._draw()

    def _draw(self) -> None:
        width = self.scrollable_content_region.width
        if (self._row, self._trouble, width) == self._drawn:
            return
        self._drawn = (self._row, self._trouble, width)
        facts_view = self.query_one("#inspector-facts", Static)
        known = Text() if self._row is None else describe(self._row, width, self._trouble)
        # To lay out the screen anew takes longer than all else that a move of the cursor does.
        lines = len(known.wrap(self.app.console, max(1, width)))
        height, least = facts_view.size.height, facts_view.styles.min_height
        room = int(least.value) if least is not None else 0
        facts_view.update(known, layout=height != max(lines, room))
