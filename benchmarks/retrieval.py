"""Does search agree with the labels? Precision at 10, other sources only.

    python -m benchmarks.retrieval --sounds FOLDER [--library FILE]

Each sound is a query; only sounds of other sources may answer, so that one maker's microphone is
not taken for a kind of sound. Foley and loops are left out. Prints the mean over labels, the mean
over sounds, and each label, for the vectors that `crate similar` uses, for the mean MFCC of the
same files, and for chance.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import scipy.fft
import torch
from numpy.typing import NDArray

from benchmarks.manifest import SEEN_SOURCES, Labelled, read_manifest, sounds_folder
from index.workspace import Workspace
from library.decode import decode
from library.progress import drive
from vae.spectrum import mel_filters, stft

LEFT_OUT = frozenset({"foley", "loop"})
NEAREST = 10


def mean_mfcc(path: Path) -> NDArray[np.float32]:
    """Return the mean of 20 MFCCs of a file at 44.1 kHz, the usual baseline, (20,)."""
    audio = torch.from_numpy(decode(path, 30.0).clip.at_rate(44100).mono().copy())
    power = stft(audio[None], 512).abs()[0].square()
    logs = torch.log(mel_filters(40, 44100) @ power + 1e-10).numpy()
    mfcc: NDArray[np.float32] = scipy.fft.dct(logs, axis=0, norm="ortho")[:20].mean(axis=1)
    return mfcc


def precision(
    matrix: NDArray[np.float32], labels: NDArray[np.str_], sources: NDArray[np.str_]
) -> NDArray[np.float64]:
    """Return for each row the share of its label among the ten nearest of other sources."""
    x = matrix.astype(np.float64)
    squares = np.square(x).sum(axis=1)
    distance = squares[:, None] + squares - 2 * x @ x.T
    distance[sources[:, None] == sources] = np.inf
    nearest = np.argsort(distance, axis=1, kind="stable")[:, :NEAREST]
    share: NDArray[np.float64] = (labels[nearest] == labels[:, None]).mean(axis=1)
    return share


def chance(labels: NDArray[np.str_], sources: NDArray[np.str_]) -> NDArray[np.float64]:
    """Return for each row the share of its label among all sounds of other sources."""
    return np.array(
        [(labels[sources != s] == lab).mean() for lab, s in zip(labels, sources, strict=True)]
    )


def report(
    name: str, share: NDArray[np.float64], labels: NDArray[np.str_], kept: NDArray[np.bool_]
) -> None:
    """Print one line of the table."""
    by_label = {lab: share[kept & (labels == lab)] for lab in np.unique(labels)}
    means = {lab: float(s.mean()) for lab, s in by_label.items() if len(s)}
    cells = "  ".join(f"{lab} {mean:.2f}" for lab, mean in means.items())
    print(f"{name:<24} {np.mean(list(means.values())):.3f}  {share[kept].mean():.3f}  | {cells}")


def crate_vectors(sounds: list[Labelled], library: Path, space: str | None) -> NDArray[np.float32]:
    """Return what `crate vectors` writes, for the sounds in their order."""
    with Workspace.open(library) as workspace:
        drive(workspace.add([sounds[0].path.parents[2]]))
        table = workspace.vectors(space)
    place = {path: i for i, path in enumerate(table.paths)}
    return table.matrix[[place[s.path] for s in sounds]]


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sounds", type=Path)
    parser.add_argument("--library", type=Path, help="kept and used again; a new one otherwise")
    parser.add_argument("--space", help="the house space if not given")
    options = parser.parse_args()
    folder = sounds_folder(options.sounds)
    sounds = read_manifest(folder.resolve(), LEFT_OUT)
    labels = np.array([s.label for s in sounds])
    sources = np.array([s.source for s in sounds])
    with tempfile.TemporaryDirectory() as temporary:
        library = options.library or Path(temporary) / "library.sqlite"
        vectors = crate_vectors(sounds, library, options.space)
    mfcc = np.stack([mean_mfcc(s.path) for s in sounds])
    everything = np.ones(len(sounds), bool)
    unseen = np.array([s.source not in SEEN_SOURCES for s in sounds])
    rows = {
        "chance": chance(labels, sources),
        "mean MFCC": precision(mfcc, labels, sources),
        "mean MFCC, standardised": precision(
            (mfcc - mfcc.mean(axis=0)) / mfcc.std(axis=0), labels, sources
        ),
        "latentcrate": precision(vectors, labels, sources),
    }
    for title, kept in (
        (f"all {len(sounds)} queries", everything),
        (f"{unseen.sum()} queries of sources that no weights were trained on", unseen),
    ):
        print(f"\n{title}: P@{NEAREST}, mean over labels, mean over sounds, by label")
        for name, share in rows.items():
            report(name, share, labels, kept)


if __name__ == "__main__":
    main()
