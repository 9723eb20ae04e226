"""How fast is the house codec, how much memory does it take, and do both grow with length alone?

    python -m benchmarks.codec_speed [--threads 1 2] [--seconds 1 10 60 600] [--json F]

Each figure is of a process of its own, on a synthesised sound. Speed is in times real time: how
many seconds of sound a second handles. Memory is what the process held at its peak, and in brackets
how much of it came after the codec was loaded and used once. Decoding is measured to magnitudes,
and to audio with its invented phase. It needs `resource`, which Windows has not.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

VERBS = ("encode", "magnitudes", "decode")
BATCHES = (1, 32)
LEAST_S = 0.3
MOST_REPEATS = 20


def peak_mib() -> float:
    """Return the most memory that this process has held so far, in MiB."""
    import resource

    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def measure(
    verb: str, seconds: float, batch: int, threads: int, weights: Path | None
) -> dict[str, float]:
    """Return the speed and the memory of one thing that a codec does, in this process.

    Args:
        verb: One of VERBS.
        seconds: Length of each sound.
        batch: Sounds, handled together where the codec can.
        threads: For numbers.
        weights: A codec's file; the house codec where None.

    Returns:
        `speed` in times real time, `wall` in seconds, `peak_mib` of the process, and `mib`, how
        much of it was not held before.
    """
    import numpy as np
    import torch

    from benchmarks.codec_measures import named_codec
    from library.clip import Clip
    from vae.synth import random_patch, render

    torch.set_num_threads(threads)
    codec = named_codec(weights)
    rng = np.random.default_rng(0)
    length = round(seconds * codec.sample_rate)
    clips = []
    for _ in range(batch):
        sound = render(random_patch(rng, "pad"), codec.sample_rate).frames
        clips.append(Clip(np.resize(sound, (1, length)), codec.sample_rate))

    latents = codec.encode_batch([Clip(clips[0].frames[:, :44100], codec.sample_rate)])
    codec.decode(latents[0])  # the first call of everything takes longer
    if verb != "encode":
        latents = codec.encode_batch(clips)
    before = peak_mib()

    def once() -> None:
        if verb == "encode":
            codec.encode_batch(clips)
        for each in latents if verb != "encode" else ():
            codec.decode_magnitudes(each) if verb == "magnitudes" else codec.decode(each, length)

    walls: list[float] = []
    while not walls or (sum(walls) < LEAST_S and len(walls) < MOST_REPEATS):
        begun = time.perf_counter()
        once()
        walls.append(time.perf_counter() - begun)
    wall = min(walls)
    peak = peak_mib()
    speed = batch * seconds / wall
    return {"speed": speed, "wall": wall, "peak_mib": peak, "mib": peak - before}


def in_process(
    verb: str, seconds: float, batch: int, threads: int, weights: Path | None
) -> dict[str, float]:
    """Return what `measure` returns, from a process whose memory is its own."""
    asked = json.dumps([verb, seconds, batch, threads, str(weights) if weights else None])
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
    command = [sys.executable, "-m", "benchmarks.codec_speed", "--one", asked]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{verb} of {seconds:g} s failed:\n{done.stderr.strip()}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def memory(row: dict[str, float]) -> str:
    """Return the memory of a figure as it is printed."""
    return f"{row['peak_mib']:.0f} MiB (+{row['mib']:.0f})"


def growth(rows: Sequence[dict[str, float]]) -> float:
    """Return seconds per second of sound of the longest over those of the second shortest.

    The shortest pays for what a call costs whatever its length.
    """
    costs = [1 / row["speed"] for row in rows]
    return costs[-1] / costs[min(1, len(costs) - 1)]


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seconds", type=float, nargs="+", default=[1.0, 10.0, 60.0, 600.0])
    parser.add_argument("--weights", type=Path, help="a tuned codec; the house codec if not given")
    parser.add_argument("--json", type=Path, metavar="F", help="write the figures here too")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one is not None:
        verb, seconds, batch, threads, weights = json.loads(options.one)
        found = measure(verb, seconds, batch, threads, Path(weights) if weights else None)
        print(json.dumps(found))
        return
    facts: dict[str, list[dict[str, object]]] = {"batches": [], "lengths": []}
    print("sounds of 1 s: times real time, and memory")
    for threads in options.threads:
        for batch in BATCHES:
            cells = []
            for verb in VERBS:
                found = in_process(verb, 1.0, batch, threads, options.weights)
                cells.append(f"{verb} {found['speed']:7.1f}x {memory(found)}")
                facts["batches"].append({"verb": verb, "threads": threads, "batch": batch, **found})
            print(f"  {threads} threads, batch of {batch:2d}:  {'   '.join(cells)}", flush=True)
    threads = options.threads[0]
    print(f"one sound, {threads} threads: ms for a second of sound, and memory, by length")
    for verb in VERBS:
        rows = []
        for seconds in sorted(options.seconds):
            rows.append(in_process(verb, seconds, 1, threads, options.weights))
            facts["lengths"].append(
                {"verb": verb, "threads": threads, "seconds": seconds, **rows[-1]}
            )
        cells = [
            f"{seconds:g} s {1000 / row['speed']:7.1f} ms {memory(row)}"
            for seconds, row in zip(sorted(options.seconds), rows, strict=True)
        ]
        print(f"  {verb:10s}  {'   '.join(cells)}   grows {growth(rows):.2f} times", flush=True)
    if options.json is not None:
        options.json.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
