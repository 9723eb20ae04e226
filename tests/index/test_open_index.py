"""The index of a space: read, then brought up to date by what changed, or built anew."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Engine, delete, insert, update

from index import open_index as opening
from index.open_index import changed_since, open_index
from index.search import SearchIndex
from index.space_rows import find_space
from index.vectors import read_vectors
from library.database import open_database, reading, writing
from library.errors import LibraryError
from library.tables import Root, Sample, Space, Vector
from migrations.versions import __name__ as versions
from tests.index.test_search import grouped, matrix, recall

D = 12


def put(engine: Engine, ids: Iterable[int], rows: NDArray[np.float32], space_id: int = 1) -> None:
    with writing(engine) as session:
        session.execute(
            insert(Vector).prefix_with("OR REPLACE"),
            [
                {"sample_id": i, "space_id": space_id, "data": row.astype("<f4").tobytes()}
                for i, row in zip(ids, rows, strict=True)
            ],
        )


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """A library of 600 samples and two spaces; 500 have a vector in both."""
    with writing(engine) as session:
        session.add(Root(id=1, path="/r"))
        session.flush()
        session.execute(
            insert(Sample),
            [
                {"id": i, "root_id": 1, "path": f"/r/{i}", "name": str(i), "folder": "r",
                 "search_text": f"r\n{i}", "size": 1, "mtime_ns": 1}
                for i in range(1, 601)
            ],
        )  # fmt: skip
        session.add(Space(id=1, name="s", codec="c", digest="ab"))
        session.add(Space(id=2, name="t", codec="c", digest="cd"))
    put(engine, range(500, 0, -1), grouped(500, D))
    put(engine, range(1, 501), grouped(500, D, seed=8), space_id=2)
    return engine


def opened(
    engine: Engine, folder: Path, held: SearchIndex | None = None, exact_up_to: int = 300
) -> SearchIndex:
    index = open_index(engine, 1, "ab", folder / "cache", held, exact_up_to)
    ids, rows = read_vectors(engine, 1)
    assert len(index) == len(ids)
    assert index.revision == find_space(engine, "s").revision
    assert recall(index, ids, rows) >= 0.98
    assert recall(index, ids, rows, ids[::30]) == 1
    assert np.array_equal(index.vectors_of(ids), rows)
    return index


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The size of every index that is built from all rows."""
    sizes: list[int] = []
    build = SearchIndex.build

    def counted(ids: NDArray[np.int64], *rest: object) -> SearchIndex:
        sizes.append(len(ids))
        return build(ids, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(opening.SearchIndex, "build", counted)
    return sizes


def change(engine: Engine, step: int) -> None:
    """Each way that vectors can change."""
    with writing(engine) as session:
        session.execute(delete(Sample).where(Sample.id == 10 + step))
        session.execute(delete(Vector).where(Vector.sample_id == 20 + step))
        data = matrix(1, D, seed=step)[0].tobytes()
        session.execute(update(Vector).where(Vector.sample_id == 30 + step).values(data=data))
        moved = update(Vector).where(Vector.sample_id == 40 + step, Vector.space_id == 1)
        session.execute(moved.values(sample_id=550 + step))
    put(engine, [50 + step, 501 + step], matrix(2, D, seed=step))


@pytest.mark.parametrize("exact_up_to", [300, 3_000])
def test_changes_are_taken_over_without_building(
    filled: Engine, tmp_path: Path, builds: list[int], exact_up_to: int
) -> None:
    held = opened(filled, tmp_path, None, exact_up_to)
    assert opened(filled, tmp_path, held, exact_up_to) is held
    written = (tmp_path / "cache" / "vectors-ab.faiss").read_bytes()
    for step in range(3):
        change(filled, step)
        held = opened(filled, tmp_path, held, exact_up_to)
        opened(filled, tmp_path, None, exact_up_to)  # another process
    assert builds == [500]
    assert (tmp_path / "cache" / "vectors-ab.faiss").read_bytes() == written


def test_the_file_is_written_again_after_many_changes(
    filled: Engine, tmp_path: Path, builds: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.search._FEW_CHANGES", 20)
    held = opened(filled, tmp_path)
    path = tmp_path / "cache" / "vectors-ab.faiss"
    written = path.read_bytes()
    put(filled, range(501, 531), grouped(30, D, seed=3))
    held = opened(filled, tmp_path, held)
    assert path.read_bytes() != written
    assert held.built.trained_on == 500, "grouped around the same centroids"
    assert len(held.built) == 530
    assert len(opened(filled, tmp_path).built) == 530
    assert builds == [500]


def test_the_vectors_of_another_space_are_no_change(filled: Engine, tmp_path: Path) -> None:
    held = opened(filled, tmp_path)
    put(filled, range(1, 30), matrix(29, D), space_id=2)
    assert opened(filled, tmp_path, held) is held
    with reading(filled) as session:
        assert changed_since(session, 1, held.revision) is not None
        assert changed_since(session, 2, held.revision) is None


def test_an_index_that_is_too_far_behind_is_built_again(
    filled: Engine, tmp_path: Path, builds: list[int]
) -> None:
    opened(filled, tmp_path)
    script = __import__(f"{versions}.0003_vector_changes", fromlist=["KEPT"])
    with filled.begin() as connection:  # as if so many other changes had come between
        last = connection.exec_driver_sql("SELECT max(id) FROM vector_change").scalar_one()
        connection.exec_driver_sql(
            f"UPDATE vector_change SET id = id + {script.KEPT} WHERE id = {last}"
        )
    change(filled, 0)
    with filled.connect() as connection:
        count = connection.exec_driver_sql("SELECT count(*) FROM vector_change").scalar_one()
    assert count < 20, "or it grows for ever"
    opened(filled, tmp_path)
    assert builds == [500, 500 - 2 + 1]


def test_a_library_that_went_another_way_builds_its_own(
    filled: Engine, tmp_path: Path, library_path: Path, builds: list[int]
) -> None:
    """A backup, changed as often as the library was, with the library's cache beside it."""
    with closing(sqlite3.connect(library_path)) as source:
        source.execute("VACUUM INTO ?", [str(tmp_path / "backup.sqlite")])
    put(filled, [7], matrix(1, D, seed=1))
    held = opened(filled, tmp_path)
    backup = open_database(tmp_path / "backup.sqlite")
    put(backup, [8], matrix(1, D, seed=2))
    opened(backup, tmp_path)
    assert builds == [500, 500]
    opened(filled, tmp_path, held)
    opened(filled, tmp_path)
    assert builds == [500, 500, 500]
    backup.dispose()


@pytest.mark.parametrize("damage", ["cut", "empty", "other", "gone", "folder"])
def test_a_damaged_file_is_made_again(
    filled: Engine, tmp_path: Path, builds: list[int], damage: str
) -> None:
    opened(filled, tmp_path)
    path = tmp_path / "cache" / "vectors-ab.faiss"
    if damage == "folder":
        shutil.rmtree(path.parent)
    elif damage == "gone":
        path.unlink()
    else:
        data = path.read_bytes()
        path.write_bytes({"cut": data[:-9], "empty": b"", "other": b"IxF2, not more"}[damage])
    opened(filled, tmp_path)
    opened(filled, tmp_path)
    assert builds == [500, 500]


def test_files_of_spaces_that_are_gone_go(filled: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    names = ["vectors-0123.faiss", "vectors-cd.faiss", "vectors-ab.json", "notes.faiss"]
    for name in names:
        (folder / name).write_text("old")
        os.utime(folder / name, (1, 1))
    opened(filled, tmp_path)
    assert sorted(p.name for p in folder.iterdir()) == [
        "notes.faiss",
        "vectors-ab.faiss",
        "vectors-cd.faiss",
    ]


def test_a_space_that_was_trained_again_is_refused(filled: Engine, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="trained again in the meantime"):
        open_index(filled, 1, "cd", tmp_path)
    with pytest.raises(LibraryError, match="trained again in the meantime"):
        open_index(filled, 77, "ab", tmp_path)


def test_a_disk_that_takes_no_cache_costs_no_answers(filled: Engine, tmp_path: Path) -> None:
    in_the_way = tmp_path / "cache"
    in_the_way.write_text("a file, where the folder should be")
    held = opened(filled, tmp_path)
    change(filled, 0)
    opened(filled, tmp_path, held)
    assert in_the_way.read_text().startswith("a file")
