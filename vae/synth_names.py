"""Folders, file names and words for synthesised sounds, as a producer would give them.

A word is only used where the parameters make it true and the ear can tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

_NOTES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_CHORD_WORDS = {3: "min", 4: "maj", 5: "min7", 6: "maj7", 7: "sus4"}

PLACES: dict[str, tuple[str, str]] = {
    "kick": ("Drums/Kicks", "kick"),
    "snare": ("Drums/Snares", "snare"),
    "clap": ("Drums/Claps", "clap"),
    "hat": ("Drums/Hats", "hat_closed"),
    "open_hat": ("Drums/Hats", "hat_open"),
    "cymbal": ("Drums/Cymbals", "cymbal"),
    "tom": ("Drums/Toms", "tom"),
    "rim": ("Drums/Percussion", "rim"),
    "shaker": ("Drums/Percussion", "shaker"),
    "cowbell": ("Drums/Percussion", "cowbell"),
    "modal": ("Drums/Percussion", "perc"),
    "bass": ("Bass", "bass"),
    "fm_bass": ("Bass", "bass_fm"),
    "sub": ("Bass/808", "808"),
    "pluck": ("Instruments/Plucks", "pluck"),
    "stab": ("Synths/Stabs", "stab"),
    "lead": ("Synths/Leads", "lead"),
    "pad": ("Synths/Pads", "pad"),
    "bell": ("Instruments/Bells", "bell"),
    "epiano": ("Instruments/Keys", "epiano"),
    "organ": ("Instruments/Keys", "organ"),
    "string": ("Instruments/Strings", "strings"),
    "wind": ("Instruments/Winds", "flute"),
    "voice": ("Vocals", "vox"),
    "noise": ("FX/Noise", "noise"),
    "riser": ("FX/Risers", "riser"),
    "zap": ("FX/Zaps", "zap"),
    "impact": ("FX/Impacts", "impact"),
    "granular": ("Textures", "texture"),
    "foley": ("Foley", "foley"),
}
"""The folder and the first words of the file name of each kind."""

_TUNED = (
    *("bass", "fm_bass", "sub", "pluck", "stab", "lead", "pad", "bell", "epiano", "organ"),
    *("string", "wind", "voice"),
)


class Rule(NamedTuple):
    """A word that a sound may be called by.

    Attributes:
        word: As it stands in a file name.
        kinds: The kinds that may be called so.
        parameter: The parameter that decides.
        low: The word is true from here,
        high: up to here.
    """

    word: str
    kinds: frozenset[str]
    parameter: str
    low: float
    high: float


_INFINITE = float("inf")


def _rule(word: str, kinds: str, parameter: str, low: float, high: float) -> Rule:
    return Rule(word, frozenset(kinds.split()), parameter, low, high)


RULES: tuple[Rule, ...] = (
    _rule("falling", "riser", "falling", 1.0, 1.0),
    _rule("deep", "kick tom impact", "pitch", 0.0, 30.0),
    _rule("high", "tom", "pitch", 52.0, 200.0),
    _rule("high", "modal zap", "pitch", 76.0, 200.0),
    _rule("high", "cowbell", "pitch", 80.0, 200.0),
    _rule("tight", "clap", "spread_ms", 0.0, 7.5),
    _rule("loose", "clap", "spread_ms", 15.0, _INFINITE),
    _rule("wooden", "modal", "damping", 1.2, 9.0),
    _rule("metallic", "modal", "damping", 0.0, 0.45),
    _rule("noisy", "snare pluck lead pad riser granular impact", "noise", 0.7, 1.0),
    _rule("noisy", "kick tom zap lead pad organ", "noise", 0.22, 0.7),
    _rule("airy", "wind voice", "noise", 0.45, 1.0),
    _rule("dark", "bass stab", "brightness_hz", 0.0, 500.0),
    _rule("dark", "lead pad wind string pluck", "brightness_hz", 0.0, 1100.0),
    _rule("dark", "noise granular", "brightness_hz", 0.0, 2000.0),
    _rule("dark", "snare", "brightness_hz", 0.0, 4500.0),
    _rule("bright", "bass", "brightness_hz", 1500.0, _INFINITE),
    _rule("bright", "stab lead pad string", "brightness_hz", 4000.0, _INFINITE),
    _rule("bright", "snare", "brightness_hz", 11000.0, _INFINITE),
    _rule("distorted", "kick snare tom bass fm_bass sub stab lead voice", "drive", 0.4, 1.0),
    _rule("short", "kick snare clap tom bass sub stab noise cymbal foley", "length_s", 0.0, 0.25),
    _rule("short", "pluck lead pad bell epiano organ string wind voice", "length_s", 0.0, 0.6),
    _rule("long", "kick snare clap tom open_hat modal stab", "length_s", 0.8, _INFINITE),
    _rule("long", "bass sub pluck lead pad bell epiano organ string", "length_s", 2.2, _INFINITE),
    _rule("long", "wind voice noise riser impact granular", "length_s", 2.2, _INFINITE),
    _rule("lofi", " ".join(PLACES), "crush", 0.4, 1.0),
    _rule("roomy", " ".join(PLACES), "room", 0.3, 1.0),
)
"""Every word, most telling first; one word may have several rules."""


def words(kind: str, parameters: Mapping[str, float]) -> tuple[str, ...]:
    """Return the words that are true of a sound, most telling first, each once."""
    true = (
        rule.word
        for rule in RULES
        if kind in rule.kinds and rule.low <= parameters[rule.parameter] <= rule.high
    )
    found = dict.fromkeys(true)
    if "distorted" in found or "lofi" in found:
        found.pop("dark", None)  # both come after the filter, and add what it took away
    return tuple(found)


def note_name(pitch: float) -> str:
    """Return the nearest note of a MIDI note number; 60 is C4."""
    number = round(pitch)
    return f"{_NOTES[number % 12]}{number // 12 - 1}"


def place(kind: str, parameters: Mapping[str, float], number: int) -> PurePosixPath:
    """Return a relative path: folder, kind, up to two true words, the note, a number.

    The note stands in the name of a tuned kind whose pitch is a whole note number.
    """
    folder, stem = PLACES[kind]
    parts = [stem, *words(kind, parameters)[:2]]
    if kind in _TUNED and parameters["pitch"] == round(parameters["pitch"]):
        chord = _CHORD_WORDS.get(round(parameters.get("chord", 0.0)), "")
        parts.append(note_name(parameters["pitch"]) + chord)
    return PurePosixPath(folder, "_".join([*parts, f"{number:02d}"]) + ".wav")
