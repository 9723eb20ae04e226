"""Do the user's words, and what they say of pairs, change what is near as they mean it?

    python -m benchmarks.words --sounds FOLDER [--ears FOLDER]

Sounds in two folds, each with an ear that has heard none of its sources, as in
`benchmarks.retrieval`. A user says something of few sounds of one kind (a label; or a detail of the
manifest, families in place of sources), drawn at random: tags 4, 8, 16 or 32 of them, or says of as
many pairs that they belong together, and of as many that they do not: one sound of the kind, and
one of another kind out of the ten nearest of other sources. Then the others of the kind are asked
for: precision at 10, other sources only, before and after. Five draws each.

The columns: `all`: all sounds may answer. `unsaid`: only sounds of which nothing was said, so that
a gain is of what was learned and not of what was said. `others`: queries of all other kinds, all
may answer: what it costs. The controls say the same of sounds of any kind: there must be no gain.
Folders: half of the sounds have the names of their folders as words, all at once.

The attributes of a space are left out: they change nothing here, and were learned on some sources.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.fold_ears import add_options, clips_of, folds, wholes_of
from benchmarks.manifest import Labelled, read_manifest, sounds_folder
from benchmarks.retrieval import LEFT_OUT
from benchmarks.word_measures import FEWEST, Fold
from benchmarks.word_teaching import TEACHING, Teach
from vae.ear import Ear
from vae.vector import scales
from vae.words import learn_words

SIZES = (4, 8, 16, 32)
DRAWS = 5


def measured(fold: Fold, teach: Teach, size: int) -> NDArray[np.float64] | None:
    """Return before and after of `all`, `unsaid` and `others`, mean over kinds, shape (6,).

    None where too few sounds are left of every kind.
    """
    everything = np.ones(len(fold.kinds), bool)
    plain = fold.vectors()
    before = fold.precision(plain, everything, everything)
    found = []
    for kind in fold.askable(size):
        of_kind = fold.kinds == kind
        for seed in range(DRAWS):
            known, said, used = teach(fold, kind, size, np.random.default_rng(seed))
            unsaid = everything.copy()
            unsaid[used] = False
            asked = unsaid & of_kind
            if asked.sum() < FEWEST or len(np.unique(fold.sources[asked])) < 2:
                continue
            after = fold.vectors(known, said)
            now = fold.precision(after, everything, everything)
            among = [fold.precision(vectors, asked, unsaid) for vectors in (plain, after)]
            found.append(
                [
                    *(np.nanmean(each[asked]) for each in (before, now)),
                    *(np.nanmean(each) for each in among),
                    *(fold.by_kind(np.where(of_kind, np.nan, each)) for each in (before, now)),
                ]
            )
    return np.mean(found, axis=0) if found else None


def folders(fold: Fold) -> tuple[int, NDArray[np.float64]]:
    """Return of folders as words how many are learned, and the same but `unsaid`, shape (4,).

    Half of the sounds, at random, are where they lay; the others are asked for and may answer.
    """
    rows = []
    count = 0
    for seed in range(DRAWS):
        placed = np.random.default_rng(seed).random(len(fold.kinds)) < 0.5
        carriers: dict[str, list[int]] = {}
        for place in np.flatnonzero(placed).tolist():
            carriers.setdefault(str(fold.folders[place]).casefold(), []).append(place)
        known = learn_words(fold.wholes, carriers, scales())
        count = len(known.names)
        rows.append(
            [
                fold.by_kind(fold.precision(vectors, ~placed, answers))
                for answers in (np.ones(len(placed), bool), ~placed)
                for vectors in (fold.vectors(), fold.vectors(known))
            ]
        )
    return count, np.mean(rows, axis=0)


def hear(sounds: Sequence[Labelled], ear: Ear) -> Fold:
    """Return the sounds of a fold as its ear hears them."""
    return Fold(
        wholes_of(clips_of(sounds, 30.0), ear),
        np.array([s.label for s in sounds]),
        np.array([s.source for s in sounds]),
        np.array([Path(s.original).parent.name or "none" for s in sounds]),
    )


def judge(
    title: str, fold: Fold, teaching: Sequence[str] = tuple(TEACHING), sizes: Sequence[int] = SIZES
) -> None:
    """Print the table of one fold."""
    print(f"\n{title}: {len(fold.kinds)} sounds of {len(np.unique(fold.sources))} makers")
    for name in teaching:
        for size in sizes:
            row = measured(fold, TEACHING[name], size)
            if row is None:
                continue
            cells = "  ".join(
                f"{column} {row[2 * i]:.3f} > {row[2 * i + 1]:.3f}"
                for i, column in enumerate(("all", "unsaid", "others"))
            )
            print(f"{name:<20} {size:>3}  {cells}", flush=True)


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    options = parser.parse_args()
    torch.set_flush_denormal(True)
    sounds = read_manifest(sounds_folder(options.sounds).resolve(), LEFT_OUT)
    for each in folds(options, sounds):
        name, chosen = each.name, each.sounds
        fold = hear(chosen, each.ear)
        judge(f"the {name} fold, labels", fold)
        count, row = folders(fold)
        print(f"{count} folders as words  all {row[0]:.3f} > {row[1]:.3f}", end="")
        print(f"  unsaid {row[2]:.3f} > {row[3]:.3f}", flush=True)
        details = replace(
            fold,
            kinds=np.array([s.detail for s in chosen]),
            sources=np.array([s.family for s in chosen]),
        )
        judge(f"the {name} fold, details", details, ("tagged", "pairs"), (8,))


if __name__ == "__main__":
    main()
