"""How fast is a folder analysed, beside the time its files take to be decoded alone?

    python -m benchmarks.analysis [--sounds DIR] [--profiled 300]

The folder is added to a new library, as `crate add` does it; then the same files are read by
soundfile in as many threads, which no analysis can be faster than, and by our own reader. Both are
of one run, in turns, as machines differ. Then some of the files go through each stage by itself, on
one thread, and what it took of a processor is told.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import soundfile
import torch

from benchmarks.codec_speed import peak_mib
from benchmarks.manifest import sounds_folder
from index.analyse import ANALYSED_SECONDS
from index.workspace import Workspace
from library.clip import Clip
from library.content import content_hash
from library.decode import decode
from library.descriptors import describe
from library.errors import DecodeError
from library.walk import Walk
from vae.auditory_image import SAMPLE_RATE
from vae.ear_file import house_ear
from vae.house_codec import house_codec
from vae.onset import from_onset

_THREADS = os.cpu_count() or 1
_WARM = 20

T = TypeVar("T")


def whole_lines(folder: Path, files: Sequence[Path]) -> Iterator[str]:
    """Add the folder to a library, and tell how long that took, and each part of it."""
    with tempfile.TemporaryDirectory() as name, Workspace.open(Path(name) / "l.sqlite") as crate:
        parts: dict[str, float] = defaultdict(float)
        started, cpu = time.perf_counter(), time.process_time()
        last = started
        job = crate.add([folder])
        try:
            while True:
                stage = next(job).stage
                now = time.perf_counter()
                parts[stage] += now - last
                last = now
        except StopIteration as stop:
            report = stop.value
        seconds = time.perf_counter() - started
        cores = (time.process_time() - cpu) / seconds
    yield (
        f"analysis     {len(files) / seconds:7.1f} files/s, {seconds:.1f} s, {cores:.2f} of "
        f"{_THREADS} processors, peak {peak_mib():.0f} MiB; {report.analysed} analysed, "
        f"{len(report.failed)} failed"
    )
    yield "  of that " + ", ".join(f"{part} {took:.1f} s" for part, took in parts.items())
    reading = {
        "soundfile": lambda path: soundfile.read(path, dtype="float32"),
        "our reader": lambda path: decode(path, ANALYSED_SECONDS),
    }
    best: dict[str, float] = {}
    for _ in range(3):
        for reader, read in reading.items():
            took = _in_threads(read, files)
            best[reader] = min(best.get(reader, took), took)
    for reader, took in best.items():
        yield (
            f"{reader:12s} {len(files) / took:7.1f} files/s with {_THREADS} threads; analysis "
            f"takes {seconds / took:.1f} times as long"
        )


def _in_threads(read: Callable[[Path], object], files: Sequence[Path]) -> float:
    def one(path: Path) -> None:
        with suppress(soundfile.LibsndfileError, DecodeError):
            read(path)

    started = time.perf_counter()
    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(one, files))
    return time.perf_counter() - started


def profile_lines(files: Sequence[Path]) -> Iterator[str]:
    """Take each stage of analysis by itself, on one thread."""
    torch.set_num_threads(1)
    codec, ear = house_codec(), house_ear()
    took: dict[str, float] = defaultdict(float)
    seconds = 0.0

    def timed(stage: str, work: Callable[[], T]) -> T:
        started = time.thread_time()
        result = work()
        took[stage] += time.thread_time() - started
        return result

    done = 0
    for number, path in enumerate(files):
        if number == _WARM:
            took.clear()
            seconds, done = 0.0, 0
        try:
            clip = timed("decode", lambda path=path: decode(path, ANALYSED_SECONDS)).clip
        except DecodeError:
            continue
        timed("digest", lambda path=path: content_hash(path))
        described = timed("describe", lambda clip=clip: describe(clip))
        sound = timed("one channel, 44.1 kHz", lambda clip=clip: _heard(clip))
        timed("codec", lambda sound=sound: codec.encode(sound))
        timed("ear", lambda sound=sound, pitch=described.pitch: ear.hear(sound, pitch))
        seconds += clip.duration
        done += 1
    whole = sum(took.values())
    yield f"one thread, {done} files of {seconds / done:.2f} s on the average:"
    for stage, spent in took.items():
        yield f"  {stage:22s} {1000 * spent / done:6.2f} ms a file {spent / whole:5.0%}"
    yield f"  {'all':22s} {1000 * whole / done:6.2f} ms a file"


def _heard(clip: Clip) -> Clip:
    sound = from_onset(clip)
    return Clip(sound.mono()[None], sound.sample_rate).at_rate(SAMPLE_RATE)


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sounds", type=Path, help="a folder of sounds")
    parser.add_argument("--profiled", type=int, default=300, help="files for the stages")
    options = parser.parse_args()
    folder = sounds_folder(options.sounds)
    files = [Path(file.path) for file in Walk(str(folder.absolute())).whole()]
    for line in whole_lines(folder, files):
        print(line, flush=True)
    chosen = random.Random(1).sample(files, min(options.profiled + _WARM, len(files)))
    for line in profile_lines(chosen):
        print(line, flush=True)


if __name__ == "__main__":
    main()
