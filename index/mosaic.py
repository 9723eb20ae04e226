"""A sound rebuilt from the samples of the library, written as a take."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from index.answers import MosaicPiece, MosaicReport
from index.inside import InsideIndex
from index.sounds import Sound
from index.take_files import Made, Making, new_wav, write_take
from library import catalog
from library.catalog import SampleRow
from library.clip import Clip
from library.content import content_hash
from library.decode import read
from library.errors import DecodeError, UserError
from library.names import displayable
from library.progress import Job, Progress
from library.recipe import Plain
from library.take_rows import Origin
from vae.auditory_image import auditory_image
from vae.ear_windows import window_features
from vae.mosaic import GRAINS_MS, Fit, best_fit, piece_features, played
from vae.pieces import Piece, joined, pieces_of

VERB = "mosaic"
# The same sample again is that much further, dB, for each time it was taken.
_TIRED_DB = 0.4
_TRIED = 12
# Of samples in memory, 128 MiB.
_MOST_VALUES = 2**25
_SECONDS = 121.0


def mosaic(
    engine: Engine,
    sound: Sound,
    out: Path,
    inside: InsideIndex,
    scope: NDArray[np.int64] | None,
    grain_ms: float,
    where: str = "",
) -> Job[MosaicReport]:
    """Rebuild a sound from the samples that are most like its pieces; a job.

    Args:
        engine: The library, which remembers the take.
        sound: The sound.
        out: The WAV file to write, of the sound's rate, length and channels.
        inside: The half seconds of the samples.
        scope: Only these samples are used, ids, rising; None for all.
        grain_ms: A piece is no longer.
        where: The query that the scope comes from.

    Raises:
        UserError: The file is there, or is to be no WAV file; the grain is out of range; there is
            nothing to rebuild, or no sample to do it with.
    """
    path = new_wav(out)
    low, high = GRAINS_MS
    if not low <= grain_ms <= high:
        raise UserError(f"a grain of {grain_ms:g} ms cannot be", f"choose {low:g} to {high:g}")
    clip = sound.clip
    if not clip.frames.any():
        raise UserError(f"{sound.name} is silent", "there is nothing to rebuild")
    cut = pieces_of(clip, grain_ms / 1000)
    samples = _Samples(engine, sound.origin.sample_id)
    parts, pieces = [], []
    for number, each in enumerate(cut):
        piece = each.of(clip)
        found = None
        if clip.frames[:, each.start : each.end].any():
            found = samples.nearest(inside, scope, clip, each)
        if found is None:
            parts.append(np.zeros_like(piece.frames))
        else:
            row, fit = found
            source = samples.clip(row)
            parts.append(played(piece, each.join, source, fit.frame).frames)
            begin = each.start / clip.sample_rate
            length = (each.end - each.start) / clip.sample_rate
            at = fit.frame / source.sample_rate
            pieces.append(MosaicPiece(begin, length, row, at, fit.distance))
        yield Progress("mosaic", number + 1, len(cut), "" if found is None else found[0].name)
    if not pieces:
        raise UserError("no sample can stand for any piece", "crate scan, or another --where")
    made = Clip(joined(parts, cut), clip.sample_rate)
    parents = [sound, *samples.used(pieces)]
    names = {row.id: place for place, row in enumerate(samples.rows_of(pieces), 1)}
    told: list[Plain] = [
        [round(p.start, 6), round(p.length, 6), names[p.row.id], round(p.at, 6)] for p in pieces
    ]
    making = Making(VERB, {"grain": grain_ms, "where": where}, parents, engine=engine)
    take = write_take(making, Made(made, {"pieces": told}), path)
    return MosaicReport(take, tuple(pieces))


class _Samples:
    """The samples that a mosaic is made of, decoded when they are needed.

    Args:
        engine: The library.
        itself: The sample that is rebuilt, which must not stand for itself.
    """

    def __init__(self, engine: Engine, itself: int | None) -> None:
        self._engine = engine
        self._itself = itself
        self._clips: OrderedDict[int, Clip] = OrderedDict()
        self._taken: Counter[int] = Counter()
        self._broken: set[int] = set()

    def nearest(
        self,
        inside: InsideIndex,
        scope: NDArray[np.int64] | None,
        clip: Clip,
        each: Piece,
    ) -> tuple[SampleRow, Fit] | None:
        """Return which sample is most like a piece of a clip, and where."""
        image = auditory_image(Clip(clip.frames[:, each.start : each.end], clip.sample_rate))
        window, wanted = window_features(image)[0], piece_features(image)
        seconds = (each.end - each.start) / clip.sample_rate
        places = inside.nearest(window, _TRIED, scope, self._itself)
        rows = {row.id: row for row in catalog.rows(self._engine, [p.sample_id for p in places])}
        best: tuple[float, SampleRow, Fit] | None = None
        for place in places:
            row = rows.get(place.sample_id)
            if row is None or row.id in self._broken:
                continue
            try:
                source = self.clip(row)
            except DecodeError:
                self._broken.add(row.id)
                continue
            fit = best_fit(source, place.start, wanted, seconds)
            if fit is None:
                continue
            cost = fit.distance + _TIRED_DB * self._taken[row.id]
            if best is None or cost < best[0]:
                best = (cost, row, fit)
        if best is None:
            return None
        self._taken[best[1].id] += 1
        return best[1], best[2]

    def clip(self, row: SampleRow) -> Clip:
        """Return a sample's audio.

        Raises:
            DecodeError: It cannot be read.
        """
        clip = self._clips.pop(row.id, None)
        self._clips[row.id] = clip = read(row.path, _SECONDS) if clip is None else clip
        while len(self._clips) > 1 and self._values() > _MOST_VALUES:
            self._clips.popitem(last=False)
        return clip

    def _values(self) -> int:
        return sum(clip.frames.size for clip in self._clips.values())

    @staticmethod
    def rows_of(pieces: Sequence[MosaicPiece]) -> list[SampleRow]:
        """Return the samples of pieces, each once, in order."""
        return list({piece.row.id: piece.row for piece in pieces}.values())

    def used(self, pieces: Sequence[MosaicPiece]) -> list[Sound]:
        """Return the samples of pieces as parents of a take, without their audio."""
        found = []
        for row in self.rows_of(pieces):
            try:
                content = content_hash(row.path)
            except OSError as error:
                raise UserError(f"{displayable(row.name)} went away", "is its disk in?") from error
            nothing = Clip(np.zeros((1, 0), np.float32), 44_100)
            found.append(Sound(displayable(row.name), nothing, content, Origin(row.path, row.id)))
        return found
