"""How long from a move to what is heard of it, on the pad of a morph and on the sliders.

    python -m benchmarks.pad --sounds FOLDER [--groups 6] [--moves 8] [--threads 2]

The application runs on a small library of real sounds of about a second and plays on miniaudio's
null device. A key is pressed, the time until the device is given the first buffer of the new sound
is taken, and the next key follows when all is quiet. `open` is from the key that opens the screen.
What else runs on the machine counts too: close it, or say so beside the figures. The time of the
processors that the application itself used until then, all threads together, is told as well.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import miniaudio
import numpy as np
import torch
from numpy.typing import NDArray
from textual.pilot import Pilot

from benchmarks.manifest import read_manifest, sounds_folder
from index.workspace import Workspace
from library.catalog import SampleRow
from library.progress import drive
from tui.app import Browser
from tui.growing_sound import Sound
from tui.mixer import Manner
from tui.playback import MiniaudioPlayer
from tui.screens.morph import Morph
from tui.screens.shape import Shape
from tui.screens.taking import Taking
from tui.take_folder import TakeFolder

SHORTEST_S, LONGEST_S = 0.8, 1.3
PAD_KEYS = ("right", "down", "left", "left", "up", "right", "l", "k", "h", "j")
PATIENCE_S = 30.0

Taken = tuple[float, float]
"""Milliseconds on the clock, and of processors."""

Times = dict[str, list[Taken]]


class TimedPlayer(MiniaudioPlayer):
    """The null device, which notes when it was given the first buffer of each sound."""

    def __init__(self) -> None:
        self._asked = False
        self.begun: list[float] = []
        self.told: Callable[[], object] = lambda: None
        super().__init__([miniaudio.Backend.NULL])

    def play(
        self,
        sound: Sound | NDArray[np.float32],
        manner: Manner | None = None,
        at: int | None = None,
    ) -> None:
        """Start a sound."""
        super().play(sound, manner, at)
        self._asked = True

    def _stream(self) -> Generator[NDArray[np.float32], int, None]:
        inner = super()._stream()
        count = yield next(inner)
        while True:
            asked, self._asked = self._asked, False
            frames = inner.send(count)
            if asked:
                self.begun.append(time.perf_counter())
                self.told()
            count = yield frames


def library_of(sounds: Path, count: int, folder: Path) -> Workspace:
    """Return a library of sounds of about a second, all labels as often as can be."""
    rng = np.random.default_rng(0)
    rows = read_manifest(sounds)
    chosen: dict[str, Path] = {}
    for at in rng.permutation(len(rows)):
        path = rows[at].path
        with path.open("rb") as file:
            known = path.suffix == ".wav" and file.read(4) == b"RIFF"
        if known and SHORTEST_S <= miniaudio.get_file_info(str(path)).duration <= LONGEST_S:
            chosen.setdefault(rows[at].label, path)
        if len(chosen) >= count:
            break
    for number, path in enumerate(chosen.values()):
        (folder / "sounds").mkdir(exist_ok=True)
        (folder / "sounds" / f"{number:02d}_{path.name}").write_bytes(path.read_bytes())
    workspace = Workspace.open(folder / "library.sqlite")
    drive(workspace.add([folder / "sounds"]))
    return workspace


async def quiet(pilot: Pilot[None]) -> None:
    """Wait until no worker runs and every message is handled."""
    await pilot.pause()
    while any(worker.is_running for worker in pilot.app.workers):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


class Stopwatch:
    """Counts from now on until a player has begun one sound more."""

    def __init__(self, player: TimedPlayer) -> None:
        # Asking again and again would count as work.
        self._begun = asyncio.Event()
        loop = asyncio.get_running_loop()
        player.told = lambda: loop.call_soon_threadsafe(self._begun.set)
        self._player, self._count = player, len(player.begun)
        self._used, self._start = time.process_time(), time.perf_counter()

    async def heard(self) -> Taken:
        """Wait for the sound and return what it took."""
        await asyncio.wait_for(self._begun.wait(), PATIENCE_S)
        used = time.process_time() - self._used
        return 1000 * (self._player.begun[self._count] - self._start), 1000 * used


async def pressed(pilot: Pilot[None], player: TimedPlayer, key: str) -> Taken:
    """Press a key and return what it took until the new sound began."""
    watch = Stopwatch(player)
    await pilot.press(key)
    taken = await watch.heard()
    await quiet(pilot)
    return taken


async def opened(pilot: Pilot[None], player: TimedPlayer, screen: Taking) -> Taken:
    """Open a screen and return what it took until it was heard."""
    watch = Stopwatch(player)
    await pilot.app.push_screen(screen)
    taken = await watch.heard()
    await quiet(pilot)
    return taken


async def measured(workspace: Workspace, groups: int, moves: int) -> Times:
    """Drive the application and return the times of each kind of move."""
    player = TimedPlayer()
    app = Browser(lambda: workspace, lambda: player)
    times: Times = {}
    rows = workspace.rows(workspace.ids())
    rng = np.random.default_rng(1)

    def note(kind: str, taken: Taken) -> None:
        times.setdefault(kind, []).append(taken)

    def some(count: int) -> list[SampleRow]:
        return [rows[at] for at in rng.permutation(len(rows))[:count]]

    async with app.run_test(size=(120, 36)) as pilot:
        await quiet(pilot)
        for sounds in (2, 4):
            for _ in range(groups):
                morph = Morph(workspace, player, some(sounds), TakeFolder())
                note(f"pad of {sounds}: open", await opened(pilot, player, morph))
                keys = [
                    key for key in PAD_KEYS if sounds == 4 or key in ("left", "right", "l", "h")
                ]
                for number in range(moves):
                    # No place twice: what was rendered last is kept.
                    morph.pad.position = tuple(0.2 + 0.6 * rng.random(2))
                    key = keys[number % len(keys)]
                    note(f"pad of {sounds}: move", await pressed(pilot, player, key))
                await pilot.press("escape")
                await quiet(pilot)
        for row in some(groups):
            shape = Shape(workspace, player, row, TakeFolder())
            note("sliders: open", await opened(pilot, player, shape))
            for slider in shape._ready.sliders if shape._ready else ():
                for _ in range(2):
                    taken = await pressed(pilot, player, "right")
                    note(f"sliders: {slider.name}", taken)
                note("sliders: back to what was heard", await pressed(pilot, player, "left"))
                await pilot.press("r", "down")
                await quiet(pilot)
            await pilot.press("escape")
            await quiet(pilot)
    player.close()
    return times


def table(times: Times) -> Sequence[str]:
    """Return the times as lines of Markdown."""
    lines = [
        "| ms from key to first buffer | p50 | p95 | processors p50 | n |",
        "|---|---|---|---|---|",
    ]
    for kind, taken in times.items():
        clock, used = np.array(taken).T
        low, high = np.percentile(clock, [50, 95])
        lines.append(f"| {kind} | {low:.0f} | {high:.0f} | {np.median(used):.0f} | {len(taken)} |")
    return lines


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sounds", type=Path, help="folder of labelled sounds")
    parser.add_argument("--groups", type=int, default=6)
    parser.add_argument("--moves", type=int, default=8)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    with tempfile.TemporaryDirectory() as name:
        workspace = library_of(sounds_folder(options.sounds), 16, Path(name))
        lengths = [row.duration or 0.0 for row in workspace.rows(workspace.ids())]
        times = asyncio.run(measured(workspace, options.groups, options.moves))
        workspace.close()
    busy = os.getloadavg()[0]
    print(f"{len(lengths)} sounds, {min(lengths):.2f} to {max(lengths):.2f} s")
    print(f"{options.threads} threads, {os.cpu_count()} cores, load {busy:.1f}")
    print("\n".join(table(times)))


if __name__ == "__main__":
    main()
