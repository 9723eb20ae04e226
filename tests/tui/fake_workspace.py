"""A workspace in memory with synthesised sounds, and a player that remembers what it was given."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from index.answers import (
    AddReport,
    CodecRow,
    MapPoints,
    MosaicReport,
    MovedSample,
    Neighbour,
    SpaceComparison,
    SpaceRow,
    Take,
    TakeMade,
    TrainReport,
    WhyKept,
)
from index.attention import Attention
from index.sound_query import Region, SoundQuery
from library.catalog import SampleRow, Status
from library.clip import Clip
from library.columns import Kinds
from library.errors import DecodeError, LibraryError, QueryError, UserError
from library.pieces import Piece
from library.progress import Progress
from library.wav import write_wav
from library.word_examples import Examples
from tests.tui.fake_making import FakePad, FakeShaper
from tests.tui.fake_organising import NOON, FakeOrganising
from tui.growing_sound import Sound
from tui.mixer import Manner
from tui.query_edit import terms

CATEGORIES = ("kick", "snare", "hat", "bass", "synth", "voice", None)
RATE_HZ = 8_000
ATTRIBUTES = ("brightness", "loudness", "noisiness", "attack", "decay", "pitch", "low_end", "width",
              "roughness")  # fmt: skip
ASPECTS = ("timbre", "spectrum", "envelope", "pitch", "rhythm", "attributes", "loudness")


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


class FakeWorkspace(FakeOrganising):
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
        super().__init__()
        self.path = Path("library.sqlite")
        self.attention = Attention()
        self.samples = samples
        self.missing = set(missing)
        self.failed = set(failed)
        self.undecodable = set(undecodable)
        self.calls: list[tuple[object, ...]] = []
        self.decoded: list[int] = []
        self.weights: list[dict[str, float]] = []
        self.rows_fetched = 0
        self.threads: set[int] = set()
        self.closed = False
        self.mapped = True
        self.space = "house"
        self.regions: list[Region | None] = []
        self.seconds = 0.05
        self.piece_seconds = 0.5
        self.hold_pieces = threading.Event()
        self.hold_pieces.set()
        self.pads: list[FakePad] = []
        self.shapers: list[FakeShaper] = []
        self.pace = Pace()
        self.refusing: set[str] = set()
        self.heard_in: Path | None = None
        self.space_names = ["house"]
        self.taught: dict[str, dict[int, bool]] = {}
        self.codecs = FakeCodecs()
        self.hold = threading.Event()
        self.hold.set()
        self.learning = threading.Event()
        self.learning.set()

    def close(self) -> None:
        self.closed = True

    def let_all(self) -> None:
        """Hold nothing back any more: a thread that waits would keep a failed test from ending."""
        self.pace.let_all()
        for event in (self.hold, self.hold_pieces, self.learning):
            event.set()

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
            added_at=NOON,
        )

    def ids(self, query: str = "") -> NDArray[np.int64]:
        self._note("ids", query)
        self.hold.wait()
        everything = np.arange(1, self.samples + 1, dtype=np.int64)
        if not query.strip():
            return everything
        sort = ""
        ids = everything
        for term in terms(query.lower()):
            field, colon, value = term.replace('"', "").partition(":")
            if field == "sort":
                sort = value
            elif field in self._fields:
                ids = np.array([n for n in ids if self._fields[field](self, int(n), value)], int)
            elif colon:
                raise QueryError("there is no such term", "try tag: or folder:")
            else:
                ids = np.array([n for n in ids if term in self._row(int(n)).name], dtype=np.int64)
        if sort:
            key = "duration" if sort.strip("-") == "len" else sort.strip("-")
            rows = sorted(self.rows(ids), key=lambda row: getattr(row, key) or "")
            ids = np.array([row.id for row in rows], dtype=np.int64)
        return ids[::-1].copy() if sort.startswith("-") else ids

    _fields: ClassVar[dict[str, Callable[[FakeWorkspace, int, str], bool]]] = {
        "tag": lambda self, n, value: value in self.rows([n])[0].tags,
        "in": lambda self, n, value: n in self.collected.get(value, []),
        "folder": lambda self, n, value: value in f"/{self._row(n).folder}/",
        "category": lambda self, n, value: value == self._row(n).category,
    }

    def rows(self, ids: Sequence[int] | NDArray[np.int64]) -> list[SampleRow]:
        wanted = [int(each) for each in ids]
        self.rows_fetched += len(wanted)
        return [self.changed.get(each) or self._row(each) for each in wanted]

    def values_of(self, ids: NDArray[np.int64], name: str) -> NDArray[np.float32]:
        self._note("values", name)
        rows = self.rows(ids)
        own = {"rating", "duration"}
        found = [getattr(row, name) if name in own else row.attributes.get(name) for row in rows]
        return np.array([np.nan if value is None else value for value in found], np.float32)

    def kinds_of(self, ids: NDArray[np.int64], name: str) -> Kinds:
        self._note("kinds", name)
        if len(ids) > 10_000:  # as many rows as that take seconds
            words = tuple(sorted(filter(None, CATEGORIES)))
            table = [words.index(each) if each else -1 for each in CATEGORIES]
            return Kinds(words, np.array(table, np.int32)[ids % len(CATEGORIES)])
        found = [getattr(row, name) for row in self.rows(ids)]
        words = tuple(sorted({word for word in found if word}))
        return Kinds(words, np.array([words.index(w) if w else -1 for w in found], np.int32))

    def selected(self, ids: NDArray[np.int64], query: str) -> NDArray[np.bool_]:
        self._note("selected", query)
        word = query.removeprefix("tag:")
        return np.array([word in row.tags for row in self.rows(ids)], np.bool_)

    def status(self) -> Status:
        failed = tuple((self._row(each).path, "not an audio file") for each in self.failed)
        listed = self.samples - len(failed)
        return Status(self.samples, 0, listed, failed, len(self.missing), (), 0.0, {})

    def clip(self, sample_id: int, max_seconds: float | None = None) -> Clip:
        self._note("clip", sample_id)
        if sample_id in self.undecodable:
            raise DecodeError("The file ends in the middle", "copy it again")
        self.decoded.append(sample_id)
        return tone(sample_id, self.seconds)

    def pieces(self, row: SampleRow, max_seconds: float) -> Iterator[Piece]:
        """The clip in one piece, or in several where it is long."""
        clip = self.clip(row.id, max_seconds)
        step = round(self.piece_seconds * clip.sample_rate)
        for start in range(0, max(1, clip.length), step):
            self.hold_pieces.wait() if start else None
            part = Clip(clip.frames[:, start : start + step], clip.sample_rate)
            yield Piece(part, clip.length, start + step >= clip.length)

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
        self.weights.append(dict(query.weights))
        self.regions.append(query.region)
        sound = int(query.sound or 0)
        ids = self.ids(query.where)
        ids = ids[ids != sound]
        ids = ids[np.argsort(np.abs(ids - sound), kind="stable")][: query.k]
        found = enumerate(self.rows(ids), start=1)
        return [
            Neighbour(row, float(n), 1 / (1 + n / 8), {
                name: 1 / (1 + (n * (place + 3) % 11) / 4) for place, name in enumerate(ASPECTS)
            })
            for n, row in found
        ]  # fmt: skip

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

    def morph_pad(self, sounds: Sequence[str], glide: bool = True) -> FakePad:
        self._note("pad", tuple(sounds), glide)
        self.pads.append(FakePad([self.clip(int(each)) for each in sounds]))
        return self.pads[-1]

    def shaper(self, sound: str, space: str | None = None) -> FakeShaper:
        self._note("shaper", sound, space)
        self.shapers.append(FakeShaper(self.clip(int(sound))))
        return self.shapers[-1]

    def space_in_use(self) -> str:
        return self.space

    def find(self, sound: str) -> SampleRow:
        return self._row(int(sound))

    def _takes(
        self, verb: str, sound: int, paths: Sequence[Path], moved: float | None = None
    ) -> Generator[Progress, None, list[Take]]:
        """Write takes, each with other attributes; while `pace` is not set, only as it lets them.

        The library remembers none of them.
        """
        self.heard_in = paths[0].parent
        paths[0].parent.mkdir(parents=True, exist_ok=True)
        takes: list[Take] = []
        try:
            for number, path in enumerate(paths, start=1):
                self.pace.acquire()
                if verb in self.refusing:
                    raise LibraryError(f"{verb} cannot be done", "try another")
                write_wav(tone(sound + 5 * number, 0.05 + 0.03 * number), path)
                measured = self._row(sound + number).attributes
                far = None if moved is None else moved * (0.7 + 0.05 * number)
                takes.append(Take(path, measured, moved=far))
                yield TakeMade(verb, number, len(paths), path.name, take=takes[-1])
        finally:
            self._note(f"{verb} over", len(takes))
        return takes

    def vary(
        self,
        sound: str,
        n: int,
        out: Path,
        amount: float | None = None,
        settings: Mapping[str, str] | None = None,
        space: str | None = None,
        seed: int = 0,
        mine: float = 0.0,
        hold: Sequence[str] = (),
        remember: bool = True,
    ) -> Generator[Progress, None, list[Take]]:
        self._note("vary", sound, n, amount, seed, tuple(hold), remember)
        paths = [out / f"{sound}_var_{number:02}.wav" for number in range(1, n + 1)]
        return (yield from self._takes("vary", int(sound), paths, amount))

    def robins(
        self,
        sound: str,
        n: int,
        out: Path,
        amount: float = 1.0,
        seed: int = 0,
        remember: bool = True,
    ) -> Generator[Progress, None, list[Take]]:
        self._note("robins", sound, n, amount, seed, remember)
        paths = [out / f"{sound}_rr{number:02}.wav" for number in range(1, n + 1)]
        return (yield from self._takes("robins", int(sound), paths))

    def velocities(
        self, sound: str, n: int, out: Path, at: int = 127, remember: bool = True
    ) -> Generator[Progress, None, list[Take]]:
        self._note("velocities", sound, n, remember)
        paths = [out / f"{sound}_v{127 * number // n:03}.wav" for number in range(1, n + 1)]
        return (yield from self._takes("velocities", int(sound), paths))

    def transfer(
        self,
        sound: str,
        out: Path,
        amount: float = 1.0,
        keep: Sequence[str] = ("envelope",),
        space: str | None = None,
        remember: bool = True,
    ) -> Generator[Progress, None, Take]:
        self._note("transfer", sound, amount, tuple(keep), remember)
        return (yield from self._takes("transfer", int(sound), [out]))[0]

    def mosaic(
        self,
        sound: str,
        out: Path,
        where: str = "",
        grain_ms: float = 250.0,
        remember: bool = True,
    ) -> Generator[Progress, None, MosaicReport]:
        self._note("mosaic", sound, grain_ms, remember)
        yield Progress("mosaic", 1, 2)
        out.parent.mkdir(parents=True, exist_ok=True)
        write_wav(tone(int(sound)), out)
        return MosaicReport(Take(out, self._row(int(sound)).attributes), ())

    def dream_stream(
        self, out: Path, where: str = "", space: str | None = None, seed: int = 0
    ) -> Generator[Progress, None, FakeStream]:
        self._note("dream_stream", where)
        if "dream" in self.refusing:
            raise LibraryError("there are no sounds to dream from", "crate add FOLDER")
        yield Progress("learn", 1, 2)
        return FakeStream(self, out)

    def keep(
        self, take: Path, out: Path, name: str | None = None, sounds: Sequence[str] = ()
    ) -> Path:
        self._note("keep", take.name, out, tuple(sounds))
        if take.name in self.refusing:
            raise UserError(f"cannot write {take.name}", "choose another folder")
        out.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copyfile(take, out / take.name))


class FakeStream:
    """Dreams that are tones."""

    def __init__(self, workspace: FakeWorkspace, out: Path) -> None:
        self.space = "house"
        self._workspace = workspace
        self._out = out
        self._made = 0

    def more(
        self, n: int, temperature: str = "1", like: str = ""
    ) -> Generator[Progress, None, list[Take]]:
        workspace = self._workspace
        workspace._note("dream", n, temperature, like)
        workspace.heard_in = self._out
        takes: list[Take] = []
        for done in range(n):
            yield Progress("dream", done, n)
            workspace.pace.acquire()
            if "dreams" in workspace.refusing:
                continue
            self._made += 1
            path = self._out / f"dream_{self._made:02}.wav"
            write_wav(tone(7 * self._made, 0.05 + 0.04 * (self._made % 9)), path)
            row = workspace._row(self._made)
            why = WhyKept(row, 0.3 + 0.02 * self._made, 0.6, 0.4, None)
            takes.append(Take(path, row.attributes, why=why, category=row.category))
            yield TakeMade("write", done, n, path.name, take=takes[-1])
        return takes


class Pace:
    """Lets jobs go on: always, or as often as it is told."""

    def __init__(self) -> None:
        self._steps: threading.Semaphore | None = None

    def hold(self) -> None:
        self._steps = threading.Semaphore(0)

    def let(self, steps: int) -> None:
        assert self._steps is not None
        self._steps.release(steps)

    def acquire(self) -> None:
        if self._steps is not None:
            self._steps.acquire()

    def let_all(self) -> None:
        if self._steps is not None:
            self._steps.release(10_000)


class FakePlayer:
    """Remembers what was played, and in what manner; its position is what a test sets."""

    def __init__(self) -> None:
        self.note = ""
        self.sample_rate = RATE_HZ
        self.played: list[NDArray[np.float32]] = []
        self.started: list[int] = []
        self.manner = Manner()
        self.playing = False
        self.closed = False
        self.at_frame = round(0.01 * RATE_HZ)

    def play(
        self,
        sound: Sound | NDArray[np.float32],
        manner: Manner | None = None,
        at: int | None = None,
    ) -> None:
        self.played.append(sound.frames if isinstance(sound, Sound) else sound)
        self.manner = manner or Manner()
        first = self.manner.region[0] if self.manner.region else 0
        self.started.append(first if at is None else at)
        self.playing = True

    def stop(self) -> None:
        self.playing = False

    def seek(self, frame: int) -> None:
        self.started.append(frame)
        self.at_frame = frame

    def change(self, manner: Manner) -> None:
        self.manner = manner

    @property
    def at(self) -> int | None:
        return self.at_frame if self.playing else None

    @property
    def position(self) -> float | None:
        return self.at_frame / self.sample_rate if self.playing else None

    def close(self) -> None:
        self.closed = True
