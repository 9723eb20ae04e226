"""Trajectories: lines and depths are read, and what is none is told in one line."""

from __future__ import annotations

import numpy as np
import pytest

from library.errors import UserError
from vae.trajectory import Depth, Drawn, Point, depth_of, points_of


def drawn(text: str) -> Drawn:
    points = points_of("brightness", text)
    assert points is not None
    return Drawn(points, np.array([float(point.step) for point in points]))


@pytest.mark.parametrize("text", ["+1", "-6dB", "x0.5", "+0.5oct", "up", ""])
def test_a_plain_step_is_no_course(text: str) -> None:
    assert points_of("brightness", text) is None
    assert depth_of("brightness", text) is None


def test_steps_between_colons_are_spread_evenly() -> None:
    assert points_of("pitch", "0st:-12st") == (Point(0, False, "0st"), Point(1, False, "-12st"))
    line = drawn("-1:+2 : 0")
    assert line.places(4.0).tolist() == [0, 2, 4]
    assert line.at(np.array([0.0, 1.0, 2.0, 3.0, 9.0]), 4.0).tolist() == [-1, 0.5, 2, 1, 0]


def test_points_have_times_in_seconds_and_in_parts_of_the_sound() -> None:
    line = drawn("0@0,+2@0.5s, 1@50%,0@100%")
    assert line.places(3.0).tolist() == [0, 0.5, 1.5, 3]
    assert line.at(np.array([-1.0, 0.25, 0.5, 1.0, 4.0]), 3.0).tolist() == [0, 1, 2, 1.5, 0]


def test_a_line_is_level_before_its_first_point_and_after_its_last() -> None:
    line = drawn("1@25%,3@75%")
    assert line.at(np.array([0.0, 0.2, 0.5, 0.9, 1.0]), 1.0).tolist() == [1, 1, 2, 3, 3]
    assert line.mean(1.0) == pytest.approx(2)


def test_seconds_after_a_part_that_is_later_do_not_go_back_in_time() -> None:
    places = drawn("0@0,1@50%,2@0.3s").places(2.0)
    assert places.tolist() == [0, 1, 1]


def test_the_mean_is_that_over_time_and_over_what_the_sound_has_of_it() -> None:
    assert drawn("0:+2").mean(3.0) == pytest.approx(1)
    assert drawn("0@0,+4@1s").mean(0.5) == pytest.approx(1)
    assert drawn("0@0,+4@1s").mean(4.0) == pytest.approx(3.5)
    assert drawn("2:+2").mean(0.0) == 2


def test_a_depth_is_a_number_after_its_name() -> None:
    assert depth_of("brightness", "depth0") == Depth(0)
    assert depth_of("brightness", " depth1.5 ") == Depth(1.5)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0@0,+2", r"'\+2' has no time that can be read: write it like \+2@50% or \+2@0.5s"),
        ("0@0,+2@half", "'\\+2@half' has no time"),
        ("0@0,+2@5", "'\\+2@5' has no time"),
        ("0@0,+2@-5%", "has no time"),
        ("0@0,+2@120%", "after the sound's end: stay within 100%"),
        ("0,1", "'0' has no time"),
        ("+2@50%", r"is a single point: write brightness=\+2 alone"),
        ("0@50%,1@50%", "do not rise"),
        ("0@0,1@1s,2@0.5s", "do not rise"),
        ("0@0,1@0%", "do not rise"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, told: str) -> None:
    with pytest.raises(UserError, match=told) as caught:
        points_of("brightness", text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("depth", "is not a depth: write it like brightness=depth0.5"),
        ("depth-1", "is not a depth"),
        ("depthx2", "is not a depth"),
        ("depth9", "is too deep: choose 0 to 8"),
    ],
)
def test_what_is_no_depth_is_told(text: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        depth_of("brightness", text)
