"""Vectors as a file that NumPy reads without pickles."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from index.answers import VectorTable
from index.vector_file import write_vectors
from library.errors import UserError

TABLE = VectorTable(
    np.array([3, 8], np.int64),
    (Path("/s/a.wav"), Path(os.fsdecode(b"/s/\xff \xc3\xa5.wav"))),
    np.array([[0.5, -1.0, 2.0], [1e-9, 4.0, 3.0]], np.float32),
)


def test_arrays_are_read_back(tmp_path: Path) -> None:
    path = write_vectors(TABLE, tmp_path / "deep" / "v.npz")
    with np.load(path, allow_pickle=False) as found:
        assert sorted(found.files) == ["id", "path", "vector"]
        assert found["id"].dtype == np.int64
        assert found["id"].tolist() == [3, 8]
        assert [Path(str(p)) for p in found["path"]] == list(TABLE.paths)
        assert found["vector"].dtype == np.float32
        assert np.array_equal(found["vector"], TABLE.matrix)


def test_the_ending_is_added_and_a_file_of_that_name_replaced(tmp_path: Path) -> None:
    assert write_vectors(TABLE, tmp_path / "v").name == "v.npz"
    assert write_vectors(TABLE, tmp_path / "v.1").name == "v.1.npz"
    (tmp_path / "v.npz").write_text("old")
    with np.load(write_vectors(TABLE, tmp_path / "v.npz")) as found:
        assert len(found["id"]) == 2


def test_a_relative_path_becomes_absolute(tmp_path: Path) -> None:
    table = VectorTable(np.array([1]), (Path("a.wav"),), np.zeros((1, 2), np.float32))
    with np.load(write_vectors(table, tmp_path / "v.npz")) as found:
        assert Path(str(found["path"][0])).is_absolute()


def test_a_table_of_nothing_can_be_written(tmp_path: Path) -> None:
    table = VectorTable(np.zeros(0, np.int64), (), np.zeros((0, 0), np.float32))
    with np.load(write_vectors(table, tmp_path / "v.npz"), allow_pickle=False) as found:
        assert found["id"].shape == found["path"].shape == (0,)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "folder.npz").mkdir()
    for path in (tmp_path / "file" / "v.npz", tmp_path / "folder.npz"):
        with pytest.raises(UserError, match="cannot write"):
            write_vectors(TABLE, path)
