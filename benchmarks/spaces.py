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
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.stats import spearmanr

from benchmarks.manifest import SEEN_SOURCES, Labelled, read_manifest, sounds_folder
from benchmarks.space_cost import cost, write_sounds
from benchmarks.space_measures import (
    SHIFTS,
    Control,
    Encoder,
    control,
    encoder_metrics,
    mean_leak,
    mean_of,
)
from benchmarks.space_rivals import MALT_EPOCHS, OURS, RIVALS, Slider, sliders
from benchmarks.space_sounds import LIBRARIES, Sound, Sounds, drawn, of_library
from library.descriptors import describe
from library.progress import drive
from vae.attributes import ATTRIBUTES, scaled
from vae.codec import BaseCodec
from vae.house_codec import house_codec
from vae.personal_training import PersonalRecipe
from vae.space import Space
from vae.space_file import from_bytes, house_space
from vae.space_training import train_space

PARTS = ("sliders", "metrics", "cost", "broken", "house")
COUNTS = (20, 200, 2000, 20000)
HELD_OUT = 100
FEWEST_NEW = 10
NAMES = tuple(ATTRIBUTES)
CONSTANT = "brightness"
BROKEN = ("true", "shuffled", f"constant {CONSTANT}")
Described = dict[str, float | None]


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """One space of one library.

    Attributes:
        library: Its name.
        recipe: How it was trained; its seed is also that of the choice.
        train: What it was trained on.
        held: What it is judged on.
        space: The space.
    """

    library: str
    recipe: PersonalRecipe
    train: list[Sound]
    held: list[Sound]
    space: Space


def trained(
    sounds: Sequence[Sound],
    described: Sequence[Described],
    codec: BaseCodec,
    recipe: PersonalRecipe,
) -> Space:
    """Return a space with every attribute."""
    latents = [sound.latents for sound in sounds]
    job = train_space(latents, described, codec, NAMES, recipe)
    return from_bytes(drive(job)[0])


def scores_of(space: Space, described: Sequence[Described]) -> NDArray[np.float32]:
    """Return attributes in standard deviations of a space, (n, attributes), NaN where unknown."""
    return (scaled(space.attributes, described) - space.centre) / space.deviation


def judged(
    slider: Slider, sounds: Sequence[Sound], space: Space, learned: Sequence[int]
) -> NDArray[np.float32]:
    """Return attributes of what sliders make of sounds.

    Returns:
        Standard deviations, shape (learned, sounds, SHIFTS, attributes).
    """
    rows = [
        asdict(describe(slider(sound, attribute, amount))) if amount else sound.described
        for attribute in learned
        for sound in sounds
        for amount in SHIFTS
    ]
    return scores_of(space, rows).reshape(len(learned), len(sounds), len(SHIFTS), -1)


class SliderTable:
    """Measured sounds of all libraries and seeds, and the table of them."""

    def __init__(self) -> None:
        self._scores: dict[tuple[str, str, int], list[NDArray[np.float32]]] = {}
        self._seeds: dict[tuple[str, str], list[tuple[float, float]]] = {}

    def add(self, library: str, name: str, learned: Sequence[int], scores: NDArray) -> None:
        """Keep what `judged` returns of one seed."""
        found = []
        for attribute, each in zip(learned, scores, strict=True):
            self._scores.setdefault((library, name, attribute), []).append(each)
            found.append(control(each, attribute))
        mean = mean_of(found)
        self._seeds.setdefault((library, name), []).append((mean.rank, mean.leak))

    def lines(self) -> Iterator[str]:
        """Return the table, the mean of all libraries last."""
        yield (
            f"{'library':8s} {'slider':7s} {'attribute':11s} {'rank':>6s} {'slope1':>7s} "
            f"{'slope2':>7s} {'leak':>6s} {'sounds':>6s}  mean of leaks"
        )
        means: dict[str, list[Control]] = {}
        cells: dict[tuple[str, int], list[Control]] = {}
        for (library, name), by_seed in self._seeds.items():
            found = []
            for attribute, title in enumerate(NAMES):
                kept = self._scores.get((library, name, attribute))
                if kept:
                    found.append(control(np.concatenate(kept), attribute))
                    cells.setdefault((name, attribute), []).append(found[-1])
                    yield _line(library, name, title, found[-1])
            means.setdefault(name, []).append(mean_of(found))
            rank, leak = np.std(by_seed, axis=0)
            over = f"{len(by_seed)} seeds: rank ±{rank:.2f}, leak ±{leak:.2f}"
            line = _line(library, name, "mean", means[name][-1])
            yield f"{line}  {mean_leak(found):.2f}  {over}"
        for name, each in means.items():
            found = [mean_of(kept) for (of, _), kept in cells.items() if of == name]
            for (of, attribute), kept in cells.items():
                if of == name:
                    yield _line("mean", name, NAMES[attribute], mean_of(kept))
            yield _line("mean", name, "mean", mean_of(each)) + f"  {mean_leak(found):.2f}"


def _line(library: str, name: str, title: str, found: Control) -> str:
    return (
        f"{library:8s} {name:7s} {title:11s} {found.rank:6.2f} {found.slope_1:7.2f} "
        f"{found.slope_2:7.2f} {found.leak:6.2f} {found.sounds:6d}"
    )


def slider_part(
    trial: Trial,
    codec: BaseCodec,
    test: int,
    names: Sequence[str],
    epochs: int,
    table: SliderTable,
) -> None:
    """Measure the sliders of a space, ours and rivals', on the first held-out sounds."""
    learned = [int(i) for i in np.flatnonzero(trial.space.learned)]
    scores = scores_of(trial.space, [sound.described for sound in trial.train])
    made = sliders(trial.space, codec, trial.train, scores, trial.recipe.seed, names, epochs)
    for name, slider in made.items():
        start = time.perf_counter()
        found = judged(slider, trial.held[:test], trial.space, learned)
        table.add(trial.library, name, learned, found)
        took = time.perf_counter() - start
        _say(f"{trial.library} {trial.recipe.seed}: {name} moved in {took:.0f} s")


def metrics_of(trial: Trial, codec: BaseCodec) -> Encoder:
    """Return how the encoder follows the attributes that were learned, on held-out sounds.

    Attributes that fewer than eight of them have are left out.
    """
    z = trial.space.encode([sound.latents for sound in trial.held], codec)
    scores = scores_of(trial.space, [sound.described for sound in trial.held])
    enough = np.count_nonzero(~np.isnan(scores), axis=0) >= 8
    return encoder_metrics(z, scores[:, trial.space.learned & enough])


def held_out_ranks(space: Space, held: Sequence[Sound], codec: BaseCodec) -> NDArray[np.float64]:
    """Return how each dimension is in order of its true attribute, on sounds never trained on."""
    z = space.encode([sound.latents for sound in held], codec)
    scores = scores_of(space, [sound.described for sound in held])
    ranks = np.full(len(NAMES), np.nan)
    for i, column in enumerate(scores.T):
        known = ~np.isnan(column)
        if known.sum() >= 5 and space.learned[i]:
            ranks[i] = spearmanr(z[known, i], column[known]).statistic
    return ranks


def broken_part(trial: Trial, codec: BaseCodec) -> Iterator[tuple[str, NDArray, NDArray, str]]:
    """Train on what is wrong.

    Yields:
        What was trained, what its report says of each attribute, what is true of it on sounds that
        it was not trained on, and which attributes it offers no slider for.
    """
    told = [sound.described for sound in trial.train]
    rng = np.random.default_rng(trial.recipe.seed)
    shuffled = [told[i] for i in rng.permutation(len(told))]
    constant = [{**each, CONSTANT: 1000.0} for each in told]
    for name, described in zip(BROKEN, (None, shuffled, constant), strict=True):
        space = trial.space
        if described is not None:
            space = trained(trial.train, described, codec, trial.recipe)
        refused = [n for n, known in zip(NAMES, space.learned, strict=True) if not known]
        held = held_out_ranks(space, trial.held, codec)
        yield name, space.spearman, held, " ".join(refused) or "none"


def lost_of(trial: Trial, codec: BaseCodec) -> list[float]:
    """Return what house and personal space lose of held-out sounds.

    Returns:
        Of all, and of those of sources that the house space was not trained on either, NaN where
        they are fewer than ten.
    """
    new = [sound for sound in trial.held if sound.source not in SEEN_SOURCES]
    return [
        space.reconstruction_error([sound.latents for sound in held], codec)
        if len(held) >= FEWEST_NEW or held is trial.held
        else np.nan
        for held in (trial.held, new)
        for space in (house_space(), trial.space)
    ]


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


def trial_of(
    rows: Sequence[Labelled], library: str, seed: int, train: int, sounds: Sounds
) -> Trial:
    """Draw sounds and train a space on them."""
    rng = np.random.default_rng([seed, list(LIBRARIES).index(library)])
    mine = of_library(rows, library)
    # A small library keeps most of its takes to train on.
    takes = len({(row.source, row.label, row.family) for row in mine})
    learn, judge = drawn(mine, min(HELD_OUT, takes // 4), rng)
    chosen, held = sounds.usable(learn, train), sounds.usable(judge, HELD_OUT)
    start = time.perf_counter()
    recipe = PersonalRecipe(seed=seed)
    space = trained(chosen, [sound.described for sound in chosen], sounds.codec, recipe)
    _say(
        f"{library} {seed}: trained on {len(chosen)} sounds in "
        f"{time.perf_counter() - start:.0f} s, {len(held)} held out"
    )
    return Trial(library, recipe, chosen, held, space)


class Report:
    """What the parts found so far."""

    def __init__(
        self, parts: Sequence[str], test: int, rivals: Sequence[str], epochs: int = MALT_EPOCHS
    ) -> None:
        self.parts, self.test, self.rivals, self.epochs = parts, test, rivals, epochs
        self.table = SliderTable()
        self.metrics: dict[str, list[Encoder]] = {}
        self.broken: dict[tuple[str, str], list[tuple[NDArray, NDArray, str]]] = {}
        self.house: dict[str, list[list[float]]] = {}

    def add(self, trial: Trial, codec: BaseCodec) -> None:
        """Run the parts on one space."""
        if "metrics" in self.parts:
            self.metrics.setdefault(trial.library, []).append(metrics_of(trial, codec))
        if "broken" in self.parts:
            for name, *found in broken_part(trial, codec):
                self.broken.setdefault((trial.library, name), []).append(tuple(found))
        if "house" in self.parts:
            self.house.setdefault(trial.library, []).append(lost_of(trial, codec))
        if "sliders" in self.parts:
            names = (OURS, *self.rivals)
            slider_part(trial, codec, self.test, names, self.epochs, self.table)

    def lines(self) -> Iterator[str]:
        """Return all tables but that of cost."""
        if "metrics" in self.parts:
            yield "\nencoder, held-out sounds"
            yield f"{'library':8s} interpretability modularity    MIG    SAP    SCC"
            for library, each in self.metrics.items():
                means = np.mean([astuple(one) for one in each], axis=0)
                cells = zip(means, (16, 10, 6, 6, 6), strict=True)
                yield f"{library:8s} " + " ".join(f"{v:{w}.2f}" for v, w in cells)
        if "broken" in self.parts:
            yield "\nrank of each dimension: the space's own report / on sounds held out of it"
            yield f"{'library':8s} {'attributes':19s} " + " ".join(f"{n:>11s}" for n in NAMES)
            for (library, name), each in self.broken.items():
                said = _means([np.abs(one[0]) for one in each])
                true = _means([one[1] for one in each])
                cells = " ".join(f"{a:5.2f}/{b:5.2f}" for a, b in zip(said, true, strict=True))
                refused = " | ".join(sorted({one[2] for one in each}))
                yield f"{library:8s} {name:19s} {cells}  not offered: {refused}"
        if "house" in self.parts:
            yield "\nshare of variance lost; of sources new to the house space"
            yield f"{'library':8s} {'house':>6s} {'personal':>9s} {'house':>6s} {'personal':>9s}"
            for library, each in self.house.items():
                lost = zip(_means(each), (6, 9, 6, 9), strict=True)
                yield f"{library:8s} " + " ".join(f"{value:{width}.3f}" for value, width in lost)
        if "sliders" in self.parts:
            yield f"\nsliders, {self.test} held-out sounds of each seed"
            yield from self.table.lines()


def _means(rows: Sequence[NDArray]) -> NDArray:
    """Return the mean of what is known in each column, NaN where nothing is."""
    known = ~np.isnan(rows)
    total = np.where(known, rows, 0.0).sum(axis=0)
    return np.where(known.any(axis=0), total / known.sum(axis=0).clip(1), np.nan)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


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
        _say("cost")
        print("seconds and memory of training, one thread")
        for line in cost_part(sounds.usable(rows, max(COUNTS))):
            print(line, flush=True)
    report = Report(options.only, options.test, options.rivals, options.malt_epochs)
    if options.only != ["cost"]:
        for seed in range(options.seeds):
            for library in options.libraries:
                trial = trial_of(rows, library, seed, options.train, sounds)
                report.add(trial, sounds.codec)
                _say("\n".join([f"after {library} of seed {seed}", *report.lines()]))
    print("\n".join(report.lines()), flush=True)


if __name__ == "__main__":
    main()
