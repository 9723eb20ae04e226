"""Inside long sounds: which samples hold a piece, where, and from which samples."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import insert

from index.inside import TYPICAL_DISTANCE, InsideIndex, Place, place_score, read_windows
from index.workspace import Workspace
from library.database import reading, writing
from library.tables import Hearing as HearingRow
from tests.index.conftest import ping
from vae.ear_file import house_ear
from vae.ear_windows import STEP_S, WINDOW_DIMS
from vae.onset import from_onset

SAMPLES = {3: 1, 5: 40, 8: 7, 20: 12, 21: 1, 40: 3}
"""Ids, and how many windows each has."""


def windows_of(sample_id: int) -> NDArray[np.float32]:
    rng = np.random.default_rng(sample_id)
    return rng.normal(0, 3, (SAMPLES[sample_id], WINDOW_DIMS)).astype("f2").astype("f4")


@pytest.fixture(scope="module")
def index() -> InsideIndex:
    ids = np.concatenate([np.full(n, i, np.int64) for i, n in SAMPLES.items()])
    return InsideIndex(ids, np.concatenate([windows_of(i) for i in SAMPLES]))


@pytest.mark.parametrize(
    ("sample_id", "at", "count"),
    [(5, 0, 3), (5, 17, 8), (5, 37, 3), (8, 2, 4), (20, 11, 1), (21, 0, 1), (40, 0, 3)],
)
def test_a_piece_is_found_where_it_is(
    index: InsideIndex, sample_id: int, at: int, count: int
) -> None:
    piece = windows_of(sample_id)[at : at + count]
    found = index.find(piece)
    assert found[0] == Place(sample_id, at * STEP_S, 0.0)
    assert found[1].distance > 1
    assert [p.distance for p in found] == sorted(p.distance for p in found)
    ids = [p.sample_id for p in found]
    assert len(ids) == len(set(ids)), "each sample once"
    assert set(ids) <= set(SAMPLES)


def test_distances_are_means_over_the_best_place(index: InsideIndex) -> None:
    rng = np.random.default_rng(0)
    piece = rng.normal(0, 3, (3, WINDOW_DIMS)).astype("f4")
    found = {p.sample_id: p for p in index.find(piece)}
    assert set(found) == set(SAMPLES), "a few windows are all among the nearest sixty"
    for sample_id, place in found.items():
        held = windows_of(sample_id)
        n = min(3, len(held))
        means = [
            np.linalg.norm(held[s : s + n] - piece[:n], axis=1).mean()
            for s in range(len(held) - n + 1)
        ]
        assert place.distance == pytest.approx(min(means), abs=0.01)
        assert place.start == int(np.argmin(means)) * STEP_S


def test_noise_on_a_piece_leaves_it_where_it_is(index: InsideIndex) -> None:
    rng = np.random.default_rng(1)
    for sample_id, at in ((5, 4), (5, 30), (20, 6)):
        piece = windows_of(sample_id)[at : at + 2]
        noisy = (piece + rng.normal(0, 0.7, piece.shape)).astype("f4")
        best = index.find(noisy)[0]
        assert (best.sample_id, best.start) == (sample_id, at * STEP_S)
        assert 1 < best.distance < 6


def test_a_piece_longer_than_a_sample_is_compared_with_all_of_it(index: InsideIndex) -> None:
    piece = np.concatenate([windows_of(8), np.zeros((9, WINDOW_DIMS), np.float32)])
    assert index.find(piece)[0] == Place(8, 0.0, 0.0)


def test_only_the_scope_is_looked_at(index: InsideIndex) -> None:
    piece = windows_of(5)[10:12]
    scope = np.array([3, 20, 40, 99], np.int64)
    found = index.find(piece, scope)
    assert {p.sample_id for p in found} == {3, 20, 40}
    alone = index.find(piece, np.array([5], np.int64))
    assert alone == [Place(5, 10 * STEP_S, 0.0)]
    assert index.find(piece, np.zeros(0, np.int64)) == []
    assert index.find(piece, np.array([99], np.int64)) == []


def test_the_scope_keeps_its_nearest_though_many_others_are_nearer() -> None:
    """The nearest sixty are of the scope, not what of the nearest sixty lies in it."""
    rng = np.random.default_rng(2)
    piece = rng.normal(size=(1, WINDOW_DIMS)).astype("f4")
    near = (piece + 0.01 * rng.normal(size=(200, WINDOW_DIMS))).astype("f4")
    far = (piece + 5).astype("f4")
    index = InsideIndex(np.arange(1, 202, dtype=np.int64), np.concatenate([near, far]))
    assert 201 not in [p.sample_id for p in index.find(piece)]
    assert [p.sample_id for p in index.find(piece, np.array([201], np.int64))] == [201]


def test_nothing_is_in_an_empty_library() -> None:
    empty = InsideIndex(np.zeros(0, np.int64), np.zeros((0, WINDOW_DIMS), np.float32))
    assert empty.find(np.zeros((2, WINDOW_DIMS), np.float32)) == []


def test_windows_are_read_of_one_ear(small: Workspace) -> None:
    ear = house_ear()
    names = {row.id: row.name for row in small.rows(small.ids())}
    index = read_windows(small._engine, ear.digest)
    for sample_id, name in list(names.items())[::4]:
        heard = ear.hear(from_onset(ping(int(name[5:8]))), None)
        best = index.find(heard.windows)[0]
        assert (best.sample_id, best.start) == (sample_id, 0.0)
        assert best.distance < 0.1
    assert read_windows(small._engine, "other").find(heard.windows) == []


def test_what_another_ear_heard_is_left_out(small: Workspace) -> None:
    ids = [int(i) for i in small.ids()]
    with reading(small._engine) as session:
        row = session.get_one(HearingRow, ids[3])
        whole, windows = row.whole, row.windows
    other = {"sample_id": ids[3], "ear": "other", "whole": whole, "windows": windows}
    with writing(small._engine) as session:
        session.execute(insert(HearingRow).prefix_with("OR REPLACE"), [other])
    piece = np.frombuffer(windows, "<f2").reshape(-1, WINDOW_DIMS).astype("f4")
    ours = read_windows(small._engine, house_ear().digest).find(piece)
    assert ids[3] not in [p.sample_id for p in ours]
    assert [p.sample_id for p in read_windows(small._engine, "other").find(piece)] == [ids[3]]


def test_a_place_is_graded_as_a_distance_is() -> None:
    assert place_score(0.0) == 1.0
    assert place_score(TYPICAL_DISTANCE) == pytest.approx(0.5)
    assert place_score(1.0) > place_score(2.0) > place_score(50.0) > 0


def test_the_nearest_windows_are_told_with_their_places(index: InsideIndex) -> None:
    first, *others = index.nearest(windows_of(5)[17], 12)
    assert (first.sample_id, first.start) == (5, 17 * STEP_S)
    assert first.distance == pytest.approx(0.0, abs=0.01)
    assert [place.distance for place in others] == sorted(place.distance for place in others)
    without = index.nearest(windows_of(5)[17], 12, without=5)
    assert len(without) == 12
    assert 5 not in {place.sample_id for place in without}
    scoped = index.nearest(windows_of(5)[17], 12, np.array([8, 21]))
    assert {place.sample_id for place in scoped} == {8, 21}
    assert len(scoped) == SAMPLES[8] + SAMPLES[21]
    assert index.nearest(windows_of(5)[17], 12, np.array([4])) == []
