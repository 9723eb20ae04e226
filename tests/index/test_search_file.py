"""The file of a search index: the same index again, and nothing that was damaged is believed."""

from __future__ import annotations

import multiprocessing
import threading
from pathlib import Path

import numpy as np
import pytest

from index import search_file
from index.search import SearchIndex
from library.errors import LibraryError
from tests.index.test_search import EXACT, LISTS, by_hand, ids_of, matrix


def saved(path: Path, exact_up_to: int = EXACT, n: int = 200, revision: int = 3) -> SearchIndex:
    index = SearchIndex.build(ids_of(n), matrix(n), revision, exact_up_to)
    search_file.save(path, index.built, "ab", revision)
    return index


@pytest.mark.parametrize("mapped_above", [0, 10**9])
@pytest.mark.parametrize("exact_up_to", [EXACT, LISTS])
def test_a_saved_index_is_the_same_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exact_up_to: int, mapped_above: int
) -> None:
    monkeypatch.setattr(search_file, "MAPPED_ABOVE", mapped_above)
    path = tmp_path / "deep" / "vectors.faiss"
    made = saved(path, exact_up_to)
    found = search_file.load(path, "ab")
    assert found is not None
    again = SearchIndex(*found)
    assert again.revision == 3
    assert again.built.trained_on == (0 if exact_up_to == EXACT else 200)
    for vector in matrix(5, seed=2):
        for scope in (None, ids_of()[:9], ids_of()[:90]):
            for ours, theirs in zip(
                again.nearest(vector, 9, scope), made.nearest(vector, 9, scope), strict=True
            ):
                assert np.array_equal(ours, theirs)
    assert np.array_equal(again.vectors_of(ids_of()), matrix())
    assert [p.name for p in path.parent.iterdir()] == ["vectors.faiss"]
    # What is mapped can be changed and saved over itself.
    more = np.arange(10**6, 10**6 + 1_200)
    grown = again.updated(more, more, matrix(1_200, seed=3), 4, exact_up_to)
    search_file.save(path, grown.built, "ab", 4)
    reread = search_file.load(path, "ab")
    assert reread is not None
    assert len(reread[0]) == 1_400
    assert again.nearest(matrix()[5], 1)[0].tolist() == [ids_of()[5]]


def test_an_empty_index_can_be_kept(tmp_path: Path) -> None:
    path = tmp_path / "vectors.faiss"
    empty = SearchIndex.build(np.zeros(0, np.int64), np.zeros((0, 0), np.float32))
    search_file.save(path, empty.built, "ab", 0)
    found = search_file.load(path, "ab")
    assert found is not None
    assert len(found[0]) == 0


def test_a_missing_file_and_that_of_another_space_are_no_index(tmp_path: Path) -> None:
    path = tmp_path / "vectors.faiss"
    assert search_file.load(path, "ab") is None
    saved(path)
    assert search_file.load(path, "cd") is None
    assert search_file.load(tmp_path, "ab") is None


def test_what_another_faiss_wrote_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "vectors.faiss"
    saved(path)
    monkeypatch.setattr("faiss.__version__", "0.0.1")
    assert search_file.load(path, "ab") is None


@pytest.mark.parametrize("exact_up_to", [EXACT, LISTS])
@pytest.mark.parametrize("part", range(23))
def test_a_damaged_index_is_not_believed(tmp_path: Path, part: int, exact_up_to: int) -> None:
    """Bytes from all over the file, its last among them."""
    path = tmp_path / "vectors.faiss"
    saved(path, exact_up_to)
    data = bytearray(path.read_bytes())
    data[(len(data) - 1) * part // 22] ^= 0x10
    path.write_bytes(bytes(data))
    assert search_file.load(path, "ab") is None


@pytest.mark.parametrize("kept", [0, 3, 24, 100, 5_000, -1, -200])
def test_an_index_cut_short_is_not_believed(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "vectors.faiss"
    saved(path)
    path.write_bytes(path.read_bytes()[:kept])
    assert search_file.load(path, "ab") is None
    saved(path)
    path.write_bytes(path.read_bytes() + b"\0")
    assert search_file.load(path, "ab") is None


@pytest.mark.parametrize("exact_up_to", [EXACT, LISTS])
def test_of_a_large_file_some_vectors_are_checked_and_all_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exact_up_to: int
) -> None:
    monkeypatch.setattr(search_file, "BLOCK_BYTES", 512)
    monkeypatch.setattr(search_file, "CHECKED_BLOCKS", 4)
    path = tmp_path / "vectors.faiss"
    saved(path, exact_up_to, n=2_000)
    whole = path.read_bytes()
    bytes_of_one = 12 * 4 + (8 if exact_up_to == LISTS else 0)
    first = whole.index(ids_of(2_000)[:0].tobytes() + np.sort(ids_of(2_000)).tobytes())
    vectors = range(first - 2_000 * bytes_of_one, first)
    believed = []
    for at in range(3, len(whole), 500):
        data = bytearray(whole)
        data[at] ^= 0xFF
        path.write_bytes(bytes(data))
        if search_file.load(path, "ab") is not None:
            believed.append(at)
    assert all(at in vectors for at in believed)
    assert len(vectors) / 500 - 12 < len(believed) < len(vectors) / 500 - 2
    # Vectors that are zeroed, as a disk may leave them, are seen wherever they begin.
    for start in range(vectors.start, vectors.stop, len(vectors) // 6):
        length = min(len(vectors) // 3, vectors.stop - start)
        path.write_bytes(whole[:start] + bytes(length) + whole[start + length :])
        assert search_file.load(path, "ab") is None or length < len(vectors) // 3


def write_often(path: Path, n: int, times: int) -> None:
    for _ in range(times):
        saved(path, n=n, revision=n)


def test_who_reads_while_others_write_reads_one_of_them(tmp_path: Path) -> None:
    path = tmp_path / "vectors.faiss"
    write_often(path, 100, 1)
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_often, args=(path, n, 40)) for n in (100, 200)]
    threads = [threading.Thread(target=write_often, args=(path, n, 40)) for n in (300,)]
    for each in (*writers, *threads):
        each.start()
    seen = set()
    while any(each.is_alive() for each in (*writers, *threads)):
        found = search_file.load(path, "ab")
        assert found is not None
        n = len(found[0])
        assert found[1] == n
        assert SearchIndex(*found).nearest(matrix(n)[5], 1)[0].tolist() == [ids_of(n)[5]]
        seen.add(n)
    for each in (*writers, *threads):
        each.join()
    assert all(writer.exitcode == 0 for writer in writers)
    assert seen <= {100, 200, 300}
    assert [p.name for p in tmp_path.iterdir()] == ["vectors.faiss"]


def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    in_the_way = tmp_path / "cache"
    in_the_way.write_text("a file, where the folder should be")
    with pytest.raises(LibraryError, match="the search index cannot be kept"):
        saved(in_the_way / "vectors.faiss")
    assert by_hand(ids_of(), matrix(), matrix()[0], 1) == [ids_of()[0]]
