"""Does search agree with the labels? Precision at 10 and mAP@R, other sources only.

    python -m benchmarks.retrieval --sounds FOLDER --train FOLDER [--ears FOLDER]

Each sound is a query; only sounds of other sources may answer, so that one maker's microphone is
not taken for a kind of sound. Foley and loops are left out. The sources are in two folds: each is
judged with an ear that was trained without its sources (kept in the folder of ears, if one is
named, and used again). What the vectors hold besides, the space's attributes, is learned on codec
and space that have seen some of the sources; it is left out where they have.

Where fewer than ten right answers exist in a fold, precision is of as many as there are.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.manifest import SEEN_SOURCES, Labelled, read_manifest, sounds_folder
from benchmarks.retrieval_rivals import RIVALS, rival_rows
from library.clip import Clip
from library.decode import decode
from library.descriptors import describe
from library.progress import drive
from vae.ear import Ear
from vae.ear_data import real_views, synthesised_views
from vae.ear_file import from_bytes, house_ear, to_bytes
from vae.ear_training import EarRecipe, train_ear
from vae.house_codec import house_codec
from vae.onset import from_onset
from vae.space import Space, house_space, train_space
from vae.space import from_bytes as space_from_bytes
from vae.vector import ATTRIBUTES, blocks, vectors

LEFT_OUT = frozenset({"foley", "loop"})
NEAREST = 10
MOST_RELEVANT = 200
FEWEST = 5
FIRST_FOLD = frozenset(
    {
        "oramics/sampled",
        "hydrogen-music/hydrogen",
        "Jakobovski/free-spoken-digit-dataset",
        "sonic-pi-net/sonic-pi",
    }
)
"""Sources that neither codec nor space were trained on; all others are the second fold."""

Scores = dict[str, tuple[float, float]]


def scores(
    matrix: NDArray[np.floating], labels: NDArray[np.str_], sources: NDArray[np.str_]
) -> Scores:
    """Return precision at 10 and mAP@R of each label with at least five queries."""
    x = matrix.astype(np.float64)
    squares = np.square(x).sum(axis=1)
    distance = squares[:, None] + squares - 2 * x @ x.T
    distance[sources[:, None] == sources] = np.inf
    order = np.argsort(distance, axis=1, kind="stable")
    right = labels[order] == labels[:, None]
    found: dict[str, list[tuple[float, float]]] = {}
    for row, (label, source) in enumerate(zip(labels, sources, strict=True)):
        there = int(((labels == label) & (sources != source)).sum())
        if not there:
            continue
        relevant = min(there, MOST_RELEVANT)
        hits = right[row, :relevant]
        average = (hits * np.cumsum(hits) / np.arange(1, relevant + 1)).sum() / relevant
        precision = right[row, :NEAREST].sum() / min(NEAREST, there)
        found.setdefault(str(label), []).append((float(precision), float(average)))
    return {
        label: (float(np.mean([p for p, _ in each])), float(np.mean([a for _, a in each])))
        for label, each in found.items()
        if len(each) >= FEWEST
    }


def report(name: str, found: Scores) -> None:
    """Print one line of the table."""
    cells = "  ".join(f"{label} {found[label][0]:.2f}" for label in sorted(found))
    means = np.array(list(found.values())).mean(axis=0)
    print(f"{name:<28} P@10 {means[0]:.3f}  mAP@R {means[1]:.3f} | {cells}", flush=True)


def fold_ear(
    name: str, without: frozenset[str], folders: Sequence[Path], kept: Path, recipe: EarRecipe
) -> Ear:
    """Return an ear that has heard nothing of some sources, trained where it is not kept."""
    path = kept / f"ear-{name}.safetensors"
    if not path.exists():
        sounds = [s for folder in folders for s in real_views(folder, without, recipe.seed)]
        sounds += synthesised_views(recipe.synthesised, recipe.seed)
        heard = sorted({s.source for s in sounds})
        kept.mkdir(parents=True, exist_ok=True)
        note = {"recipe": asdict(recipe), "sounds": heard}
        path.write_bytes(to_bytes(train_ear(sounds, recipe), note))
    return from_bytes(path.read_bytes())


def sound_vectors(clips: Sequence[Clip], ear: Ear, space: Space) -> NDArray[np.float32]:
    """Return the vectors of sounds, as search compares them."""
    codec = house_codec()
    sounds = [from_onset(clip) for clip in clips]
    wholes = [
        ear.hear(sound, describe(clip).pitch).whole
        for sound, clip in zip(sounds, clips, strict=True)
    ]
    return vectors(space, [codec.encode(s) for s in sounds], np.stack(wholes), codec)


def personal_space(clips: Sequence[Clip]) -> Space:
    """Return a space learned on the sounds alone, no labels."""
    codec = house_codec()
    latents = [codec.encode(from_onset(clip)) for clip in clips]
    data, _ = drive(train_space(latents, [asdict(describe(clip)) for clip in clips], codec))
    return space_from_bytes(data)


def without_attributes(matrix: NDArray[np.float32], space: Space) -> NDArray[np.float32]:
    """Return vectors without what a space reads."""
    return np.delete(matrix, np.r_[blocks(space)[ATTRIBUTES]], axis=1)


def judge(title: str, sounds: Sequence[Labelled], ears: Mapping[str, Ear], seen: bool) -> None:
    """Print the table of one fold."""
    clips = [decode(sound.path, 30.0).clip for sound in sounds]
    labels = np.array([s.label for s in sounds])
    sources = np.array([s.source for s in sounds])
    print(f"\n{title}: {len(sounds)} sounds of {len(set(sources))} sources")
    random = np.random.default_rng(0).standard_normal((len(sounds), 64))
    report("random", scores(random, labels, sources))
    for name in RIVALS:
        report(name, scores(rival_rows(name, clips), labels, sources))
    house = house_space()
    for name, ear in ears.items():
        matrix = sound_vectors(clips, ear, house)
        for aspect, part in blocks(house).items():
            if aspect != ATTRIBUTES or not seen:
                report(f"  {aspect}", scores(matrix[:, part], labels, sources))
        report(f"{name}, no attributes", scores(without_attributes(matrix, house), labels, sources))
        if not seen:
            report(f"{name}, house space", scores(matrix, labels, sources))
        personal = personal_space(clips)
        own = sound_vectors(clips, ear, personal)
        report(f"{name}, personal space", scores(own, labels, sources))


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sounds", type=Path, help="the labelled sounds that are judged")
    parser.add_argument("--train", type=Path, action="append", default=[], help="more to learn on")
    parser.add_argument("--ears", type=Path, help="where ears are kept; made anew otherwise")
    parser.add_argument("--nets", type=int, default=EarRecipe().nets)
    parser.add_argument("--steps", type=int, default=EarRecipe().steps)
    parser.add_argument("--shipped", action="store_true", help="judge the ear that ships instead")
    options = parser.parse_args()
    torch.set_flush_denormal(True)
    folder = sounds_folder(options.sounds).resolve()
    sounds = read_manifest(folder, LEFT_OUT)
    if options.shipped:
        judge("all sounds, of which the ear has heard some", sounds, {"shipped": house_ear()}, True)
        return
    recipe = EarRecipe(nets=options.nets, steps=options.steps)
    second = frozenset(s.source for s in sounds) - FIRST_FOLD
    with tempfile.TemporaryDirectory() as temporary:
        kept = options.ears or Path(temporary)
        for name, fold in (("first", FIRST_FOLD), ("second", second)):
            ear = fold_ear(name, fold, [folder, *options.train], kept, recipe)
            chosen = [s for s in sounds if s.source in fold]
            judge(f"the {name} fold", chosen, {"vectors": ear}, bool(fold & SEEN_SOURCES))


if __name__ == "__main__":
    main()
