"""Duplicates: groups of exactly the same audio, and of nearly the same in other files.

The exact ones are known since they were analysed. Near ones are proposed by their vectors and then
compared as audio. Nothing is ever changed.
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
from index.spare_copies import group_of, is_lossless
from library import catalog
from library.catalog import SampleRow, chunks
from library.database import reading
from library.decode import read
from library.errors import DecodeError
from library.progress import Job, Progress
from library.said import said_of
from library.same_audio import SECONDS_AT_MOST, Comparable, comparable, likeness
from library.tables import ANALYSED, Sample
from vae.vector import TYPICAL_DISTANCE

NEAREST = 10
"""How many neighbours of a sample are compared with it, at most."""

_KEPT_SOUNDS = 64
_MOST_APART_S = 1.0


def _same(engine: Engine, ids: NDArray[np.int64]) -> tuple[list[list[int]], dict[int, str]]:
    """Return the samples that are there and analysed, by audio: lists of ids, rising.

    Analysis has left a digest of the audio, which is the same in any file that keeps what it is
    given, and is none of a sound that was not read to its end; then the digest of the file counts.

    Returns:
        The lists, and the digest of each file.
    """
    by_audio: dict[str, list[int]] = defaultdict(list)
    contents: dict[int, str] = {}
    with reading(engine) as session:
        for chunk in chunks(ids):
            statement = select(Sample.id, Sample.content_hash, Sample.audio_hash).where(
                Sample.id.in_(chunk), Sample.state == ANALYSED, Sample.missing.is_(False)
            )
            for sample_id, content, audio in session.execute(statement):
                if content is not None:
                    by_audio[audio or content].append(sample_id)
                    contents[sample_id] = content
    return sorted(sorted(each) for each in by_audio.values()), contents


def _groups(
    engine: Engine, found: Iterable[Sequence[int]], contents: Mapping[int, str]
) -> list[DuplicateGroup]:
    with reading(engine) as session:
        said = said_of(session)
    groups = []
    for ids in found:
        if len(ids) > 1:
            same = "bytes" if len({contents[i] for i in ids}) == 1 else "audio"
            groups.append(group_of(engine, same, ids, said))
    return groups


def exact_duplicates(engine: Engine, ids: NDArray[np.int64]) -> list[DuplicateGroup]:
    """Return the groups of files that hold exactly the same audio, among samples."""
    return _groups(engine, *_same(engine, ids))


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
    exact, contents = _same(engine, ids)
    group = {sample_id: each[0] for each in exact for sample_id in each}
    firsts = np.array([each[0] for each in exact], np.int64)
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
    return _groups(engine, (each for _, each in sorted(members.items())), contents)


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
        return hearing(row.path, is_lossless(row))

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
