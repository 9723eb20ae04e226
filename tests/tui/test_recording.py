"""Recorded paths, the line that asks for steps, and how a pad is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from tui.colours import BACKGROUND, CORNERS
from tui.recording import GLIDE_SECONDS, Recording
from tui.step_line import Steps, steps_of, trouble_with_steps
from tui.widgets import pad_drawing
from vae.pad import course_along


def test_a_recording_is_the_places_with_their_shares_of_the_time() -> None:
    recording = Recording(10.0, (0.0, 0.0))
    recording.move(10.1, (0.5, 0.0))
    recording.move(10.2, (1.0, 0.0))
    assert recording.end(10.4) == (
        (0.0, 0.0, 0.0),
        (pytest.approx(0.25), 0.5, 0.0),
        (pytest.approx(0.5), 1.0, 0.0),
        (1.0, 1.0, 0.0),
    )


def test_who_rests_stays_where_they_are() -> None:
    recording = Recording(0.0, (0.0, 0.0))
    recording.move(1.0, (1.0, 0.0))
    way = recording.end(2.0)
    assert way[1] == (pytest.approx((1.0 - GLIDE_SECONDS) / 2), 0.0, 0.0)
    assert way[2:] == ((0.5, 1.0, 0.0), (1.0, 1.0, 0.0))


def test_a_recording_without_a_move_or_without_time() -> None:
    assert Recording(0.0, (0.5, 0.5)).end(3.0) == ()
    recording = Recording(5.0, (0.0, 0.0))
    recording.move(5.0, (1.0, 1.0))
    way = recording.end(5.0)
    assert way == ((0.0, 0.0, 0.0), (0.0, 1.0, 1.0), (0.0, 1.0, 1.0))
    assert len(course_along(4, way)) == 3


@pytest.mark.parametrize(
    ("line", "steps"),
    [
        ("AB 9", Steps((0, 1), 9)),
        (" ba 12 ", Steps((1, 0), 12)),
        ("ABCD2", Steps((0, 1, 2, 3), 2)),
        ("a-c 5", None),
        ("AC-5", Steps((0, 2), 5)),
        ("path 7", Steps((), 7)),
        ("Path 7", Steps((), 7)),
        ("A 9", None),
        ("AA 9", None),
        ("AE 9", None),
        ("AB", None),
        ("AB 1", None),
        ("AB 1001", None),
        ("", None),
    ],
)
def test_a_line_of_steps(line: str, steps: Steps | None) -> None:
    assert steps_of(line) == steps


def test_what_is_wrong_with_a_line_of_steps() -> None:
    assert trouble_with_steps("AB 9", 2, recorded=False) == ""
    assert "like AB 9" in trouble_with_steps("nine", 2, recorded=True)
    assert trouble_with_steps("AC 9", 2, recorded=True) == "The corners are A, B"
    assert "no path yet" in trouble_with_steps("path 9", 4, recorded=False)
    assert trouble_with_steps("path 9", 4, recorded=True) == ""


def test_a_pad_has_the_colours_of_its_sounds_in_the_corners() -> None:
    drawn = pad_drawing.field(CORNERS, 21, 10)
    assert drawn.shape == (20, 21, 3)
    corners = drawn[[0, 0, -1, -1], [0, -1, -1, 0]].astype(int)
    own = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in CORNERS])
    # Nearer to the ground, and the same hue: the channels are in the same order.
    assert (corners.argsort(axis=1) == own.argsort(axis=1)).all()
    assert (drawn[10, 10] < corners.max(axis=1)[:, None]).all()
    assert pad_drawing.is_pad(drawn.astype(int)).all()


def test_what_is_around_a_triangle_is_not_of_the_pad() -> None:
    drawn = pad_drawing.field(CORNERS[:3], 21, 10)
    assert tuple(drawn[-1, 0]) == tuple(int(BACKGROUND[i : i + 2], 16) for i in (1, 3, 5))
    inner = pad_drawing.is_pad(drawn.astype(int))
    assert inner[0].all()
    assert inner[-1].tolist() == [x == 10 for x in range(21)]


def test_cells_and_places_are_each_others_own() -> None:
    for column, row in ((0, 0), (20, 9), (7, 3)):
        place = pad_drawing.place_of(column, row, 21, 10)
        assert pad_drawing.cell_of(place, 21, 10) == (column, row)


def test_a_way_is_drawn_without_gaps() -> None:
    cells = pad_drawing.cells_along([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)], 5, 3)
    assert cells == [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (4, 1), (4, 2)]
    assert pad_drawing.cells_along([], 5, 3) == []
