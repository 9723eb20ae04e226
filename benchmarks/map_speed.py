"""How fast is the map of a very large library: drawn alone, and from a key to what it paints?

    python -m benchmarks.map_speed [--rows 100000 500000] [--sizes 120x36 200x60] [--keep FOLDER]
                                   [--kept]

First the functions alone, in this process, in time of the processor: what is made once for each map
or change of colours, pictures of parts of the map, the next sound, a lasso, and reading colours
from the library.
Then the real program in a terminal: the time from a key to the first bytes that it writes for it.
What a question answers is timed to the last bytes before it is quiet. Nothing plays. With `--kept`,
the plotting widgets of other authors draw the same points, if `textual-plot` is installed. Other
programs on the machine lengthen what is timed in the terminal.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from rich.style import Style

from benchmarks.large_library import make_large_library
from benchmarks.map_rivals import rivals
from benchmarks.terminal import Terminal
from index.workspace import Workspace
from tui import colourings, map_questions
from tui.colours import ACCENT
from tui.map_questions import library_map
from tui.widgets import braille, map_drawing
from tui.widgets.map_drawing import View
from tui.widgets.map_grid import PointGrid
from tui.widgets.map_lasso import lassoed
from tui.widgets.map_marks import Paint, fine_enough, marks_in, painted
from tui.widgets.map_strips import Inks

TIMES = 15
SPANS = (1.06, 0.6, 0.2, 0.01)
Times = dict[str, list[float]]


def timed(ask: Callable[[], object], times: int = TIMES) -> list[float]:
    """Return the processor time that each of a few times took, ms."""
    found = []
    for _ in range(times):
        started = time.thread_time()
        ask()
        found.append(1000 * (time.thread_time() - started))
    return found


def reading(library: Path) -> tuple[Times, PointGrid, Paint]:
    """Read the map and its colours, each as a thread of the application does."""
    with Workspace.open(library) as workspace:
        found = {
            "map read and coloured": timed(lambda: library_map(workspace, "category", None), 3)
        }
        ready = library_map(workspace, "category", None)
        ids = ready.points.ids
        for name in ("brightness", "rating"):
            found[f"values_of {name}"] = timed(partial(workspace.values_of, ids, name), 3)
        for name in ("category", "folder"):
            found[f"kinds_of {name}"] = timed(partial(workspace.kinds_of, ids, name), 3)
        found["selected by a query"] = timed(partial(workspace.selected, ids, "kick"), 3)
    return found, ready.points, ready.paint


def drawing(points: PointGrid, paint: Paint, size: tuple[int, int]) -> Times:
    """Draw parts of the map."""
    draw_at = np.random.default_rng(0)
    some = draw_at.integers(0, len(points), 200)
    within = np.arange(len(points)) % 7 == 0
    scope = painted(points, paint.colouring, within)
    base = Style(color="#d9dde8", bgcolor="#12141b")
    found: Times = {}

    def picture(view: View, how: Paint) -> None:
        dots = (braille.DOTS_ACROSS, braille.DOTS_DOWN)
        marks = how.merged if fine_enough(view.span, size, dots) else None
        marks = marks or marks_in(points, how, view.edges)
        colours = how.colouring
        inks = Inks(colours.palette, colours.graded, base, ACCENT)
        inks.canvas(map_drawing.draw(marks, view, size, colours.graded)).strips()

    for span in SPANS:
        view = View(0.5, 0.5, span)
        found[f"picture, span {span}"] = timed(partial(picture, view, paint))
        found[f"picture, span {span}, of a query"] = timed(partial(picture, view, scope))
    for name, scale in (("whole", View().scale(size)), ("near", View(span=0.01).scale(size))):
        steps = [
            timed(partial(points.towards, int(here), right, down, scale), 1)[0]
            for here in some
            for right, down in ((1, 0), (-1, 0), (0, 1), (0, -1))
        ]
        found[f"next sound, {name}"] = steps
    found["nearest to the pointer"] = [
        timed(partial(points.nearest, x, y, View().scale(size), 4.0), 1)[0]
        for x, y in draw_at.random((200, 2)).tolist()
    ]
    return found


def making(points: PointGrid, paint: Paint) -> Times:
    """Do what is done once for each map, or for each change of the list or the colours."""
    xy = np.stack([points.x, points.y], axis=1)
    listed = points.ids[::7]
    turns = np.linspace(0, 2 * np.pi, 200)
    outline = 0.5 + 0.4 * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    values = points.x + points.y
    return {
        "grid made": timed(lambda: PointGrid(points.ids, xy), 5),
        "marks merged": timed(lambda: painted(points, paint.colouring), 5),
        "list onto the map": timed(lambda: map_questions.within(points, listed), 5),
        "grades of an attribute": timed(lambda: colourings.by_value("brightness", values), 5),
        "lasso of 200 corners": timed(lambda: lassoed(points, outline, None), 5),
    }


def keys(library: Path, size: tuple[int, int], variables: dict[str, str]) -> Times:
    """Press every key of the map in a terminal; times are those of the first bytes."""
    found: Times = {}
    with Terminal(library, size, variables) as terminal:
        terminal.until(".wav")
        terminal.quiet(3.0)
        terminal.press("a")
        terminal.press("tab", quiet_s=1.0)

        def note(name: str, pressed: Sequence[str]) -> None:
            drawn = [terminal.press(key) for key in pressed]
            found[name] = [each.first_ms for each in drawn if each.text]

        note("step", ["right", "down", "left", "up", "l", "j", "h", "k"] * 4)
        note("zoom", ["+", "+", "+", "-", "-", "-"] * 5)
        terminal.press("+")
        note("pan", ["H", "J", "L", "K"] * 6)
        terminal.press("home")
        terminal.press("v")
        note("lasso", ["L", "J", "l", "j"] * 6)
        terminal.press("v")
        answers = [terminal.press("o", quiet_s=1.5) for _ in range(6)]
        found["coloured otherwise"] = [each.last_ms for each in answers]
        found["query, a letter"], found["query, highlighted"] = [], []
        for word in ("ki", "sn", "ha", "lo"):
            terminal.press("/")
            for letter in word:
                # Less than the half second after which the cursor of the line blinks.
                drawn = terminal.press(letter, quiet_s=0.4)
                found["query, a letter"].append(drawn.first_ms)
                found["query, highlighted"].append(drawn.last_ms)
            terminal.press("enter")
            terminal.press("escape", quiet_s=1.0)
    return found


def show(about: str, found: Times) -> None:
    """Print medians and 95th percentiles."""
    print(f"\n| {about}, ms | p50 | p95 | most |\n|---|---|---|---|")
    for name, values in found.items():
        if values:
            cells = (np.median(values), np.percentile(values, 95), max(values))
            print(f"| {name} | {cells[0]:,.1f} | {cells[1]:,.1f} | {cells[2]:,.1f} |", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the libraries, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 500_000])
    parser.add_argument("--sizes", nargs="+", default=["120x36", "200x60"])
    parser.add_argument("--keep", type=Path, help="a folder for the libraries, for the next run")
    parser.add_argument("--kept", action="store_true", help="draw with kept widgets too")
    options = parser.parse_args(arguments)
    sizes = [(int(w), int(h)) for w, h in (size.split("x") for size in options.sizes)]
    with tempfile.TemporaryDirectory() as name:
        folder = options.keep or Path(name)
        for rows in options.rows:
            library = folder / f"{rows}.sqlite"
            if not library.exists():
                make_large_library(library, rows)
            times, points, paint = reading(library)
            show(f"{rows:,} sounds, once", times | making(points, paint))
            for size in sizes:
                about = f"{rows:,} sounds, {size[0]} by {size[1]}"
                show(f"{about}, drawn", drawing(points, paint, size))
                if options.kept:
                    show(f"{about}, kept widgets", rivals(points, paint, size))
                (folder / f"{rows}.crate" / "app.json").unlink(missing_ok=True)
                show(f"{about}, key to paint", keys(library, size, {"XDG_CONFIG_HOME": name}))


if __name__ == "__main__":
    main()
