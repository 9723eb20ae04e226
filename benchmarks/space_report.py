"""What the benchmark of spaces found so far, and the tables of it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import astuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.space_measures import (
    Control,
    Encoder,
    control,
    mean_leak,
    mean_of,
)
from benchmarks.space_rivals import OURS, sliders
from benchmarks.space_trials import (
    NAMES,
    Trial,
    broken_part,
    judged,
    lost_of,
    metrics_of,
    say,
    scores_of,
)
from benchmarks.space_vaes import MALT_EPOCHS
from vae.codec import BaseCodec


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
        say(f"{trial.library} {trial.recipe.seed}: {name} moved in {took:.0f} s")


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
