"""What the colours of a map mean: each sound's kind, or how much of something it has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tui.colours import ACCENT, OTHER, PALETTE, number_of
from tui.widgets import facts

# Viridis without its darkest seventh, which a dark screen swallows: even in brightness, so that
# every eye tells more from less.
RAMP: tuple[str, ...] = (
    "#46307e", "#3f4889", "#355e8d", "#2c718e", "#25848e", "#1f978b",
    "#24aa83", "#3dbc74", "#65cb5e", "#95d840", "#cae11f", "#fde725",
)  # fmt: skip
"""From little to much."""


@dataclass(frozen=True, slots=True, eq=False)
class Colouring:
    """Colours for the points of a map, and what they say.

    Attributes:
        name: What is coloured by, safe to show.
        numbers: uint8, shape (n,): places in the palette; 0 is what nothing is known of.
        palette: ``#rrggbb``.
        legend: Number of a colour, what it means, and how many points have it; those that matter
            most come first.
        graded: Whether the numbers are grades of one thing.
        ends: Of an attribute, what the least and the most read; otherwise empty.
    """

    name: str
    numbers: NDArray[np.uint8]
    palette: tuple[str, ...]
    legend: tuple[tuple[int, str, int], ...]
    graded: bool = False
    ends: tuple[str, str] | None = None


def by_category(words: Sequence[str], kinds: NDArray[np.int32]) -> Colouring:
    """Colour by category, as the list does.

    Args:
        words: The categories.
        kinds: int32, shape (n,): places in `words`; -1 for none.
    """
    table = np.array([*map(number_of, words), 0], np.uint8)
    numbers = table[kinds]
    counts = np.bincount(numbers, minlength=len(PALETTE))
    texts = {number_of(word): word for word in words} | {0: "none"}
    order = [int(n) for n in np.argsort(-counts[1:], kind="stable") + 1 if counts[n]]
    legend = [(n, texts[n], int(counts[n])) for n in [*order, *([0] if counts[0] else [])]]
    return Colouring("category", numbers, PALETTE, tuple(legend))


def by_folder(folders: Sequence[str], kinds: NDArray[np.int32]) -> Colouring:
    """Colour by the uppermost folders that tell sounds apart; the largest have colours.

    Args:
        folders: Paths with ``/`` between, from the name of the added folder on.
        kinds: int32, shape (n,): places in `folders`; -1 for none.
    """
    parts = [folder.split("/") for folder in folders]
    depth = 1
    while len({tuple(each[:depth]) for each in parts}) == 1 and any(
        len(each) > depth for each in parts
    ):
        depth += 1
    tops = ["/".join(each[:depth]) for each in parts]
    names = sorted(set(tops))
    top = np.array([*map({name: n for n, name in enumerate(names)}.get, tops), -1], np.int32)[kinds]
    counts = np.bincount(top[top >= 0], minlength=len(names))
    coloured = np.argsort(-counts, kind="stable")[: len(PALETTE) - 1]
    table = np.zeros(len(names) + 1, np.uint8)
    table[coloured] = np.arange(1, len(coloured) + 1)
    legend = [
        (number, names[n].split("/")[-1], int(counts[n]))
        for number, n in enumerate(coloured.tolist(), start=1)
        if counts[n]
    ]
    numbers = table[top]
    others = int((numbers == 0).sum())
    if others:
        legend.append((0, "others", others))
    return Colouring("folder", numbers, PALETTE, tuple(legend))


def by_value(
    name: str, values: NDArray[np.float32], read: Callable[[float], str] | None = None
) -> Colouring:
    """Colour by how much of something sounds have, each grade as many sounds as any other.

    Args:
        name: The attribute.
        values: float32, shape (n,); NaN where there is none.
        read: What a value reads; by default as the inspector shows the attribute.
    """
    read = read or (lambda value: facts.attribute(name, value))
    known = np.isfinite(values)
    numbers = np.zeros(len(values), np.uint8)
    if not known.any():
        return Colouring(name, numbers, (OTHER, *RAMP), ((0, "not known", len(values)),), True)
    shares = np.arange(1, len(RAMP)) / len(RAMP)
    edges = np.quantile(values[known], shares)
    numbers[known] = 1 + np.searchsorted(edges, values[known], side="right")
    least, most = np.quantile(values[known], (0.02, 0.98))
    legend = () if known.all() else ((0, "none", int((~known).sum())),)
    ends = (read(float(least)), read(float(most)))
    return Colouring(name, numbers, (OTHER, *RAMP), legend, True, ends)


def by_rating(values: NDArray[np.float32]) -> Colouring:
    """Colour by stars.

    Args:
        values: float32, shape (n,), 1 to 5; NaN where there is no rating.
    """
    numbers = np.nan_to_num(values).astype(np.uint8)
    palette = (OTHER, *(RAMP[place] for place in (0, 3, 6, 9, 11)))
    counts = np.bincount(numbers, minlength=6)
    legend = [(n, "★" * n, int(counts[n])) for n in range(5, 0, -1) if counts[n]]
    return Colouring("rating", numbers, palette, (*legend, (0, "none", int(counts[0]))), True)


def by_choice(query: str, chosen: NDArray[np.bool_]) -> Colouring:
    """Colour what a query selects, and leave the rest grey.

    Args:
        query: What the legend says, such as ``tag:dark``.
        chosen: bool, shape (n,).
    """
    count = int(chosen.sum())
    legend = ((1, "yes", count), (0, "no", len(chosen) - count))
    return Colouring(query, chosen.astype(np.uint8), (OTHER, ACCENT), legend, True)
