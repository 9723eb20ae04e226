"""Does `crate duplicates --near` find copies, and only copies?

    python -m benchmarks.duplicates --sounds FOLDER [--library FILE] [--copies 200] [--seed 0]

Copies of some sounds are made: 12 dB quieter, 0.3 s late, at 22.05 kHz, as MP3, as OGG, in other
channels. All go into one library with all sounds. Printed are, for each kind of copy, the share
that is found, the share that the audio alone would tell, and the share that the vectors propose;
then every group of different sounds, with whether the manifest has them as takes of one another.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from benchmarks.manifest import read_manifest, sounds_folder
from index.duplicates import LOSSLESS, NEAREST
from index.workspace import Workspace
from library.clip import Clip
from library.decode import decode, read
from library.progress import drive
from library.same_audio import SECONDS_AT_MOST, Comparable, comparable, is_same
from vae.vector import TYPICAL_DISTANCE


def _write(path: Path, clip: Clip, subtype: str) -> Path:
    kind = path.suffix[1:].upper()
    with path.open("wb") as file:
        frames = np.clip(clip.frames.T, -1, 1)
        soundfile.write(file, frames, clip.sample_rate, subtype, format=kind)
    return path


def _late(clip: Clip) -> Clip:
    # An odd number of frames, which is no whole number of them at half the rate.
    frames = round(0.15 * clip.sample_rate) * 2 + 1
    return Clip(np.pad(clip.frames, ((0, 0), (frames, 0))), clip.sample_rate)


def _other_channels(clip: Clip) -> Clip:
    mono = clip.mono()[None]
    return Clip(mono if clip.channels > 1 else np.repeat(mono, 2, axis=0), clip.sample_rate)


KINDS: dict[str, tuple[str, str, Callable[[Clip], Clip]]] = {
    "quieter": ("wav", "PCM_16", lambda c: Clip(c.frames * np.float32(0.25), c.sample_rate)),
    "late": ("wav", "PCM_16", _late),
    "22.05 kHz": ("wav", "PCM_16", lambda c: c.at_rate(22_050)),
    "MP3": ("mp3", "MPEG_LAYER_III", lambda c: c.at_rate(44_100)),
    "OGG": ("ogg", "VORBIS", lambda c: c),
    "channels": ("flac", "PCM_16", _other_channels),
}
"""Ending, subtype and change of every kind of copy."""


def make_copies(originals: list[Path], folder: Path) -> dict[Path, tuple[Path, str]]:
    """Write copies of sounds; return the original and the kind of each."""
    made: dict[Path, tuple[Path, str]] = {}
    for number, original in enumerate(originals):
        clip = read(original, SECONDS_AT_MOST)
        for kind, (ending, subtype, change) in KINDS.items():
            name = f"{number:04d}-{kind.replace(' ', '')}.{ending}"
            made[_write(folder / name, change(clip), subtype)] = (original, kind)
    return made


def _prepared(path: Path) -> Comparable | None:
    found = decode(path, 2 * SECONDS_AT_MOST)
    return comparable(found.clip, lossless=found.subtype in LOSSLESS)


def report(
    groups: list[list[Path]],
    made: dict[Path, tuple[Path, str]],
    families: dict[Path, tuple[str, str]],
    proposed: Callable[[Path, Path], bool],
) -> None:
    """Print what was found of the copies, and what else was found."""
    group_of = {path: n for n, group in enumerate(groups) for path in group}
    shares: dict[str, list[tuple[bool, bool, bool]]] = defaultdict(list)
    for copy, (original, kind) in made.items():
        a, b = _prepared(original), _prepared(copy)
        alike = a is not None and b is not None and is_same(a, b)
        found = copy in group_of and group_of[copy] == group_of.get(original, -1)
        shares[kind].append((found, alike, proposed(copy, original)))
    print("kind         copies  found  by audio  proposed")
    for kind, rows in shares.items():
        found, alike, near = np.mean(rows, axis=0)
        print(f"{kind:<12} {len(rows):6d}  {found:5.3f}  {alike:8.3f}  {near:8.3f}")
    print("\ngroups of different sounds")
    for group in groups:
        sounds = sorted({made[path][0] if path in made else path for path in group})
        if len(sounds) > 1:
            takes = len({families[path] for path in sounds}) == 1
            names = ", ".join(f"{path.parent.name}/{path.name}" for path in sounds)
            print(f"{'takes of one family' if takes else 'other':<20} {names}")


def main() -> None:
    """Read the command line, make the copies, look for them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sounds", type=Path)
    parser.add_argument("--library", type=Path, help="to which the copies are added")
    parser.add_argument("--copies", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    folder = sounds_folder(options.sounds).resolve()
    labelled = read_manifest(folder)
    families = {each.path: (each.source, each.family) for each in labelled}
    chosen = np.random.default_rng(options.seed).choice(
        len(labelled), min(options.copies, len(labelled)), replace=False
    )
    with tempfile.TemporaryDirectory() as temporary:
        # With its links followed, as the library has it.
        copies = Path(temporary).resolve() / "copies"
        copies.mkdir()
        made = make_copies([labelled[i].path for i in chosen], copies)
        with Workspace.open(options.library or Path(temporary) / "library.sqlite") as workspace:
            drive(workspace.add([folder, copies]))
            groups = drive(workspace.duplicates(near=True))
            table = workspace.vectors()
        place = {path: n for n, path in enumerate(table.paths)}

        def proposed(copy: Path, original: Path) -> bool:
            """Whether either is among the nearest of the other."""
            ends = [table.matrix[place[path]] for path in (copy, original)]
            distance = float(np.linalg.norm(ends[0] - ends[1]))
            nearer = [(np.linalg.norm(table.matrix - end, axis=1) < distance).sum() for end in ends]
            # The nearest of each is itself.
            return distance <= TYPICAL_DISTANCE and min(nearer) <= NEAREST

        report([[row.path for row in group.rows] for group in groups], made, families, proposed)


if __name__ == "__main__":
    main()
