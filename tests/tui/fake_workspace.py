"""A workspace in memory with synthesised sounds, and a player that remembers what it was given."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.answers import (
    AddReport,
    CodecRow,
    MapPoints,
    MovedSample,
    Neighbour,
    SpaceComparison,
    SpaceRow,
    Take,
    TrainReport,
)
from index.attention import Attention
from index.sound_query import SoundQuery
from library.catalog import SampleRow, Status
from library.clip import Clip
from library.errors import DecodeError, LibraryError, QueryError
from library.progress import Progress
from library.wav import write_wav
from library.word_examples import Examples

CATEGORIES = ("kick", "snare", "hat", "bass", "synth", "voice", None)
RATE_HZ = 8_000
ATTRIBUTES = ("brightness", "loudness", "noisiness", "attack", "decay", "pitch", "low_end", "width",
              "roughness")  # fmt: skip


def tone(number: int, seconds: float = 0.05) -> Clip:
    """A quiet decaying sine whose pitch follows its number."""
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    wave = 0.5 * np.sin(2 * np.pi * (110 + 10 * (number % 80)) * time_s) * np.exp(-8 * time_s)
    return Clip(wave[None].astype(np.float32), RATE_HZ)


MEASURED: Mapping[str, Mapping[str, object]] = {
    "brightness": {"learned": True, "spearman": 0.97, "range": [310.0, 8200.0], "unit": "Hz"},
    "pitch": {"learned": False, "spearman": None, "range": None, "unit": "st"},
}


class FakeCodecs:
    """The house codec alone."""

    def rows(self) -> list[CodecRow]:
        return [CodecRow("house", "house", "00", True, True, 40, {}, {}, "")]


class FakeWorkspace:
    """The verbs of a workspace over generated rows. Ids run from 1.

    Args:
        samples: How many.
        missing: Ids of samples that are not there now.
        failed: Ids of samples that could not be analysed.
        undecodable: Ids whose decoding fails although nobody knew.
    """

    def __init__(
        self,
        samples: int = 40,
        missing: Sequence[int] = (),
        failed: Sequence[int] = (),
        undecodable: Sequence[int] = (),
    ) -> None:
        self.path = Path("library.sqlite")
        self.attention = Attention()
        self.samples = samples
        self.missing = set(missing)
        self.failed = set(failed)
        self.undecodable = set(undecodable)
        self.changed: dict[int, SampleRow] = {}
        self.calls: list[tuple[object, ...]] = []
        self.decoded: list[int] = []
        self.rows_fetched = 0
        self.threads: set[int] = set()
        self.closed = False
        self.mapped = True
        self.space = "house"
        self.space_names = ["house"]
        self.taught: dict[str, dict[int, bool]] = {}
        self.codecs = FakeCodecs()
        self.hold = threading.Event()
        self.hold.set()
        self.learning = threading.Event()
        self.learning.set()

    def close(self) -> None:
        self.closed = True

    def _note(self, *call: object) -> None:
        self.calls.append(call)
        self.threads.add(threading.get_ident())

    def _row(self, sample_id: int) -> SampleRow:
        category = CATEGORIES[sample_id % len(CATEGORIES)]
        failed = sample_id in self.failed
        place = (sample_id % 17) / 17
        values = (300 * 30**place, -30 + 25 * place, place, 2 + 50 * place, 0.05 + place,
                  36 + 40 * place, 1 - place, place / 2, place / 3)  # fmt: skip
        return SampleRow(
            id=sample_id,
            path=Path(f"/sounds/{category or 'other'}/{category or 'sound'}_{sample_id:04}.wav"),
            name=f"{category or 'sound'}_{sample_id:04}.wav",
            folder=f"sounds/{category or 'other'}",
            state="failed" if failed else "analysed",
            reason="not an audio file" if failed else "",
            note="",
            missing=sample_id in self.missing,
            duration=None if failed else 0.05 * (1 + sample_id % 30),
            sample_rate=None if failed else 44_100,
            channels=None if failed else 1 + sample_id % 2,
            format=None if failed else "WAV PCM_24",
            category=category,
            rating=None,
            tags=(),
            attributes={} if failed else dict(zip(ATTRIBUTES, values, strict=True)),
            category_source="name" if category else None,
        )

    def ids(self, query: str = "") -> NDArray[np.int64]:
        self._note("ids", query)
        self.hold.wait()
        everything = np.arange(1, self.samples + 1, dtype=np.int64)
        if not query.strip():
            return everything
        if ":" in query:
            raise QueryError("there is no such term", "try tag: or folder:")
        words = query.lower().split()
        return np.array(
            [n for n in everything if all(word in self._row(int(n)).name for word in words)],
            dtype=np.int64,
        )

    def rows(self, ids: Sequence[int] | NDArray[np.int64]) -> list[SampleRow]:
        wanted = [int(each) for each in ids]
        self.rows_fetched += len(wanted)
        return [self.changed.get(each) or self._row(each) for each in wanted]

    def status(self) -> Status:
        failed = tuple((self._row(each).path, "not an audio file") for each in self.failed)
        listed = self.samples - len(failed)
        return Status(self.samples, 0, listed, failed, len(self.missing), (), 0.0, {})

    def tag(self, ids: Sequence[int], words: Sequence[str]) -> None:
        self._note("tag", tuple(ids), tuple(words))
        for row in self.rows(ids):
            self.changed[row.id] = replace(row, tags=tuple(sorted({*row.tags, *words})))

    def untag(self, ids: Sequence[int], words: Sequence[str]) -> None:
        self._note("untag", tuple(ids), tuple(words))
        for row in self.rows(ids):
            left = tuple(word for word in row.tags if word not in words)
            self.changed[row.id] = replace(row, tags=left)

    def set_category(self, ids: Sequence[int], category: str | None) -> None:
        self._note("category", tuple(ids), category)
        for row in self.rows(ids):
            told = self._row(row.id)
            category_now, source = (
                (category.lower(), "user") if category else (told.category, told.category_source)
            )
            self.changed[row.id] = replace(row, category=category_now, category_source=source)

    def rate(self, ids: Sequence[int], rating: int | None) -> None:
        self._note("rate", tuple(ids), rating)
        for row in self.rows(ids):
            self.changed[row.id] = replace(row, rating=rating)

    def clip(self, sample_id: int, max_seconds: float | None = None) -> Clip:
        self._note("clip", sample_id)
        if sample_id in self.undecodable:
            raise DecodeError("The file ends in the middle", "copy it again")
        self.decoded.append(sample_id)
        return tone(sample_id)

    def spaces(self) -> list[SpaceRow]:
        report = {"attributes": MEASURED, "error": {"this space": 0.2}}
        return [
            SpaceRow(
                name,
                100,
                ("brightness",),
                name == self.space,
                "2025-01-01T00:00:00Z",
                report if name != "house" else {},
            )
            for name in self.space_names
        ]

    def forget_space(self, name: str) -> bool:
        self._note("forget space", name)
        self.space_names.remove(name)
        was_in_use = name == self.space
        self.space = "house" if was_in_use else self.space
        return was_in_use

    def compare_spaces(
        self, a: str, b: str, k: int = 10, where: str = "", most: int = 10
    ) -> Generator[Progress, None, SpaceComparison]:
        self._note("compare", a, b)
        yield Progress("compare", 1, 1)
        one, two, three = self.rows([1, 2, 3])
        moved = (MovedSample(one, 0.2, (two, three)),)
        return SpaceComparison((a, b), k, 40, 40, 0.62, 0.25, moved)

    def examples(self) -> list[Examples]:
        return [
            Examples(
                word,
                tuple(sorted(i for i, fits in said.items() if fits)),
                tuple(sorted(i for i, fits in said.items() if not fits)),
            )
            for word, said in sorted(self.taught.items())
            if said
        ]

    def teach(self, word: str, fitting: Sequence[int], unfitting: Sequence[int]) -> None:
        self._note("teach", word, tuple(fitting), tuple(unfitting))
        said = self.taught.setdefault(word, {})
        said.update({**dict.fromkeys(fitting, True), **dict.fromkeys(unfitting, False)})

    def forget_word(self, word: str, ids: Sequence[int] = ()) -> int:
        self._note("forget word", word, tuple(ids))
        said = self.taught.get(word, {})
        gone = [each for each in (ids or list(said)) if said.pop(each, None) is not None]
        return len(gone)

    def propose_examples(self, word: str, where: str = "", count: int = 24) -> list[SampleRow]:
        self._note("propose", word, where)
        if not any(self.taught.get(word, {}).values()):
            raise LibraryError("nothing can be proposed yet", "say yes to one sound")
        left = [int(i) for i in self.ids(where) if int(i) not in self.taught[word]]
        return self.rows(left[-count:])

    def say_alike(self, ids: Sequence[int], alike: bool) -> list[object]:
        self._note("alike", tuple(ids), alike)
        return []

    def use(self, name: str) -> None:
        self._note("use", name)
        self.space = name

    def similar(self, query: SoundQuery) -> list[Neighbour]:
        self._note("similar", query.sound, query.where)
        sound = int(query.sound or 0)
        ids = self.ids(query.where)
        ids = ids[ids != sound]
        ids = ids[np.argsort(np.abs(ids - sound), kind="stable")][: query.k]
        found = enumerate(self.rows(ids), start=1)
        return [Neighbour(row, float(n), 1 / (1 + n / 8), {}) for n, row in found]

    def map_points(self, space: str | None = None) -> MapPoints:
        ids = np.arange(1, (self.samples if self.mapped else 0) + 1, dtype=np.int64)
        angle = ids * 2.399963
        kinds = ids % len(CATEGORIES)
        radius = 0.1 * np.sqrt(ids / max(1, self.samples))
        middle = 0.5 + 0.36 * np.stack([np.cos(kinds), np.sin(kinds)], axis=1)
        xy = middle + radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        categories = tuple(CATEGORIES[kind] for kind in kinds)
        return MapPoints(ids, np.clip(xy, 0, 1).astype(np.float32), categories)

    def add(
        self, folders: Sequence[Path], excludes: Sequence[str] = ()
    ) -> Generator[Progress, None, AddReport]:
        self._note("add", tuple(folders))
        yield Progress("listing", 0)
        self.samples += 25
        yield Progress("listing", 25)
        for done in range(25):
            yield Progress("analysing", done, 25, f"kick_{done}.wav")
        broken = ((Path("/sounds/broken.wav"), "not an audio file"),)
        return AddReport(25, 25, 0, 0, 0, 24, broken, 0.1)

    def scan(self) -> Generator[Progress, None, AddReport]:
        """Goes on until it is stopped."""
        self._note("scan")
        done = 0
        try:
            while True:
                yield Progress("scanning", done)
                done += 1
                time.sleep(0)
        finally:
            self._note("scan closed")

    def train(
        self,
        name: str,
        where: str = "",
        attributes: Sequence[str] = (),
        folders: bool = False,
        words: Sequence[str] | None = None,
    ) -> Generator[Progress, None, TrainReport]:
        self._note("train", name, where, tuple(attributes), tuple(words or ()))
        for step in range(1, 61):
            self.learning.wait()
            figures = {"reconstruction": 1 / step, "held out": 0.3 + 0.7 / step}
            yield Progress("train", step * 10, 600, f"error {1 / step:.3f}", figures)
        self.space = name
        self.space_names.append(name)
        error = {"this space": 0.2, "house space": 0.31}
        return TrainReport(name, self.samples, 0.1, MEASURED, error)

    def project(self, space: str | None = None) -> Generator[Progress, None, int]:
        self._note("project")
        yield Progress("placing", 0, None)
        self.mapped = True
        return self.samples

    def morph(
        self,
        sounds: Sequence[str],
        steps: int,
        out: Path,
        space: str | None = None,
        remember: bool = True,
    ) -> Generator[Progress, None, list[Take]]:
        self._note("morph", tuple(sounds), steps, out, remember)
        out.mkdir(parents=True, exist_ok=True)
        takes: list[Take] = []
        measured: Mapping[str, float | None] = self._row(int(sounds[0])).attributes
        for step in range(steps):
            part = step / (steps - 1)
            path = out / f"step_{step:02}.wav"
            write_wav(tone(int(int(sounds[0]) * (1 - part) + int(sounds[1]) * part)), path)
            takes.append(Take(path, measured, (1 - part, part)))
            yield Progress("mixing", step + 1, steps)
        return takes


class FakePlayer:
    """Remembers what was played."""

    def __init__(self) -> None:
        self.note = ""
        self.sample_rate = RATE_HZ
        self.played: list[NDArray[np.float32]] = []
        self.playing = False
        self.closed = False

    def play(self, frames: NDArray[np.float32]) -> None:
        self.played.append(frames)
        self.playing = True

    def stop(self) -> None:
        self.playing = False

    @property
    def position(self) -> float | None:
        return 0.01 if self.playing else None

    def close(self) -> None:
        self.closed = True
