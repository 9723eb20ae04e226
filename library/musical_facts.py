"""What the file and the sound of a sample say of its tempo and key, as analysis finds it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from library.clip import Clip
from library.loop_chunks import told_by_file
from library.pulse import SURE_OF_A_LOOP, pulse_of
from library.tonality import key_of


@dataclass(frozen=True, slots=True)
class MusicalFacts:
    """What a file and its sound say; None where they say nothing.

    Attributes:
        chunk_tempo: What the file says, in beats a minute.
        chunk_key: What the file says, a number of `library.musical_key.KEYS`.
        sound_tempo: What is heard.
        sound_clearness: How clearly, as `library.pulse` measures it.
        sound_key: What is heard, of a sound that may be a loop.
    """

    chunk_tempo: float | None
    chunk_key: int | None
    sound_tempo: float | None
    sound_clearness: float | None
    sound_key: int | None


def musical_facts(path: Path, clip: Clip, seconds: float) -> MusicalFacts:
    """Return what a file and its sound say of tempo and key.

    Args:
        path: The file.
        clip: Its sound, from the start.
        seconds: How long the whole sound is.

    Raises:
        OSError: The file cannot be read.
    """
    told = told_by_file(path, seconds)
    mono = clip.mono()
    peak = float(np.abs(mono).max(initial=0.0))
    if peak == 0.0 or told.one_shot:
        return MusicalFacts(told.tempo, told.key, None, None, None)
    signal = mono / np.float32(peak)
    pulse = pulse_of(signal, clip.sample_rate, seconds)
    if pulse is not None and pulse.clearness < SURE_OF_A_LOOP:
        pulse = None
    loop = pulse is not None or told.tempo is not None
    key = key_of(signal, clip.sample_rate) if loop else None
    tempo, clearness = pulse or (None, None)
    return MusicalFacts(told.tempo, told.key, tempo, clearness, key)
