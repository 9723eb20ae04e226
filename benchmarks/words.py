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
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.manifest import Labelled, read_manifest, sounds_folder
from benchmarks.retrieval import FIRST_FOLD, LEFT_OUT, NEAREST, fold_ear
from library.decode import decode
from library.descriptors import describe
from vae.alike import NOT_SAID, Alike, learn_alike
from vae.ear import Ear
from vae.ear_training import EarRecipe
from vae.onset import from_onset
from vae.vector import scales
from vae.words import NO_WORDS, Words, learn_words

SIZES = (4, 8, 16, 32)
DRAWS = 5
FEWEST = 10
"""Sounds of a kind of which nothing is said: fewer are not asked for."""

Flags = NDArray[np.bool_]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fold:
    """The sounds of a fold.

    Attributes:
        wholes: What an ear that has not heard their sources keeps of them, float32, (n, f).
        kinds: The label, or another word, of each.
        sources: Who made each.
        folders: In which folder each lay at its source.
    """

    wholes: NDArray[np.float32]
    kinds: NDArray[np.str_]
    sources: NDArray[np.str_]
    folders: NDArray[np.str_]

    def vectors(self, known: Words = NO_WORDS, said: Alike = NOT_SAID) -> NDArray[np.float64]:
        """Return the vectors of a space that has learned this, without attributes."""
        weight = known.weight / np.sqrt(max(len(known.names), 1))
        parts = [said.moved(self.wholes * scales()), np.sqrt(weight) * known.scores(self.wholes)]
        return np.concatenate(parts, axis=1)

    def precision(
        self, vectors: NDArray[np.float64], queries: Flags, answers: Flags
    ) -> NDArray[np.float64]:
        """Return precision at 10 of each sound, NaN where it is no query or none is right."""
        asked, offered = np.flatnonzero(queries), np.flatnonzero(answers)
        one, other = vectors[asked], vectors[offered]
        distance = np.square(one).sum(axis=1)[:, None] + np.square(other).sum(axis=1)
        distance -= 2 * one @ other.T
        allowed = self.sources[asked][:, None] != self.sources[offered]
        distance[~allowed] = np.inf
        right = allowed & (self.kinds[asked][:, None] == self.kinds[offered])
        there = right.sum(axis=1)
        near = np.argpartition(distance, NEAREST, axis=1)[:, :NEAREST]
        hits = np.take_along_axis(right, near, axis=1).sum(axis=1)
        out = np.full(len(self.kinds), np.nan)
        out[asked[there > 0]] = (hits / np.maximum(np.minimum(there, NEAREST), 1))[there > 0]
        return out

    def by_kind(self, precision: NDArray[np.float64]) -> float:
        """Return the mean over kinds of the mean precision of each."""
        known = ~np.isnan(precision)
        kinds = np.unique(self.kinds[known])
        return float(np.mean([precision[known & (self.kinds == kind)].mean() for kind in kinds]))

    def askable(self, size: int) -> list[str]:
        """Return the kinds of which enough sounds of two sources are there."""
        return [
            str(kind)
            for kind in np.unique(self.kinds)
            if kind
            and (self.kinds == kind).sum() >= size + FEWEST
            and len(np.unique(self.sources[self.kinds == kind])) > 1
        ]


Taught = tuple[Words, Alike, Indices]
"""What was learned, and of which sounds something was said."""
Teach = Callable[[Fold, str, int, np.random.Generator], Taught]


def tagged(fold: Fold, kind: str, size: int, rng: np.random.Generator) -> Taught:
    """Tag some sounds of a kind."""
    chosen = rng.choice(np.flatnonzero(fold.kinds == kind), size, replace=False)
    return learn_words(fold.wholes, {kind: chosen.tolist()}, scales()), NOT_SAID, chosen


def tagged_at_random(fold: Fold, kind: str, size: int, rng: np.random.Generator) -> Taught:
    """Tag some sounds of any kind."""
    chosen = rng.choice(len(fold.kinds), size, replace=False)
    return learn_words(fold.wholes, {kind: chosen.tolist()}, scales()), NOT_SAID, chosen


def paired(
    fold: Fold,
    kind: str,
    size: int,
    rng: np.random.Generator,
    together: bool = True,
    apart: bool = True,
) -> Taught:
    """Say of pairs of a kind that they belong together, of others near them that they do not."""
    inside = np.flatnonzero(fold.kinds == kind)
    alike_pairs = [tuple(rng.choice(inside, 2, replace=False).tolist()) for _ in range(size)]
    points = fold.wholes * scales()
    unlike: list[tuple[int, int]] = []
    while len(unlike) < size:
        one = int(rng.choice(inside))
        distance = np.square(points - points[one]).sum(axis=1)
        distance[fold.sources == fold.sources[one]] = np.inf
        near = np.argsort(distance, kind="stable")[:NEAREST]
        # Of a sound whose ten nearest are all right, one farther away.
        wrong = near[fold.kinds[near] != kind]
        if not len(wrong):
            wrong = np.flatnonzero((fold.kinds != kind) & np.isfinite(distance))
        unlike.append((one, int(rng.choice(wrong))))
    learned = learn_alike(points, alike_pairs if together else [], unlike if apart else [])
    used = (alike_pairs if together else []) + (unlike if apart else [])
    return NO_WORDS, learned, np.unique(np.array(used))


def together_only(fold: Fold, kind: str, size: int, rng: np.random.Generator) -> Taught:
    """Say of pairs that they belong together, and no more."""
    return paired(fold, kind, size, rng, apart=False)


def apart_only(fold: Fold, kind: str, size: int, rng: np.random.Generator) -> Taught:
    """Say of pairs that they do not belong together, and no more."""
    return paired(fold, kind, size, rng, together=False)


def paired_at_random(fold: Fold, kind: str, size: int, rng: np.random.Generator) -> Taught:
    """Say it of pairs of any kinds."""
    drawn = rng.permutation(len(fold.kinds))[: 4 * size].reshape(-1, 2).tolist()
    pairs = [(one, other) for one, other in drawn]
    learned = learn_alike(fold.wholes * scales(), pairs[:size], pairs[size:])
    return NO_WORDS, learned, np.unique(np.array(pairs))


TEACHING: dict[str, Teach] = {
    "tagged": tagged,
    "control: any tagged": tagged_at_random,
    "pairs": paired,
    "pairs together only": together_only,
    "pairs apart only": apart_only,
    "control: any pairs": paired_at_random,
}


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
    wholes = []
    for sound in sounds:
        clip = decode(sound.path, 30.0).clip
        heard = ear.hear(from_onset(clip), describe(clip).pitch)
        wholes.append(np.frombuffer(heard.to_bytes()[0], "<f2").astype(np.float32))
    return Fold(
        np.stack(wholes),
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
    parser.add_argument("--sounds", type=Path, help="the labelled sounds that are judged")
    parser.add_argument("--train", type=Path, action="append", default=[], help="more to learn on")
    parser.add_argument("--ears", type=Path, help="where ears are kept; made anew otherwise")
    options = parser.parse_args()
    torch.set_flush_denormal(True)
    folder = sounds_folder(options.sounds).resolve()
    sounds = read_manifest(folder, LEFT_OUT)
    second = frozenset(s.source for s in sounds) - FIRST_FOLD
    with tempfile.TemporaryDirectory() as temporary:
        kept = options.ears or Path(temporary)
        for name, sources in (("first", FIRST_FOLD), ("second", second)):
            ear = fold_ear(name, sources, [folder, *options.train], kept, EarRecipe())
            chosen = [s for s in sounds if s.source in sources]
            fold = hear(chosen, ear)
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
