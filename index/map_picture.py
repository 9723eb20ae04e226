"""The map as a picture: points where there are few, their density where they would hide another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.answers import MapPoints
from index.map_regions import regions
from library.palette import CATEGORY_COLOURS, UNKNOWN_COLOUR

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BACKGROUND, INK = "#14161a", "#d8dee9"

_POINTS_UP_TO = 20_000
_PIXELS = 900  # of a picture of density, each way
_BLUR = 1.0  # pixels
_FAINTEST = 0.25  # opacity of a pixel with a single sound


def draw(points: MapPoints, path: Path, kind: str) -> None:
    """Write the map as a picture.

    Args:
        points: The map; its y points down, as in the application.
        path: The file.
        kind: "png" or "svg".
    """
    from matplotlib.figure import Figure

    n = len(points.ids)
    figure = Figure(figsize=(10, 8), dpi=120, facecolor=BACKGROUND)
    axes = figure.add_axes((0.01, 0.01, 0.81, 0.93), facecolor=BACKGROUND)
    axes.set(xticks=[], yticks=[], aspect="equal")
    figure.text(0.02, 0.955, f"{n:,} sounds" if n else "no sounds yet", color=INK, fontsize=13)
    for spine in axes.spines.values():
        spine.set_visible(False)
    categories = np.array([category or "" for category in points.categories], dtype=np.str_)
    if n > _POINTS_UP_TO:
        axes.imshow(
            density_picture(points.xy, categories), extent=(0, 1, 1, 0), interpolation="bilinear"
        )
    elif n:
        _scatter(axes, points.xy, categories)
    low, high = (points.xy.min(axis=0), points.xy.max(axis=0)) if n else (np.zeros(2), np.ones(2))
    margin = 0.03 * max(1e-3, float((high - low).max()))
    axes.set(xlim=(low[0] - margin, high[0] + margin), ylim=(high[1] + margin, low[1] - margin))
    _label(axes, points)
    _legend(axes, categories)
    # No date and no random names: the same map is the same file.
    import matplotlib

    with matplotlib.rc_context({"svg.hashsalt": "latentcrate"}):
        no_date = {"Date": None} if kind == "svg" else None
        figure.savefig(path, format=kind, facecolor=BACKGROUND, metadata=no_date)


def colour_of(category: str) -> str:
    """Return the colour of a category, ``#rrggbb``; empty is no category."""
    return CATEGORY_COLOURS.get(category, UNKNOWN_COLOUR)


def density_picture(xy: NDArray[np.float32], categories: NDArray[np.str_]) -> NDArray[np.float32]:
    """Return how many sounds of which kind lie where, as colour.

    Args:
        xy: float32, shape (n, 2), each axis within [0, 1].
        categories: Of each point; empty where there is none.

    Returns:
        RGBA in [0, 1], float32, shape (900, 900, 4), y down: the colour is the mean of those that
        lie there, the opacity grows with the logarithm of their number.
    """
    from matplotlib.colors import to_rgb
    from scipy.ndimage import gaussian_filter

    cells = (xy * _PIXELS).astype(np.intp).clip(0, _PIXELS - 1)
    flat = cells[:, 1] * _PIXELS + cells[:, 0]
    colours = np.zeros((_PIXELS, _PIXELS, 3))
    counts = np.zeros((_PIXELS, _PIXELS))
    for category in np.unique(categories):
        here = np.bincount(flat[categories == category], minlength=_PIXELS**2)
        blurred = gaussian_filter(here.reshape(_PIXELS, _PIXELS).astype(np.float64), _BLUR)
        colours += blurred[..., None] * np.array(to_rgb(colour_of(str(category))))
        counts += blurred
    one = 1 / (2 * np.pi * _BLUR**2)  # the middle of a single blurred sound
    crowded = max(float(np.quantile(counts[counts > one / 2], 0.99)), 2 * one)
    opacity = _FAINTEST + (1 - _FAINTEST) * np.log(np.maximum(counts, one) / one) / np.log(
        crowded / one
    )
    opacity *= np.minimum(counts / one, 1)
    colours /= np.maximum(counts, 1e-9)[..., None]
    return np.dstack([colours, opacity.clip(0, 1)]).astype(np.float32)


def _scatter(axes: Axes, xy: NDArray[np.float32], categories: NDArray[np.str_]) -> None:
    size = float(np.clip(16_000 / len(xy), 2.5, 40))
    # One collection in a mixed order, so that no kind lies on top of all others.
    order = np.random.default_rng(0).permutation(len(xy))
    colours = [colour_of(str(category)) for category in categories[order]]
    axes.scatter(xy[order, 0], xy[order, 1], s=size, c=colours, linewidths=0, alpha=0.8)


def _label(axes: Axes, points: MapPoints) -> None:
    """Write the names of regions, weightiest first, and none over another."""
    from matplotlib.patheffects import withStroke

    taken: list[tuple[float, float, float]] = []
    span = axes.get_xlim()[1] - axes.get_xlim()[0]
    for region in regions(points):
        half = 0.007 * len(region.word) * span
        if any(
            abs(region.x - x) < half + other and abs(region.y - y) < 0.03 * span
            for x, y, other in taken
        ):
            continue
        taken.append((region.x, region.y, half))
        axes.annotate(
            region.word,
            (region.x, region.y),
            (0, 7),
            textcoords="offset points",
            color="white",
            fontsize=11,
            ha="center",
            va="bottom",
            path_effects=[withStroke(linewidth=3, foreground=BACKGROUND, alpha=0.85)],
        )


def _legend(axes: Axes, categories: NDArray[np.str_]) -> None:
    words, counts = np.unique(categories, return_counts=True)
    if not len(words):
        return
    for i in sorted(range(len(words)), key=lambda i: (words[i] == "", -counts[i])):
        label = f"{words[i] or 'unknown'}  {counts[i]:,}"
        axes.scatter([], [], s=45, c=colour_of(str(words[i])), label=label, linewidths=0)
    axes.figure.legend(
        loc="upper left",
        bbox_to_anchor=(0.82, 0.95),
        frameon=False,
        labelcolor=INK,
        fontsize=10,
        handletextpad=0.2,
    )
