"""Are dreams like the sounds of a library, and are they none of them?

    python -m benchmarks.dream --sounds FOLDER [--train 1200] [--count 150] [--drawn 200]
        [--only table,ramps,ranking]

A prior is trained on a random choice of sounds. What is drawn from it, between two of them that are
near each other, is held against sounds of which neither they nor a take were trained on, in two
spaces that have no part in dreaming: MFCC statistics, and what the ear keeps. Precision and recall
are those of Kynkäänniemi et al. (2019), with k = 3; diversity is the mean distance of two. Copies
are nearer to a training sound than the library's own limit, by latents. Beside them stand samples
of the space without a prior, sounds whose steps are shuffled, an untrained prior, and other
training sounds through the codec: as good as any sound of it can be. Then: what a ramp of the
temperature does within sounds, how many survive the ranking and why the others fall.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from benchmarks.dream_measures import (
    Mfcc,
    Rows,
    distances,
    diversity,
    ear_rows,
    movement,
    precision_recall,
)
from benchmarks.dream_rivals import from_aggregate, from_normal, shuffled, untrained
from benchmarks.manifest import read_manifest, sounds_folder
from benchmarks.space_sounds import Sound, Sounds, drawn
from index.dream_judging import Good, hear, judged, spread_of
from index.search import SearchIndex
from library.clip import Clip
from library.progress import Progress, drive
from vae.codec import BaseCodec
from vae.dream import between, dream, lengths_like
from vae.dream_copies import copies
from vae.dream_prior import DreamPrior
from vae.dream_ranking import varied
from vae.dream_sound import trimmed
from vae.dream_training import train_prior
from vae.ear_file import house_ear
from vae.house_codec import house_codec
from vae.latents import Latents
from vae.space import Space
from vae.space_file import from_bytes, house_space
from vae.space_training import train_space
from vae.temperature import Temperature
from vae.vector import vectors

TEMPERATURES = (0.5, 0.7, 0.9, 1.1, 1.3)
RAMPS = ((1.0, 1.0), (0.6, 1.2), (0.875, 1.15), (1.2, 0.6))
CHOSEN = 0.9
PARTS = ("table", "ramps", "ranking")
_SHORTEST_FRAMES = 1024


def say(text: str) -> None:
    """Print to stderr what is being done."""
    print(text, file=sys.stderr, flush=True)


class Bench:
    """What all lines of the tables are measured with.

    Args:
        train: Sounds that may be trained on.
        held: Sounds to hold dreams against.
        codec: Of their latents.
        count: How many are made for each line.
    """

    def __init__(
        self, train: Sequence[Sound], held: Sequence[Sound], codec: BaseCodec, count: int
    ) -> None:
        self.codec, self.count = codec, count
        self.latents = [sound.latents for sound in train]
        self.train = train
        clips = [sound.clip for sound in held]
        self.mfcc = Mfcc(clips)
        self.real: tuple[Rows, Rows] = (self.mfcc(clips), ear_rows(clips))
        say("training a space and a prior")
        self.space = _space(train, codec)
        self.prior, self.seconds, self.processor = _prior(self.latents, codec, self.space)

    def dreams(
        self, prior: DreamPrior, temperature: Temperature, told: bool = True
    ) -> list[Latents]:
        """Return sounds that are drawn, each time at the same places, or at none, as long."""
        rng = np.random.default_rng(0)
        places, steps = between(prior.places.numpy(), prior.steps.numpy(), self.count, rng)
        lengths = lengths_like(steps, rng)
        return dream(prior, lengths, temperature, 0, places if told else None)

    def heard(self, made: Sequence[Latents]) -> list[Clip]:
        """Return sounds as audio, silence cut away, those that are nothing left out."""
        clips = [trimmed(self.codec.decode(each)) for each in made]
        return [clip for clip in clips if clip.length >= _SHORTEST_FRAMES]

    def line(self, name: str, made: Sequence[Latents]) -> dict[str, float]:
        """Print and return what there is to say of sounds."""
        say(name)
        clips = self.heard(made)
        rows = self.mfcc(clips), ear_rows(clips)
        found = {
            "copies": float(copies(self.prior, made, self.latents).mean()),
            "diversity": diversity(rows[0]),
        }
        cells = ""
        for label, real, each in zip(("mfcc", "ear"), self.real, rows, strict=True):
            precision, recall = precision_recall(real, each)
            found |= {f"{label} precision": precision, f"{label} recall": recall}
            cells += f"  {label} P {precision:.2f} R {recall:.2f}"
        print(
            f"{name:<34}{cells}  copies {found['copies']:.2f}  diversity {found['diversity']:.2f}",
            flush=True,
        )
        return found


def _space(train: Sequence[Sound], codec: BaseCodec) -> Space:
    latents = [sound.latents for sound in train]
    described = [sound.described for sound in train]
    return from_bytes(drive(train_space(latents, described, codec, base=house_space()))[0])


def _prior(
    latents: Sequence[Latents], codec: BaseCodec, space: Space
) -> tuple[DreamPrior, float, float]:
    """Return a prior, and the seconds it took, by the clock and of the processor."""

    def show(step: Progress) -> None:
        if step.done % 200 == 0:
            say(f"{step.stage} {step.done} of {step.total}: {step.note}")

    start, spent = time.perf_counter(), time.process_time()
    prior = drive(train_prior(latents, codec, space), show)
    return prior, time.perf_counter() - start, time.process_time() - spent


def table(bench: Bench) -> None:
    """Print the table of all ways to make sounds."""
    rng = np.random.default_rng(0)
    n, level = bench.count, bench.prior.level.numpy()
    others = [bench.latents[i] for i in rng.permutation(len(bench.latents))[:n]]
    bench.line("training sounds through the codec", others)
    for t in TEMPERATURES:
        bench.line(f"prior, T {t}", bench.dreams(bench.prior, Temperature(t, t)))
    bench.line("prior, T 0.875:1.15", bench.dreams(bench.prior, Temperature(0.875, 1.15)))
    heat = Temperature(CHOSEN, CHOSEN)
    bench.line(f"prior told no place, T {CHOSEN}", bench.dreams(bench.prior, heat, told=False))
    rivals: dict[str, Callable[[], list[Latents]]] = {
        "space, z from N(0, I)": lambda: from_normal(bench.space, level, n, rng),
        "space, z as the user's, normal": lambda: from_aggregate(bench.space, level, n, rng),
        "training sounds, steps shuffled": lambda: shuffled(bench.latents, n, rng),
        "untrained prior, T 1.0": lambda: bench.dreams(untrained(bench.prior), Temperature()),
    }
    for name, make in rivals.items():
        bench.line(name, make())


def ramps(bench: Bench) -> None:
    """Print how much more sounds move late than early under ramps of the temperature."""
    level_dims = bench.codec.level_dims
    steps = np.concatenate([each.values[:, level_dims:] for each in bench.latents])
    scale = steps.std(axis=0).astype(np.float64) + 1e-9
    samples = movement(bench.latents, scale, level_dims)
    print(f"\nmovement, last third over first: samples {samples:.2f}")
    for first, last in RAMPS:
        made = bench.dreams(bench.prior, Temperature(first, last))
        print(f"  T {first}:{last}  {movement(made, scale, level_dims):.2f}")


def ranking(bench: Bench, count: int) -> None:
    """Print how many of some dreams survive, why the others fall, and what the chosen are like."""
    wholes = np.stack([hear_whole(sound) for sound in bench.train])
    matrix = vectors(bench.space, bench.latents, wholes, bench.codec)
    ids = np.arange(len(matrix), dtype=np.int64)
    index = SearchIndex.build(ids, matrix)
    spread = spread_of(index, ids)
    rng = np.random.default_rng(5)
    start = time.perf_counter()
    places, steps = between(bench.prior.places.numpy(), bench.prior.steps.numpy(), count, rng)
    made = dream(bench.prior, lengths_like(steps, rng), Temperature(CHOSEN, CHOSEN), 5, places)
    drawing = time.perf_counter() - start
    copied = copies(bench.prior, made, bench.latents)
    fell: Counter[str] = Counter({"copy": int(copied.sum())})
    good: list[Good] = []
    start = time.perf_counter()
    for latents in (each for each, copy in zip(made, copied, strict=True) if not copy):
        verdict = judged(hear(bench.space, bench.codec, latents), index, ids, spread)
        if isinstance(verdict, str):
            fell[verdict] += 1
        else:
            good.append(verdict)
    judging = time.perf_counter() - start
    why = ", ".join(f"{number} {reason}" for reason, number in fell.most_common() if number)
    print(f"\nranking: {len(good)} of {count} at T {CHOSEN} are good; fell: {why or 'none'}")
    densities = [each.standing.density for each in good]
    chosen, _ = varied(np.stack([each.vector for each in good]), densities, count // 6)
    at_random = rng.permutation(len(good))[: len(chosen)]
    for name, which in (("chosen as varied", chosen), ("as many at random", at_random)):
        clips = [good[i].heard.clip for i in which]
        rows = bench.mfcc(clips), ear_rows(clips)
        precisions = [precision_recall(*pair)[0] for pair in zip(bench.real, rows, strict=True)]
        print(
            f"  {len(clips)} {name}: mfcc P {precisions[0]:.2f}  ear P {precisions[1]:.2f}  "
            f"diversity {diversity(rows[0]):.2f}  copies {_copies(clips, bench):d}"
        )
    print(
        f"seconds: training {bench.seconds:.0f} ({bench.processor:.0f} of the processor) on "
        f"{len(bench.latents)} sounds; drawing {count}: {drawing:.1f}; decoding and judging: "
        f"{judging:.0f}"
    )


def _copies(clips: Sequence[Clip], bench: Bench) -> int:
    """Return how many are nearer to a training sound than 1 in 100 of these are to another."""
    known = ear_rows([sound.clip for sound in bench.train])
    own = distances(known, known)
    np.fill_diagonal(own, np.inf)
    limit = np.percentile(own.min(axis=1), 1)
    return int((distances(ear_rows(clips), known).min(axis=1) < limit).sum())


def hear_whole(sound: Sound) -> Rows:
    """Return what the ear keeps of a sound, as search has it."""
    return house_ear().hear(sound.clip, sound.described["pitch"]).whole


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sounds", type=Path, help="a folder with manifest.csv")
    parser.add_argument("--train", type=int, default=1200, help="sounds to train on")
    parser.add_argument("--count", type=int, default=150, help="sounds for each line, and held out")
    parser.add_argument("--drawn", type=int, default=200, help="dreams to rank")
    parser.add_argument("--only", default=",".join(PARTS), help=f"of {', '.join(PARTS)}")
    options = parser.parse_args()
    only = options.only.split(",")
    if unknown := set(only) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    torch.set_flush_denormal(True)
    torch.set_num_threads(1)
    codec = house_codec()
    rows = read_manifest(sounds_folder(options.sounds).resolve())
    trained, judged_on = drawn(rows, 2 * options.count, np.random.default_rng(0))
    sounds = Sounds(codec)
    say("reading sounds")
    held = sounds.usable(judged_on, options.count)
    bench = Bench(sounds.usable(trained, options.train), held, codec, options.count)
    print(
        f"{len(bench.latents)} sounds to train on, {len(held)} held out, {options.count} made for "
        f"each line; prior's loss {bench.prior.loss:.3f} nats for each component of a step"
    )
    if "table" in only:
        table(bench)
    if "ramps" in only:
        ramps(bench)
    if "ranking" in only:
        ranking(bench, options.drawn)


if __name__ == "__main__":
    main()
