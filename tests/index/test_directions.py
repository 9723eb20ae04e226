"""What a word means in a library: the slope of vectors, however many sounds there are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Engine

from index import directions
from index.directions import read_move, slopes
from index.search import SearchIndex
from library.errors import UserError
from vae.attributes import ATTRIBUTES

COUNT = 400


def test_slopes_are_those_that_made_the_vectors() -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(500, 2))
    scores[:, 1] += 0.7 * scores[:, 0]
    wanted = rng.normal(size=(2, 6))
    vectors = scores @ wanted + 5.0 + 0.1 * rng.normal(size=(500, 6))
    found = slopes(scores, vectors.astype(np.float32))
    assert np.allclose(found, wanted, atol=0.05)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> NDArray[np.float64]:
    """Brightness and loudness of samples 0 to 399, as the library would tell them."""
    rng = np.random.default_rng(1)
    table = np.stack([100 * 2.0 ** rng.normal(3, 1, COUNT), rng.normal(-12, 4, COUNT)], axis=1)
    columns = {"brightness": 0, "loudness": 1}

    def read(_engine: Engine, names: Sequence[str], ids: NDArray[np.int64]) -> NDArray[np.float64]:
        return table[np.ix_(ids, [columns[name] for name in names])].copy()

    monkeypatch.setattr(directions, "read_measured", read)
    return table


def index_of(table: NDArray[np.float64]) -> tuple[NDArray[np.int64], SearchIndex]:
    """Vectors whose first number is the brightness in octaves, and whose second the loudness."""
    octaves = [ATTRIBUTES["brightness"].to_scale(value) for value in table[:, 0]]
    rows = np.stack([octaves, table[:, 1], np.zeros(COUNT)], axis=1).astype(np.float32)
    ids = np.arange(COUNT)
    return ids, SearchIndex.build(ids, rows)


def test_a_step_is_in_standard_deviations_of_the_library(
    engine: Engine, measured: NDArray[np.float64]
) -> None:
    ids, index = index_of(measured)
    deviation = float(index.vectors_of(ids)[:, 0].std())
    move = read_move(engine, index, ids, {"brightness": "+1.5"})
    assert move.steps == {"brightness": 1.5}
    assert move.shift[0] == pytest.approx(1.5 * deviation, rel=0.01)
    assert move.shift[2] == 0
    octave = read_move(engine, index, ids, {"brightness": "-1oct"})
    assert octave.shift[0] == pytest.approx(-1.0, rel=0.01)
    assert octave.steps["brightness"] == pytest.approx(-1 / deviation, rel=1e-3)


def test_some_stand_for_many(
    engine: Engine, measured: NDArray[np.float64], monkeypatch: pytest.MonkeyPatch
) -> None:
    ids, index = index_of(measured)
    whole = read_move(engine, index, ids, {"brightness": "+1"}).shift
    monkeypatch.setattr(directions, "_SOUNDS_AT_MOST", 200)
    some = read_move(engine, index, ids, {"brightness": "+1"}).shift
    assert 0 < abs(float(some[0] - whole[0])) < 0.2
    assert np.array_equal(some, read_move(engine, index, ids, {"brightness": "+1"}).shift)


def test_loudness_moves_no_vector(engine: Engine, measured: NDArray[np.float64]) -> None:
    ids, index = index_of(measured)
    move = read_move(engine, index, ids, {"loudness": "-6dB"})
    assert not move.shift.any()
    assert move.steps["loudness"] * move.deviations["loudness"] == pytest.approx(-6.0)


def test_sounds_without_a_value_are_left_out(engine: Engine, measured: NDArray[np.float64]) -> None:
    ids, index = index_of(measured)
    whole = read_move(engine, index, ids, {"brightness": "+1"})
    measured[::2, 0] = np.nan
    half = read_move(engine, index, ids, {"brightness": "+1"})
    assert half.shift[0] == pytest.approx(whole.shift[0], rel=0.15)
    measured[5:, 0] = np.nan
    with pytest.raises(UserError, match="too few sounds show what brightness is like"):
        read_move(engine, index, ids, {"brightness": "+1"})


def test_what_all_sounds_have_alike_is_no_direction(
    engine: Engine, measured: NDArray[np.float64]
) -> None:
    ids, index = index_of(measured)
    measured[:, 0] = 500.0
    with pytest.raises(UserError, match="too few sounds show"):
        read_move(engine, index, ids, {"brightness": "+1"})


@pytest.mark.parametrize(
    ("moves", "told"),
    [({"warmth": "+1"}, "no attribute 'warmth'"), ({"brightness": "+1dB"}, "is not a step")],
)
def test_a_wrong_move_is_told(
    engine: Engine, measured: NDArray[np.float64], moves: dict[str, str], told: str
) -> None:
    ids, index = index_of(measured)
    with pytest.raises(UserError, match=told):
        read_move(engine, index, ids, moves)
