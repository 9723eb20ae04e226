"""What a space is and does, in words and small tables. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from library.names import displayable
from tui.colours import ACCENT, GROOVE, QUIET
from tui.widgets import facts
from tui.widgets.examples import BETTER, FEWEST, GOOD

if TYPE_CHECKING:
    from index.answers import SpaceComparison, SpaceRow

BAR = 16
MOVED = 8


def choice(name: str, wanted: bool, note: str, possible: bool = True) -> Text:
    """Return one attribute to choose, with what is known of it."""
    text = Text(no_wrap=True, overflow="ellipsis")
    sign = "✓" if wanted and possible else " "
    text.append(f"[{sign}] ", style=f"bold {ACCENT}" if wanted and possible else QUIET)
    text.append(f"{displayable(name):<16.16} ", style="bold" if possible else QUIET)
    return text.append(note, style=QUIET)


def known_in(share: float) -> str:
    """Return in what share of the sounds an attribute is known, in words."""
    full, empty = facts.bar(share, 8)
    return f"{full}{empty} known in {share:.0%}"


def taught_by(yes: int, no: int) -> str:
    """Return by how many examples a word was taught, and whether they are enough, in words."""
    counts = f"your word, {yes} yes and {no} no"
    if min(yes, no) < FEWEST:
        return f"{counts}: too few, it takes {FEWEST} and {FEWEST}"
    return counts if min(yes, no) >= BETTER else f"{counts}; {BETTER} and {BETTER} are better"


def attributes(measured: Mapping[str, Mapping[str, object]]) -> Text:
    """Return a table of the attributes: how well each is ordered, and its range in the sounds.

    Args:
        measured: As `TrainReport.attributes`.
    """
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(f"{'attribute':<18}{'in its order by':<{BAR + 8}}{'range'}\n", style=QUIET)
    for name, told in measured.items():
        rank, ends = told.get("spearman"), told.get("range")
        text.append(f"{displayable(name):<18.18}", style="bold")
        if not told.get("learned"):
            text.append("not learned: too few sounds have it\n", style=QUIET)
            continue
        if isinstance(rank, int | float):
            full, empty = facts.bar(min(1.0, max(0.0, float(rank))), BAR)
            text.append(full, style=GOOD)
            text.append(empty, style=GROOVE)
            text.append(f" {rank:5.2f}  ")
        else:
            text.append(f"{'too few to measure':<{BAR + 8}}", style=QUIET)
        if isinstance(ends, list | tuple):
            low, high = (facts.attribute(name, float(end)) for end in ends)
            text.append(f"{low} to {high}", style=QUIET)
        text.append("\n")
    return text


def losses(error: Mapping[str, float]) -> Text:
    """Return what is lost of unseen sounds, before and after.

    Args:
        error: As `TrainReport.error`.
    """
    text = Text(no_wrap=True, overflow="ellipsis")
    if not error:
        return text
    text.append("lost of unseen sounds\n", style=QUIET)
    for name, share in error.items():
        full, empty = facts.bar(min(1.0, share), BAR)
        text.append(f"{name:<18}")
        text.append(full, style=ACCENT)
        text.append(empty, style=GROOVE)
        text.append(f" {share:5.1%}\n")
    return text


def comparison(found: SpaceComparison, most: int = MOVED) -> Text:
    """Return what is near in one space and not in the other."""
    before, after = map(displayable, found.spaces)
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(f"{found.kept:.0%}", style=f"bold {ACCENT}")
    text.append(
        f" of the {found.k} nearest are the same in {before} and {after}"
        f" (by chance {found.chance:.0%})\n\n",
        style=QUIET,
    )
    head = f"{'most changed':<26}{'nearest in ' + before:<26.26}{'nearest in ' + after:<26.26}\n"
    text.append(head if found.moved else "", style=QUIET)
    for each in found.moved[:most]:
        text.append(f"{_short(each.row.name):<26}", style="bold")
        text.append(f"{_short(each.nearest[0].name):<26}")
        text.append(f"{_short(each.nearest[1].name):<26}\n", style=ACCENT)
    return text


def _short(name: str, width: int = 24) -> str:
    plain = displayable(name)
    return plain if len(plain) <= width else plain[: width - 1] + "…"


def space_line(space: SpaceRow) -> Text:
    """Return one space of the list of spaces."""
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append("● " if space.in_use else "  ", style=ACCENT)
    text.append(
        f"{displayable(space.name):<20.20} ", style=f"bold {ACCENT if space.in_use else ''}"
    )
    text.append(f"{space.samples:>9,} sounds  ", style=QUIET)
    if space.codec is None:
        return text.append("its codec is gone: learn it again", style=QUIET)
    text.append(f"{space.codec:<10.10}  ", style=QUIET)
    return text.append(", ".join(map(displayable, space.attributes)), style=QUIET)


def about_space(report: Mapping[str, object]) -> Text:
    """Return what was measured when a space was learned; a line where nothing was."""
    measured, error = report.get("attributes"), report.get("error")
    if not isinstance(measured, Mapping):
        return Text("It came with the program or from a file; nothing was measured here.", QUIET)
    text = attributes(measured)
    return text + Text("\n") + losses(error) if isinstance(error, Mapping) else text


def names(words: Sequence[str]) -> str:
    """Return words in a line, fit for the terminal."""
    return ", ".join(map(displayable, words))
