"""The columns of the list: which there are, which the user wants, and how wide each is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from library.catalog import SampleRow

LEAST_NAME, GOOD_NAME, MOST_NAME = 20, 28, 40
NEEDED = 2
"""Of the columns of a first start, those that give way sooner leave the name room to be good."""
LEAST_FOLDER = 14
MARK = 2
SCORE = "score"
ASPECT = "aspect "
"""A column of one aspect is called this and the aspect's name."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: What settings call it.
        heading: What stands above it.
        width: Characters, the blank behind it included; the least where it may be wider.
        sort: What ``sort:`` calls it; empty where nothing can be sorted by it.
        gives_way: The columns with the highest numbers are left out first where there is no room.
        right: Whether its text ends at the right.
        largest_first: Whether sorting by it begins with the largest.
    """

    name: str
    heading: str
    width: int
    sort: str = ""
    gives_way: int = 4
    right: bool = False
    largest_first: bool = False


def _measured(name: str, heading: str, width: int = 9) -> Column:
    return Column(name, heading, width, name, right=True)


COLUMNS: dict[str, Column] = {
    column.name: column
    for column in (
        Column("name", "name", LEAST_NAME, "name", 0),
        Column("folder", "folder", LEAST_FOLDER, "folder", 7),
        Column("tags", "tags", 14, "", 6),
        Column("category", "category", 11, "category", 2),
        Column("tempo", "bpm", 6, "bpm", 5, right=True),
        Column("key", "key", 5, "key", 5),
        Column("rating", "stars", 6, "rating", 3, largest_first=True),
        Column("used", "used", 5, "", 4),
        Column("length", "length", 9, "len", 1, right=True),
        Column("added", "added", 11, "added", 4, largest_first=True),
        Column("format", "format", 13, "", 4),
        _measured("brightness", "bright"),
        _measured("loudness", "loud"),
        _measured("noisiness", "noisy", 6),
        _measured("attack", "attack"),
        _measured("decay", "decay"),
        _measured("pitch", "pitch", 11),
        _measured("low_end", "low", 6),
        _measured("width", "width", 6),
        _measured("roughness", "rough", 6),
    )
}
"""Every column that can be chosen, by name, in the order in which they are offered."""


@dataclass(frozen=True, slots=True)
class ListColumns:
    """Which columns the user wants; kept between starts.

    Attributes:
        names: Names of :data:`COLUMNS`, in order. The name is among them; others that are not
            known, as another version may have written them, are passed over.
    """

    names: tuple[str, ...] = (
        "name", "folder", "tags", "category", "tempo", "key", "rating", "length",
    )  # fmt: skip

    def toggled(self, name: str) -> ListColumns:
        """Return the columns with one more, at its place in the offer, or with one less."""
        if name == "name":
            return self
        if name in self.names:
            return ListColumns(tuple(each for each in self.names if each != name))
        offered = list(COLUMNS)
        place = offered.index(name)
        before = [at for at, each in enumerate(self.names) if offered.index(each) < place]
        at = before[-1] + 1 if before else 0
        return ListColumns((*self.names[:at], name, *self.names[at:]))

    def moved(self, name: str, places: int) -> ListColumns:
        """Return the columns with one of them further to the right, or to the left below 0."""
        if name not in self.names:
            return self
        names = [each for each in self.names if each != name]
        names.insert(max(0, self.names.index(name) + places), name)
        return ListColumns(tuple(names))


@dataclass(frozen=True, slots=True)
class Placed:
    """A column as it is drawn, `width` characters wide, the blank behind it included."""

    column: Column
    width: int


@lru_cache(maxsize=64)
def laid_out(
    columns: ListColumns, width: int, scores: bool = False, aspects: tuple[str, ...] = ()
) -> tuple[Placed, ...]:
    """Return which columns fit into a line, and how wide each is.

    Args:
        columns: What the user wants.
        width: Characters of the line, the mark included; the columns fill all of it.
        scores: Whether the list has grades of likeness.
        aspects: The aspects that have grades of their own.
    """
    wanted = [COLUMNS[name] for name in columns.names if name in COLUMNS]
    if COLUMNS["name"] not in wanted:
        wanted.insert(0, COLUMNS["name"])
    if scores:
        wide = 7 if width >= 78 + 7 * len(aspects) else 2
        likeness = Column(SCORE, "likeness", 10, SCORE, 0, largest_first=True)
        gives_way = 1 if wide == 2 else 3
        graded = [Column(ASPECT + each, each, wide, "", gives_way) for each in aspects]
        wanted = [likeness, *graded, *wanted]
    room = width - MARK
    while len(wanted) > 1:
        weakest = max(wanted, key=lambda each: (each.gives_way, wanted.index(each)))
        usual = columns == ListColumns() and weakest.gives_way > NEEDED
        more = GOOD_NAME - LEAST_NAME if usual else 0
        if sum(each.width for each in wanted) + more <= room:
            break
        if weakest.gives_way == 0:
            wanted = [COLUMNS["name"]]
        else:
            wanted.remove(weakest)
    return _stretched(wanted, room)


def _stretched(columns: list[Column], room: int) -> tuple[Placed, ...]:
    """Give what room is left to the name, then to folder and tags, and the rest to the name."""
    widths = {each.name: each.width for each in columns}
    left = room - sum(widths.values())
    for name, most in (("name", MOST_NAME - 8), ("folder", 30), ("tags", 20), ("name", room)):
        if name in widths and left > 0:
            more = min(left, max(0, most - widths[name]))
            widths[name] += more
            left -= more
    widths["name"] += left
    return tuple(Placed(each, widths[each.name]) for each in columns)


def value_of(column: Column, row: SampleRow) -> Any:
    """Return by what a row is sorted in a column; None where it is not known."""
    if column.name == "name":
        return row.name.casefold()
    if column.name == "folder":
        return row.folder.casefold()
    if column.name == "length":
        return row.duration
    if column.name in row.attributes:
        return row.attributes[column.name]
    own = {
        "added": row.added_at,
        "category": row.category,
        "format": row.format,
        "key": row.key,
        "rating": row.rating,
        "tags": row.tags,
        "tempo": row.tempo,
        "used": row.used,
    }
    return own.get(column.name)
