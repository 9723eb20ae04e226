"""The map: near what is alike, the same every time, and rows that replace the ones before.

All that lays out a map is tested here, since UMAP takes seconds to get ready.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from index.map_rows import read_map
from index.projection import lay_out, project
from index.space_rows import find_space
from index.spaces import ensure_house_space
from index.workspace import Workspace
from library.errors import UserError
from library.progress import drive
from tests.conftest import MadeLibrary
from tui.cli import main


def blobs(sizes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Vectors in groups far apart, and which group each is of."""
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(len(sizes)), sizes)
    centres = 8 * rng.normal(size=(len(sizes), 10))
    rows = centres[groups] + rng.normal(size=(len(groups), 10))
    return rows.astype(np.float32), groups


def test_groups_stay_together_and_the_map_fills_its_square() -> None:
    rows, groups = blobs((30, 30, 30))
    xy = lay_out(rows)
    assert xy.shape == (90, 2)
    assert xy.dtype == np.float32
    assert xy.min(axis=0) == pytest.approx([0, 0], abs=1e-6)
    assert xy.max(axis=0) == pytest.approx([1, 1], abs=1e-6)
    distances = np.linalg.norm(xy[:, None] - xy[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    assert (groups[distances.argmin(axis=1)] == groups).mean() > 0.95


def test_the_same_vectors_are_the_same_map() -> None:
    rows, _ = blobs((20, 12))
    assert np.array_equal(lay_out(rows), lay_out(rows))


@pytest.mark.parametrize("n", [4, 5, 61])
def test_few_sounds_and_equal_ones_have_a_map(n: int) -> None:
    rows = np.random.default_rng(0).normal(size=(n, 6)).astype(np.float32)
    for each in (rows, np.repeat(rows[:1], n, axis=0)):
        xy = lay_out(each)
        assert xy.shape == (n, 2)
        assert np.isfinite(xy).all()
        assert xy.min() >= 0
        assert xy.max() <= 1


def test_a_map_is_kept_as_rows(library_copy: MadeLibrary) -> None:
    with Workspace.open(library_copy.path) as workspace:
        assert len(workspace.map_points().ids) == 0
        for _ in range(2):  # the second map replaces the first
            assert drive(workspace.project()) == 40
            points = workspace.map_points()
            assert points.ids.tolist() == sorted(workspace.ids("is:analysed").tolist())
        rows = workspace.rows(points.ids)
        assert points.categories == tuple(row.category for row in rows)
        assert points.xy.min() == 0
        assert points.xy.max() == 1
        assert len(workspace.map_points("house").ids) == 0
        assert drive(workspace.project("house")) == 40
        assert not np.array_equal(workspace.map_points("house").xy, points.xy)


def test_the_command_lays_a_map_out_when_asked(
    library_copy: MadeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    monkeypatch.setattr(
        "index.projection.lay_out", lambda rows: made.append(len(rows)) or lay_out(rows)
    )
    for arguments, times in ((["map"], 1), (["map"], 1), (["map", "--fresh"], 2)):
        assert main(["--library", str(library_copy.path), *arguments]) == 0
        assert made == [40] * times


def test_the_demo_does_everything_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tui.demo.SOUNDS", 45)
    assert main(["demo", "--dir", str(tmp_path / "d"), "--no-tui"]) == 0
    lines = capfd.readouterr().out.splitlines()
    takes = [Path(line) for line in lines if line.endswith(".wav") and "run-01" in line]
    assert len(takes) == 7 + 4 + 1
    assert all(path.is_file() for path in takes)
    assert (tmp_path / "d" / "map.png").is_file()
    with Workspace.open(tmp_path / "d" / "library.sqlite") as workspace:
        assert workspace.status().analysed == 45
        assert [row.name for row in workspace.spaces() if row.in_use] == ["demo"]
        assert len(workspace.map_points().ids) == 45
        sounds = {row.path: row.path.read_bytes() for row in workspace.rows(workspace.ids())}
    assert main(["demo", "--dir", str(tmp_path / "d"), "--no-tui"]) == 0
    assert "run-02" in capfd.readouterr().out
    assert {path: path.read_bytes() for path in sounds} == sounds


def test_too_few_sounds_are_told(engine: Engine) -> None:
    ensure_house_space(engine)
    row = find_space(engine, "house")
    with pytest.raises(UserError, match="a map needs 4 analysed sounds, and there are 0"):
        drive(project(engine, row.id, row.digest))
    assert len(read_map(engine, "house").ids) == 0
