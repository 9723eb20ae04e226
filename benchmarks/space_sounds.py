"""Four libraries made from labels, and what each space is trained and judged on.

A sound is judged on where neither it nor a take of it was trained on: takes are sounds of the same
source, label and family.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np

from benchmarks.manifest import Labelled
from library.clip import Clip
from library.decode import decode
from library.descriptors import describe
from vae.codec import BaseCodec
from vae.latents import Latents
from vae.onset import from_onset

LIBRARIES: Mapping[str, frozenset[str] | None] = {
    "drums": frozenset({"kick", "snare", "clap", "hat", "cymbal", "tom", "perc"}),
    "foley": frozenset({"foley"}),
    "pitched": frozenset({"bass", "synth", "instrument", "voice"}),
    "all": None,
}
"""Which labels a library has; None for all of them."""

SHORTEST_S, LONGEST_S = 0.1, 5.0
QUIETEST_DB = -50.0


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """A sound from its onset on.

    Attributes:
        clip: Audio.
        latents: Of the clip.
        described: Its descriptors.
        source: Who made it.
    """

    clip: Clip
    latents: Latents
    described: dict[str, float | None]
    source: str = ""


@dataclass(slots=True)
class Sounds:
    """Reads sounds, each once."""

    codec: BaseCodec
    _kept: dict[Labelled, Sound | None] = field(default_factory=dict)

    def usable(self, rows: Sequence[Labelled], most: int) -> list[Sound]:
        """Return the first sounds, at most so many, that are neither too short, long nor quiet."""
        found: list[Sound] = []
        for row in rows:
            if len(found) == most:
                break
            if row not in self._kept:
                self._kept[row] = self._read(row)
            if (sound := self._kept[row]) is not None:
                found.append(sound)
        return found

    def _read(self, row: Labelled) -> Sound | None:
        clip = from_onset(decode(row.path).clip)
        if not SHORTEST_S <= clip.length / clip.sample_rate <= LONGEST_S:
            return None
        described = asdict(describe(clip))
        if described["loudness"] < QUIETEST_DB:
            return None
        return Sound(clip, self.codec.encode(clip), described, row.source)


def of_library(rows: Sequence[Labelled], name: str) -> list[Labelled]:
    """Return the sounds of one of `LIBRARIES`."""
    labels = LIBRARIES[name]
    return [row for row in rows if labels is None or row.label in labels]


def _take(row: Labelled) -> tuple[str, str, str]:
    return row.source, row.label, row.family


def drawn(
    rows: Sequence[Labelled], held: int, rng: np.random.Generator
) -> tuple[list[Labelled], list[Labelled]]:
    """Divide a library at random into sounds to train on and sounds to judge on.

    Args:
        rows: The library.
        held: So many families of takes are held out.
        rng: Of the choice.

    Returns:
        What may be trained on, all takes; and what is judged on, one take of each held-out family;
        both in random order.
    """
    order = [rows[i] for i in rng.permutation(len(rows))]
    judged: dict[tuple[str, str, str], Labelled] = {}
    for row in order:
        if len(judged) == held:
            break
        judged.setdefault(_take(row), row)
    return [row for row in order if _take(row) not in judged], list(judged.values())
