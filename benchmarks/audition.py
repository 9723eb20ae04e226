"""How long it takes from a key to the first audio buffer with the new sound, in the running app.

    python -m benchmarks.audition --folder DIR [--moves 60] [--seconds 600 | --long DIR]

It makes a library of the folder in a temporary place, with long files beside it, runs the
application without a terminal on miniaudio's null device, sends keys as Textual's pilot does, and
takes the time from sending a key to the device callback that renders the first frame of the sound
it leads to. What the device itself adds after that callback, up to three periods, is not in it.

``pauses`` moves the cursor after the neighbours are decoded; ``held`` sends a key every 33 ms, as a
keyboard repeats, and counts the moves whose sound was reached; ``cold`` jumps to sounds that
nothing has decoded; ``long`` jumps to files of many minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import tempfile
import time
from collections.abc import Callable, Generator, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import miniaudio
import numpy as np
import soundfile
from numpy.typing import NDArray
from textual.pilot import Pilot

from benchmarks.screenshots import settled
from index.workspace import Workspace
from library.progress import drive
from library.register import register
from tui.app import Browser
from tui.growing_sound import CHANNELS, Sound
from tui.mixer import Manner
from tui.playback import PERIOD_MS, MiniaudioPlayer
from tui.screens.browse import Browse

LONG = (("wav", "PCM_24"), ("flac", "PCM_16"), ("mp3", None), ("ogg", "VORBIS"))
KEY_REPEAT_S = 0.033
RATE_HZ = 44_100


class TimedPlayer(MiniaudioPlayer):
    """A player on the null device that notes when a sound is first rendered."""

    def __init__(self) -> None:
        self.asked: Sound | None = None
        self.first: dict[Sound, float] = {}
        self.gaps: list[float] = []
        super().__init__([miniaudio.Backend.NULL])

    def play(
        self,
        sound: Sound | NDArray[np.float32],
        manner: Manner | None = None,
        at: int | None = None,
    ) -> None:
        """Play, and remember what is to be rendered next."""
        super().play(sound, manner, at)
        if isinstance(sound, Sound):
            self.asked = sound

    def _stream(self) -> Generator[NDArray[np.float32], int, None]:
        count = yield np.zeros((0, CHANNELS), dtype=np.float32)
        before = time.perf_counter()
        while True:
            called, asked = time.perf_counter(), self.asked
            self.gaps.append(called - before)
            before = called
            out = self._mixer.render(count)
            if asked is not None:
                self.first.setdefault(asked, called)
            count = yield out


class Measuring:
    """The application on a library, and the times of its sounds."""

    def __init__(self, pilot: Pilot[None], browse: Browse, player: TimedPlayer) -> None:
        self.pilot = pilot
        self.browse = browse
        self.player = player

    def clear(self) -> None:
        """Let nothing be decoded, and nothing play."""
        self.browse._audition.play(None)
        self.browse._audition.forget()
        self.player.asked = None
        self.player.first.clear()

    def press(self, key: str) -> float:
        """Send a key as the terminal does, without waiting, and return when."""
        from textual import events

        app = self.pilot.app
        character = key if len(key) == 1 else None
        sent = time.perf_counter()
        app.post_message(events.Key(key, character))
        return sent

    async def reached(self, sample_id: int, timeout: float = 5.0) -> float | None:
        """Wait until the sound of a sample is rendered, and return when."""
        audition = self.browse._audition
        end = time.perf_counter() + timeout
        while time.perf_counter() < end:
            if audition.sample_id == sample_id and audition.sound is not None:
                first = self.player.first.get(audition.sound)
                if first is not None:
                    return first
            await asyncio.sleep(0.001)
        return None


async def pauses(app: Measuring, moves: int) -> list[float]:
    """Move down, each time after what is next has been decoded."""
    times: list[float] = []
    for _ in range(moves):
        await settled(app.pilot)
        place = app.browse.finder.table.cursor + 1
        sample_id = int(app.browse.finder.table._ids[place])
        app.player.first.clear()
        app.player.asked = None
        sent = app.press("down")
        first = await app.reached(sample_id)
        if first is not None:
            times.append(first - sent)
    return times


async def held(app: Measuring, moves: int) -> tuple[list[float], int]:
    """Hold the key; return the times of the sounds that were reached before the next one."""
    await settled(app.pilot)
    app.clear()
    table = app.browse.finder.table
    first_place = table.cursor + 1
    sent: dict[int, float] = {}
    times: list[float] = []
    for place in range(first_place, first_place + moves):
        sample_id = int(table._ids[place])
        sent[sample_id] = app.press("down")
        first = await app.reached(sample_id, KEY_REPEAT_S)
        if first is not None:
            times.append(first - sent[sample_id])
            await asyncio.sleep(max(0.0, sent[sample_id] + KEY_REPEAT_S - time.perf_counter()))
    return times, moves


async def jumps(app: Measuring, ids: Iterable[int]) -> list[float]:
    """Jump to samples that nothing has decoded: the cursor is put beside each, then moved."""
    times: list[float] = []
    table = app.browse.finder.table
    for sample_id in ids:
        place = int(np.flatnonzero(table._ids == sample_id)[0])
        table.go_to(int(table._ids[place - 1 if place else 1]))
        await settled(app.pilot)
        app.clear()
        await settled(app.pilot)
        sent = app.press("down" if place else "up")
        first = await app.reached(sample_id)
        if first is not None:
            times.append(first - sent)
        app.browse._audition.play(None)
        app.browse._audition.take(None, None)
    await settled(app.pilot)
    return times


def long_files(folder: Path, seconds: float) -> list[Path]:
    """Write files of noise and a tone, some seconds long, one of each format."""
    time_s = np.arange(round(10 * RATE_HZ)) / RATE_HZ
    rng = np.random.default_rng(1)
    block = 0.3 * np.sin(2 * np.pi * 220 * time_s) + 0.02 * rng.standard_normal(len(time_s))
    block = np.stack([block, block[::-1]], axis=1).astype(np.float32)
    folder.mkdir()
    paths = [folder / f"long.{kind}" for kind, _ in LONG]
    for path, (kind, subtype) in zip(paths, LONG, strict=True):
        options: dict[str, Any] = {"format": kind.upper(), "subtype": subtype}
        with soundfile.SoundFile(path, "w", RATE_HZ, 2, **options) as file:
            for _ in range(max(1, round(seconds / 10))):
                for part in np.array_split(block, 10):
                    file.write(part)
    return paths


def line(name: str, times: list[float], asked: int) -> str:
    """Return one row of the table."""
    if not times:
        return f"{name:<22} {0:>4} of {asked:<4}"
    told = np.array(times) * 1000
    p50, p95 = np.percentile(told, [50, 95])
    return f"{name:<22} {len(told):>4} of {asked:<4} {p50:>7.1f} {p95:>7.1f} {told.max():>7.1f}"


async def measure(library: Path, moves: int, tell: Callable[[str], object]) -> None:
    """Run the application and tell the lines of the table."""
    player = TimedPlayer()
    app = Browser(lambda: Workspace.open(library), lambda: player)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        browse = next(screen for screen in app.screen_stack if isinstance(screen, Browse))
        running = Measuring(pilot, browse, player)
        ids = browse.finder.table._ids
        rows = {row.id: row for row in browse._workspace.rows(ids)}  # type: ignore[union-attr]
        long = [each for each in ids.tolist() if rows[each].name.startswith("long.")]
        short = [each for each in ids.tolist() if each not in long]
        moves = min(moves, len(short) // 3)
        tell(line("pauses", await pauses(running, moves), moves))
        tell(line("held", *await held(running, moves)))
        spread = np.random.default_rng(2).choice(short, moves, replace=False)
        tell(line("cold", await jumps(running, spread.tolist()), moves))
        for sample_id in long:
            times = await jumps(running, [sample_id] * 10)
            tell(line(rows[sample_id].name, times, 10))
        gaps = np.array(player.gaps[10:]) * 1000
        tell(
            f"device callbacks every {np.median(gaps):.1f} ms (p99 {np.percentile(gaps, 99):.1f}, "
            f"longest {gaps.max():.1f})"
        )
    app.let_go()


def main() -> None:
    """Read the command line, make the library and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--moves", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=600.0, help="length of the long files")
    parser.add_argument("--long", type=Path, help="a folder of files long.*, instead of new ones")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="latentcrate-") as temporary:
        long = options.long or Path(temporary) / "long"
        if options.long is None:
            long_files(long, options.seconds)
        library = Path(temporary) / "library.sqlite"
        with Workspace.open(library) as workspace:
            folders = [options.folder, long]
            drive(register(workspace._engine, folders))
        print(f"{platform.machine()}, Python {platform.python_version()}, period {PERIOD_MS} ms")
        print(f"{'milliseconds':<22} {'reached':>12} {'p50':>7} {'p95':>7} {'max':>7}")
        asyncio.run(measure(library, options.moves, partial(print, flush=True)))


if __name__ == "__main__":
    main()
