"""What kept plotting widgets take for a picture of the map: textual-plot on textual-hires-canvas.

Each is drawn in an application without a terminal, one data set for each colour, as they colour
whole data sets. A picture is what has to be done anew after a pan or a zoom.
"""

from __future__ import annotations

import asyncio
import time
from importlib.util import find_spec
from typing import Any

import numpy as np
from textual.app import App, ComposeResult

from tui.widgets.map_grid import PointGrid
from tui.widgets.map_marks import Paint

TIMES = 3


def rivals(points: PointGrid, paint: Paint, size: tuple[int, int]) -> dict[str, list[float]]:
    """Return the processor time that pictures take, ms, of the widgets that are installed."""
    found: dict[str, list[float]] = {}
    if find_spec("textual_plot") is not None:
        found["textual-plot"] = asyncio.run(_plotted(points, paint, size))
    if find_spec("textual_hires_canvas") is not None:
        found["textual-hires-canvas"] = asyncio.run(_on_canvas(points, paint, size))
    return found


def _of_colours(points: PointGrid, paint: Paint) -> list[tuple[str, Any, Any]]:
    colouring = paint.colouring
    each = [colouring.numbers == number for number in range(len(colouring.palette))]
    return [
        (colour, points.x[which], points.y[which])
        for colour, which in zip(colouring.palette, each, strict=True)
        if which.any()
    ]


async def _plotted(points: PointGrid, paint: Paint, size: tuple[int, int]) -> list[float]:
    from textual_plot import HiResMode, PlotWidget

    class Plot(App[None]):
        def compose(self) -> ComposeResult:
            yield PlotWidget()

    app, times = Plot(), []
    async with app.run_test(size=size) as pilot:
        widget = app.query_one(PlotWidget)
        for colour, x, y in _of_colours(points, paint):
            widget.scatter(x, y, marker_style=colour, hires_mode=HiResMode.BRAILLE)
        await pilot.pause()
        for _ in range(TIMES):
            started = time.thread_time()
            widget._render_plot()
            times.append(1000 * (time.thread_time() - started))
    return times


async def _on_canvas(points: PointGrid, paint: Paint, size: tuple[int, int]) -> list[float]:
    from textual_hires_canvas import Canvas, HiResMode

    class Drawn(App[None]):
        def compose(self) -> ComposeResult:
            yield Canvas(*size)

    app, times = Drawn(), []
    async with app.run_test(size=size) as pilot:
        canvas = app.query_one(Canvas)
        await pilot.pause()
        for _ in range(TIMES):
            started = time.thread_time()
            canvas.reset(refresh=False)
            for colour, x, y in _of_colours(points, paint):
                pixels = np.stack([x * size[0], y * size[1]], axis=1)
                canvas.set_hires_pixels(pixels, HiResMode.BRAILLE, colour)
            for line in range(size[1]):
                canvas.render_line(line)
            times.append(1000 * (time.thread_time() - started))
    return times
