"""A synthesiser of the sounds that sample libraries hold, with known parameters.

It feeds the demo (a small library in named folders), gives tests sounds whose truth is known, and
gives training as many different sounds as it wants. It is not an instrument: a patch is one sound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np

from library.clip import Clip
from vae import synth_drums, synth_effects, synth_instruments, synth_tones
from vae.synth_filters import crushed, finished, in_room, saturated
from vae.synth_kinds import RANGES, draw
from vae.synth_names import place
from vae.synth_signals import Note, Signal

KINDS: tuple[str, ...] = tuple(RANGES)
"""Every kind of sound."""

_VOICES: dict[str, Callable[[Note], Signal]] = {
    "kick": synth_drums.kick,
    "snare": synth_drums.snare,
    "clap": synth_drums.clap,
    "hat": synth_drums.metal,
    "open_hat": synth_drums.metal,
    "cymbal": synth_drums.metal,
    "tom": synth_drums.tom,
    "rim": synth_drums.rim,
    "shaker": synth_drums.shaker,
    "cowbell": synth_drums.cowbell,
    "modal": synth_drums.modal,
    "bass": synth_tones.bass,
    "fm_bass": synth_tones.fm_bass,
    "sub": synth_tones.sub,
    "pluck": synth_instruments.pluck,
    "stab": synth_tones.stab,
    "lead": synth_tones.lead,
    "pad": synth_tones.pad,
    "bell": synth_instruments.bell,
    "epiano": synth_instruments.epiano,
    "organ": synth_instruments.organ,
    "string": synth_instruments.string,
    "wind": synth_instruments.wind,
    "voice": synth_instruments.voice,
    "noise": synth_effects.noise,
    "riser": synth_effects.riser,
    "zap": synth_effects.zap,
    "impact": synth_effects.impact,
    "granular": synth_effects.granular,
    "foley": synth_effects.foley,
}

# Libraries hold more kicks than cowbells: these kinds come a second time in every round.
_FREQUENT = ("kick", "snare", "hat", "clap", "bass", "pad", "lead", "pluck", "modal", "kick")


@dataclass(frozen=True, slots=True)
class Patch:
    """One sound, completely: the same patch always renders to the same audio.

    Attributes:
        kind: One of `KINDS`.
        seed: Of everything in the sound that is left to chance, such as its noise.
        parameters: Physical parameters by name, units in the names; `vae.synth_kinds.RANGES` lists
            those of each kind, and every kind has `length_s` and `level_db` (peak, dBFS) as well.
    """

    kind: str
    seed: int
    parameters: Mapping[str, float]

    def __post_init__(self) -> None:
        if self.kind not in RANGES:
            raise ValueError(f"no sound is called {self.kind!r}: one of {', '.join(KINDS)}")
        expected = RANGES[self.kind].keys() | {"length_s"}
        if self.parameters.keys() != expected:
            wrong = ", ".join(sorted(self.parameters.keys() ^ expected))
            raise ValueError(f"a {self.kind} lacks, or does not have, the parameters {wrong}")


def random_patch(rng: np.random.Generator, kind: str | None = None) -> Patch:
    """Return a plausible sound of a kind, or of any kind."""
    chosen = KINDS[rng.integers(len(KINDS))] if kind is None else kind
    return Patch(chosen, int(rng.integers(2**32)), draw(chosen, rng))


def render(patch: Patch, sample_rate: int = 44100) -> Clip:
    """Return the audio of a patch.

    Args:
        patch: Parameters outside the ranges of `vae.synth_kinds` are played as they are.
        sample_rate: Hz, at least 8000.

    Returns:
        One channel, `length_s` long; its peak is at `level_db` and it ends in silence.
    """
    rng = np.random.default_rng(patch.seed)
    length = max(16, round(patch.parameters["length_s"] * sample_rate))
    note = Note(patch.parameters, rng, length, sample_rate)
    signal = saturated(_VOICES[patch.kind](note), note["drive"])
    signal = crushed(signal, note["crush"], sample_rate)
    signal = in_room(signal, rng, sample_rate, note["room"])
    return Clip(finished(signal, sample_rate, note["level_db"])[None], sample_rate)


def demo_sounds(n: int = 240, seed: int = 0) -> Iterator[tuple[PurePosixPath, Patch]]:
    """Yield the sounds of a small library.

    Args:
        n: How many; every kind is there from 40 on.
        seed: Another seed, another library.

    Yields:
        A relative path, different from all others also where case is ignored, and its patch.
        The words in a name are true of the sound, see `vae.synth_names`.
    """
    rng = np.random.default_rng(seed)
    kinds = [*_FREQUENT, *KINDS]
    numbers: Counter[str] = Counter()
    for index in range(n):
        kind = kinds[index % len(kinds)]
        drawn = draw(kind, rng)
        if "pitch" in drawn:
            drawn["pitch"] = float(round(drawn["pitch"]))
        numbers[kind] += 1
        yield place(kind, drawn, numbers[kind]), Patch(kind, int(rng.integers(2**32)), drawn)
