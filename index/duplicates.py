"""Duplicates: groups of the same bytes, and of the same audio in other files.

Near ones are proposed by their vectors and then compared as audio. Nothing is ever changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, select

from index.analyse import in_threads
from index.answers import DuplicateGroup
from index.search import SearchIndex
from index.sound_vectors import indexed_ids
from library import catalog
from library.catalog import SampleRow, chunks
from library.database import reading
from library.decode import read
from library.errors import DecodeError
from library.progress import Job, Progress
from library.same_audio import SECONDS_AT_MOST, Comparable, comparable, likeness
from library.tables import ANALYSED, Sample
from vae.vector import TYPICAL_DISTANCE

NEAREST = 10
"""How many neighbours of a sample are compared with it, at most."""

LOSSLESS = frozenset({"PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"})
"""The codings, as libsndfile names them, that keep what they are given."""

_KEPT_SOUNDS = 64
_MOST_APART_S = 1.0


def same_bytes(engine: Engine, ids: NDArray[np.int64]) -> list[list[int]]:
    """Return the samples that are there and analysed, by content: lists of ids, rising."""
    by_content: dict[str, list[int]] = defaultdict(list)
    with reading(engine) as session:
        for chunk in chunks(ids):
            statement = select(Sample.id, Sample.content_hash).where(
                Sample.id.in_(chunk), Sample.state == ANALYSED, Sample.missing.is_(False)
            )
            for sample_id, content in session.execute(statement):
                if content is not None:
                    by_content[content].append(sample_id)
    return sorted(sorted(each) for each in by_content.values())


def exact_duplicates(engine: Engine, ids: NDArray[np.int64]) -> list[DuplicateGroup]:
    """Return the groups of files that are the same, byte for byte, among samples."""
    found = [each for each in same_bytes(engine, ids) if len(each) > 1]
    return [DuplicateGroup("bytes", tuple(catalog.rows(engine, each))) for each in found]


def near_duplicates(
    engine: Engine, ids: NDArray[np.int64], index: SearchIndex, space_id: int
) -> Job[list[DuplicateGroup]]:
    """Return the groups of samples that are the same audio; a job.

    One that is stopped has found nothing; it only reads.

    Args:
        engine: The library.
        ids: Among these.
        index: Of a space; a sample without a vector in it is like its own copies alone.
        space_id: The space.
    """
    contents = same_bytes(engine, ids)
    group = {sample_id: each[0] for each in contents for sample_id in each}
    firsts = np.array([each[0] for each in contents], np.int64)
    indexed = firsts[np.isin(firsts, indexed_ids(engine, space_id))]
    pairs = yield from _proposed(index, indexed)
    rows = {
        row.id: row for row in catalog.rows(engine, sorted({i for pair in pairs for i in pair}))
    }
    by_first: dict[int, list[int]] = defaultdict(list)
    for first, second in pairs:
        if _may_be_same(rows[first], rows[second]):
            by_first[first].append(second)
    work = partial(_same_as, rows=rows, hearing=lru_cache(_KEPT_SOUNDS)(_heard))
    yield Progress("compare", 0, len(by_first))
    matches: list[_Match] = []
    each = in_threads(sorted(by_first.items()), work, "compare")
    for done, found in enumerate(each, start=1):
        matches += found
        yield Progress("compare", done, len(by_first))
    groups = _grouped(firsts.tolist(), matches)
    members: dict[int, list[int]] = defaultdict(list)
    for sample_id, first in group.items():
        members[groups.of(first)].append(sample_id)
    return [
        DuplicateGroup(
            "bytes" if len({group[i] for i in each}) == 1 else "audio",
            tuple(catalog.rows(engine, sorted(each))),
        )
        for _, each in sorted(members.items())
        if len(each) > 1
    ]


class _Match(NamedTuple):
    """Two samples that are the same audio; which of them are lossy, and how far they differ."""

    first: int
    second: int
    lossy: tuple[int, ...]
    residual_db: float


class _Groups:
    """Disjoint sets of ids, each known by one of them."""

    def __init__(self, ids: Iterable[int]) -> None:
        self._parent = {i: i for i in ids}

    def of(self, i: int) -> int:
        """Return the id that stands for the set of one."""
        while self._parent[i] != i:
            self._parent[i] = self._parent[self._parent[i]]
            i = self._parent[i]
        return i

    def join(self, a: int, b: int) -> None:
        """Make one set of two."""
        low, high = sorted((self.of(a), self.of(b)))
        self._parent[high] = low


def _grouped(ids: Iterable[int], matches: Sequence[_Match]) -> _Groups:
    """Return the groups that matches make.

    A lossy copy is like every close take of its original, so that it would make one group of them:
    it joins the sound that it is most like, and no other.
    """
    groups = _Groups(ids)
    best: dict[int, _Match] = {}
    for match in matches:
        if not match.lossy:
            groups.join(match.first, match.second)
        for sample_id in match.lossy:
            known = best.get(sample_id)
            if known is None or match.residual_db < known.residual_db:
                best[sample_id] = match
    for match in best.values():
        groups.join(match.first, match.second)
    return groups


def _proposed(index: SearchIndex, ids: NDArray[np.int64]) -> Job[list[tuple[int, int]]]:
    """Return pairs of samples that are near each other, each once, the smaller id first."""
    pairs: set[tuple[int, int]] = set()
    inside = set(ids.tolist())
    for done, sample_id in enumerate(ids.tolist(), start=1):
        vector = index.vectors_of(np.array([sample_id]))[0]
        near, distances = index.nearest(vector, NEAREST + 1)
        for other in near[distances <= TYPICAL_DISTANCE].tolist():
            if other != sample_id and other in inside:
                pairs.add((min(sample_id, other), max(sample_id, other)))
        if done % 256 == 0 or done == len(ids):
            yield Progress("search", done, len(ids))
    return sorted(pairs)


def _may_be_same(a: SampleRow, b: SampleRow) -> bool:
    """Tell from the rows alone: of long sounds only the beginning is compared."""
    durations = [row.duration or 0.0 for row in (a, b)]
    return max(durations) <= SECONDS_AT_MOST or abs(durations[0] - durations[1]) <= _MOST_APART_S


def _heard(path: Path, lossless: bool) -> Comparable | None:
    """Return a file as it is compared; None for silence, and where it cannot be read now."""
    try:
        return comparable(read(path, 2 * SECONDS_AT_MOST), lossless=lossless)
    except DecodeError:
        return None


def _same_as(
    sample: tuple[int, Sequence[int]],
    rows: Mapping[int, SampleRow],
    hearing: Callable[[Path, bool], Comparable | None],
) -> list[_Match]:
    """Return which of the others are the same audio as a sample."""
    first, others = sample

    def heard(sample_id: int) -> Comparable | None:
        row = rows[sample_id]
        return hearing(row.path, (row.format or "").split(" ")[-1] in LOSSLESS)

    matches: list[_Match] = []
    sound = heard(first)
    for other in others:
        candidate = heard(other)
        if sound is None or candidate is None:
            continue
        found = likeness(sound, candidate)
        if found.tells_same(lossless=sound.lossless and candidate.lossless):
            both = ((first, sound), (other, candidate))
            lossy = tuple(sample_id for sample_id, each in both if not each.lossless)
            matches.append(_Match(first, other, lossy, found.residual_db))
    return matches
