"""Loops of known tempo and key, played with the hits and notes of a folder of labelled sounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.manifest import Labelled
from library.clip import Clip
from library.decode import read
from library.pitch import pitch_of

RATE = 44_100
TEMPI = (70.0, 180.0)
VOICES = ("kick", "snare", "clap", "hat", "perc", "tom", "cymbal")

# Sixteenths of a bar: x is a hit, o a softer one.
GROOVES: tuple[Mapping[str, str], ...] = (
    {"kick": "x...x...x...x...", "hat": "..x...x...x...x.", "clap": "....x.......x..."},
    {"kick": "x.......x.......", "snare": "....x.......x...", "hat": "x.x.x.x.x.x.x.x."},
    {"kick": "x.x.......xx....", "snare": "....x..o.o..x..o", "hat": "x.x.x.x.x.x.x.x."},
    {"kick": "x.....x...x.....", "snare": "....x.......x...", "hat": "xoxoxoxoxoxoxoxo"},
    {"kick": "x.........x.....", "snare": "....x.......x...", "hat": "x.x.x.x.x.x.x.x."},
    {"kick": "x.....x.........", "snare": "........x.......", "hat": "x.x.x.xxx.x.xxxx"},
    {"hat": "x.xox.xox.xox.xo"},
    {"perc": "x..x..x.x..x..x.", "hat": "x...x...x...x..."},
    {"perc": "x..x..x...x.x...", "kick": "x.......x......."},
    {"tom": "x...x.xx..x.x.x.", "perc": "..x...x...x...x."},
    {"kick": "x..x..x.x..x..x.", "snare": "....x.......x..x", "cymbal": "x.x.x.x.x.x.x.x."},
    {"kick": "x...x...x...x...", "perc": "..xo..xo..xo..xo", "clap": "....x.......x..x"},
)
MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
PROGRESSIONS = {
    False: ((0, 4, 5, 3), (0, 3, 4, 0), (0, 5, 3, 4), (0, 5, 1, 4)),
    True: ((0, 5, 2, 6), (0, 3, 4, 0), (0, 6, 5, 6), (0, 5, 3, 4)),
}
BASS = ("x..x..x.x..x.x..", "x...x...x...x...", "x.x.x.x.x.x.x.x.", "x.....x...x..x..")
CHORDS = ("x...............", "x.......x.......", "x..x..x.....x...", "x...x...x...x...")


@dataclass(frozen=True, slots=True, eq=False)
class Note:
    """A sound that has a pitch: a MIDI note number."""

    frames: NDArray[np.float32]
    pitch: float


@dataclass(frozen=True, slots=True, eq=False)
class MadeLoop:
    """A loop, and what it is.

    Attributes:
        clip: Mono.
        kind: ``drums``, ``bass``, ``chords`` or ``melody``.
        tempo: Beats a minute.
        key: A number of `library.musical_key.KEYS`; None of drums.
        cut: Whether it is exactly as long as its bars.
    """

    clip: Clip
    kind: str
    tempo: float
    key: int | None
    cut: bool


@dataclass(frozen=True, slots=True, eq=False)
class Players:
    """The sounds that loops are played with: hits by voice, and notes."""

    hits: Mapping[str, Sequence[NDArray[np.float32]]]
    notes: Sequence[Note]


def players(sounds: Sequence[Labelled], rng: np.random.Generator, most: int = 40) -> Players:
    """Return sounds to play with, chosen at random: up to `most` of each voice, and notes."""
    hits: dict[str, list[NDArray[np.float32]]] = {}
    for voice in VOICES:
        those = [sound.path for sound in sounds if sound.label == voice]
        chosen = rng.permutation(len(those))[:most]
        hits[voice] = [_frames(those[place], 1.5) for place in chosen]
    notes: list[Note] = []
    tonal = [s.path for s in sounds if s.label in ("bass", "synth", "instrument")]
    for place in rng.permutation(len(tonal)):
        frames = _frames(tonal[place], 3.0)
        pitch = pitch_of(frames - frames.mean(), RATE)
        if pitch is not None and 30 < pitch < 84 and len(frames) > RATE // 3:
            notes.append(Note(frames, pitch))
        if len(notes) == 2 * most:
            break
    return Players(hits, notes)


def _frames(path: Path, seconds: float) -> NDArray[np.float32]:
    frames = read(path, seconds).at_rate(RATE).mono()
    loud = np.flatnonzero(np.abs(frames) > 0.02 * max(1e-9, float(np.abs(frames).max())))
    frames = frames[loud[0] :] if len(loud) else frames
    return (frames / max(1e-9, float(np.abs(frames).max()))).astype(np.float32)


def made_loop(by: Players, rng: np.random.Generator) -> MadeLoop:
    """Play one loop: a groove or notes, straight or swung, cut to its bars or left ringing."""
    tempo = float(rng.uniform(*TEMPI))
    bars = int(rng.choice([1, 2, 4], p=[0.25, 0.45, 0.3]))
    kind = str(rng.choice(["drums", "bass", "chords", "melody"], p=[0.55, 0.15, 0.15, 0.15]))
    beat = 60.0 / tempo
    length = round(bars * 4 * beat * RATE)
    swing = float(rng.uniform(0.1, 0.33)) if rng.random() < 0.25 else 0.0
    frames = np.zeros(length + 3 * RATE, np.float32)

    def play(step: int, sound: NDArray[np.float32], gain: float) -> None:
        late = swing * (step % 2) + rng.normal(0, 0.004) / (beat / 4)
        start = max(0, round((step + late) * beat / 4 * RATE))
        end = min(len(frames), start + len(sound))
        frames[start:end] += gain * sound[: end - start]

    key = None
    if kind == "drums":
        _groove(by, rng, bars, play)
    else:
        key = int(rng.integers(24))
        _tonal(by, rng, kind, bars, key, beat, play)
        if kind == "bass" and rng.random() < 0.5:
            _groove(by, rng, bars, play)
    cut = rng.random() < 0.85
    end = length if cut else length + round(float(rng.uniform(0.1, 0.9)) * beat * RATE)
    frames = frames[:end] / np.abs(frames[:end]).max()
    return MadeLoop(Clip(frames[None].astype(np.float32), RATE), kind, tempo, key, cut)


def _groove(by: Players, rng: np.random.Generator, bars: int, play: object) -> None:
    groove = GROOVES[int(rng.integers(len(GROOVES)))]
    for voice, steps in groove.items():
        sound = by.hits[voice][int(rng.integers(len(by.hits[voice])))]
        level = 0.5 if voice in ("hat", "cymbal", "perc") else 1.0
        for bar in range(bars):
            for place, mark in enumerate(steps):
                if mark != ".":
                    gain = level * (1.0 if mark == "x" else 0.4) * rng.uniform(0.8, 1.0)
                    play(16 * bar + place, sound, float(gain))  # type: ignore[operator]


def _tonal(
    by: Players, rng: np.random.Generator, kind: str, bars: int, key: int, beat: float, play: object
) -> None:
    tonic, minor = key % 12, key >= 12
    scale = MINOR if minor else MAJOR
    note = by.notes[int(rng.integers(len(by.notes)))]
    roots = PROGRESSIONS[minor][int(rng.integers(len(PROGRESSIONS[minor])))]
    steps = (BASS if kind == "bass" else CHORDS)[int(rng.integers(4))]
    floor = 12 * round((note.pitch - 6 - tonic) / 12)  # the octave nearest to the note itself

    def degree(place: int) -> float:
        return floor + tonic + 12 * (place // 7) + scale[place % 7]

    for bar in range(bars):
        for place in range(16):
            if kind == "melody":
                if place % 2 == 0 and rng.random() < 0.7:
                    weights = np.array([4, 1.5, 3, 1.5, 3, 1, 1])
                    wanted = [degree(int(rng.choice(7, p=weights / weights.sum())))]
                else:
                    continue
            elif steps[place] == ".":
                continue
            else:
                # A progression of one bar has two chords in it.
                turn = bar if bars > 1 else place // 8
                root = roots[turn % 4]
                wanted = [degree(root + third) for third in ((0,) if kind == "bass" else (0, 2, 4))]
            for pitch in wanted:
                lasts = round(2.0 * beat * RATE)
                sound = _transposed(note, pitch)[:lasts]
                sound[-min(2000, len(sound)) :] *= np.linspace(
                    1, 0, min(2000, len(sound)), dtype=np.float32
                )
                play(16 * bar + place, sound, 0.5)  # type: ignore[operator]


def _transposed(note: Note, pitch: float) -> NDArray[np.float32]:
    ratio = 2.0 ** ((pitch - note.pitch) / 12)
    at = np.arange(0, len(note.frames) - 1, ratio)
    sound: NDArray[np.float32] = np.interp(at, np.arange(len(note.frames)), note.frames).astype(
        np.float32
    )
    return sound
