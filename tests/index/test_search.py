"""Search: what comparing every vector by hand finds, whatever the index is and what has changed."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from index import inverted_lists
from index.search import SearchIndex

EXACT, LISTS = 10**6, 50
"""Limits under which an index is exact, and under which it has inverted lists."""


def matrix(n: int = 200, d: int = 12, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)


def grouped(n: int, d: int = 12, seed: int = 0) -> NDArray[np.float32]:
    """Vectors in groups, as those of sounds are."""
    rng = np.random.default_rng(seed)
    centres = 3 * np.random.default_rng(99).normal(size=(40, d))
    return (centres[rng.integers(0, 40, n)] + rng.normal(size=(n, d))).astype(np.float32)


def ids_of(n: int = 200) -> NDArray[np.int64]:
    """Ids in no order, with gaps."""
    return np.random.default_rng(1).permutation(10 * n)[:n].astype(np.int64)


def by_hand(
    ids: NDArray[np.int64], rows: NDArray[np.float32], vector: NDArray[np.float32], k: int
) -> list[int]:
    distances = np.linalg.norm(rows.astype(np.float64) - vector, axis=1)
    return [int(ids[i]) for i in np.argsort(distances)[:k]]


def recall(
    index: SearchIndex,
    ids: NDArray[np.int64],
    rows: NDArray[np.float32],
    scope: NDArray[np.int64] | None = None,
    k: int = 10,
) -> float:
    """The share of the true nearest that are found; the answers are checked in all other ways."""
    inside = np.ones(len(ids), bool) if scope is None else np.isin(ids, scope)
    found_of = 0
    for vector in grouped(40, rows.shape[1], seed=7):
        found, distances = index.nearest(vector, k, scope)
        assert len(set(found.tolist())) == len(found) == min(k, inside.sum())
        assert np.isin(found, ids[inside]).all()
        assert (np.diff(distances) >= 0).all()
        of_found = rows[[ids.tolist().index(i) for i in found]]
        assert np.allclose(distances, np.linalg.norm(of_found - vector, axis=1), atol=1e-4)
        assert np.array_equal(index.vectors_of(found), of_found)
        found_of += np.isin(by_hand(ids[inside], rows[inside], vector, k), found).sum()
    return found_of / max(40 * min(k, inside.sum()), 1)


@pytest.mark.parametrize("k", [1, 7, 200, 1000])
def test_the_nearest_are_the_nearest(k: int) -> None:
    rows, ids = matrix(), ids_of()
    index = SearchIndex.build(ids, rows)
    assert len(index) == 200
    for vector in matrix(5, seed=2):
        found, distances = index.nearest(vector, k)
        assert found.tolist() == by_hand(ids, rows, vector, k)
        wanted = np.linalg.norm(rows[[ids.tolist().index(i) for i in found]] - vector, axis=1)
        assert np.allclose(distances, wanted, atol=1e-4)
        assert (np.diff(distances) >= 0).all()


@pytest.mark.parametrize("exact_up_to", [EXACT, LISTS])
def test_a_vector_finds_itself_at_no_distance(exact_up_to: int) -> None:
    rows, ids = matrix(), ids_of()
    found, distances = SearchIndex.build(ids, rows, 0, exact_up_to).nearest(rows[33], 1)
    assert (found[0], distances[0]) == (ids[33], 0)


@pytest.mark.parametrize("exact_up_to", [EXACT, LISTS])
@pytest.mark.parametrize("size", [1, 3, 9, 11, 60, 200])
def test_only_the_scope_is_looked_at(size: int, exact_up_to: int) -> None:
    rows, ids = matrix(), ids_of()
    index = SearchIndex.build(ids, rows, 0, exact_up_to)
    inside = np.random.default_rng(3).permutation(200)[:size]
    scope = np.concatenate([ids[inside], [10**9, 10**17]])  # ids that are not there are no harm
    vector = matrix(1, seed=4)[0]
    found, _ = index.nearest(vector, 200, scope)  # so many that every list must be looked into
    assert found.tolist() == by_hand(ids[inside], rows[inside], vector, 200)
    assert index.nearest(vector, 200, [int(i) for i in scope])[0].tolist() == found.tolist()


@pytest.mark.parametrize("exact_up_to", [EXACT, 0])
def test_an_empty_scope_and_an_empty_index_find_nothing(exact_up_to: int) -> None:
    nothing = np.zeros(0, np.int64)
    index = SearchIndex.build(ids_of(), matrix(), 0, exact_up_to)
    for found, distances in (
        index.nearest(matrix(1)[0], 5, nothing),
        index.nearest(matrix(1)[0], 5, []),
        index.nearest(matrix(1)[0], 5, [10**9]),
        index.nearest(matrix(1)[0], 0),
        SearchIndex.build(nothing, np.zeros((0, 0), np.float32)).nearest(matrix(1)[0], 5),
        SearchIndex.build(nothing, np.zeros((0, 0), np.float32)).nearest(matrix(1)[0], 5, [3]),
    ):
        assert found.shape == distances.shape == (0,)
    assert index.vectors_of(nothing).shape == (0, 12)


def test_ties_are_all_found_and_always_in_the_same_order() -> None:
    rows, ids = matrix(), ids_of()
    rows[50:60] = rows[50]
    index = SearchIndex.build(ids, rows)
    found, distances = index.nearest(rows[50], 11)
    assert found[:10].tolist() == sorted(ids[50:60])
    assert (distances[:10] == 0).all()
    assert distances[10] > 0
    assert set(index.nearest(rows[50], 4)[0]) < set(ids[50:60])
    again = SearchIndex.build(ids, rows).nearest(rows[50], 11)[0]
    assert np.array_equal(found, again)


@pytest.mark.parametrize("exact_up_to", [EXACT, LISTS])
def test_vectors_are_given_back_by_id(exact_up_to: int) -> None:
    rows, ids = matrix(), ids_of()
    index = SearchIndex.build(ids, rows, 0, exact_up_to)
    assert np.array_equal(index.vectors_of(ids[[4, 90, 4]]), rows[[4, 90, 4]])
    with pytest.raises(KeyError):
        index.vectors_of(np.array([ids[4], 10**9]))


@pytest.mark.parametrize("exact_up_to", [EXACT, LISTS])
def test_many_queries_find_what_each_would(exact_up_to: int) -> None:
    # Far from zero, where FAISS's way with many queries at once would lose the small distances.
    rows, ids = matrix() + np.float32(1_000), ids_of()
    index = SearchIndex.build(ids, rows, 0, exact_up_to)
    together = index.nearest_of_each(rows[:45], 6, ids[:150])
    for at, vector in enumerate(rows[:45]):
        alone = index.nearest(vector, 6, ids[:150])
        assert np.array_equal(together[0][at], alone[0])
        assert np.array_equal(together[1][at], alone[1])
        assert (alone[0][0], alone[1][0]) == (ids[at], 0)


@pytest.mark.parametrize("share", [None, 0.01, 0.04, 0.06, 0.5, 1.0])
def test_inverted_lists_find_nearly_all_and_as_many_as_asked(share: float | None) -> None:
    rows, ids = grouped(4_000), ids_of(4_000)
    index = SearchIndex.build(ids, rows, 0, exact_up_to=3_999)
    assert index.built.trained_on == 4_000
    scope = None if share is None else ids[: round(share * 4_000)]
    assert recall(index, ids, rows, scope) >= (1 if share and share < 0.05 else 0.98)
    assert recall(index, ids, rows, scope, k=150) >= 0.97


def test_how_many_lists_are_looked_into_is_measured() -> None:
    easy = inverted_lists.train(grouped(4_000))
    hard = inverted_lists.train(matrix(4_000))
    assert easy.nlist == hard.nlist == 128
    assert 1 < easy.nprobe < hard.nprobe <= 128
    assert inverted_lists.train(matrix(3)).nprobe == inverted_lists.train(matrix(3)).nlist
    assert inverted_lists.train(matrix(1)).ntotal == 1


@pytest.mark.parametrize("exact_up_to", [EXACT, 1_000])
def test_what_comes_goes_and_changes_is_as_if_built_anew(exact_up_to: int) -> None:
    rng = np.random.default_rng(5)
    rows = dict(zip(ids_of(3_000).tolist(), grouped(3_000), strict=True))
    index = SearchIndex.build(np.array(list(rows)), np.stack(list(rows.values())), 0, exact_up_to)
    built, lost = index.built, list[int]()
    for revision, (gone, other, new) in enumerate(
        [(1, 0, 0), (0, 1, 0), (0, 0, 1), (40, 50, 60), (30, 200, 30), (0, 0, 900), (0, 0, 0)]
    ):
        known = rng.permutation(list(rows))
        changed = [*known[: gone + other], *range(10**6 * revision, 10**6 * revision + new)]
        lost += [int(i) for i in known[:gone]]
        for i in known[:gone]:
            del rows[int(i)]
        there = sorted(int(i) for i in changed if i not in known[:gone])
        vectors = grouped(len(there), seed=revision)
        rows.update(zip(there, vectors, strict=True))
        index = index.updated(
            np.sort(np.array(changed, np.int64)),
            np.array(there, np.int64),
            vectors if there else np.zeros((0, 0), np.float32),
            revision,
            exact_up_to,
        )
        assert len(index) == len(rows)
        assert index.revision == revision
        assert (index.built is built) == (revision < 5), "or it is built for too few changes"
        ids, everything = np.array(list(rows)), np.stack(list(rows.values()))
        least = 1 if exact_up_to == EXACT else 0.98
        for scope in (None, ids[::7], ids[::50], ids[-9:]):
            assert recall(index, ids, everything, scope) >= least
    assert index.built.trained_on == (0 if exact_up_to == EXACT else 3_000), "the same lists"
    assert len(lost) == 71
    assert not len(index.nearest(everything[0], 3, lost)[0])


def test_lists_are_trained_again_when_the_library_has_doubled() -> None:
    rows, ids = grouped(1_500), np.arange(1_500)
    index = SearchIndex.build(ids, rows, 0, 1_000)
    more = np.arange(1_500, 3_200)
    grown = index.updated(more, more, grouped(1_700, seed=1), 1, 1_000)
    assert (len(grown), grown.built.trained_on) == (3_200, 3_200)
    small = grown.updated(np.arange(2_900), ids[:0], rows[:0], 2, 1_000)
    assert (len(small), small.built.trained_on) == (300, 0), "few enough to be exact"


def test_an_index_can_be_emptied_and_filled_again() -> None:
    nothing = np.zeros(0, np.int64), np.zeros((0, 0), np.float32)
    rows, ids = matrix(), np.sort(ids_of())
    index = SearchIndex.build(ids, rows).updated(ids, *nothing, 1)
    assert len(index) == 0
    assert index.nearest(rows[0], 3)[0].shape == (0,)
    index = SearchIndex.build(*nothing).updated(ids, ids, rows, 1)
    assert index.nearest(rows[7], 1)[0].tolist() == [ids[7]]
    assert np.array_equal(index.vectors_of(ids), rows)
