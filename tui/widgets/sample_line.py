"""One line of the list, as cells of text, and the line of headings above it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from tui.colours import ACCENT, BAD, GROOVE, QUIET, STAR, colour_of, faded
from tui.columns import ASPECT, MARK, SCORE, Column, Placed
from tui.widgets import facts

if TYPE_CHECKING:
    from library.catalog import SampleRow

EIGHTHS = " ▁▂▃▄▅▆▇█"


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
        return Segment(self.text, _styled(base, self.colour) if self.colour else base)


@lru_cache(maxsize=512)
def _styled(base: Style, colour: str) -> Style:
    return base + Style(color=colour)


def draw_row(
    row: SampleRow | None,
    layout: Sequence[Placed],
    mark: int = 0,
    score: float | None = None,
    aspects: Mapping[str, float] | None = None,
) -> list[Cell]:
    """Return one line of the list.

    Args:
        row: The sample; None where it has not been fetched.
        layout: The columns; the cells together have the mark's width and just theirs.
        mark: Place among the marked samples, from 1; 0 where it is not marked.
        score: Likeness in [0, 1]; None where there is none.
        aspects: Likeness in each aspect, in [0, 1]; an aspect that is not there is not known.
    """
    cells = [Cell(f"{mark} " if 0 < mark < 10 else "◆ " if mark else " " * MARK, ACCENT)]
    if row is None:
        return [*cells, Cell(set_cell_size("·", sum(each.width for each in layout)), QUIET)]
    for placed in layout:
        name, width = placed.column.name, placed.width
        if name == SCORE:
            cells += _bar(score, width)
        elif name.startswith(ASPECT):
            cells += _aspect((aspects or {}).get(name.removeprefix(ASPECT)), width)
        else:
            cells.append(_CELLS.get(name, _attribute)(row, placed.column, width))
    return cells


def draw_headings(layout: Sequence[Placed], field: str, reverse: bool) -> list[Cell]:
    """Return the line above the list; the column that it is sorted by has an arrow.

    Args:
        layout: The columns.
        field: What the list is sorted by, as ``sort:`` calls it.
        reverse: Whether in reverse.
    """
    cells = [Cell(" " * MARK)]
    for placed in layout:
        column = placed.column
        by_this = bool(field) and column.sort == field
        arrow = ("▼" if reverse else "▲") if by_this else ""
        narrow = placed.width <= 2
        text = _fitted(column.heading[:1] if narrow else column.heading, placed.width - 1, arrow)
        if column.right:
            text = text.rstrip().rjust(placed.width - 1)
        cells.append(Cell(text + " ", ACCENT if by_this else QUIET))
    return cells


def column_at(layout: Sequence[Placed], x: int) -> Column | None:
    """Return the column at a place of the line; None at the mark and beyond the last one."""
    end = MARK
    for placed in layout:
        start, end = end, end + placed.width
        if start <= x < end:
            return placed.column
    return None


def _bar(part: float | None, width: int) -> list[Cell]:
    if part is None:
        return [Cell(" " * width)]
    full, empty = facts.bar(part, width - 2)
    return [Cell(full, ACCENT), Cell(empty + "  ", GROOVE)]


def _aspect(part: float | None, width: int) -> list[Cell]:
    """Return a grade as a bar, or in a narrow column as a single block."""
    if part is None:
        return [Cell(" " * width)]
    colour = faded(ACCENT, 0.75 - 0.75 * part)
    if width <= 2:
        return [Cell(EIGHTHS[round(part * 7) + 1].ljust(width), colour)]
    full, empty = facts.bar(part, width - 2)
    return [Cell(full, colour), Cell(empty + "  ", GROOVE)]


def _name(row: SampleRow, _: Column, width: int) -> Cell:
    sign = "✗ " if row.state == "failed" else "? " if row.missing else ""
    colour = BAD if row.state == "failed" else QUIET if row.missing else ""
    return Cell(_fitted(sign + row.name, width - 1) + " ", colour)


def _folder(row: SampleRow, _: Column, width: int) -> Cell:
    return Cell(_fitted(row.folder, width - 1, keep_end=True) + " ", QUIET)


def _tags(row: SampleRow, _: Column, width: int) -> Cell:
    return Cell(_fitted(" ".join(f"#{word}" for word in row.tags), width - 1) + " ", ACCENT)


def _category(row: SampleRow, _: Column, width: int) -> Cell:
    return Cell(_fitted(row.category or "", width - 1) + " ", colour_of(row.category))


def _rating(row: SampleRow, _: Column, width: int) -> Cell:
    return Cell(_fitted(facts.stars(row.rating), width), STAR)


def _length(row: SampleRow, _: Column, width: int) -> Cell:
    return Cell(facts.length(row.duration).rjust(width - 1) + " ", QUIET)


def _tempo(row: SampleRow, _: Column, width: int) -> Cell:
    tempo = "" if row.tempo is None else f"{row.tempo:.0f}"
    return Cell(tempo.rjust(width - 1) + " ", QUIET)


def _key(row: SampleRow, _: Column, width: int) -> Cell:
    return Cell(_fitted(row.key or "", width - 1) + " ", QUIET)


def _used(row: SampleRow, _: Column, width: int) -> Cell:
    return Cell(_fitted("✓" if row.used else "", width), ACCENT)


def _added(row: SampleRow, _: Column, width: int) -> Cell:
    day = "" if row.added_at is None else f"{row.added_at:%Y-%m-%d}"
    return Cell(_fitted(day, width), QUIET)


def _format(row: SampleRow, _: Column, width: int) -> Cell:
    return Cell(_fitted(facts.form(row.format), width - 1) + " ", QUIET)


def _attribute(row: SampleRow, column: Column, width: int) -> Cell:
    value = row.attributes.get(column.name)
    text = "" if value is None else facts.attribute(column.name, value)
    return Cell(_fitted(text, width - 1).rstrip().rjust(width - 1) + " ", QUIET)


_CELLS: dict[str, Callable[[SampleRow, Column, int], Cell]] = {
    "name": _name,
    "folder": _folder,
    "tags": _tags,
    "category": _category,
    "tempo": _tempo,
    "key": _key,
    "rating": _rating,
    "used": _used,
    "length": _length,
    "added": _added,
    "format": _format,
}
"""How the columns are drawn that show no measured attribute."""


def _fitted(text: str, width: int, end: str = "", keep_end: bool = False) -> str:
    """Return text in exactly `width` cells, with an ellipsis where some of it is left out.

    Args:
        text: What stands there.
        width: Cells.
        end: Stands behind the text whatever is left out of it.
        keep_end: Whether the beginning is left out rather than the end.
    """
    room = width - cell_len(end)
    if room <= 0:
        return set_cell_size(end, max(0, width))
    if cell_len(text) > room:
        if keep_end:
            while text and cell_len(text) > room - 1:
                text = text[1:]
            text = "…" + text
        else:
            text = set_cell_size(text, room - 1) + "…"
    return set_cell_size(text + end, width)
