"""The geometry of a pad: which sounds, and how much of each, lie at a place."""

from __future__ import annotations

import numpy as np
import pytest

from library.errors import UserError
from vae.pad import CORNERS, MOST_POINTS, centre, course_along, evenly_along, inside, weights_at

NUMBERS = (2, 3, 4)
GRID = [(x, y) for x in np.linspace(-0.2, 1.2, 29) for y in np.linspace(-0.2, 1.2, 29)]


@pytest.mark.parametrize("sounds", NUMBERS)
def test_a_corner_is_one_sound_and_nothing_else(sounds: int) -> None:
    for number, corner in enumerate(CORNERS[sounds]):
        expected = tuple(float(number == each) for each in range(sounds))
        assert weights_at(sounds, corner) == expected


@pytest.mark.parametrize("sounds", NUMBERS)
def test_weights_are_parts_of_one_everywhere(sounds: int) -> None:
    for position in GRID:
        weights = weights_at(sounds, position)
        assert len(weights) == sounds
        assert min(weights) >= 0
        assert sum(weights) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("sounds", NUMBERS)
def test_weights_are_those_of_the_place(sounds: int) -> None:
    """The corners, mixed in the weights, lie where the place is."""
    for position in GRID:
        mixed = np.array(weights_at(sounds, position)) @ np.array(CORNERS[sounds])
        assert mixed == pytest.approx(inside(sounds, position), abs=1e-12)


@pytest.mark.parametrize("sounds", NUMBERS)
def test_a_small_move_is_a_small_change(sounds: int) -> None:
    for x, y in GRID:
        here = np.array(weights_at(sounds, (x, y)))
        for dx, dy in ((1e-4, 0.0), (0.0, 1e-4)):
            assert np.abs(here - weights_at(sounds, (x + dx, y + dy))).max() < 3e-4


@pytest.mark.parametrize("sounds", NUMBERS)
def test_the_centre_has_as_much_of_each(sounds: int) -> None:
    assert weights_at(sounds, centre(sounds)) == pytest.approx([1 / sounds] * sounds)


def test_inside_keeps_what_is_inside_and_finds_the_nearest_else() -> None:
    corners = np.array(CORNERS[3])
    inner = [weights @ corners for weights in np.random.default_rng(0).dirichlet([1] * 3, 400)]
    for x, y in inner:
        assert inside(3, (float(x), float(y))) == (x, y)
    for x, y in ((0.05, 0.9), (0.99, 0.5), (0.3, 1.0), (0.0, 0.4)):
        found = np.array(inside(3, (x, y)))
        nearest = min(np.hypot(*(each - (x, y))) for each in inner)
        assert np.hypot(*(found - (x, y))) <= nearest
        # On the edge, but for rounding.
        assert min(weights_at(3, (x, y))) == pytest.approx(0, abs=1e-12)


def test_steps_lie_evenly_on_a_way_and_keep_its_ends() -> None:
    way = [(0.0, 0.0), (1.0, 0.0), (1.0, 0.0), (1.0, 0.5)]
    steps = evenly_along(way, 4)
    assert steps == [pytest.approx(each) for each in [(0, 0), (0.5, 0), (1, 0), (1, 0.5)]]
    assert evenly_along([(0.2, 0.2), (0.2, 0.2)], 3) == [(0.2, 0.2)] * 3


def test_a_way_becomes_weights_over_time() -> None:
    course = course_along(4, [(0.0, 0, 0), (0.25, 1, 0), (1.0, 0.5, 0.5)])
    assert course.tolist() == [[0, 1, 0, 0, 0], [0.25, 0, 1, 0, 0], [1, 0.25, 0.25, 0.25, 0.25]]


@pytest.mark.parametrize(
    ("way", "told"),
    [
        ([(0.0, 0.0, 0.0)], "a way of 1 places"),
        ([(0.0, 0.0, 0.0)] * (MOST_POINTS + 1), "take 2 to"),
        ([(0.5, 0.0, 0.0), (0.4, 1.0, 0.0)], "go back"),
        ([(0.5, 0.0, 0.0), (1.1, 1.0, 0.0)], "go back"),
    ],
)
def test_what_is_no_way_is_told(way: list[tuple[float, float, float]], told: str) -> None:
    with pytest.raises(UserError, match=told):
        course_along(2, way)
