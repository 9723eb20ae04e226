"""Sample libraries made up: trees of tiny files, and the names that such trees have."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from pathlib import Path

MAKERS = ("Vintage Machines", "Mångata", "LoFi & Sons", "Akai Dumps", "東京 Drums", "Field Notes 🌧")
PACKS = ("Essential", "Dusty", "Deep House", "Trap Tools", "Analog", "Tape", "Modular", "Cinematic")
KINDS = (
    ("Kicks", "Kick"),
    ("Snares", "SD"),
    ("Hats/Closed", "HiHat Closed"),
    ("Hats/Open", "OHH"),
    ("Claps", "Clap"),
    ("Percussion/Shakers", "Shaker"),
    ("Bass/One Shots", "Reese"),
    ("Synth/Chords", "Chord Cmin7"),
    ("Loops/120 bpm", "Drum Loop 120bpm"),
    ("FX", "Riser"),
    ("Vocals", "Vox Ahh"),
    ("Misc", "zz_untitled"),
)
A_FOLDER = 50
RARE = "needle in a haystack"
"""A text that the name of one file in 100,000 has."""


def names(count: int) -> Iterator[str]:
    """Yield that many distinct relative paths of WAV files, about 50 in a folder."""
    draw = random.Random(0)
    for folder in range(-(-count // A_FOLDER)):
        kind, word = KINDS[folder % len(KINDS)]
        pack = folder // len(KINDS)
        maker = MAKERS[pack % len(MAKERS)]
        style = PACKS[draw.randrange(len(PACKS))]
        above = f"{maker}/{maker} - {style} Vol. {pack + 1}/{kind}"
        for number in range(A_FOLDER * folder, min(count, A_FOLDER * (folder + 1))):
            told = f" {RARE}" if number % 100_000 == 77_777 else ""
            yield f"{above}/{word} {number:06}{told} {draw.choice('ABCDEFG')}.wav"


def tiny_wav(number: int) -> bytes:
    """Return a WAV file of 16 to 399 frames, 16 bit, mono, in which the number is said."""
    frames = 16 + number % 384
    data = struct.pack("<I", number) + bytes(2 * frames - 4)
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, 1,
                       44_100, 88_200, 2, 16)  # fmt: skip
    return head + struct.pack("<4sI", b"data", len(data)) + data


def make_tree(root: Path, count: int) -> None:
    """Write a tree of that many tiny WAV files, no two the same."""
    made: set[Path] = set()
    for number, name in enumerate(names(count)):
        path = root / name
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        path.write_bytes(tiny_wav(number))
