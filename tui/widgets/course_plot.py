"""Figures over the steps of a job, as lines in braille, each with its name and newest value."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.colours import ACCENT, GROOVE, QUIET
from tui.job_queue import Course, ShownJob
from tui.widgets import braille
from tui.widgets.shows_jobs import ShowsJobs

COLOURS = ("#6fa8ff", "#4fd1b0", "#d98cff", "#ff9a76", ACCENT, "#c3e88d")
"""Of the lines, in the order of their names' first coming."""
LEFT = 8
"""Characters of the scale at the left."""
LEAST = 1e-4
"""What is less is drawn at the lower edge: the scale is logarithmic."""
PLAIN = "no figures yet"


def line(
    course: Sequence[tuple[int, float]],
    total: int,
    ends: tuple[float, float],
    size: tuple[int, int],
) -> NDArray[np.bool_]:
    """Return the dots of one figure.

    Args:
        course: Pairs of a step and a value, by step; one at least.
        total: The last step that there will be.
        ends: The least and the greatest value of the scale, both positive.
        size: Dots across and down.

    Returns:
        bool, shape (down, across).
    """
    across, down = size
    steps, values = (np.array(each, np.float64) for each in zip(*course, strict=True))
    place = np.arange(across) / max(1, across - 1) * max(1, total)
    low, high = np.log(ends)
    part = (np.log(np.maximum(values, LEAST)) - low) / max(1e-9, high - low)
    height = np.clip(np.interp(place, steps, part), 0, 1)
    row = np.round((1 - height) * (down - 1)).astype(np.int64)
    before = np.concatenate([row[:1], row[:-1]])
    top, bottom = np.minimum(row, before), np.maximum(row, before)
    at = np.arange(down)[:, None]
    dots: NDArray[np.bool_] = (at >= top) & (at <= bottom)
    dots &= (place <= steps[-1]) & (place >= min(steps[0], total / across))
    return dots


def ends_of(course: Course) -> tuple[float, float]:
    """Return the least and the greatest value of all figures, both positive."""
    values = [max(LEAST, value) for each in course.values() for _, value in each]
    low, high = min(values), max(values)
    return (low, high) if high > low else (low / 2, high * 2)


class CoursePlot(ShowsJobs):
    """Draws the figures of the job of one name; what it drew last stays when the job is over.

    Args:
        job: Name of the job.
        empty: What is said while there are no figures.
    """

    DEFAULT_CSS = """
    CoursePlot { height: 1fr; min-height: 4; }
    """

    def __init__(self, job: str, empty: str = PLAIN) -> None:
        super().__init__()
        self._job = job
        self._empty = empty
        self._total = 0
        self._course: Course = {}
        self._drawn: list[list[tuple[str, str]]] = []

    def show_jobs(self, jobs: Sequence[ShownJob]) -> None:
        """Take the figures of the job, if it is there."""
        for job in jobs:
            if job.name == self._job and job.course and job.step is not None:
                self._course = {name: list(each) for name, each in job.course.items()}
                last = max(each[-1][0] for each in self._course.values())
                self._total = max(job.step.total or 0, last)
                self._draw()

    def on_resize(self) -> None:
        """Draw in the new size."""
        self._draw()

    def _draw(self) -> None:
        width, height = self.size.width - LEFT, self.size.height - 1
        self._drawn = []
        if self._course and width > 4 and height > 1:
            self._drawn = _pictured(self._course, self._total, width, height)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        width = self.size.width
        pieces = [(self._empty if y == 0 else "", QUIET)]
        if self._drawn:
            pieces = self._drawn[y] if y < len(self._drawn) else _legend(self._course)
        base = self.rich_style
        segments = [Segment(text, base + Style(color=colour)) for text, colour in pieces if text]
        return Strip(segments).adjust_cell_length(width, base)


def _pictured(course: Course, total: int, width: int, height: int) -> list[list[tuple[str, str]]]:
    """Return lines of pieces of text with their colours."""
    ends = ends_of(course)
    size = width * braille.DOTS_ACROSS, height * braille.DOTS_DOWN
    every = np.zeros((size[1], size[0]), np.bool_)
    owner = np.full((height, width), -1)
    for number, each in enumerate(course.values()):
        dots = line(each, total, ends, size)
        every |= dots
        cells = dots.reshape(height, braille.DOTS_DOWN, width, braille.DOTS_ACROSS)
        owner[cells.any(axis=(1, 3))] = number
    texts = braille.lines(braille.cells(every))
    scale = {0: ends[1], height - 1: ends[0], height // 2: float(np.sqrt(ends[0] * ends[1]))}
    lines = []
    for y, text in enumerate(texts):
        label = f"{scale[y]:.3g}" if y in scale else ""
        pieces = [(f"{label:>{LEFT - 2}} ", QUIET), ("│", GROOVE)]
        edges = [0, *(np.flatnonzero(np.diff(owner[y])) + 1).tolist(), width]
        for start, end in pairwise(edges):
            number = int(owner[y, start])
            pieces.append(
                (text[start:end], COLOURS[number % len(COLOURS)] if number >= 0 else QUIET)
            )
        lines.append(pieces)
    return lines


def _legend(course: Course) -> list[tuple[str, str]]:
    pieces = [(" " * LEFT, QUIET)]
    for number, (name, each) in enumerate(course.items()):
        pieces.append((f"━ {name} ", COLOURS[number % len(COLOURS)]))
        pieces.append((f"{each[-1][1]:.3g}   ", QUIET))
    return pieces
