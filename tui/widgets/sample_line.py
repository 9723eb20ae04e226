"""One line of the list, as cells of text: which columns fit, and what stands in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from tui.colours import ACCENT, BAD, GROOVE, QUIET, STAR, colour_of
from tui.widgets import facts

if TYPE_CHECKING:
    from library.catalog import SampleRow

CATEGORY, LENGTH, STARS, SCORE = 11, 8, 6, 10


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of a line.

    Attributes:
        text: What stands there.
        colour: ``#rrggbb``, or empty for that of the list.
    """

    text: str
    colour: str = ""

    def segment(self, base: Style) -> Segment:
        """Return the cell in its colour, on the style of the list."""
        return Segment(self.text, base + Style(color=self.colour) if self.colour else base)


def draw_row(
    row: SampleRow | None, width: int, mark: int = 0, score: float | None = None
) -> list[Cell]:
    """Return one line of the list.

    Args:
        row: The sample; None where it has not been fetched.
        width: Characters; the cells together have just as many.
        mark: Place among the marked samples, from 1; 0 where it is not marked.
        score: Likeness in [0, 1]; None for no such column. A narrow line has none.
    """
    cells = [_mark(mark)]
    if row is None:
        return [*cells, Cell(set_cell_size("·", max(0, width - 2)), QUIET)]
    if score is not None and width >= 36:
        full, empty = facts.bar(score, SCORE - 2)
        cells += [Cell(full, ACCENT), Cell(empty + "  ", GROOVE)]
    tail = _tail(row, width)
    room = width - sum(cell_len(cell.text) for cell in [*cells, *tail])
    folder = max(0, room - 32) * 2 // 3 if room > 44 else 0
    cells.append(_name(row, room - folder))
    if folder:
        cells.append(Cell(_fitted(row.folder, folder - 1, keep_end=True) + " ", QUIET))
    return cells + tail


def _mark(mark: int) -> Cell:
    return Cell(f"{mark} " if 0 < mark < 10 else "◆ " if mark else "  ", ACCENT)


def _name(row: SampleRow, width: int) -> Cell:
    sign = "✗ " if row.state == "failed" else "? " if row.missing else ""
    colour = BAD if row.state == "failed" else QUIET if row.missing else ""
    return Cell(_fitted(sign + row.name, width - 1) + " ", colour)


def _tail(row: SampleRow, width: int) -> list[Cell]:
    """Return the columns on the right that fit into a line of that width."""
    tags = " ".join(f"#{word}" for word in row.tags)
    cells: list[Cell] = []
    if width >= 90:
        cells.append(Cell(_fitted(tags, 15) + " ", ACCENT))
    if width >= 44:
        cells.append(Cell(_fitted(row.category or "", CATEGORY), colour_of(row.category)))
    if width >= 60:
        cells.append(Cell(facts.stars(row.rating) + " ", STAR))
    cells.append(Cell(facts.length(row.duration).rjust(LENGTH) + " ", QUIET))
    return cells


def _fitted(text: str, width: int, keep_end: bool = False) -> str:
    """Return text in exactly `width` cells, with an ellipsis where some of it is left out."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    if keep_end:
        while text and cell_len(text) > width - 1:
            text = text[1:]
        return set_cell_size("…" + text, width)
    return set_cell_size(text, width - 1) + "…"
