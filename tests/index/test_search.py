"""Search: what comparing every vector by hand finds, and a cache that is never believed blindly."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Engine

from index.analyse import analyse
from index.search import SearchIndex, open_index
from index.space_rows import find_space
from index.vectors import embed, read_vectors
from library.progress import drive
from library.register import register
from tests.fake_codec import FakeCodec
from tests.index.conftest import folder_of, keep_space
from vae.space import Space

STAMP: dict[str, object] = {"space": "x", "revision": 3}


def matrix(n: int = 200, d: int = 12, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)


def ids_of(n: int = 200) -> NDArray[np.int64]:
    """Ids in no order, with gaps."""
    return np.random.default_rng(1).permutation(10 * n)[:n].astype(np.int64)


def by_hand(
    ids: NDArray[np.int64], rows: NDArray[np.float32], vector: NDArray[np.float32], k: int
) -> list[int]:
    distances = np.linalg.norm(rows.astype(np.float64) - vector, axis=1)
    return [int(ids[i]) for i in np.argsort(distances)[:k]]


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


def test_a_vector_finds_itself_at_no_distance() -> None:
    rows, ids = matrix(), ids_of()
    found, distances = SearchIndex.build(ids, rows).nearest(rows[33], 1)
    assert (found[0], distances[0]) == (ids[33], 0)


@pytest.mark.parametrize("size", [1, 3, 60])
def test_only_the_scope_is_looked_at(size: int) -> None:
    rows, ids = matrix(), ids_of()
    index = SearchIndex.build(ids, rows)
    inside = np.random.default_rng(3).permutation(200)[:size]
    scope = np.concatenate([ids[inside], [10**9]])  # an id that is not there is no harm
    vector = matrix(1, seed=4)[0]
    found, _ = index.nearest(vector, 10, scope)
    assert found.tolist() == by_hand(ids[inside], rows[inside], vector, 10)
    assert index.nearest(vector, 10, [int(i) for i in scope])[0].tolist() == found.tolist()


def test_an_empty_scope_and_an_empty_index_find_nothing() -> None:
    nothing = np.zeros(0, np.int64)
    index = SearchIndex.build(ids_of(), matrix())
    for found, distances in (
        index.nearest(matrix(1)[0], 5, nothing),
        index.nearest(matrix(1)[0], 0),
        SearchIndex.build(nothing, np.zeros((0, 0), np.float32)).nearest(matrix(1)[0], 5),
    ):
        assert found.shape == distances.shape == (0,)
    assert index.vectors_of(nothing).shape == (0, 12)


def test_ties_are_all_found_and_always_in_the_same_order() -> None:
    rows, ids = matrix(), ids_of()
    rows[50:60] = rows[50]
    index = SearchIndex.build(ids, rows)
    found, distances = index.nearest(rows[50], 11)
    assert set(found[:10]) == set(ids[50:60])
    assert (distances[:10] == 0).all()
    assert distances[10] > 0
    assert set(index.nearest(rows[50], 4)[0]) < set(ids[50:60])
    again = SearchIndex.build(ids, rows).nearest(rows[50], 11)[0]
    assert np.array_equal(found, again)


def test_vectors_are_given_back_by_id() -> None:
    rows, ids = matrix(), ids_of()
    index = SearchIndex.build(ids, rows)
    assert np.array_equal(index.vectors_of(ids[[4, 90, 4]]), rows[[4, 90, 4]])


def test_a_saved_index_is_the_same_index(tmp_path: Path) -> None:
    rows, ids = matrix(), ids_of()
    path = tmp_path / "deep" / "vectors.faiss"
    SearchIndex.build(ids, rows).save(path, STAMP)
    again = SearchIndex.load(path, STAMP)
    assert again is not None
    assert again.nearest(rows[5], 9)[0].tolist() == by_hand(ids, rows, rows[5], 9)
    assert sorted(p.suffix for p in path.parent.iterdir()) == [".faiss", ".json"]


@pytest.mark.parametrize(
    "stamp", [{"space": "x", "revision": 4}, {"space": "y", "revision": 3}, {}, {"space": "x"}]
)
def test_another_stamp_is_not_believed(tmp_path: Path, stamp: dict[str, object]) -> None:
    path = tmp_path / "vectors.faiss"
    SearchIndex.build(ids_of(), matrix()).save(path, STAMP)
    assert SearchIndex.load(path, stamp) is None


def test_a_missing_file_or_stamp_is_no_index(tmp_path: Path) -> None:
    path = tmp_path / "vectors.faiss"
    assert SearchIndex.load(path, STAMP) is None
    for lost in (path, path.with_suffix(".json")):
        SearchIndex.build(ids_of(), matrix()).save(path, STAMP)
        lost.unlink()
        assert SearchIndex.load(path, STAMP) is None


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "\udcff"])
def test_a_damaged_stamp_is_no_index(tmp_path: Path, text: str) -> None:
    path = tmp_path / "vectors.faiss"
    SearchIndex.build(ids_of(), matrix()).save(path, STAMP)
    path.with_suffix(".json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert SearchIndex.load(path, STAMP) is None


@pytest.mark.parametrize("at", [0, 4, 16, 33, 60, 5_000, -9])
def test_a_damaged_index_is_not_believed(tmp_path: Path, at: int) -> None:
    path = tmp_path / "vectors.faiss"
    SearchIndex.build(ids_of(), matrix()).save(path, STAMP)
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(bytes(data))
    assert SearchIndex.load(path, STAMP) is None


@pytest.mark.parametrize("kept", [0, 3, 100, 5_000])
def test_an_index_cut_short_is_not_believed(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "vectors.faiss"
    SearchIndex.build(ids_of(), matrix()).save(path, STAMP)
    path.write_bytes(path.read_bytes()[:kept])
    assert SearchIndex.load(path, STAMP) is None


@pytest.fixture
def space_id(
    engine: Engine, tmp_path: Path, codec: FakeCodec, space: Space, space_bytes: bytes
) -> int:
    """A space with the vectors of eight sounds."""
    folder_of(tmp_path / "s", 8)
    drive(register(engine, [tmp_path / "s"]))
    drive(analyse(engine, codec))
    keep_space(engine, "s", space_bytes, {}, tmp_path / "spaces")
    found = find_space(engine, "s").id
    drive(embed(engine, found, space, codec))
    return found


def opened(engine: Engine, folder: Path, revision: int | None = None) -> SearchIndex:
    row = find_space(engine, "s")
    return open_index(
        engine, row.id, row.digest, row.revision if revision is None else revision, folder
    )


def check(index: SearchIndex, engine: Engine, space_id: int) -> None:
    ids, rows = read_vectors(engine, space_id)
    assert len(index) == len(ids) == 8
    for vector in rows:
        assert index.nearest(vector, 8)[0].tolist() == by_hand(ids, rows, vector, 8)


def test_the_index_of_a_space_is_made_and_then_read(
    engine: Engine, tmp_path: Path, space_id: int
) -> None:
    check(opened(engine, tmp_path / "cache"), engine, space_id)
    path = next((tmp_path / "cache").glob("*.faiss"))
    stamp = json.loads(path.with_suffix(".json").read_text())
    # Another index with the same stamp shows that the file is what is read.
    SearchIndex.build(np.array([77]), matrix(1)).save(path, stamp)
    assert opened(engine, tmp_path / "cache").nearest(matrix(1)[0], 9)[0].tolist() == [77]


def test_an_index_of_other_rows_is_made_again(
    engine: Engine, tmp_path: Path, space_id: int
) -> None:
    cache = tmp_path / "cache"
    opened(engine, cache)
    path = next(cache.glob("*.faiss"))
    SearchIndex.build(np.array([77]), matrix(1)).save(path, {"revision": -1})
    check(opened(engine, cache), engine, space_id)
    path.write_bytes(b"IxM2 but not much more")
    check(opened(engine, cache), engine, space_id)
    check(opened(engine, cache), engine, space_id)


def test_a_disk_that_takes_no_cache_costs_no_answers(
    engine: Engine, tmp_path: Path, space_id: int
) -> None:
    in_the_way = tmp_path / "cache"
    in_the_way.write_text("a file, where the folder should be")
    check(opened(engine, in_the_way), engine, space_id)
    assert in_the_way.read_text().startswith("a file")
