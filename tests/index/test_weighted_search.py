"""Weights of aspects: exact, by hand, and the same whether everything is compared or not."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Engine

from index import weighted_search
from index.aspects import Weighting, grades, weighting
from index.search import SearchIndex
from index.target import Target
from index.weighted_search import weighted_nearest
from library.database import writing
from library.errors import UserError
from library.tables import Descriptor, Root, Sample
from vae.vector import TYPICAL_DISTANCE

BLOCKS = {"timbre": slice(0, 5), "rhythm": slice(5, 8)}
COUNT = 300


@pytest.fixture
def rows() -> NDArray[np.float32]:
    return np.random.default_rng(0).normal(size=(COUNT, 8)).astype(np.float32)


@pytest.fixture
def levels() -> NDArray[np.float64]:
    return np.random.default_rng(1).uniform(-40, 0, COUNT)


@pytest.fixture
def library(engine: Engine, levels: NDArray[np.float64]) -> Engine:
    """Samples 1 to 300, of which the loudness is known."""
    with writing(engine) as session:
        session.add(Root(id=1, path="/r"))
        session.flush()
        for i, level in enumerate(levels.tolist(), start=1):
            facts = {"name": str(i), "folder": "r", "search_text": str(i), "size": 1, "mtime_ns": 1}
            session.add(Sample(id=i, root_id=1, path=f"/r/{i}", **facts))
            session.flush()
            session.add(Descriptor(sample_id=i, loudness=level))
    return engine


def by_hand(
    rows: NDArray[np.float32], levels: NDArray[np.float64], target: Target, counted: Weighting
) -> NDArray[np.float64]:
    apart = np.square(rows - target.vector)
    total = sum(counted.weights[n] * apart[:, part].sum(axis=1) for n, part in BLOCKS.items())
    level = (levels - (target.measured["loudness"] or 0.0)) / 6.0 * TYPICAL_DISTANCE
    return np.sqrt(total + counted.weights["loudness"] * np.square(level))


WEIGHTS: list[dict[str, float]] = [
    {"timbre": 2.0},
    {"rhythm": 0.0},
    {"timbre": 0.0, "rhythm": 3.0},
    {"loudness": 1.0},
    {"timbre": 0.0, "rhythm": 0.0, "loudness": 2.0},
    {"timbre": 1.5, "rhythm": 0.7, "loudness": 0.3},
]


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("at_once", [COUNT, 50])
def test_the_nearest_by_weight_are_exact(
    library: Engine,
    rows: NDArray[np.float32],
    levels: NDArray[np.float64],
    weights: dict[str, float],
    at_once: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(weighted_search, "SCANNED_AT_ONCE", at_once)
    monkeypatch.setattr(weighted_search, "_FETCHED", 60)
    monkeypatch.setattr(weighted_search, "_CHUNK", 77)
    ids = np.arange(1, COUNT + 1)
    index = SearchIndex.build(ids, rows)
    counted = weighting(BLOCKS, weights)
    for i in range(0, COUNT, 60):
        target = Target(rows[i] + np.float32(0.1), {"loudness": -20.0})
        wanted = by_hand(rows, levels, target, counted)
        found, distances = weighted_nearest(library, index, target, counted, 5, ids)
        assert np.allclose(distances, np.sort(wanted)[:5], atol=1e-5)
        assert np.allclose(wanted[found - 1], distances, atol=1e-5)
        inside = ids[::7]
        found, distances = weighted_nearest(library, index, target, counted, 5, inside)
        assert set(found) <= set(inside)
        assert np.allclose(distances, np.sort(wanted[::7])[:5], atol=1e-5)


def test_of_very_many_only_the_nearest_are_compared(
    library: Engine, rows: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where that proves the answer; where it proves nothing, all of them."""
    monkeypatch.setattr(weighted_search, "SCANNED_AT_ONCE", 50)
    monkeypatch.setattr(weighted_search, "_FETCHED", 100)
    ids = np.arange(1, COUNT + 1)
    index = SearchIndex.build(ids, rows)
    asked: list[int] = []
    vectors_of = index.vectors_of

    def counting(wanted: NDArray[np.int64]) -> NDArray[np.float32]:
        asked.append(len(wanted))
        return vectors_of(wanted)

    monkeypatch.setattr(index, "vectors_of", counting)
    target = Target(rows[3], {})
    weighted_nearest(library, index, target, weighting(BLOCKS, {"timbre": 1.2}), 3, ids)
    assert sum(asked) == 100
    asked.clear()
    weighted_nearest(library, index, target, weighting(BLOCKS, {"timbre": 0.0}), 3, ids)
    assert sum(asked) == COUNT


def test_no_sounds_and_few_sounds(library: Engine, rows: NDArray[np.float32]) -> None:
    index = SearchIndex.build(np.arange(1, COUNT + 1), rows)
    counted, target = weighting(BLOCKS, {"timbre": 2.0}), Target(rows[0], {})
    found, distances = weighted_nearest(library, index, target, counted, 9, np.zeros(0, np.int64))
    assert found.shape == distances.shape == (0,)
    found, _ = weighted_nearest(library, index, target, counted, 9, np.array([4, 5]))
    assert set(found) == {4, 5}


def test_what_is_not_named_counts_once() -> None:
    assert weighting(BLOCKS, {}).is_plain
    assert weighting(BLOCKS, {"timbre": 1.0, "loudness": 0.0}).is_plain
    assert not weighting(BLOCKS, {"loudness": 1.0}).is_plain
    assert not weighting(BLOCKS, {"timbre": 0.5}).is_plain


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ({"colour": 1.0}, "no aspect 'colour': the aspects are timbre, rhythm, loudness"),
        ({"timbre": 0.0, "rhythm": 0.0}, "every aspect is switched off"),
    ],
)
def test_a_wrong_weight_is_told(weights: dict[str, float], told: str) -> None:
    with pytest.raises(UserError, match=told):
        weighting(BLOCKS, weights)


def test_every_aspect_is_graded() -> None:
    target = Target(np.zeros(8, np.float32), {"loudness": -20.0})
    vector = np.zeros(8, np.float32)
    vector[6] = TYPICAL_DISTANCE
    found = grades(target, vector, -26.0, BLOCKS)
    assert found == {
        "timbre": 1.0,
        "rhythm": pytest.approx(0.5),
        "loudness": pytest.approx(0.5),
    }
    assert "loudness" not in grades(target, vector, None, BLOCKS)
    assert "loudness" not in grades(Target(target.vector, {}), vector, -26.0, BLOCKS)
