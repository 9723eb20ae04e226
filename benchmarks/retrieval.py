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
from collections.abc import Mapping, Sequence
from dataclasses import asdict

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.fold_ears import add_options, clips_of, folds, wholes_of
from benchmarks.manifest import SEEN_SOURCES, Labelled, read_manifest, sounds_folder
from benchmarks.retrieval_rivals import RIVALS, rival_rows
from library.clip import Clip
from library.descriptors import describe
from library.progress import drive
from vae.ear import Ear
from vae.ear_file import house_ear
from vae.house_codec import house_codec
from vae.onset import from_onset
from vae.space import Space
from vae.space_file import from_bytes, house_space
from vae.space_training import train_space
from vae.vector import ATTRIBUTES, blocks, vectors

LEFT_OUT = frozenset({"foley", "loop"})
NEAREST = 10
MOST_RELEVANT = 200
FEWEST = 5
LONGEST_S = 30.0

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


def sound_vectors(clips: Sequence[Clip], ear: Ear, space: Space) -> NDArray[np.float32]:
    """Return the vectors of sounds, as search compares them."""
    codec = house_codec()
    latents = [codec.encode(from_onset(clip)) for clip in clips]
    return vectors(space, latents, wholes_of(clips, ear), codec)


def personal_space(clips: Sequence[Clip]) -> Space:
    """Return a space learned on the sounds alone, no labels."""
    codec = house_codec()
    latents = [codec.encode(from_onset(clip)) for clip in clips]
    data, _ = drive(
        train_space(latents, [asdict(describe(clip)) for clip in clips], codec, base=house_space())
    )
    return from_bytes(data)


def without_attributes(matrix: NDArray[np.float32], space: Space) -> NDArray[np.float32]:
    """Return vectors without what a space reads."""
    return np.delete(matrix, np.r_[blocks(space)[ATTRIBUTES]], axis=1)


def judge(title: str, sounds: Sequence[Labelled], ears: Mapping[str, Ear], seen: bool) -> None:
    """Print the table of one fold."""
    clips = list(clips_of(sounds, LONGEST_S))
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
    add_options(parser)
    parser.add_argument("--shipped", action="store_true", help="judge the ear that ships instead")
    options = parser.parse_args()
    torch.set_flush_denormal(True)
    sounds = read_manifest(sounds_folder(options.sounds).resolve(), LEFT_OUT)
    if options.shipped:
        judge("all sounds, of which the ear has heard some", sounds, {"shipped": house_ear()}, True)
        return
    for fold in folds(options, sounds):
        seen = any(sound.source in SEEN_SOURCES for sound in fold.sounds)
        judge(f"the {fold.name} fold", fold.sounds, {"vectors": fold.ear}, seen)


if __name__ == "__main__":
    main()
