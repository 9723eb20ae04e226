"""What is in a lasso, checked against the plain test of each point; and how its line is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from tui.widgets import braille
from tui.widgets.map_drawing import View
from tui.widgets.map_grid import PointGrid
from tui.widgets.map_lasso import Lasso, inside, lassoed, ring

RNG = np.random.default_rng(5)
STAR = np.array([(0.5, 0.0), (0.8, 1.0), (0.0, 0.4), (1.0, 0.4), (0.2, 1.0)])
OUTLINES = {
    "triangle": np.array([(0.1, 0.1), (0.9, 0.3), (0.4, 0.8)]),
    "box": np.array([(0.2, 0.2), (0.7, 0.2), (0.7, 0.6), (0.2, 0.6)]),
    "crossing itself": STAR,
    "hand-drawn": RNG.random((150, 2)),
}


def _around(x: float, y: float, outline: np.ndarray) -> bool:
    """Crossings of the ray to the right, corner by corner (Franklin, PNPOLY)."""
    odd = False
    for (ax, ay), (bx, by) in zip(outline, np.roll(outline, 1, axis=0), strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            odd = not odd
    return odd


@pytest.mark.parametrize("outline", OUTLINES.values(), ids=list(OUTLINES))
def test_the_points_inside_are_those_of_the_plain_test(outline: np.ndarray) -> None:
    xy = RNG.random((700, 2)).astype(np.float32)
    found = inside(xy[:, 0], xy[:, 1], outline)
    wanted = [_around(float(x), float(y), outline) for x, y in xy]
    assert found.tolist() == wanted
    assert 0 < sum(wanted) < 700


def test_the_samples_of_a_lasso_are_those_of_the_list() -> None:
    xy = RNG.random((2_000, 2)).astype(np.float32)
    ids = RNG.permutation(2_000) + 100
    points = PointGrid(ids, xy)
    outline = OUTLINES["triangle"]
    wanted = set(ids[inside(xy[:, 0], xy[:, 1], outline)].tolist())
    assert set(lassoed(points, outline, None).tolist()) == wanted
    even = points.ids % 2 == 0
    assert set(lassoed(points, outline, even).tolist()) == {i for i in wanted if i % 2 == 0}
    assert lassoed(points, outline[:2], None).tolist() == []


def test_a_box_has_four_corners_and_a_drawn_line_all_of_its_own() -> None:
    box = Lasso([(0.1, 0.2), (0.5, 0.6)])
    assert box.outline.tolist() == [[0.1, 0.2], [0.5, 0.2], [0.5, 0.6], [0.1, 0.6]]
    path = [(0.1, 0.2), (0.5, 0.6), (0.3, 0.9)]
    assert Lasso(path, box=False).outline.tolist() == [list(each) for each in path]


def test_the_line_is_drawn_and_what_is_beyond_the_screen_is_not() -> None:
    box = Lasso([(0.01, 0.01), (0.99, 0.99)]).outline
    assert braille.lines(ring(box, View(span=1.0), (3, 2))) == ["⡏⠉⢹", "⣇⣀⣸"]
    assert braille.lines(ring(box, View(0.5, 0.5, 0.2), (3, 2))) == ["   ", "   "]
