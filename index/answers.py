"""What the workspace answers with: frozen values, fit for a screen or for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from library.catalog import SampleRow
from library.progress import Progress
from library.recipe import Recipe
from library.take_rows import Origin


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A sample near another sound.

    Attributes:
        row: The sample.
        distance: L2 distance of the vectors, >= 0; 0 is the sound itself.
        score: The same as a grade in [0, 1]; 1 is the sound itself, 0.5 a typical neighbour.
        aspects: Grade in [0, 1] for each block of the vector.
        start: Where in the sample a piece like the sound begins, in seconds; None where the
            samples are compared as wholes.
    """

    row: SampleRow
    distance: float
    score: float
    aspects: Mapping[str, float] = field(default_factory=dict)
    start: float | None = None


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Samples that are the same.

    Attributes:
        same: "bytes" for copies of one file; "audio" for the same audio in different files.
        rows: The samples, two or more, by id.
        keep: Id of the one to keep, if only one is to be.
        sizes: Bytes of the file of each.
        spare: Bytes of all files but the one to keep.
    """

    same: str
    rows: tuple[SampleRow, ...]
    keep: int
    sizes: tuple[int, ...]
    spare: int


@dataclass(frozen=True, slots=True, eq=False)
class MapPoints:
    """The library as a map.

    Attributes:
        ids: int64, shape (n,).
        xy: float32, shape (n, 2), each axis within [0, 1].
        categories: One for each point; None where there is none.
    """

    ids: NDArray[np.int64]
    xy: NDArray[np.float32]
    categories: tuple[str | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class VectorTable:
    """Exactly the vectors that search uses.

    Attributes:
        ids: int64, shape (n,).
        paths: Absolute paths, n of them.
        matrix: float32, shape (n, d); the smallest L2 distance is the most similar.
    """

    ids: NDArray[np.int64]
    paths: tuple[Path, ...]
    matrix: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SpaceRow:
    """A personal space of this library, or the house space.

    Attributes:
        name: Unique in the library.
        samples: How many sounds it was learned on.
        attributes: Names of its regularised dimensions.
        in_use: Whether search and the map use it now.
        created_at: ISO 8601, UTC.
        report: What training measured.
        codec: Name of the codec whose latents it was learned on; None where the library has it no
            more, and the space must be trained again.
    """

    name: str
    samples: int
    attributes: tuple[str, ...]
    in_use: bool
    created_at: str
    report: Mapping[str, object]
    codec: str | None = "house"


@dataclass(frozen=True, slots=True)
class MovedSample:
    """A sample that has other neighbours in another space.

    Attributes:
        row: The sample.
        kept: Share of its nearest that are among its nearest in both spaces.
        nearest: The one nearest to it in the first space, and in the second.
    """

    row: SampleRow
    kept: float
    nearest: tuple[SampleRow, SampleRow]


@dataclass(frozen=True, slots=True)
class SpaceComparison:
    """What is near in one space and not in another.

    Attributes:
        spaces: Their names.
        k: How many neighbours of each sample were looked at.
        samples: How many samples have a place in both, among which neighbours were looked for.
        compared: Of how many of them the neighbours were looked for: a random choice of many.
        kept: Mean share of the nearest that are among the nearest in both.
        chance: What `kept` would be in spaces that have nothing to do with each other.
        moved: Those that kept least first, and of these, those that have another one nearest.
    """

    spaces: tuple[str, str]
    k: int
    samples: int
    compared: int
    kept: float
    chance: float
    moved: tuple[MovedSample, ...]


@dataclass(frozen=True, slots=True)
class CodecRow:
    """A base codec of this library, or the house codec.

    Attributes:
        name: Unique in the library.
        kind: "house", "torchscript" or "tuned".
        digest: Of its file, in hexadecimal.
        trusted: Whether it may run.
        in_use: Whether new spaces are learned on it.
        samples: How many sounds have latents of it.
        facts: What it is: `sample_rate` in Hz, `channels`, `dims`, `hop` in frames, `discrete`,
            `random`; of a TorchScript file before it ran only what can be told by looking at it.
        report: What came of tuning or trusting it.
        created_at: When the library got it, ISO 8601, UTC; empty for the house codec.
    """

    name: str
    kind: str
    digest: str
    trusted: bool
    in_use: bool
    samples: int
    facts: Mapping[str, object]
    report: Mapping[str, object]
    created_at: str

    @property
    def steps_per_second(self) -> float | None:
        """How many steps of latents a second of sound has; None until it ran."""
        rate, hop = self.facts.get("sample_rate"), self.facts.get("hop")
        return rate / hop if isinstance(rate, int) and isinstance(hop, int) else None


@dataclass(frozen=True, slots=True)
class EncodeReport:
    """What encoding samples did.

    Attributes:
        encoded: Samples that got latents.
        failed: Id, path and reason of each that did not.
    """

    encoded: int
    failed: tuple[tuple[int, Path, str], ...]


@dataclass(frozen=True, slots=True)
class TuningReport:
    """What tuning a codec did.

    Attributes:
        codec: Name of the tuned codec; None where it was no better, and nothing was kept.
        before_db: Error of the house codec on sounds held out of tuning, in dB; None where nothing
            was learned.
        after_db: The same of the best that was found, which is the house codec where nothing else.
        sounds: Files that were learned from; of fewer than eight files, pieces of at most six
            seconds.
        held_out: Files, or pieces, that were held out of learning.
        seconds: Wall time.
        steps: Of learning; 0 where there was no time to learn anything.
    """

    codec: str | None
    before_db: float | None
    after_db: float | None
    sounds: int
    held_out: int
    seconds: float
    steps: int


@dataclass(frozen=True, slots=True)
class AddReport:
    """What adding or scanning did.

    Attributes:
        found: Audio files seen on the disks.
        new: Files not known before.
        changed: Known files whose content changed.
        moved: Known files found at another place.
        missing: Known files that are not there now.
        analysed: Files analysed in this run.
        failed: Path and reason of every file that could not be read in this run.
        seconds: Wall time.
        encoded: Samples analysed before that got latents of a new version of the house codec.
        trouble: Why the space in use cannot be used, and what to do; empty where it can.
        lost: Those of the missing that were there at the last look.
        unreadable: Folders that could not be read; the samples in them are among the missing.
    """

    found: int
    new: int
    changed: int
    moved: int
    missing: int
    analysed: int
    failed: tuple[tuple[Path, str], ...]
    seconds: float
    encoded: int = 0
    trouble: str = ""
    lost: int = 0
    unreadable: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class TrainReport:
    """What training a space did.

    Attributes:
        space: Its name.
        samples: How many sounds it was learned on.
        seconds: Wall time of the training alone.
        attributes: For each attribute whether it is `learned`; `spearman`, its rank correlation on
            held-out sounds, None where too few have it; `range`, of the sounds, in its `unit`.
        error: What `house space` and `this space` lose of sounds held out of training, as a share
            of their variance; the former only for spaces of the house codec.
        codec: Name of the codec whose latents it was learned on.
        words: The user's own words that it learned.
        together: From how many pairs of sounds that belong together it learned.
        apart: And from how many that do not.
        taught: Of each word with examples how many (`yes`, `no`), how well an example is told that
            it was learned without (`auc`, the area under the ROC curve), and the `error` of that.
    """

    space: str
    samples: int
    seconds: float
    attributes: Mapping[str, Mapping[str, object]]
    error: Mapping[str, float]
    codec: str = "house"
    words: tuple[str, ...] = ()
    together: int = 0
    apart: int = 0
    taught: Mapping[str, Mapping[str, float | int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of an attribute of a sound, and what came of it.

    Attributes:
        name: Of the attribute.
        unit: Of its values, or "".
        was: What the sound had.
        wanted: What the take was to have.
        reached: What it has.
        share: How much of the way that is, where equal steps sound equal.
    """

    name: str
    unit: str
    was: float
    wanted: float
    reached: float
    share: float


@dataclass(frozen=True, slots=True)
class Take:
    """A sound that was made.

    Attributes:
        path: The WAV file.
        attributes: Measured descriptors of the result.
        weights: Mixing weights of the parents (morphs).
        z: Personal coordinates (variations, dreams); of an attribute that changes over time, the
            mean.
        starts: Where each sound begins, in seconds (splices).
        temperature: From the first step to the last (dreams).
        why: What speaks for it (dreams).
        asked: Of attributes that were set (variations).
        moved: How far from its sound in the space, as the root of the mean square over all
            dimensions, in standard deviations (variations).
        category: What the house ear takes it for, where it is sure (dreams).
    """

    path: Path
    attributes: Mapping[str, float | None]
    weights: tuple[float, ...] | None = None
    z: tuple[float, ...] | None = None
    starts: tuple[float, ...] | None = None
    temperature: tuple[float, float] | None = None
    why: WhyKept | None = None
    asked: tuple[Asked, ...] = ()
    moved: float | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeMade(Progress):
    """The step of a job that finished a take.

    Attributes:
        take: Its file is there, whole.
    """

    take: Take


@dataclass(frozen=True, slots=True)
class MosaicPiece:
    """A piece of a sound that was rebuilt, and what stands for it.

    Attributes:
        start: Where it begins, seconds.
        length: How long it is, seconds.
        row: The sample that stands for it.
        at: Where in the sample's file it was taken, seconds.
        distance: Of the two, >= 0, in dB of the cosine terms of their spectra.
    """

    start: float
    length: float
    row: SampleRow
    at: float
    distance: float


@dataclass(frozen=True, slots=True)
class MosaicReport:
    """What rebuilding a sound did.

    Attributes:
        take: What was made.
        pieces: In order, without those that were silent.
    """

    take: Take
    pieces: tuple[MosaicPiece, ...]


@dataclass(frozen=True, slots=True)
class NearestReport:
    """The nearest sound that a space can make to a target, and what it leaves out.

    Attributes:
        take: The nearest sound.
        rest: What the target has more of.
        distance_db: Of the target and the nearest sound, as `vae.mel_error` has it.
        codec_db: Of the target and what the codec alone makes of it: no space comes nearer.
        bands: By how many dB the nearest sound is fainter, in each band of `vae.left_out`.
        attributes: Of the target, and of the nearest sound.
    """

    take: Take
    rest: Take
    distance_db: float
    codec_db: float
    bands: tuple[float | None, ...]
    attributes: Mapping[str, tuple[float | None, float | None]]


@dataclass(frozen=True, slots=True)
class ToldRecipe:
    """How a take was made, and what of that is there now.

    Attributes:
        path: The take.
        recipe: Of it.
        kept_in: "file" or "library", for a file that lost its own.
        changed: Whether its audio is another one since; None where the file is not there.
        parents: Where each sound it was made from lies now; None for one that is nowhere.
        codec: Name of the codec that was used; None where there was none, or it is gone.
        space: Name of the space that was used; None where there was none, or it is gone.
    """

    path: Path
    recipe: Recipe
    kept_in: str
    changed: bool | None
    parents: tuple[Origin | None, ...]
    codec: str | None
    space: str | None


@dataclass(frozen=True, slots=True)
class Remade:
    """A take that was made again.

    Attributes:
        take: The new one.
        same: Whether its audio is that of the first one as it was made, bit for bit.
        versions: Then and now, of the program and of what it computes with, where they differ;
            None for what was not told.
    """

    take: Take
    same: bool
    versions: Mapping[str, tuple[str | None, str | None]]


@dataclass(frozen=True, slots=True)
class WhyKept:
    """What speaks for a dream: it is new, not far from the library, and unlike the other dreams.

    Attributes:
        nearest: The sample that it is most like.
        distance: To that one, as `Neighbour.distance`.
        novelty: Share of samples that are nearer to the one that each is most like, in [0, 1].
        density: Share of samples around which there is less than around it, in [0, 1].
        apart: Distance to the nearest of the dreams that were chosen before it; None for the first.
    """

    nearest: SampleRow
    distance: float
    novelty: float
    density: float
    apart: float | None


@dataclass(frozen=True, slots=True)
class DreamReport:
    """What dreaming did.

    Attributes:
        takes: The dreams that were kept.
        drawn: How many were drawn.
        fell: Why others were not kept, and how many for each reason: `copy` of a sample, `far` from
            all samples; `silent`, `short`, `constant` (a direct current), `clipped`, `hum`,
            `noise`, `broken`; `spare`: good, but others were better or more varied.
        space: The name of the space.
        sounds: From how many samples the prior learned.
        loss: Of the prior on sounds held out of learning, nats for each component of a step.
    """

    takes: tuple[Take, ...]
    drawn: int
    fell: Mapping[str, int]
    space: str
    sounds: int
    loss: float
