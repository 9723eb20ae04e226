"""The map: near what is alike, the same every time, and in its place when the library changes.

All that lays out a map is tested here, since UMAP takes seconds to get ready.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, delete, insert, update

from index.answers import MapPoints
from index.map_alignment import filling_square, onto, within_square
from index.map_graph import others_nearest
from index.map_layout import lay_out, lay_out_again, place
from index.map_rows import read_map
from index.projection import project
from index.space_rows import find_space
from index.spaces import ensure_house_space
from index.workspace import Workspace
from library.database import writing
from library.errors import LibraryError, UserError
from library.progress import drive
from library.tables import Root, Sample, Space, Vector
from tests.conftest import MadeLibrary
from tui.cli import main


def blobs(sizes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Vectors in groups far apart, and which group each is of."""
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(len(sizes)), sizes)
    centres = 8 * rng.normal(size=(len(sizes), 10))
    rows = centres[groups] + rng.normal(size=(len(groups), 10))
    return rows.astype(np.float32), groups


def alike(xy: np.ndarray, groups: np.ndarray) -> float:
    """The share of points whose nearest other is of their group."""
    distances = np.linalg.norm(xy[:, None] - xy[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    return float((groups[distances.argmin(axis=1)] == groups).mean())


def shift(xy: np.ndarray, then: np.ndarray) -> float:
    """How far points have moved, the median as a share of the map's diagonal."""
    return float(np.median(np.linalg.norm(xy - then, axis=1)) / np.hypot(*np.ptp(then, axis=0)))


@pytest.fixture
def made_up(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Callable[..., MapPoints]:
    """Map vectors that stand in for those of the house space's, of samples that are there."""
    ensure_house_space(engine)
    with writing(engine) as session:
        root = Root(path="/s")
        session.add(root)
        session.flush()
        session.add_all(
            Sample(id=i, root_id=root.id, path=f"/s/{i}", name=str(i), folder="s",
                   search_text="", size=1, mtime_ns=1)
            for i in range(1, 201)
        )  # fmt: skip

    def mapped(rows: np.ndarray, ids: np.ndarray | None = None, **how: Any) -> MapPoints:
        ids = np.arange(1, len(rows) + 1) if ids is None else ids
        row = find_space(engine, "house")
        with writing(engine) as session:
            session.execute(delete(Vector))
            session.execute(
                insert(Vector),
                [{"sample_id": int(i), "space_id": row.id, "data": r.tobytes()}
                 for i, r in zip(ids, rows, strict=True)],
            )  # fmt: skip
        assert drive(project(engine, row.id, row.digest, **how)) == len(rows)
        return read_map(engine, "house")

    return mapped


def trained_again(engine: Engine) -> None:
    with writing(engine) as session:
        session.execute(update(Space).values(digest="another"))


def test_groups_stay_together() -> None:
    rows, groups = blobs((30, 30, 30))
    xy = drive(lay_out(rows))
    assert xy.shape == (90, 2)
    assert xy.dtype == np.float32
    assert alike(xy, groups) > 0.95


def test_the_same_vectors_are_the_same_map() -> None:
    rows, _ = blobs((20, 12))
    assert np.array_equal(drive(lay_out(rows)), drive(lay_out(rows)))


@pytest.mark.parametrize("n", [4, 5, 61])
@pytest.mark.parametrize("d", [1, 6])
def test_few_sounds_and_equal_ones_have_a_map(n: int, d: int) -> None:
    rows = np.random.default_rng(0).normal(size=(n, d)).astype(np.float32)
    known = np.arange(n) < 3
    for each in (rows, np.repeat(rows[:1], n, axis=0)):
        xy = drive(lay_out(each))
        assert xy.shape == (n, 2)
        assert np.isfinite(xy).all()
        for follow in (place, lay_out_again):
            assert np.isfinite(drive(follow(each, known, xy[known]))).all()


def test_a_new_map_fills_its_square_alike_in_both_directions() -> None:
    tall = np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32) * [1, 5]
    turned = filling_square(tall)(tall)
    assert turned.min() == pytest.approx(0.02, abs=1e-6)
    assert turned.max() == pytest.approx(0.98, abs=1e-6)
    assert np.ptp(turned, axis=0)[0] == pytest.approx(0.96)  # the longer side lies along x
    assert turned[:, 1].min() + turned[:, 1].max() == pytest.approx(1)
    ratio = np.linalg.norm(np.diff(turned, axis=0), axis=1) / np.linalg.norm(
        np.diff(tall, axis=0), axis=1
    )
    assert np.ptp(ratio) < 1e-5


@pytest.mark.parametrize("mirror", [1, -1])
def test_a_turned_map_is_brought_back(mirror: int) -> None:
    rng = np.random.default_rng(1)
    xy = rng.random((40, 2)).astype(np.float32)
    turned = (3 * xy @ np.array([[0.6, 0.8], [-0.8, 0.6]]) * [1, mirror] + [5, 7]).astype("f4")
    assert onto(turned, xy)(turned) == pytest.approx(xy, abs=1e-5)
    out = xy * 1.3 - 0.2
    fitted = within_square(out)(out)
    assert fitted.min() > -1e-6
    assert fitted.max() < 1 + 1e-6
    assert within_square(xy)(xy) == pytest.approx(xy, abs=1e-6)


def test_nearest_ones_are_found_among_many_and_among_equal_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows, _ = blobs((400, 300, 300))
    own = np.arange(1_000)
    exact, distances = drive(others_nearest(rows, own, 5))
    assert not (exact == own[:, None]).any()
    brute = np.linalg.norm(rows[:, None] - rows[None], axis=2) + np.diag(np.full(1_000, np.inf))
    assert distances == pytest.approx(np.sort(brute, axis=1)[:, :5], abs=1e-3)
    monkeypatch.setattr("index.map_graph._EXACT_PAIRS", 0)
    rough, _ = drive(others_nearest(rows, own, 5))
    assert np.mean([len(set(a) & set(b)) / 5 for a, b in zip(exact, rough, strict=True)]) > 0.95
    equal = np.repeat(rows[:1], 1_000, axis=0)
    rows, distances = drive(others_nearest(equal, own, 5))
    assert not (rows == own[:, None]).any()
    assert (distances == 0).all()


def test_new_sounds_come_onto_the_map_and_old_ones_stay(made_up: Callable[..., MapPoints]) -> None:
    rows, groups = blobs((50, 50, 50))
    order = np.random.default_rng(2).permutation(150)
    rows, groups = rows[order], groups[order]
    first = made_up(rows[:130])
    assert alike(first.xy, groups[:130]) > 0.95
    second = made_up(rows[:140])
    assert np.array_equal(second.xy[:130], first.xy)
    third = made_up(rows)
    assert np.array_equal(third.xy[:140], second.xy)
    assert third.xy.min() >= 0
    assert third.xy.max() <= 1
    assert alike(third.xy, groups) > 0.95
    fewer = made_up(rows[20:], np.arange(21, 151))
    assert np.array_equal(fewer.xy, third.xy[20:])
    assert np.array_equal(made_up(rows[20:], np.arange(21, 151)).xy, fewer.xy)


def test_a_kind_of_sound_that_is_new_gets_a_place_of_its_own(
    made_up: Callable[..., MapPoints],
) -> None:
    rows, groups = blobs((60, 60, 25))
    first = made_up(rows[:120])
    second = made_up(rows)
    assert np.array_equal(second.xy[:120], first.xy)
    assert alike(second.xy, groups) > 0.9


@pytest.mark.parametrize("why", ["grown", "fresh", "trained"])
def test_a_map_that_is_laid_out_again_is_known_again(
    made_up: Callable[..., MapPoints], engine: Engine, why: str
) -> None:
    rows, groups = blobs((60, 60, 60))
    order = np.random.default_rng(2).permutation(180)
    rows, groups = rows[order], groups[order]
    first = made_up(rows[:120])
    if why == "trained":
        trained_again(engine)
        assert len(read_map(engine, "house").ids) == 0  # of another space now
        rows = rows @ np.linalg.qr(np.random.default_rng(3).normal(size=(10, 10)))[0]
        rows = rows.astype(np.float32)
    n = 180 if why == "grown" else 120
    again = made_up(rows[:n], fresh=why == "fresh")
    assert not np.array_equal(again.xy[:120], first.xy)
    assert shift(again.xy[:120], first.xy) < 0.15  # two unrelated maps: about 0.4
    assert alike(again.xy, groups[:n]) > 0.95
    assert again.xy.min() >= 0
    assert again.xy.max() <= 1


def test_a_library_with_few_sounds_of_the_last_map_gets_a_new_one(
    made_up: Callable[..., MapPoints],
) -> None:
    rows, groups = blobs((60, 60))
    made_up(rows[55:65], np.arange(56, 66))
    new = made_up(rows)
    assert alike(new.xy, groups) > 0.95
    assert np.ptp(new.xy, axis=0).max() == pytest.approx(0.96, abs=1e-6)


def test_stopping_leaves_the_last_map(made_up: Callable[..., MapPoints], engine: Engine) -> None:
    rows, _ = blobs((60, 60))
    first = made_up(rows)
    row = find_space(engine, "house")
    job = project(engine, row.id, row.digest, fresh=True)
    steps = [next(job) for _ in range(20)]
    assert {"neighbours", "map"} <= {step.stage for step in steps}
    job.close()
    assert np.array_equal(read_map(engine, "house").xy, first.xy)


def test_a_space_that_is_trained_meanwhile_gets_no_map(
    made_up: Callable[..., MapPoints], engine: Engine
) -> None:
    made_up(blobs((30, 30))[0])
    row = find_space(engine, "house")
    job = project(engine, row.id, row.digest, fresh=True)
    next(job)
    trained_again(engine)
    with pytest.raises(LibraryError, match="trained again in the meantime"):
        drive(job)


def test_a_map_is_kept_as_rows(library_copy: MadeLibrary) -> None:
    with Workspace.open(library_copy.path) as workspace:
        assert len(workspace.map_points().ids) == 0
        for _ in range(2):  # nothing is new the second time
            assert drive(workspace.project()) == 40
            points = workspace.map_points()
            assert points.ids.tolist() == sorted(workspace.ids("is:analysed").tolist())
        rows = workspace.rows(points.ids)
        assert points.categories == tuple(row.category for row in rows)
        assert np.ptp(points.xy, axis=0).max() == pytest.approx(0.96, abs=1e-6)
        assert len(workspace.map_points("house").ids) == 0
        assert drive(workspace.project("house")) == 40
        other = workspace.map_points("house")
        assert not np.array_equal(other.xy, points.xy)
        assert shift(other.xy, points.xy) < 0.25  # two unrelated maps: about 0.4
        drive(workspace.train("mine"))
        assert drive(workspace.project()) == 40


def test_the_command_lays_a_map_out_when_asked(
    library_copy: MadeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    monkeypatch.setattr(
        "index.projection.lay_out", lambda rows: made.append("new") or lay_out(rows)
    )
    monkeypatch.setattr(
        "index.projection.lay_out_again",
        lambda *args: made.append("again") or lay_out_again(*args),
    )
    for arguments, so_far in (
        (["map"], ["new"]),
        (["map"], ["new"]),
        (["map", "--fresh"], ["new", "again"]),
    ):
        assert main(["--library", str(library_copy.path), *arguments]) == 0
        assert made == so_far


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
    assert (tmp_path / "d" / "map.html").is_file()
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
