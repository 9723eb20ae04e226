"""What is measured of a sound that was made, as bars."""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import set_cell_size
from rich.text import Text
from textual.widgets import Static

from tui.colours import ACCENT, GROOVE, QUIET
from tui.widgets import facts

LABEL, VALUE = 11, 9
SHOWN = tuple(facts.SCALES)


def describe(attributes: Mapping[str, float | None], width: int) -> Text:
    """Return measured attributes as lines of `width` cells: a name, a bar and a value."""
    text = Text(no_wrap=True)
    room = max(0, width - LABEL - VALUE - 1)
    for name in SHOWN:
        value = attributes.get(name)
        full, empty = facts.bar(facts.part(name, value) or 0.0, room)
        text.append(set_cell_size(name.replace("_", " "), LABEL), style=QUIET)
        text.append(full, style=ACCENT)
        text.append(empty, style=GROOVE)
        text.append(facts.attribute(name, value).rjust(VALUE + 1) + "\n")
    return text


class Measured(Static):
    """Shows what is measured of the sound that is heard."""

    DEFAULT_CSS = """
    Measured { height: auto; }
    """

    def show(self, attributes: Mapping[str, float | None]) -> None:
        """Show other values, as `library.descriptors.Descriptors` names them."""
        self.attributes = attributes
        self._draw()

    def on_mount(self) -> None:
        """Show names without values."""
        self.show({})

    def on_resize(self) -> None:
        """Draw the bars in the new width."""
        self._draw()

    def _draw(self) -> None:
        self.update(describe(self.attributes, self.size.width))
