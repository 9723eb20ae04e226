"""Do a few corrections change the sounds that are alike, and leave the others alone?

    python -m benchmarks.category_teaching --sounds FOLDER [--library FILE]

The sources are cut into two halves. A head learns one; the other is a user's library. For every
label of a source that has 16 sounds or more, 5 or 10 of those that the head gets wrong are said to
be what they are. Then the rest of that label of that source is looked at, without takes of what was
said, and all sounds of other labels. Prints both before and after, for several prior variances, and
the share of the other sounds that were right and are wrong now; then what 5,000 words take of a
processor.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.categories import contenders
from benchmarks.category_measures import NAMES, Trainer
from benchmarks.manifest import Labelled, read_manifest, sounds_folder
from vae.category_head import PRIOR_VARIANCE, Features, teach

Places = NDArray[np.int64]

VARIANCES = (0.5, 1.0, PRIOR_VARIANCE, 4.0, 8.0)
CORRECTIONS = (5, 10)
FEWEST = 16
DRAWS = 3


def halves(sounds: list[Labelled]) -> NDArray[np.bool_]:
    """Return which sounds are of every other source, from that with the most sounds on, (n,)."""
    sources = np.array([sound.source for sound in sounds])
    names, counts = np.unique(sources, return_counts=True)
    return np.isin(sources, names[np.argsort(-counts, kind="stable")][::2])


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
    features: Features, sounds: list[Labelled], trainer: Trainer
) -> dict[tuple[float, int], list[tuple[float, ...]]]:
    """Return for each prior variance and number of words what they changed, case by case."""
    labels = np.array([sound.label for sound in sounds])
    first = halves(sounds)
    found: dict[tuple[float, int], list[tuple[float, ...]]] = defaultdict(list)
    for mine in (first, ~first):
        head = trainer(features[~mine], labels[~mine])
        x = features[mine]
        truth = np.searchsorted(NAMES, labels[mine])
        sources = np.array([s.source for s, here in zip(sounds, mine, strict=True) if here])
        families = np.array([s.family for s, here in zip(sounds, mine, strict=True) if here])
        before = head.probabilities(x).argmax(axis=1)
        right = before == truth
        for count, said, alike, others in corrections(truth, sources, families, before):
            for variance in VARIANCES:
                taught = teach(head, x[said], truth[said], x, variance)
                now = taught.probabilities(x).argmax(axis=1) == truth
                broken = (right & ~now)[others].mean()
                shares = (right[alike], now[alike], right[others], now[others])
                found[variance, count].append((*(float(s.mean()) for s in shares), float(broken)))
    return found


def seconds_for(
    count: int, features: Features, labels: NDArray[np.str_], trainer: Trainer
) -> float:
    """Return how many seconds of one processor it takes to learn from so many words."""
    head = trainer(features, labels)
    chosen = np.arange(count) % len(features)
    truth = np.searchsorted(NAMES, labels)[chosen]
    started = time.process_time()
    teach(head, features[chosen], (truth + 1) % len(NAMES), features)
    return time.process_time() - started


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sounds", type=Path)
    parser.add_argument("--library", type=Path, help="kept and used again; a new one otherwise")
    options = parser.parse_args()
    sounds = read_manifest(sounds_folder(options.sounds).resolve())
    labels = np.array([sound.label for sound in sounds])
    with tempfile.TemporaryDirectory() as temporary:
        library = options.library or Path(temporary) / "library.sqlite"
        for name, features, trainer, _ in contenders(sounds, library):
            print(f"\n{name}")
            print("variance words cases  alike before, after   others before, after, broken")
            for (variance, count), cases in sorted(measure(features, sounds, trainer).items()):
                means = np.mean(cases, axis=0)
                cells = "{:>14.3f} {:.3f} {:>15.3f} {:.3f} {:.4f}".format(*means)
                print(f"{variance:<8} {count:<5} {len(cases):<5} {cells}")
            print(
                f"5,000 words: {seconds_for(5_000, features, labels, trainer):.2f} s of a processor"
            )


if __name__ == "__main__":
    main()
