"""The samples that a mosaic is made of: decoded when they are needed, and chosen piece by piece."""

from __future__ import annotations

from collections import Counter, OrderedDict

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from index.inside import InsideIndex
from library import catalog
from library.catalog import SampleRow
from library.clip import Clip
from library.decode import read
from library.errors import DecodeError
from library.take_rows import Origin
from vae.auditory_image import auditory_image
from vae.ear import Ear
from vae.mosaic import Fit, best_fit, wanted_of
from vae.pieces import Piece

# The same sample again is that much further, dB, for each time it was taken.
_TIRED_DB = 0.4
_TRIED = 24
# Of samples in memory, 128 MiB.
_MOST_VALUES = 2**25
_SECONDS = 121.0


class Decoded:
    """Sounds in memory, those that were last asked for."""

    def __init__(self) -> None:
        self._clips: OrderedDict[Origin, Clip] = OrderedDict()

    def clip(self, origin: Origin) -> Clip:
        """Return a sound's audio, the first two minutes of it.

        Raises:
            DecodeError: It cannot be read.
        """
        clip = self._clips.pop(origin, None)
        self._clips[origin] = clip = read(origin.path, _SECONDS) if clip is None else clip
        while len(self._clips) > 1 and self._values() > _MOST_VALUES:
            self._clips.popitem(last=False)
        return clip

    def _values(self) -> int:
        return sum(clip.frames.size for clip in self._clips.values())


class Choice:
    """Which samples stand for the pieces of a sound.

    Args:
        engine: The library.
        ear: That heard the samples.
        inside: The half seconds of the samples.
        scope: Only these samples are used, ids, rising; None for all.
        itself: The sample that is rebuilt, which must not stand for itself.
        decoded: Where the samples' audio is asked for.
    """

    def __init__(
        self,
        engine: Engine,
        ear: Ear,
        inside: InsideIndex,
        scope: NDArray[np.int64] | None,
        itself: int | None,
        decoded: Decoded,
    ) -> None:
        self._engine, self._ear, self._inside = engine, ear, inside
        self._scope, self._itself = scope, itself
        self._decoded = decoded
        self._taken: Counter[int] = Counter()
        self._broken: set[int] = set()

    def nearest(self, clip: Clip, each: Piece) -> tuple[SampleRow, Fit] | None:
        """Return which sample is most like a piece of a clip, and where; None where none is.

        Where nothing begins, it is to be like what fades in before the piece, too.
        """
        lead = 0 if each.begins else each.join
        piece = Clip(clip.frames[:, each.start - lead : each.end], clip.sample_rate)
        if not piece.frames[:, lead:].any():
            return None
        window, wanted = self._ear.windows(auditory_image(piece))[0], wanted_of(piece)
        places = self._inside.nearest(window, _TRIED, self._scope, self._itself)
        rows = {row.id: row for row in catalog.rows(self._engine, [p.sample_id for p in places])}
        best: tuple[float, SampleRow, Fit] | None = None
        for place in places:
            row = rows.get(place.sample_id)
            if row is None or row.id in self._broken:
                continue
            try:
                source = self._decoded.clip(Origin(row.path, row.id))
            except DecodeError:
                self._broken.add(row.id)
                continue
            fit = best_fit(source, place.start, wanted)
            if fit is None:
                continue
            cost = fit.cost + _TIRED_DB * self._taken[row.id]
            if best is None or cost < best[0]:
                best = (cost, row, fit)
        if best is None:
            return None
        _, row, fit = best
        self._taken[row.id] += 1
        lead_s = lead / clip.sample_rate
        frame = fit.frame + round(lead_s * self._decoded.clip(Origin(row.path, row.id)).sample_rate)
        return row, fit._replace(frame=frame, lasts=max(0.0, fit.lasts - lead_s))
