"""What names and folders tell of categories, and what the product says: name, folder, then sound.

Paths are those at the sounds' sources. Labels are often made from names and folders, which flatters
both.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

import numpy as np

from benchmarks.category_measures import Names, best, judge
from benchmarks.manifest import Labelled
from index.categories import SURE
from library.category import FOLDER, NAME, SOUND, Told, category_from_name
from vae.category_head import Probabilities


def path_of(sound: Labelled) -> PurePath:
    """Return where a sound lay at its source; its file name where nobody knows."""
    return PurePath(sound.original or sound.path.name)


def by_rule(paths: Sequence[PurePath], source: str) -> Names:
    """Return what names, or folders, alone tell of files; nothing where they tell nothing."""
    alone = [PurePath(path.name) if source == NAME else path.parent / "-" for path in paths]
    return np.array([category_from_name(path).category or "" for path in alone])


def by_product(
    paths: Sequence[PurePath], probabilities: Probabilities, sure: float = SURE
) -> tuple[Names, Names]:
    """Return what the product says of samples, and who tells it; "" where nobody does.

    Args:
        paths: Inside the library's folder.
        probabilities: What the sounds tell, float32, shape (n, c).
        sure: The least probability at which a sound is believed.
    """
    told = [category_from_name(path) for path in paths]
    heard = zip(best(probabilities).tolist(), probabilities.max(axis=1) >= sure, strict=True)
    said = [
        each if each.category else Told(category, SOUND) if believed else Told()
        for each, (category, believed) in zip(told, heard, strict=True)
    ]
    return (
        np.array([each.category or "" for each in said]),
        np.array([each.source or "" for each in said]),
    )


def print_rules(paths: Sequence[PurePath], labels: Names) -> None:
    """Print what names and folders alone tell."""
    for source in (NAME, FOLDER):
        guesses = by_rule(paths, source)
        here = guesses != ""
        right = (guesses == labels)[here].mean() if here.any() else float("nan")
        print(f"{source} alone tells {here.mean():.0%} of the sounds, and is right of {right:.2f}")


def print_product(
    title: str, paths: Sequence[PurePath], probabilities: Probabilities, labels: Names
) -> None:
    """Print what the product says, by who tells it, and how often a sure sound contradicts."""
    said, teller = by_product(paths, probabilities)
    right = said == labels
    judged = judge(said, labels)
    some = teller != ""
    print(
        f"\n{title}: {len(labels)} sounds, {some.mean():.0%} have a category, "
        f"{right[some].mean():.2f} of these the right one; of all sounds "
        f"{judged.accuracy:.3f} right, {judged.balanced:.3f} as a mean over labels"
    )
    heard, sure = best(probabilities), probabilities.max(axis=1) >= SURE
    for source in (NAME, FOLDER, SOUND):
        here = teller == source
        if not here.any():
            continue
        print(f"  {source:<6} tells {here.mean():.0%}, right of {right[here].mean():.2f}", end="")
        if source != SOUND:
            other = here & sure & (heard != said)
            print(
                f"; a sure sound contradicts {other.sum()}: the {source} is right of "
                f"{right[other].sum()}, the sound of {(heard == labels)[other].sum()}",
                end="",
            )
        print()
    asked = (teller == SOUND) | (teller == "")
    if asked.any():
        print(
            f"  of the {asked.sum()} of which only the sound could tell, "
            f"{sure[asked].mean():.0%} are told; the likeliest category is right of "
            f"{(heard == labels)[asked].mean():.2f} of all {asked.sum()}"
        )
