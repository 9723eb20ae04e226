"""How sure it is that a piece is where the ear found it: the nearest places are listened to.

The ear compares mean spectra of half seconds, and a steady sound has the same in many places. So
the files of the nearest places are decoded, and the piece is laid over them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from sqlalchemy import Engine

from index.inside import Place, place_score
from library import catalog
from library.catalog import SampleRow
from library.clip import Clip
from library.decode import decode
from library.errors import DecodeError
from library.same_piece import RATE_HZ, SECONDS_AT_MOST, Signal, find_piece, prepared
from vae.onset import onset

# Measured by benchmarks/invariance.py: what is the same audio is among these in 99 of 100 cases,
# and what is not reaches this correlation in fewer than 1 of 20, most of them takes of one sound.
LISTENED_TO = 24
LEAST_CORRELATION = 0.8

_AROUND_S = 2.0
_EAR_SHARE = 0.002
_WHOLE_SHARE = 0.8
_WHOLE_START_S = 0.05


class GradedPlace(NamedTuple):
    """Where in a sample a piece is, or something like it.

    Attributes:
        sample_id: In which sample.
        start: Seconds from the beginning; None where the piece is the sample as a whole.
        grade: In [0, 1], as `vae.vector.score`; near 1 for the same audio.
    """

    sample_id: int
    start: float | None
    grade: float


def graded_places(engine: Engine, places: Sequence[Place], piece: Clip) -> list[GradedPlace]:
    """Return places with how alike they are to a piece, best first.

    Args:
        engine: The library.
        places: Nearest first, a sample once.
        piece: From its onset on.
    """
    signal = prepared(piece)
    rows = {row.id: row for row in catalog.rows(engine, [p.sample_id for p in places])}
    found = []
    for number, place in enumerate(places):
        row = rows.get(place.sample_id)
        graded = GradedPlace(place.sample_id, place.start, place_score(place.distance))
        if row is not None and number < LISTENED_TO:
            graded = _listened_to(row, graded, signal)
        found.append(graded)
    return sorted(found, key=lambda each: (-each.grade, each.sample_id))


def _listened_to(row: SampleRow, place: GradedPlace, piece: Signal) -> GradedPlace:
    """Return a place as the audio says."""
    start = place.start or 0.0
    seconds = min(len(piece) / RATE_HZ, SECONDS_AT_MOST)
    try:
        clip = decode(row.path, start + seconds + 2 * _AROUND_S).clip
    except DecodeError:
        return place  # it is missing or cannot be read any more, and is still an answer
    before = onset(clip) / clip.sample_rate
    first = max(0, round((start + before - _AROUND_S) * clip.sample_rate))
    around = Clip(np.ascontiguousarray(clip.frames[:, first:]), clip.sample_rate)
    match = find_piece(piece, prepared(around))
    if match.correlation < LEAST_CORRELATION:
        return place._replace(start=start + before)
    at = max(0.0, first / clip.sample_rate + match.start)
    is_whole = at <= before + _WHOLE_START_S and seconds >= _WHOLE_SHARE * (row.duration or np.inf)
    # Takes of a drum machine agree to the last bit of the correlation: then the ear decides.
    grade = (1 - _EAR_SHARE) * match.correlation + _EAR_SHARE * place.grade
    return GradedPlace(row.id, None if is_whole else at, max(grade, place.grade))
