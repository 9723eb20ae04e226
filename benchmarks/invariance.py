"""Is a changed sound still found first? And a half second of a long one?

    python -m benchmarks.invariance --sounds FOLDER [--library FILE] [--each N]

Changed copies of sounds (gain, silence before, sample rate, MP3, mono and stereo) are looked for as
files from outside: in how many cases the original is the first answer among all sounds, and the
first that is not another take (same maker, label and family). Then half seconds from anywhere in
long files: in how many cases their file is first, as a file of its own and as a region.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from benchmarks.manifest import sounds_folder
from index.sound_query import Region, SoundQuery
from index.workspace import Workspace
from library.clip import Clip
from library.decode import decode
from library.progress import drive

PIECE_S = 0.5
LONG_S = 3.0
Frames = NDArray[np.float32]


def _late(clip: Clip) -> Clip:
    silence = np.zeros((clip.channels, round(0.3 * clip.sample_rate)), np.float32)
    return Clip(np.concatenate([silence, clip.frames], axis=1), clip.sample_rate)


def _gain(db: float) -> Callable[[Clip], Clip]:
    factor = np.float32(10 ** (db / 20))
    return lambda clip: Clip(clip.frames * factor, clip.sample_rate)


def _other_channels(clip: Clip) -> Clip:
    if clip.channels == 1:
        return Clip(np.repeat(clip.frames, 2, axis=0), clip.sample_rate)
    return Clip(clip.mono()[None].copy(), clip.sample_rate)


CHANGES: dict[str, tuple[str, Callable[[Clip], Clip]]] = {
    "as it is": (".wav", lambda clip: clip),
    "20 dB quieter": (".wav", _gain(-20)),
    "20 dB louder": (".wav", _gain(20)),
    "0.3 s of silence before": (".wav", _late),
    "22.05 kHz": (".wav", lambda clip: clip.at_rate(22050)),
    "MP3, 128 kbit/s": (".mp3", lambda clip: clip.at_rate(44100)),
    "mono as stereo, or back": (".wav", _other_channels),
}


def write(clip: Clip, path: Path) -> None:
    """Write a clip as float WAV, or as MP3 at 128 kbit/s where its name says so."""
    if path.suffix == ".mp3":
        peak = float(np.abs(clip.frames).max(initial=1e-9))
        frames = (clip.frames[:2] / max(peak, 1.0)).T
        # Of libsndfile's scale from 0 (320 kbit/s) to 1: 128 kbit/s at 44.1 kHz.
        soundfile.write(
            path,
            frames,
            clip.sample_rate,
            format="MP3",
            bitrate_mode="CONSTANT",
            compression_level=0.67,
        )
        return
    soundfile.write(path, clip.frames.T, clip.sample_rate, subtype="FLOAT")


def measure_changes(
    workspace: Workspace, rows: list[dict[str, str]], folder: Path, temporary: Path
) -> None:
    """Print how often each change leaves the original first."""
    keys = {str((folder / r["path"]).resolve()): _take(r) for r in rows}
    audio = {str((folder / r["path"]).resolve()): r["pcm_sha256"] for r in rows}
    chosen = [r for r in rows if r["chosen"]]
    print(f"{len(chosen)} sounds among {len(rows)}: share whose original is first, or a take of it")
    for name, (suffix, change) in CHANGES.items():
        first = take = count = 0
        missed = []
        for row in chosen:
            original = str((folder / row["path"]).resolve())
            clip = change(decode(Path(original), 30.0).clip)
            if not np.abs(clip.frames).max(initial=0.0) > 0:
                continue
            path = temporary / f"changed{suffix}"
            write(clip, path)
            answer = str(workspace.similar(SoundQuery(sound=str(path), k=1))[0].row.path)
            count += 1
            right = answer == original or audio.get(answer) == audio[original]
            first += right
            take += right or keys.get(answer) == keys[original]
            if not right:
                missed.append(row["label"])
        labels = ", ".join(f"{label} {missed.count(label)}" for label in sorted(set(missed)))
        print(f"{name:<26} {first / count:.3f}  {take / count:.3f}  missed: {labels}", flush=True)


def _take(row: dict[str, str]) -> tuple[str, str, str]:
    return row["source"], row["label"], row["family"]


def measure_pieces(
    workspace: Workspace, rows: list[dict[str, str]], folder: Path, each: int, temporary: Path
) -> None:
    """Print how often a half second of a long file finds its file first."""
    rng = np.random.default_rng(0)
    long = [r for r in rows if float(r["seconds"]) > LONG_S]
    audio = {str((folder / r["path"]).resolve()): r["pcm_sha256"] for r in rows}
    found = {"as a file": 0, "as a region": 0}
    count = 0
    for i in rng.permutation(len(long))[:each]:
        path = (folder / long[i]["path"]).resolve()
        clip = decode(path, 30.0).clip
        start = float(rng.uniform(0, clip.duration - PIECE_S))
        first = round(start * clip.sample_rate)
        piece = clip.frames[:, first : first + round(PIECE_S * clip.sample_rate)]
        if not np.abs(piece).max() > 1e-3:
            continue
        count += 1
        file = temporary / "piece.wav"
        write(Clip(np.ascontiguousarray(piece), clip.sample_rate), file)
        region = SoundQuery(sound=str(path), k=1, region=Region(start, start + PIECE_S))
        for kind, query in (
            ("as a file", SoundQuery(sound=str(file), k=1)),
            ("as a region", region),
        ):
            answer = str(workspace.similar(query)[0].row.path)
            found[kind] += audio.get(answer) == long[i]["pcm_sha256"]
    print(f"\n{count} half seconds of files over {LONG_S:.0f} s: share whose file is first")
    for kind, hits in found.items():
        print(f"{kind:<26} {hits / max(count, 1):.3f}")


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sounds", type=Path)
    parser.add_argument("--library", type=Path, help="kept and used again; a new one otherwise")
    parser.add_argument("--each", type=int, default=300, help="how many sounds, and pieces")
    options = parser.parse_args()
    folder = sounds_folder(options.sounds).resolve()
    with (folder / "manifest.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    drawn = set(np.random.default_rng(1).permutation(len(rows))[: options.each].tolist())
    for i, row in enumerate(rows):
        row["chosen"] = "yes" if i in drawn else ""
    with tempfile.TemporaryDirectory() as name:
        temporary = Path(name)
        library = options.library or temporary / "library.sqlite"
        with Workspace.open(library) as workspace:
            drive(workspace.add([folder]))
            measure_changes(workspace, rows, folder, temporary)
            measure_pieces(workspace, rows, folder, options.each, temporary)


if __name__ == "__main__":
    main()
