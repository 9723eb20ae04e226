"""Draw the application as SVG pictures by driving it on a library.

    python -m benchmarks.screenshots LIBRARY.sqlite [--query Q] [--out docs/screenshots]

It writes ``browse.svg``, ``map.svg`` and ``similar.svg``. The library is opened as the application
opens it; no sound is played. The screens show folders from the name of an added folder on, so no
absolute path is in the pictures.
"""

from __future__ import annotations

import argparse
import asyncio
from functools import partial
from pathlib import Path

from textual.pilot import Pilot

from tui.app import Browser, open_workspace
from tui.playback import SilentPlayer

SIZE = (132, 38)


async def settled(pilot: Pilot[None]) -> None:
    """Wait until no worker runs and every message is handled."""
    await pilot.pause()
    while any(worker.is_running for worker in pilot.app.workers):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
    await pilot.pause()


async def draw(library: Path, query: str, out: Path) -> list[Path]:
    """Drive the application and save one picture of each view."""
    app = Browser(partial(open_workspace, library), lambda: SilentPlayer(""))
    out.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []

    def save(name: str) -> None:
        written.append(out / f"{name}.svg")
        written[-1].write_text(app.export_screenshot(title="latentcrate"), encoding="utf-8")

    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("slash", *query)
        await settled(pilot)
        await pilot.press("enter", "down", "down", "down")
        await settled(pilot)
        save("browse")
        await pilot.press("s")
        await settled(pilot)
        save("similar")
        await pilot.press("escape", "tab")
        await settled(pilot)
        save("map")
    app.let_go()
    return written


def main() -> None:
    """Read the command line and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("library", type=Path)
    parser.add_argument("--query", default="")
    parser.add_argument("--out", type=Path, default=Path("docs/screenshots"))
    options = parser.parse_args()
    for path in asyncio.run(draw(options.library, options.query, options.out)):
        print(path)


if __name__ == "__main__":
    main()
