"""How few examples does a word take, and does its slider do what the word says?

    python -m benchmarks.taught_words --sounds FOLDER [--train FOLDER] [--ears FOLDER]
        [--each 10] [--no-sliders]

Ten words for each fold of sources, as `benchmarks.fold_ears` makes them: labels, sources, and
mixtures of descriptors such as bright and short. For 8, 16 and 32 examples of what it is and as
many of what it is not, drawn five times, each word is learned, and the area under the ROC curve is
measured on all other sounds; takes of one sound (same source, label, family) are never on both
sides, and where that leaves fewer than ten, nothing is told. Beside it what `crate train` tells the
user from the examples alone, and a word of examples that were drawn without regard to anything.

Then a space is learned on 300 of the sounds that follows the words, from 16 and 16, and sounds that
were no examples are moved by -1 and +1 standard deviation. The verdict is that of a logistic
regression on MFCC statistics and descriptors, which learned the word from all other sounds and
knows nothing of the ear. (Moves are heard by the ear that ships, which has heard many of the
sounds.)
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_score

from benchmarks.category_rival import measured_numbers
from benchmarks.fold_ears import add_options, clips_of, folds, wholes_of
from benchmarks.manifest import Labelled, read_manifest, sounds_folder
from library.clip import Clip
from library.descriptors import describe
from library.progress import drive
from vae.attributes import ATTRIBUTES, scaled
from vae.ear_file import house_ear
from vae.house_codec import house_codec
from vae.onset import from_onset
from vae.space import Space
from vae.space_file import from_bytes, house_space
from vae.space_training import train_space
from vae.vary import settings_shift, vary
from vae.vector import scales
from vae.words import Taught, how_sure, learn_words

SIZES = (8, 16, 32)
DRAWS = 5
MOST_OF_A_KIND = 4
FEWEST = 70
SPACE_SOUNDS = 300
SECONDS = 4.0
MIXTURES = {
    "bright and short": {"brightness": 1, "decay": -1},
    "dark and long": {"brightness": -1, "decay": 1},
    "noisy and soft": {"noisiness": 1, "attack": 1},
    "boomy": {"low_end": 1, "noisiness": -1},
}

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Sounds:
    """The sounds of a fold.

    Attributes:
        labelled: Which they are.
        clips: Their beginnings.
        described: Their descriptors.
        takes: A number for each sound, the same for takes of one, (n,).
    """

    labelled: Sequence[Labelled]
    clips: Sequence[Clip]
    described: Sequence[dict[str, float | None]]
    takes: NDArray[np.int64]


def words_of(sounds: Sounds) -> dict[str, Mask]:
    """Return what each word is true of."""
    found: dict[str, Mask] = {}
    for column in ("label", "source"):
        values = np.array([getattr(sound, column) for sound in sounds.labelled])
        names, counts = np.unique(values, return_counts=True)
        order = np.argsort(-counts, kind="stable")[:MOST_OF_A_KIND]
        for at in order:
            if FEWEST <= counts[at] <= len(values) - FEWEST:
                found[str(names[at])] = values == names[at]
    names_of = tuple(ATTRIBUTES)
    values = scaled([ATTRIBUTES[name] for name in names_of], sounds.described).astype(np.float64)
    ranks = np.argsort(np.argsort(np.nan_to_num(values), axis=0), axis=0) / len(values)
    for word, parts in MIXTURES.items():
        columns = [ranks[:, names_of.index(name)] for name in parts]
        signs = list(parts.values())
        sides = [c > 0.5 if s > 0 else c < 0.5 for c, s in zip(columns, signs, strict=True)]
        true = np.logical_and.reduce(sides)
        if FEWEST <= true.sum() <= len(true) - FEWEST:
            found[word] = true
    return found


def examples(true: Mask, count: int, rng: np.random.Generator) -> Taught:
    """Draw as many examples of either side."""
    yes, no = (rng.permutation(np.flatnonzero(side))[:count] for side in (true, ~true))
    return Taught(tuple(yes.tolist()), tuple(no.tolist()))


def unseen(sounds: Sounds, taught: Taught) -> Mask:
    """Return the sounds that are neither examples nor takes of one."""
    used = sounds.takes[[*taught.fitting, *taught.unfitting]]
    return ~np.isin(sounds.takes, used)


def area(amounts: NDArray[np.float32], true: Mask, asked: Mask) -> float:
    """Return the area under the ROC curve, NaN where fewer than ten are on a side."""
    sides = np.bincount(true[asked].astype(int), minlength=2)
    if sides.min() < 10:
        return float("nan")
    return float(roc_auc_score(true[asked], amounts[asked]))


def print_areas(sounds: Sounds, wholes: NDArray[np.float32]) -> None:
    """Print how well each word is told."""
    words = words_of(sounds)
    sizes = "   ".join(f"{size}+{size}".rjust(5) for size in SIZES)
    print(f"{'area under the ROC curve':<34} {'of':>7}   {sizes}   as told: {sizes}")
    rows = []
    for word, true in [*words.items(), ("(examples of nothing)", np.array([]))]:
        found, told = [], []
        for size in SIZES:
            areas, sure = [], []
            for seed in range(DRAWS):
                rng = np.random.default_rng(seed)
                side = true if len(true) else rng.random(len(wholes)) < 0.5
                taught = examples(side, size, rng)
                learned = learn_words(wholes, {}, scales(), {word: taught})
                asked = unseen(sounds, taught)
                areas.append(area(learned.amounts(wholes)[:, 0], side, asked))
                sure.append(how_sure(wholes, taught, scales())[0])
            found.append(float(np.mean(areas)))
            told.append(float(np.mean(sure)))
        count = str(true.sum()) if len(true) else ""
        print(
            f"{word:<34} {count:>7}   " + "    ".join(f"{v:.3f}" for v in (*found, *told)),
            flush=True,
        )
        if len(true):
            rows.append([*found, *told])
    print(f"{'mean':<42}   " + "    ".join(f"{v:.3f}" for v in np.nanmean(rows, axis=0)))


def learned_space(
    sounds: Sounds, words: dict[str, Mask], rng: np.random.Generator
) -> tuple[Space, dict[str, Taught]]:
    """Return a space that follows the words, and their examples."""
    codec = house_codec()
    wholes = wholes_of(sounds.clips, house_ear())
    taught = {word: examples(true, 16, rng) for word, true in words.items()}
    learned = learn_words(wholes, {}, scales(), taught)
    amounts = learned.amounts(wholes)
    chosen = rng.permutation(len(wholes))[:SPACE_SOUNDS]
    described = [
        {**sounds.described[i], **dict(zip(learned.names, amounts[i].tolist(), strict=True))}
        for i in chosen
    ]
    latents = [codec.encode(from_onset(sounds.clips[i])) for i in chosen]
    data, _ = drive(
        train_space(
            latents,
            described,
            codec,
            words=learned,
            followed_words=learned.names,
            base=house_space(),
        )
    )
    return from_bytes(data), taught


def print_sliders(sounds: Sounds, each: int) -> None:
    """Print what an independent classifier says of sounds that were moved along words."""
    rng = np.random.default_rng(0)
    words = words_of(sounds)
    space, taught = learned_space(sounds, words, rng)
    numbers = measured_numbers(sounds.clips)
    mean, deviation = numbers.mean(axis=0), numbers.std(axis=0) + 1e-6
    standard = ((numbers - mean) / deviation).clip(-5, 5)
    codec = house_codec()
    print(
        f"{'word':<34} verdict of an independent classifier, -1 to +1: rises   by (log-odds)   AUC"
    )
    shares, sizes = [], []
    for word, true in words.items():
        asked = rng.permutation(np.flatnonzero(unseen(sounds, taught[word])))[:each]
        others = ~np.isin(sounds.takes, sounds.takes[asked])
        judge = LogisticRegression(C=0.01, class_weight="balanced", max_iter=500)
        judge.fit(standard[others], true[others])
        quality = cross_val_score(
            judge, standard, true, groups=sounds.takes, cv=GroupKFold(5), scoring="roc_auc"
        ).mean()
        rises = []
        for i in asked:
            clip = from_onset(sounds.clips[i])
            latents = codec.encode(clip)
            moved = [
                vary(clip, latents, space, codec, settings_shift(space, {word: step}))
                for step in ("-1", "+1")
            ]
            verdict = judge.decision_function(
                ((measured_numbers(moved) - mean) / deviation).clip(-5, 5)
            )
            rises.append(float(verdict[1] - verdict[0]))
        shares.append(np.mean(np.array(rises) > 0))
        sizes.append(np.mean(rises))
        print(f"{word:<34} {shares[-1]:54.2f} {sizes[-1]:16.2f} {quality:8.2f}", flush=True)
    print(f"{'mean':<34} {np.mean(shares):54.2f} {np.mean(sizes):16.2f}")


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--each", type=int, default=10, help="sounds moved along each word")
    parser.add_argument("--no-sliders", action="store_true", help="the areas alone")
    options = parser.parse_args()
    torch.set_flush_denormal(True)
    everything = read_manifest(sounds_folder(options.sounds).resolve(), frozenset({"loop"}))
    for fold in folds(options, everything):
        clips = list(clips_of(fold.sounds, SECONDS))
        heard = [i for i, clip in enumerate(clips) if clip.frames.any()]
        labelled = [fold.sounds[i] for i in heard]
        takes = {key: n for n, key in enumerate({(s.source, s.label, s.family) for s in labelled})}
        sounds = Sounds(
            labelled,
            [clips[i] for i in heard],
            [asdict(describe(clips[i])) for i in heard],
            np.array([takes[s.source, s.label, s.family] for s in labelled]),
        )
        print(f"\nthe {fold.name} fold: {len(heard)} sounds")
        print_areas(sounds, wholes_of(sounds.clips, fold.ear))
        if not options.no_sliders:
            print_sliders(sounds, options.each)


if __name__ == "__main__":
    main()
