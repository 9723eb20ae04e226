"""Do a few corrections change the sounds that are alike, and leave the others alone?

    python -m benchmarks.category_teaching --sounds FOLDER --train FOLDER [--ears FOLDER]

Each of two folds of sources is a user's library, told by an ear that has heard none of its sources
(`benchmarks.fold_ears`). For every label of a source that has 16 sounds or more, 5 or 10 of those
that the ear gets wrong are said to be what they are. Then the rest of that label of that source is
looked at, without takes of what was said, and all sounds of other labels. Prints both before and
after, for several prior variances, and the share of the other sounds that were right and are wrong
now; then what 5,000 words take of a processor.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.category_measures import NAMES
from benchmarks.fold_ears import add_options, clips_of, folds, wholes_of
from benchmarks.manifest import Labelled, read_manifest, sounds_folder
from index.analyse import ANALYSED_SECONDS
from vae.category_head import PRIOR_VARIANCE, CategoryHead, Features, teach

Places = NDArray[np.int64]

VARIANCES = (0.5, 1.0, PRIOR_VARIANCE, 4.0, 8.0)
CORRECTIONS = (5, 10)
FEWEST = 16
DRAWS = 3


def corrections(
    labels: Places, sources: NDArray[np.str_], families: NDArray[np.str_], guesses: Places
) -> Iterator[tuple[int, Places, Places, Places]]:
    """Yield how many words, the sounds they are said of, those that are alike, and the others."""
    for label in np.unique(labels):
        others = np.flatnonzero(labels != label)
        for source in np.unique(sources):
            alike = np.flatnonzero((labels == label) & (sources == source))
            wrong = alike[guesses[alike] != label]
            for count in CORRECTIONS:
                if len(alike) < FEWEST or len(wrong) < count:
                    continue
                for seed in range(DRAWS):
                    said = np.random.default_rng(seed).choice(wrong, count, replace=False)
                    left = alike[~np.isin(families[alike], families[said])]
                    if len(left) >= 5:
                        yield count, said, left, others


def measure(
    head: CategoryHead, features: Features, sounds: Sequence[Labelled]
) -> dict[tuple[float, int], list[tuple[float, ...]]]:
    """Return for each prior variance and number of words what they changed, case by case.

    Args:
        head: Has seen none of the sounds' sources.
        features: Of the sounds, float32, shape (n, d).
        sounds: A user's library.
    """
    truth = np.searchsorted(NAMES, np.array([sound.label for sound in sounds]))
    sources = np.array([sound.source for sound in sounds])
    families = np.array([sound.family for sound in sounds])
    found: dict[tuple[float, int], list[tuple[float, ...]]] = defaultdict(list)
    before = head.probabilities(features).argmax(axis=1)
    right = before == truth
    for count, said, alike, others in corrections(truth, sources, families, before):
        for variance in VARIANCES:
            taught = teach(head, features[said], truth[said], features, variance)
            now = taught.probabilities(features).argmax(axis=1) == truth
            broken = (right & ~now)[others].mean()
            shares = (right[alike], now[alike], right[others], now[others])
            found[variance, count].append((*(float(s.mean()) for s in shares), float(broken)))
    return found


def print_changes(
    title: str, found: Mapping[tuple[float, int], Sequence[tuple[float, ...]]]
) -> None:
    """Print means over all cases."""
    print(f"\n{title}\nvariance words cases  alike before, after   others before, after, broken")
    for (variance, count), cases in sorted(found.items()):
        cells = "{:>14.3f} {:.3f} {:>15.3f} {:.3f} {:.4f}".format(*np.mean(cases, axis=0))
        print(f"{variance:<8} {count:<5} {len(cases):<5} {cells}", flush=True)


def seconds_for(count: int, head: CategoryHead, features: Features) -> float:
    """Return how many seconds of one processor it takes to learn from so many words."""
    chosen = np.arange(count) % len(features)
    said = (head.probabilities(features).argmax(axis=1)[chosen] + 1) % len(NAMES)
    started = time.process_time()
    teach(head, features[chosen], said, features)
    return time.process_time() - started


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    options = parser.parse_args()
    torch.set_flush_denormal(True)
    sounds = read_manifest(sounds_folder(options.sounds).resolve())
    both: dict[tuple[float, int], list[tuple[float, ...]]] = defaultdict(list)
    for fold in folds(options, sounds):
        features = wholes_of(clips_of(fold.sounds, ANALYSED_SECONDS), fold.ear)
        found = measure(fold.ear, features, fold.sounds)
        print_changes(f"the {fold.name} fold", found)
        for key, cases in found.items():
            both[key] += cases
        seconds = seconds_for(5_000, fold.ear, features)
        print(f"5,000 words: {seconds:.2f} s of a processor")
    print_changes("both folds", both)


if __name__ == "__main__":
    main()
