"""How often is a category right, and is the ear as right as it is sure?

    python -m benchmarks.categories --sounds FOLDER --train FOLDER [--ears FOLDER]

Every sound is judged by an ear that has heard no sound of its source (`benchmarks.fold_ears`), by
the probabilities that the product takes. Labels that one source alone has are judged apart: such an
ear has heard them of the synthesiser at most. Prints what names and folders alone tell; of each
fold and of both accuracy, by label, how sure against how right, what share is told at which
threshold, and what is taken for what; what a temperature fitted on the other fold would change;
a plain rival; and what the product says in the end: by name, else folder, else sound.
"""

from __future__ import annotations

import argparse

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.category_measures import (
    NAMES,
    Judgement,
    Names,
    best,
    calibration_error,
    cross_fitted,
    elsewhere,
    judge,
    reliability,
    told,
)
from benchmarks.category_rival import logistic, measured_numbers
from benchmarks.category_rules import path_of, print_product, print_rules
from benchmarks.fold_ears import FIRST_FOLD, add_options, clips_of, folds, wholes_of
from benchmarks.manifest import Labelled, read_manifest, sounds_folder
from index.analyse import ANALYSED_SECONDS
from index.categories import SURE
from vae.category_head import Probabilities

THRESHOLDS = tuple(sorted({0.3, 0.4, 0.5, 0.6, 0.7, 0.8, SURE}))


def heard(options: argparse.Namespace, sounds: list[Labelled]) -> Probabilities:
    """Return what ears that have not heard the sources say of sounds, float32, (n, c)."""
    rows = {sound.path: row for row, sound in enumerate(sounds)}
    probabilities = np.zeros((len(sounds), len(NAMES)), np.float32)
    for fold in folds(options, sounds):
        points = wholes_of(clips_of(fold.sounds, ANALYSED_SECONDS), fold.ear)
        probabilities[[rows[s.path] for s in fold.sounds]] = fold.ear.probabilities(points)
    return probabilities


def rival(sounds: list[Labelled], labels: Names, first: NDArray[np.bool_]) -> Probabilities:
    """Return what a logistic regression says that learned the other fold's sounds, (n, c)."""
    features = measured_numbers(clips_of(sounds, ANALYSED_SECONDS))
    probabilities = np.zeros((len(sounds), len(NAMES)), np.float32)
    for here in (first, ~first):
        head = logistic(features[~here], labels[~here])
        probabilities[here] = head.probabilities(features[here])
    return probabilities


def print_judgement(said: Judgement) -> None:
    """Print accuracy, over sounds and over labels, and by label."""
    cells = "  ".join(f"{label} {share:.2f}" for label, share in said.by_label.items())
    print(f"  right {said.accuracy:.3f}, as a mean over labels {said.balanced:.3f} | {cells}")


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
    for least in THRESHOLDS:
        share, right = told(probabilities, labels, least)
        mark = "  <- the product" if least == SURE else ""
        print(f"  told at {least:.1f}: {share:.0%} of the sounds, {right:.2f} of them right{mark}")


def report(name: str, probabilities: Probabilities, labels: Names) -> None:
    """Print all that there is to say of what a head says of some sounds."""
    said = judge(best(probabilities), labels)
    print(f"\n{name}: {len(labels)} sounds")
    print_judgement(said)
    print_calibration(probabilities, labels)
    print_confusion(said)


def print_temperatures(
    probabilities: Probabilities, labels: Names, first: NDArray[np.bool_]
) -> None:
    """Print what the other fold's temperature would change."""
    tempered, temperatures = cross_fitted(probabilities, labels, first)
    print("\nat a further temperature, fitted on the other fold")
    for name, here, each in zip(("first", "second"), (first, ~first), temperatures, strict=True):
        errors = [
            calibration_error(reliability(p[here], labels[here])) for p in (probabilities, tempered)
        ]
        print(
            f"  the {name} fold: {each:.2f}, calibration error {errors[0]:.3f} -> {errors[1]:.3f}"
        )


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    options = parser.parse_args()
    torch.set_flush_denormal(True)
    sounds = read_manifest(sounds_folder(options.sounds).resolve())
    labels = np.array([sound.label for sound in sounds])
    sources = np.array([sound.source for sound in sounds])
    paths = [path_of(sound) for sound in sounds]
    first, shared = np.isin(sources, list(FIRST_FOLD)), elsewhere(labels, sources)
    left_out = ", ".join(np.unique(labels[~shared])) or "none"
    print(f"{len(sounds)} sounds of {len(set(sources))} sources; of one source alone: {left_out}")
    print(f"right by chance: {1 / len(NAMES):.3f}")
    print_rules(paths, labels)
    probabilities = heard(options, sounds)
    parts = {
        "the first fold": first & shared,
        "the second fold": ~first & shared,
        "both folds": shared,
        f"both folds, and {left_out}": np.ones_like(shared),
    }
    for name, here in parts.items():
        report(name, probabilities[here], labels[here])
    print_temperatures(probabilities[shared], labels[shared], first[shared])
    print("\na logistic regression on MFCC statistics and descriptors, of the other fold")
    measured = rival(
        [s for s, here in zip(sounds, shared, strict=True) if here], labels[shared], first[shared]
    )
    print_judgement(judge(best(measured), labels[shared]))
    for name, here in parts.items():
        some = [path for path, judged in zip(paths, here, strict=True) if judged]
        print_product(f"the product, {name}", some, probabilities[here], labels[here])


if __name__ == "__main__":
    main()
