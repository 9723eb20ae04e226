"""How long a space takes to train, and how much memory, each in a process of its own.

    python -m benchmarks.space_cost FILE COUNT

The file holds latents and descriptors of sounds, as `write_sounds` writes them. Where they are too
few they are taken again, with a little noise on the latents. Prints seconds, seconds of the
processor, and the peak memory of the process in MiB before and after.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from benchmarks.space_sounds import Sound
from library.progress import drive
from vae.attributes import ATTRIBUTES
from vae.house_codec import house_codec
from vae.latents import Latents
from vae.space_file import house_space
from vae.space_training import train_space

NOISE = 0.05


@dataclass(frozen=True, slots=True)
class Cost:
    """What training took.

    Attributes:
        seconds: Of `train_space`, on cached latents and one thread.
        processor: Seconds that the processor spent on it, which others at work do not lengthen.
        before_mib: Peak memory of the process when the latents were in memory.
        peak_mib: Peak memory when it had trained.
    """

    seconds: float
    processor: float
    before_mib: float
    peak_mib: float


def write_sounds(sounds: Sequence[Sound], path: Path) -> None:
    """Write what another process trains on."""
    np.savez(
        path,
        values=np.concatenate([sound.latents.values for sound in sounds]),
        ends=np.cumsum([sound.latents.steps for sound in sounds]),
        described=json.dumps([sound.described for sound in sounds]),
    )


def read_sounds(path: Path, count: int) -> tuple[list[Latents], list[dict[str, float | None]]]:
    """Read sounds, and as many more like them as are needed."""
    with np.load(path) as kept:
        values = np.split(kept["values"], kept["ends"][:-1])
        described = json.loads(str(kept["described"]))
    rng = np.random.default_rng(0)
    latents = [Latents(each) for each in values[:count]]
    for i in range(len(latents), count):
        again = values[i % len(values)]
        noise = NOISE * rng.standard_normal(again.shape, np.float32)
        latents.append(Latents(again + noise * again.std(axis=0)))
    return latents, [described[i % len(values)] for i in range(count)]


def cost(path: Path, count: int) -> Cost:
    """Train on so many sounds in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.space_cost", str(path), str(count)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return Cost(*json.loads(answer.stdout))


def _peak_mib() -> float:
    per_mib = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / per_mib


def main() -> None:
    """Read the command line, train, print what it took."""
    torch.set_flush_denormal(True)
    torch.set_num_threads(1)
    latents, described = read_sounds(Path(sys.argv[1]), int(sys.argv[2]))
    codec = house_codec()
    before, start, spent = _peak_mib(), time.perf_counter(), time.process_time()
    drive(train_space(latents, described, codec, tuple(ATTRIBUTES), base=house_space()))
    took = time.perf_counter() - start, time.process_time() - spent
    print(json.dumps([*took, before, _peak_mib()]))


if __name__ == "__main__":
    main()
