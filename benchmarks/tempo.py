"""Is the tempo that is heard of a loop the right one, and does a single hit get none?

    python -m benchmarks.tempo [--sounds FOLDER] [--loops N] [--seed S]

Plays loops of known tempo, from 70 to 180, and key with the labelled sounds of a folder
(`benchmarks.made_loops`), and prints of each kind the share whose tempo is within 4 %, half or
double, another, or not told; of the keys the share told, and of these the right, the nearly right
and the wrong ones. Then the share of the folder's own sounds, by label, that get a tempo or a key,
and what the loops among them get. Each is judged twice: as a sound of which nothing is known, and
as one whose name or folder says that it is a loop. Names and folders themselves are not read.
"""

from __future__ import annotations

import argparse
import math
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.made_loops import MadeLoop, made_loop, players
from benchmarks.manifest import Labelled, read_manifest, sounds_folder
from library.clip import Clip
from library.decode import read
from library.musical_key import KEYS
from library.pulse import SECONDS_AT_MOST, SURE, SURE_OF_A_LOOP, Pulse, pulse_of
from library.tonality import key_of

RIGHT, OCTAVE, OTHER, NONE = "right", "half or double", "other", "none"
WITHIN = 0.04
ENOUGH = {"nothing is known": SURE, "said to be loops": SURE_OF_A_LOOP}


def judged(pulse: Pulse | None, tempo: float, enough: float) -> str:
    """Return what a tempo is that was heard of a loop of a known one."""
    if pulse is None or pulse.clearness < enough:
        return NONE
    for factor, name in ((1.0, RIGHT), (2.0, OCTAVE), (0.5, OCTAVE)):
        if abs(pulse.tempo / (tempo * factor) - 1) < WITHIN:
            return name
    return OTHER


def judged_key(found: int | None, key: int) -> str:
    """Return what a key is that was heard of a loop of a known one.

    It is near where it has all notes but one, or the same notes, or the same tonic.
    """
    if found is None:
        return NONE
    if found == key:
        return RIGHT
    apart = (found - key) % 12
    if found // 12 == key // 12:
        return "near" if apart in (5, 7) else OTHER
    return "near" if apart in (0, 3 if key >= 12 else 9) else OTHER


def heard(clip: Clip) -> tuple[Pulse | None, int | None]:
    """Return the pulse and the key of a clip, as analysis finds them."""
    mono = clip.mono()
    peak = float(np.abs(mono).max(initial=0.0))
    if peak == 0.0:
        return None, None
    pulse = pulse_of(mono / np.float32(peak), clip.sample_rate, clip.duration)
    if pulse is None or pulse.clearness < SURE_OF_A_LOOP:
        return None, None
    return pulse, key_of(mono / np.float32(peak), clip.sample_rate)


def print_loops(loops: Sequence[MadeLoop]) -> None:
    """Print what is heard of loops of known tempo and key."""
    started = time.process_time()
    found = [heard(loop.clip) for loop in loops]
    spent = time.process_time() - started
    seconds = sum(loop.clip.duration for loop in loops)
    print(f"{len(loops)} loops, {seconds:.0f} s; {1000 * spent / seconds:.1f} ms a second of sound")
    for known, enough in ENOUGH.items():
        print(f"\ntempo, {known}: right, half or double, other, none; right of the told")
        kinds = ("all", "cut", "ringing", "drums", "bass", "chords", "melody")
        for kind in kinds:
            of_kind = [
                judged(pulse, loop.tempo, enough)
                for loop, (pulse, _) in zip(loops, found, strict=True)
                if kind in ("all", loop.kind, "cut" if loop.cut else "ringing")
            ]
            print(f"  {kind:<8}{len(of_kind):>5}  {_shares(of_kind, (RIGHT, OCTAVE, OTHER, NONE))}")
        keys = [
            judged_key(key if pulse is not None and pulse.clearness >= enough else None, loop.key)
            for loop, (pulse, key) in zip(loops, found, strict=True)
            if loop.key is not None
        ]
        print(f"keys: right, near, other, none; right of the told\n  {len(keys):>13}  "
              f"{_shares(keys, (RIGHT, 'near', OTHER, NONE))}")  # fmt: skip
        unkeyed = [
            key is not None and pulse is not None and pulse.clearness >= enough
            for loop, (pulse, key) in zip(loops, found, strict=True)
            if loop.key is None
        ]
        print(f"  of {len(unkeyed)} loops of drums {sum(unkeyed)} get a key")


def _shares(found: Sequence[str], names: Sequence[str]) -> str:
    counts, told = Counter(found), len(found) - found.count(NONE)
    shares = "  ".join(f"{counts[name] / max(1, len(found)):>5.0%}" for name in names)
    return f"{shares}   {counts[RIGHT] / told if told else math.nan:>5.0%}"


def print_others(sounds: Sequence[Labelled]) -> None:
    """Print how many sounds get a tempo or a key that are no loops, and what loops get."""
    counts: Counter[str] = Counter()
    told: dict[str, Counter[str]] = {known: Counter() for known in ENOUGH}
    keyed: Counter[str] = Counter()
    print("\nloops of the folder: seconds, beats, tempo, clearness, key")
    for sound in sounds:
        clip = read(sound.path, 2 * SECONDS_AT_MOST)
        pulse, key = heard(clip)
        counts[sound.label] += 1
        for known, enough in ENOUGH.items():
            told[known][sound.label] += pulse is not None and pulse.clearness >= enough
        keyed[sound.label] += key is not None and pulse is not None and pulse.clearness >= SURE
        if sound.label == "loop":
            facts = ""
            if pulse is not None:
                beats = clip.duration * pulse.tempo / 60
                facts = f"{beats:>7.2f}{pulse.tempo:>8.2f}{pulse.clearness:>7.1f}"
            shown = "" if key is None else KEYS[key]
            print(f"  {sound.path.name:<42}{clip.duration:>6.2f}{facts}  {shown}")
    print("\ntold a tempo; were they said to be loops; a key")
    for label, count in sorted(counts.items()):
        numbers = "".join(f"{told[known][label]:>6}" for known in ENOUGH)
        print(f"  {label:<12}{count:>6}{numbers}{keyed[label]:>6}")
    others = sum(counts.values()) - counts["loop"]
    for known in ENOUGH:
        wrong = sum(told[known].values()) - told[known]["loop"]
        print(f"{known}: {wrong} of {others} that are no loops get a tempo, {wrong / others:.2%}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="The tempo and the key that are heard of loops")
    parser.add_argument("--sounds", type=Path, help="a folder with a manifest.csv")
    parser.add_argument("--loops", type=int, default=600, help="how many to play; 600")
    parser.add_argument("--seed", type=int, default=7, help="of all chance")
    options = parser.parse_args()
    sounds = read_manifest(sounds_folder(options.sounds))
    rng = np.random.default_rng(options.seed)
    by = players(sounds, rng)
    print_loops([made_loop(by, rng) for _ in range(options.loops)])
    print_others(sounds)


if __name__ == "__main__":
    main()
