"""What a user says of sounds of a kind: tags, pairs that belong together, pairs that do not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.retrieval import NEAREST
from benchmarks.word_measures import Fold
from vae.alike import NOT_SAID, Alike, learn_alike
from vae.vector import scales
from vae.words import NO_WORDS, Words, learn_words

Indices = NDArray[np.int64]
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
