"""Draw the application as SVG pictures by driving it on a library of synthesised sounds.

    python -m benchmarks.screenshots [--library L.sqlite] [--query Q] [--out docs/screenshots]

It writes ``browse.svg``, ``similar.svg``, ``map.svg``, ``morph.svg`` and ``shape.svg``. Without
`--library` it makes one of 600 sounds first, in a minute or two. The library is opened as the
application opens it; no sound is played. The screens show folders from the name of an added folder
on, so no absolute path is in the pictures.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from functools import partial
from pathlib import Path

from textual.pilot import Pilot

from index.workspace import Workspace
from library.progress import drive
from library.wav import write_wav
from tui.app import Browser, open_workspace
from tui.playback import SilentPlayer
from vae.synth import demo_sounds, render

SIZE = (120, 36)
SOUNDS = 600


def make_library(folder: Path) -> Path:
    """Make a library of synthesised sounds, with a space of its own and a map."""
    library = folder / "library.sqlite"
    for relative, patch in demo_sounds(SOUNDS):
        write_wav(render(patch), folder / "sounds" / relative)
    with Workspace.open(library) as workspace:
        drive(workspace.add([folder / "sounds"]))
        drive(workspace.train("mine"))
        drive(workspace.project())
        ids = workspace.ids("category:kick")
        workspace.rate(ids[:3].tolist(), 4)
        workspace.tag(ids[1:6].tolist(), ["dusty"])
        workspace.collect(ids[2:9].tolist(), "first track")
    return library


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

    async with app.run_test(size=SIZE) as pilot:

        async def press(*keys: str) -> None:
            for key in keys:
                await pilot.press(key)
                await settled(pilot)

        async def save(name: str) -> None:
            app.clear_notifications()
            await settled(pilot)
            written.append(out / f"{name}.svg")
            written[-1].write_text(app.export_screenshot(title="latentcrate"), encoding="utf-8")

        await settled(pilot)
        await press("slash", *query, "enter", "down", "down", "down")
        await save("browse")
        await press("s", "down", "down")
        await save("similar")
        await press("escape", "escape", "tab", "right", "right")
        await save("map")
        await press("tab", "m", *["pagedown"] * 3, "m", *["pagedown"] * 3, "m", "M")
        await press("right", "up", "r", "right", "down", "left", "r")
        await save("morph")
        await press("escape", "N", "e", "right", "right", "down", "left")
        await save("shape")
    app.let_go()
    return written


def main() -> None:
    """Read the arguments, draw, and say what was written."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--library", type=Path, help="one of your own; nothing of it is changed")
    parser.add_argument("--query", default="category:kick sort:bright")
    parser.add_argument("--out", type=Path, default=Path("docs/screenshots"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        library = options.library or make_library(Path(name))
        for path in asyncio.run(draw(library, options.query, options.out)):
            print(path)


if __name__ == "__main__":
    main()
