"""How a word and its examples are drawn. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from library.names import displayable
from tui.colours import ACCENT, BAD, GROOVE, QUIET, colour_of
from tui.widgets import facts

GOOD = "#8ee6c8"
FEWEST, BETTER = 4, 8
"""Examples on either side: the fewest that a word is learned from, and enough to learn it well."""
BAR = 16


def heading(word: str, yes: int, no: int, what: str) -> Text:
    """Return the word and how far it is, as two lines.

    Args:
        word: As it is taught; empty while it is asked for.
        yes: How many sounds are it.
        no: How many are not.
        what: Which sounds are listed.
    """
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(f"{displayable(word) or '…'}  ", style=f"bold {ACCENT}")
    for count, label, colour in ((yes, "yes", GOOD), (no, "no", BAD)):
        full, empty = facts.bar(min(1.0, count / BETTER), BAR)
        text.append(f" {count} {label} ", style=colour)
        text.append(full, style=colour)
        text.append(f"{empty}  ", style=GROOVE)
    text.append(f"\n{_advice(min(yes, no))} · {what}", style=QUIET)
    return text


def _advice(fewest: int) -> str:
    if fewest < FEWEST:
        return f"{FEWEST} yes and {FEWEST} no are the fewest to learn from"
    if fewest < BETTER:
        return f"enough to learn from; {BETTER} and {BETTER} are better"
    return "enough to learn from: T trains a space on it"


def line(name: str, category: str | None, seconds: float | None, fits: bool | None) -> Text:
    """Return one sound; `fits` says whether it is what the word means, None where nothing was."""
    sign, colour = {True: ("✓", GOOD), False: ("✗", BAD), None: ("·", QUIET)}[fits]
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(f"{sign}  ", style=f"bold {colour}")
    text.append(f"{facts.length(seconds):>7}  ", style=QUIET)
    text.append(f"{category or '':<11}", style=colour_of(category))
    return text.append(displayable(name), style="" if fits is None else colour)


def words(counts: Sequence[tuple[str, int, int]], current: str) -> Text:
    """Return the words so far with how many sounds are each, and are not.

    Args:
        counts: Word, how many are it, how many are not.
        current: The word that is taught now.
    """
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append("words so far\n", style=QUIET)
    if not counts:
        text.append("none yet", style=QUIET)
    for word, yes, no in counts:
        style = f"bold {ACCENT}" if word == current else "bold"
        text.append(f"{displayable(word):<14.14}", style=style)
        text.append(f"{yes:>4} yes", style=GOOD)
        text.append(f"{no:>4} no", style=BAD)
        text.append("\n" if min(yes, no) >= FEWEST else "  too few\n", style=QUIET)
    return text
