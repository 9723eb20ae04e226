"""How often is a category right, and is a head as right as it is sure?

    python -m benchmarks.categories --sounds FOLDER [--library FILE]

Every sound is judged by a head that has seen no sound of its source. Labels that one source alone
has are left out, and named. Prints what names and folders alone tell (the labels of such folders
are often made from names, so this flatters them), then for each head: accuracy, by label, how sure
against how right before and after temperature scaling, what share is told at which threshold, and
what is taken for what.

A head is one line in `contenders`: features of the sounds, and what makes a head from features and
labels. One that was trained before ignores these, and has seen the sources of its training, which
are judged apart.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from benchmarks.category_measures import (
    NAMES,
    Judgement,
    Names,
    Trainer,
    best,
    calibration_error,
    elsewhere,
    judge,
    out_of_source,
    reliability,
    told,
)
from benchmarks.manifest import SEEN_SOURCES, Labelled, read_manifest, sounds_folder
from index.workspace import Workspace
from library.category import FOLDER, NAME, category_from_name
from library.progress import drive
from vae.category_head import Features, Probabilities


@dataclass(frozen=True, slots=True, eq=False)
class LogisticHead:
    """A multinomial logistic regression on standardised features.

    Attributes:
        mean: Of the features it was trained on, (d,).
        deviation: Of them, (d,).
        fitted: The regression.
    """

    mean: Features
    deviation: Features
    fitted: LogisticRegression

    def probabilities(self, features: Features) -> Probabilities:
        """Return how sure it is; of a label that it was never shown a little of what is left."""
        given = np.full((len(features), len(NAMES)), 1e-4)
        shown = np.searchsorted(NAMES, self.fitted.classes_)
        given[:, shown] = self.fitted.predict_proba((features - self.mean) / self.deviation)
        return (given / given.sum(axis=1, keepdims=True)).astype(np.float32)


def logistic(features: Features, labels: Names) -> LogisticHead:
    """Train the plainest head there is; every label counts the same."""
    mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-6
    regression = LogisticRegression(C=0.01, class_weight="balanced", max_iter=500)
    return LogisticHead(mean, deviation, regression.fit((features - mean) / deviation, labels))


def crate_vectors(sounds: list[Labelled], library: Path) -> Features:
    """Return what `crate vectors` writes, for the sounds in their order."""
    with Workspace.open(library) as workspace:
        drive(workspace.add([sounds[0].path.parents[2]]))
        table = workspace.vectors()
    place = {path: i for i, path in enumerate(table.paths)}
    return table.matrix[[place[s.path] for s in sounds]]


def contenders(
    sounds: list[Labelled], library: Path
) -> Iterator[tuple[str, Features, Trainer, frozenset[str]]]:
    """Yield each head: name, features of the sounds (n, d), trainer, and sources seen before."""
    vectors = crate_vectors(sounds, library)
    yield "logistic regression on the vectors of the house space", vectors, logistic, SEEN_SOURCES


def by_rule(paths: list[PurePath], source: str) -> Names:
    """Return what names, or folders, alone tell of files; nothing where they tell nothing."""
    alone = [PurePath(path.name) if source == NAME else path.parent / "-" for path in paths]
    return np.array([category_from_name(path).category or "" for path in alone])


def print_judgement(name: str, said: Judgement) -> None:
    """Print one line."""
    cells = "  ".join(f"{label} {share:.2f}" for label, share in said.by_label.items())
    print(f"{name:<34} {said.accuracy:.3f}  {said.balanced:.3f}  | {cells}")


def print_confusion(said: Judgement) -> None:
    """Print which label (line) is taken for which (column), in percent of the line."""
    shown = np.flatnonzero(said.confusion.sum(axis=1))
    print(" " * 11 + " ".join(f"{name[:5]:>5}" for name in NAMES))
    for row in shown:
        counts = said.confusion[row]
        cells = " ".join(f"{100 * n / counts.sum():5.0f}" if n else "    ." for n in counts)
        print(f"{NAMES[row]:<10} {cells}")


def print_calibration(probabilities: Probabilities, labels: Names) -> None:
    """Print how sure against how right, and what is told at which threshold."""
    bins = reliability(probabilities, labels)
    print(f"  expected calibration error {calibration_error(bins):.3f}")
    print("  sure   right  sounds")
    for each in bins:
        print(f"  {each.sure:.2f}   {each.right:.2f}   {each.count}")
    for least in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        share, right = told(probabilities, labels, least)
        print(f"  told at {least:.1f}: {share:.0%} of the sounds, {right:.2f} of them right")


def print_rules(sounds: list[Labelled], labels: Names) -> None:
    """Print what names and folders alone tell."""
    rules = {
        NAME: by_rule([PurePath(sound.path.name) for sound in sounds], NAME),
        FOLDER: by_rule([PurePath(sound.original or "-") for sound in sounds], FOLDER),
    }
    for source, guesses in rules.items():
        here = guesses != ""
        right = (guesses == labels)[here].mean() if here.any() else float("nan")
        print(
            f"by {source} alone: tells {here.mean():.0%} of the sounds, {right:.2f} of them right"
        )


def report(
    name: str, raw: Probabilities, calibrated: Probabilities, labels: Names, kept: NDArray[np.bool_]
) -> None:
    """Print all that there is to say of a head."""
    said = judge(best(calibrated[kept]), labels[kept])
    print(f"\n{name}: {kept.sum()} sounds\n{'':<34} all    by label")
    print_judgement("likeliest category", said)
    print(f"  before calibration {calibration_error(reliability(raw[kept], labels[kept])):.3f}")
    print_calibration(calibrated[kept], labels[kept])
    print_confusion(said)


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sounds", type=Path)
    parser.add_argument("--library", type=Path, help="kept and used again; a new one otherwise")
    options = parser.parse_args()
    sounds = read_manifest(sounds_folder(options.sounds).resolve())
    labels = np.array([sound.label for sound in sounds])
    sources = np.array([sound.source for sound in sounds])
    shared = elsewhere(labels, sources)
    left_out = ", ".join(np.unique(labels[~shared])) or "none"
    print(f"{len(sounds)} sounds of {len(set(sources))} sources; of one source alone: {left_out}")
    print_rules(sounds, labels)
    with tempfile.TemporaryDirectory() as temporary:
        library = options.library or Path(temporary) / "library.sqlite"
        for name, features, trainer, seen in contenders(sounds, library):
            raw, calibrated = out_of_source(features, labels, sources, trainer)
            unseen = ~np.isin(sources, list(seen))
            report(name, raw, calibrated, labels, shared)
            only = f"{name}, of sources that no weights were trained on"
            report(only, raw, calibrated, labels, shared & unseen)


if __name__ == "__main__":
    main()
