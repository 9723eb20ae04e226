"""What is a space worth that was learned on someone's own sounds? On sounds held out of it.

    python -m benchmarks.spaces --sounds FOLDER [--seeds 5] [--train 200] [--test 8] [--only PART,…]

Four libraries are made from labels: drums, foley, pitched sounds, and all. For each seed a space is
trained on a random choice of each, with every attribute, and judged on sounds of which neither they
nor a take were trained on (`benchmarks.space_sounds`). Parts:

- `sliders`: each slider at -2 to +2 standard deviations, the attribute measured on the sound that
  comes out, beside rivals that were trained on the same sounds (`benchmarks.space_rivals`).
- `metrics`: how the encoder follows attributes, as AR-VAE's paper measures it.
- `cost`: seconds and memory of training at 20 to 20,000 sounds, one thread.
- `broken`: what a space reports that was trained on shuffled attributes, or on a constant one.
- `house`: how much of a sound is lost in the house space, and in the personal one.

Tables of all seeds go to stdout, progress and the tables so far to stderr.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch

from benchmarks.manifest import read_manifest, sounds_folder
from benchmarks.space_cost import cost, write_sounds
from benchmarks.space_report import Report
from benchmarks.space_rivals import RIVALS
from benchmarks.space_sounds import LIBRARIES, Sound, Sounds
from benchmarks.space_trials import say, trial_of
from benchmarks.space_vaes import MALT_EPOCHS
from vae.house_codec import house_codec

PARTS = ("sliders", "metrics", "cost", "broken", "house")
COUNTS = (20, 200, 2000, 20000)


def cost_part(sounds: Sequence[Sound]) -> Iterator[str]:
    """Return a table of what training takes."""
    yield f"{'sounds':>7s} {'seconds':>8s} {'processor':>10s} {'MiB before':>11s} {'at most':>8s}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sounds.npz"
        write_sounds(sounds, path)
        for count in COUNTS:
            took = cost(path, count)
            again = f"  ({len(sounds)} sounds, again with noise)" if count > len(sounds) else ""
            yield (
                f"{count:7d} {took.seconds:8.1f} {took.processor:10.1f} {took.before_mib:11.0f} "
                f"{took.peak_mib:8.0f}{again}"
            )


def _list_of(allowed: Sequence[str], text: str) -> list[str]:
    chosen = text.split(",")
    for name in chosen:
        if name not in allowed:
            raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(allowed)}")
    return chosen


def main() -> None:
    """Read the command line, run the parts, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sounds", type=Path, help="folder of labelled sounds")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--train", type=int, default=200, help="sounds to train on")
    parser.add_argument("--test", type=int, default=8, help="held-out sounds to move")
    parser.add_argument("--malt-epochs", type=int, default=MALT_EPOCHS, help="for MALT's VAE")
    for option, allowed in (("only", PARTS), ("libraries", tuple(LIBRARIES)), ("rivals", RIVALS)):
        parser.add_argument(
            f"--{option}",
            type=lambda text, allowed=allowed: _list_of(allowed, text),
            default=list(allowed),
            help=", ".join(allowed),
        )
    options = parser.parse_args()
    torch.set_flush_denormal(True)
    torch.set_num_threads(1)
    rows = read_manifest(sounds_folder(options.sounds))
    sounds = Sounds(house_codec())
    if "cost" in options.only:
        say("cost")
        print("seconds and memory of training, one thread")
        for line in cost_part(sounds.usable(rows, max(COUNTS))):
            print(line, flush=True)
    report = Report(options.only, options.test, options.rivals, options.malt_epochs)
    if options.only != ["cost"]:
        for seed in range(options.seeds):
            for library in options.libraries:
                trial = trial_of(rows, library, seed, options.train, sounds)
                report.add(trial, sounds.codec)
                say("\n".join([f"after {library} of seed {seed}", *report.lines()]))
    print("\n".join(report.lines()), flush=True)


if __name__ == "__main__":
    main()
