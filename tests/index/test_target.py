"""Where a query looks: between what is liked, away from what is not, at a point of the map."""

from __future__ import annotations

import numpy as np
import pytest

from index.answers import MapPoints
from index.target import Target, around, away, blend
from library.errors import LibraryError


def vector(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_a_blend_is_the_weighted_mean() -> None:
    first = Target(vector(0, 4), {"loudness": -6.0, "brightness": 100.0, "pitch": None})
    second = Target(vector(4, 0), {"loudness": -12.0, "brightness": 400.0, "pitch": 60.0})
    mixed = blend([first, second], [3.0, 1.0])
    assert mixed.vector.tolist() == [1.0, 3.0]
    assert mixed.vector.dtype == np.float32
    assert mixed.measured["loudness"] == pytest.approx(-7.5)
    # In octaves, as the ear counts: nearer to 100 Hz than the mean of 175 Hz.
    assert 140 < (mixed.measured["brightness"] or 0) < 150
    assert mixed.measured["pitch"] == 60.0
    assert mixed.measured["decay"] is None


def test_one_sound_alone_stays_what_it_is() -> None:
    alone = Target(vector(0.1, 0.2), {"low_end": 1e-7, "brightness": 123.456})
    mixed = blend([alone], [1.0])
    assert np.array_equal(mixed.vector, alone.vector)
    assert (mixed.measured["low_end"], mixed.measured["brightness"]) == (1e-7, 123.456)


@pytest.mark.parametrize(("far", "moved"), [(10.0, 1.5), (2.0, 1.5), (0.5, 1.0)])
def test_the_step_away_is_a_neighbourhood_wide(far: float, moved: float) -> None:
    """And not further than twice the distance, so that what is the same moves nothing."""
    start = vector(1, 0)
    found = away(start, [vector(1 + far, 0)], radius=1.5)
    assert np.allclose(found, [1 - moved, 0])


def test_away_from_several_is_away_from_their_mean() -> None:
    found = away(vector(0, 0), [vector(1, 1), vector(1, -1)], radius=1.0)
    assert np.allclose(found, [-1, 0])
    assert np.array_equal(away(vector(2, 3), [vector(2, 3)], radius=1.0), vector(2, 3))


def test_a_point_on_the_map_is_the_samples_around_it() -> None:
    rng = np.random.default_rng(0)
    points = MapPoints(np.arange(50) * 3, rng.uniform(0, 1, (50, 2)).astype(np.float32), ())
    near = around(points, (0.4, 0.6))
    distances = np.linalg.norm(points.xy - (0.4, 0.6), axis=1)
    assert list(near) == points.ids[np.argsort(distances)[:8]].tolist()
    assert sum(near.values()) == pytest.approx(1.0)
    assert list(near.values()) == sorted(near.values(), reverse=True)
    x, y = points.xy[7].tolist()
    assert around(points, (x, y))[21] == pytest.approx(1.0, abs=1e-6)
    few = MapPoints(np.array([4]), np.zeros((1, 2), np.float32), ())
    assert around(few, (1.0, 1.0)) == {4: 1.0}


def test_no_map_is_told() -> None:
    nothing = MapPoints(np.zeros(0, np.int64), np.zeros((0, 2), np.float32), ())
    with pytest.raises(LibraryError, match="no map yet: crate map"):
        around(nothing, (0.5, 0.5))
