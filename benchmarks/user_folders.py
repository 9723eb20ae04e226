"""Are a user's own folders better found after a space was learned on other folders of theirs?

    python -m benchmarks.user_folders --sounds FOLDER [--ears FOLDER] [--draws 5]

Folders are those in which sounds lay at their source, of six sounds or more. For each draw a space
is learned on the sounds of half of them, and every sound of the other half is asked for those of
its folder: precision at 10 among the sounds held out, all of a folder being enough where there are
fewer. Two folds, each with an ear that has heard none of its sources, as in `benchmarks.retrieval`.

Columns: random vectors; what the ear alone says; the house space; a space learned on the attributes
of the other folders; and one that has their names as words, too.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.fold_ears import add_options, clips_of, folds, wholes_of
from benchmarks.manifest import Labelled, read_manifest, sounds_folder
from benchmarks.retrieval import LEFT_OUT, NEAREST, without_attributes
from library.descriptors import describe
from library.progress import drive
from vae.ear import Ear
from vae.house_codec import house_codec
from vae.latents import Latents
from vae.onset import from_onset
from vae.space import Space
from vae.space_file import from_bytes, house_space
from vae.space_training import train_space
from vae.vector import scales, vectors
from vae.words import learn_words

FEWEST = 6
LONGEST_S = 10.0
COLUMNS = ("random", "ear", "house", "personal", "with words")


@dataclass(frozen=True, slots=True, eq=False)
class Filed:
    """Sounds in folders.

    Attributes:
        folders: Of each sound, (n,).
        latents: By the house codec.
        wholes: By the ear, float32, (n, f).
        described: Descriptors.
    """

    folders: NDArray[np.str_]
    latents: list[Latents]
    wholes: NDArray[np.float32]
    described: list[dict[str, float | None]]


def folder_of(sound: Labelled) -> str:
    """Return where a sound lay at its source."""
    return f"{sound.source}/{Path(sound.original).parent}"


def filed(sounds: Sequence[Labelled], ear: Ear) -> Filed:
    """Return the sounds that lay in folders of enough."""
    sizes = Counter(map(folder_of, sounds))
    chosen = [sound for sound in sounds if sizes[folder_of(sound)] >= FEWEST]
    clips = [from_onset(clip) for clip in clips_of(chosen, LONGEST_S)]
    return Filed(
        np.array(list(map(folder_of, chosen))),
        [house_codec().encode(clip) for clip in clips],
        wholes_of(clips, ear),
        [asdict(describe(clip)) for clip in clips],
    )


def precision(matrix: NDArray[np.float64], folders: NDArray[np.str_]) -> float:
    """Return the mean over folders of the mean precision at 10 of their sounds."""
    distance = np.linalg.norm(matrix[:, None] - matrix[None], axis=2)
    np.fill_diagonal(distance, np.inf)
    near = np.argsort(distance, axis=1, kind="stable")[:, :NEAREST]
    hits = (folders[near] == folders[:, None]).sum(axis=1)
    there = (folders[None] == folders[:, None]).sum(axis=1) - 1
    each = hits / np.minimum(there, NEAREST)
    return float(np.mean([each[folders == name].mean() for name in np.unique(folders)]))


def space_of(sounds: Filed, mine: NDArray[np.int64], words: bool) -> Space:
    """Return a space learned on some of the sounds, with the names of their folders or without."""
    carriers: dict[str, list[int]] = {}
    if words:
        for place, i in enumerate(mine):
            carriers.setdefault(str(sounds.folders[i]), []).append(place)
    latents, told = [sounds.latents[i] for i in mine], [sounds.described[i] for i in mine]
    known = learn_words(sounds.wholes[mine], carriers, scales())
    job = train_space(latents, told, house_codec(), words=known, base=house_space())
    return from_bytes(drive(job)[0])


def draw(sounds: Filed, rng: np.random.Generator) -> list[float]:
    """Return the precision of each of `COLUMNS` on half of the folders."""
    names = np.unique(sounds.folders)
    mine = np.isin(sounds.folders, rng.permutation(names)[: len(names) // 2])
    learn, asked = np.flatnonzero(mine), np.flatnonzero(~mine)
    latents, wholes = [sounds.latents[i] for i in asked], sounds.wholes[asked]
    house = vectors(house_space(), latents, wholes, house_codec())
    matrices = [
        rng.standard_normal((len(asked), 32)),
        without_attributes(house, house_space()),
        house,
        *(
            vectors(space_of(sounds, learn, words), latents, wholes, house_codec())
            for words in (False, True)
        ),
    ]
    return [precision(matrix.astype(np.float64), sounds.folders[asked]) for matrix in matrices]


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--draws", type=int, default=5)
    options = parser.parse_args()
    torch.set_flush_denormal(True)
    sounds = read_manifest(sounds_folder(options.sounds).resolve(), LEFT_OUT)
    print(f"{'fold':8s} {'folders':>8s} {'sounds':>7s} " + " ".join(f"{c:>11s}" for c in COLUMNS))
    for fold in folds(options, sounds):
        there = filed(fold.sounds, fold.ear)
        found = [draw(there, np.random.default_rng(seed)) for seed in range(options.draws)]
        cells = " ".join(
            f"{mean:5.3f} ±{spread:.3f}"
            for mean, spread in zip(np.mean(found, axis=0), np.std(found, axis=0), strict=True)
        )
        count = len(np.unique(there.folders))
        print(f"{fold.name:8s} {count:8d} {len(there.folders):7d} {cells}", flush=True)


if __name__ == "__main__":
    main()
