"""How long does the application keep the keyboard waiting while a job runs?

    python -m benchmarks.stalls [--sounds DIR] [--files 600]

The application runs without a terminal on a new library, and the cursor moves four times a second,
as a user's would. A heartbeat on its event loop should come every 5 ms; what it comes later is a
stall, in which no key is heard and nothing is drawn. A folder of copies is added and analysed, a
space is learned from it, twice, the second time with everything loaded, and the map is computed. A
process beside that does nothing but beat tells what the machine itself keeps waiting.

Columns: how many beats, the 99th percentile and the largest of what they came late, in ms, and in
which stage of the job that largest one was.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from textual.pilot import Pilot

from benchmarks.manifest import sounds_folder
from index.workspace import Workspace
from library.progress import Job
from library.walk import Walk
from tui.app import Browser, open_workspace
from tui.garbage import keep_passes_short
from tui.messages import JobDone, JobFailed, JobProgress, JobWanted, WorkspaceOpened
from tui.playback import SilentPlayer

BEAT_SECONDS = 0.005
BESIDE = f"""
import select, sys, time
late, last = [], time.perf_counter()
while not select.select([sys.stdin], [], [], {BEAT_SECONDS})[0]:
    now = time.perf_counter()
    late.append(1000 * (now - last - {BEAT_SECONDS}))
    last = now
print(len(late), sorted(late)[int(0.99 * len(late))], max(late))
"""
KEY_SECONDS = 0.25


@dataclass
class Heart:
    """Beats on the event loop and remembers how late each came.

    Attributes:
        stage: What runs now, as told by the job.
        late: Of each beat the stage and the seconds it came late.
    """

    stage: str = ""
    late: list[tuple[str, float]] = field(default_factory=list)

    async def beat(self) -> None:
        """Beat until cancelled."""
        last = time.perf_counter()
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            now = time.perf_counter()
            self.late.append((self.stage, now - last - BEAT_SECONDS))
            last = now

    def line(self, name: str) -> str:
        """Return what was measured since the last line, and forget it."""
        late, self.late = self.late, []
        worst = max(late, key=lambda each: each[1])
        ms = 1000 * np.array([seconds for _, seconds in late])
        return f"{name:22s} {len(ms):7d} {np.percentile(ms, 99):8.1f} {ms.max():8.1f}  {worst[0]}"


def copies(folder: Path, count: int, out: Path) -> Path:
    """Copy sounds of a folder, chosen at random, as often as it takes to have so many."""
    files = sorted(Path(file.path) for file in Walk(str(folder.absolute())).whole())
    random.Random(1).shuffle(files)
    for number in range(count):
        source = files[number % len(files)]
        target = out / f"{number % 20:02}" / f"{number:05}_{source.name}"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    return out


async def measure(library: Path, sounds: Path) -> list[str]:
    """Run the application and its jobs, and return a line for each."""
    heart = Heart()
    over = asyncio.Event()
    failures: list[str] = []

    opened: list[Workspace] = []

    def hear(message: object) -> None:
        if isinstance(message, WorkspaceOpened):
            opened.append(message.workspace)
        if isinstance(message, JobProgress):
            heart.stage = message.step.stage
        elif isinstance(message, JobFailed):
            failures.append(str(message.error))
            over.set()
        elif isinstance(message, JobDone):
            over.set()

    app = Browser(partial(open_workspace, library), lambda: SilentPlayer(""))
    lines: list[str] = []
    async with app.run_test(size=(120, 36), message_hook=hear) as pilot:
        while not opened or len(app.screen_stack) < 3:
            await pilot.pause(0.05)
        await pilot.press("escape")
        workspace = opened[0]
        beating = asyncio.create_task(heart.beat())
        await pilot.pause(2.0)
        lines.append(heart.line("nothing runs"))
        works: list[tuple[str, Callable[[], Job[Any]]]] = [
            ("scan", partial(workspace.add, [sounds])),
            ("training", partial(workspace.train, "first")),
            ("training again", partial(workspace.train, "second")),
            ("map", workspace.project),
        ]
        for name, begin in works:
            over.clear()
            heart.stage = "begin"
            app.post_message(JobWanted(name, begin, lambda _: None))
            await _use(pilot, over)
            heart.stage = "after"
            await pilot.pause(1.0)
            lines.append(heart.line(name))
        beating.cancel()
    app.let_go()
    return [*lines, *failures]


async def _use(pilot: Pilot[None], over: asyncio.Event) -> None:
    """Move the cursor up and down until a job is over."""
    keys = ("down", "down", "up", "pagedown", "home")
    number = 0
    while not over.is_set():
        await pilot.press(keys[number % len(keys)])
        number += 1
        await asyncio.sleep(KEY_SECONDS)


def table(sounds: Path, files: int) -> Iterator[str]:
    """Yield the lines of the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = copies(sounds, files, Path(name) / "sounds")
        yield f"{'ms late':22s} {'beats':>7s} {'p99':>8s} {'max':>8s}  in"
        keep_passes_short()
        pipe = subprocess.PIPE
        beside = subprocess.Popen(
            [sys.executable, "-c", BESIDE], stdin=pipe, stdout=pipe, text=True
        )
        yield from asyncio.run(measure(Path(name) / "library.sqlite", folder))
        beats, most, worst = map(float, beside.communicate("")[0].split())
        yield f"{'a process beside':22s} {beats:7.0f} {most:8.1f} {worst:8.1f}"


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sounds", type=Path, help="a folder of sounds")
    parser.add_argument("--files", type=int, default=600)
    options = parser.parse_args()
    for line in table(sounds_folder(options.sounds), options.files):
        print(line, flush=True)


if __name__ == "__main__":
    main()
