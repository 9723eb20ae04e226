"""The map, character by character: points, colours, views, labels, and the cells of its grid."""

from __future__ import annotations

import numpy as np
import pytest
from rich.style import Style

from tui.colourings import Colouring
from tui.widgets import braille, map_drawing, map_marks
from tui.widgets.map_drawing import LEVELS, Picture, View
from tui.widgets.map_grid import PointGrid, joined, placed
from tui.widgets.map_labels import Landmark, labels
from tui.widgets.map_marks import Marks, fine_enough, marks_in, painted
from tui.widgets.map_strips import Inks


def _grid(xy) -> PointGrid:
    xy = np.asarray(xy, dtype=np.float32).reshape(-1, 2)
    return PointGrid(np.arange(len(xy), dtype=np.int64), xy)


def _picture(
    xy, size: tuple[int, int], view: View | None = None, colours=None, within=None, **more
) -> Picture:
    xy = np.asarray(xy, dtype=np.float32).reshape(-1, 2)
    colours = np.zeros(len(xy), np.uint8) if colours is None else np.asarray(colours, np.uint8)
    within = None if within is None else np.asarray(within)
    marks = Marks(xy[:, 0], xy[:, 1], colours, within)
    return map_drawing.draw(marks, view or View(span=1.0), size, **more)


def _drawn(*args, **more) -> list[str]:
    return braille.lines(_picture(*args, **more).codes)


def test_points_lie_where_they_belong() -> None:
    corners = [(0.01, 0.01), (0.99, 0.01), (0.01, 0.99), (0.99, 0.99)]
    assert _drawn(corners, (3, 2)) == ["⠁ ⠈", "⡀ ⢀"]


def test_a_zoomed_map_shows_its_part_and_drops_the_rest() -> None:
    points = [(0.25, 0.25), (0.75, 0.75)]
    assert _drawn(points, (3, 1), View(0.75, 0.75, 0.5)) == [" ⠠ "]


def test_few_points_are_round_marks_and_several_in_a_cell_are_larger() -> None:
    points = [(0.1, 0.25), (0.9, 0.75), (0.9, 0.76)]
    assert _drawn(points, (20, 2)) == ["  •                 ", "                  ● "]


def test_density_shows_as_brightness_and_the_commonest_colour_wins() -> None:
    xy = [(0.1, 0.5)] * 50 + [(0.9, 0.5)]
    picture = _picture(xy, (2, 1), colours=[3] * 30 + [5] * 20 + [7])
    assert picture.levels.tolist() == [[LEVELS, 1]]
    assert picture.colours.tolist() == [[3, 7]]


def test_grades_are_averaged_and_what_is_not_known_gives_way() -> None:
    xy = [(0.1, 0.5)] * 5 + [(0.9, 0.5)]
    picture = _picture(xy, (2, 1), colours=[2, 6, 0, 0, 0, 0], graded=True)
    assert picture.colours.tolist() == [[4, 0]]


def test_what_is_not_listed_is_not_lit_and_gives_way() -> None:
    xy = [(0.1, 0.1), (0.1, 0.9), (0.9, 0.5)]
    picture = _picture(xy, (2, 1), within=[True, False, False])
    assert picture.lit.tolist() == [[True, False]]
    assert braille.lines(picture.codes) == ["⠁⠠"]


def test_no_points_draw_an_empty_map() -> None:
    assert _drawn([], (3, 1)) == ["   "]


def test_zooming_keeps_the_cursor_where_it_is_on_the_screen() -> None:
    view, size = View(), (80, 24)
    closer = view.zoomed(2.0, 0.3, 0.6)
    assert closer.span == pytest.approx(view.span / 2)
    assert closer.cell(0.3, 0.6, size) == view.cell(0.3, 0.6, size)
    assert closer.place(*_on_screen(closer, size), size) == pytest.approx((0.3, 0.6))
    assert closer.zoomed(0.01, 0.3, 0.6) == View()


def _on_screen(view: View, size: tuple[int, int]) -> tuple[float, float]:
    across, down = view.scale(size)
    return (0.3 - view.edges[0]) * across, (0.6 - view.edges[1]) * down


def test_a_view_never_leaves_the_map_and_shows_what_it_must() -> None:
    closer = View().zoomed(8.0, 0.5, 0.5)
    far = closer
    for _ in range(40):
        far = far.panned(1, 0)
    assert far.x + far.span / 2 == pytest.approx(0.5 + map_drawing.MARGIN / 2)
    shown = closer.showing(0.9, 0.1)
    assert abs(shown.x - 0.9) <= shown.span / 2
    assert abs(shown.y - 0.1) <= shown.span / 2


# The grid.


def _scattered(n: int = 3_000) -> PointGrid:
    rng = np.random.default_rng(1)
    xy = rng.normal(0.5, 0.2, (n, 2)).clip(0, 1).astype(np.float32)
    return PointGrid(rng.permutation(n) * 3 + 5, xy)


def test_every_sample_is_found_at_its_place() -> None:
    rng = np.random.default_rng(1)
    xy = rng.random((500, 2)).astype(np.float32)
    ids = rng.permutation(500) * 3 + 5
    points = PointGrid(ids, xy)
    for sample_id, (x, y) in zip(ids.tolist(), xy, strict=True):
        place = points.place_of(sample_id)
        assert place is not None
        assert (points.x[place], points.y[place]) == (x, y)
    assert points.place_of(6) is None
    assert points.place_of(10**9) is None
    assert _grid([]).place_of(0) is None


@pytest.mark.parametrize(
    "box", [(0.2, 0.3, 0.4, 0.5), (-1, -1, 2, 2), (0.99, 0.0, 1.5, 1.0), (0.5, 0.5, 0.5, 0.5)]
)
def test_the_parts_of_a_box_hold_all_its_points_and_few_others(box) -> None:
    points = _scattered()
    places = placed(points.parts(*box))
    assert len(np.unique(places)) == len(places)
    left, top, right, bottom = box
    x, y = points.x, points.y
    within = np.flatnonzero((x >= left) & (x <= right) & (y >= top) & (y <= bottom))
    assert np.isin(within, places).all()
    edge = 1 / 250
    near = (x >= left - edge) & (x <= right + edge) & (y >= top - edge) & (y <= bottom + edge)
    assert near[places].all()
    np.testing.assert_array_equal(joined(points.ids, points.parts(*box)), points.ids[places])


def test_the_cursor_goes_to_the_nearest_point_that_way() -> None:
    at = np.array([(10, 10), (14, 10), (12, 13), (10, 2), (2, 10.4), (40, 10)]) / 64
    points = _grid(at)
    scale = (64.0, 64.0)

    def towards(sample_id: int, right: int, down: int) -> int | None:
        here = points.place_of(sample_id)
        assert here is not None
        place = points.towards(here, right, down, scale)
        return None if place is None else int(points.ids[place])

    assert towards(0, 1, 0) == 1
    assert towards(0, -1, 0) == 4
    assert towards(0, 0, -1) == 3
    assert towards(0, 0, 1) == 2
    assert towards(1, 1, 0) == 5
    assert towards(5, 1, 0) is None


@pytest.mark.parametrize("direction", [(1, 0), (-1, 0), (0, 1), (0, -1)])
@pytest.mark.parametrize("span", [1.06, 0.1])
def test_the_next_point_is_that_of_a_search_through_all(
    direction: tuple[int, int], span: float
) -> None:
    points = _scattered()
    scale = View(span=span).scale((120, 36))
    right, down = direction
    for here in range(0, 3_000, 61):
        across = (points.x - points.x[here]) * scale[0]
        below = (points.y - points.y[here]) * (2 * scale[1])
        ahead, aside = (across * right, below) if right else (below * down, across)
        cost = ahead + 2 * np.abs(aside)
        cost[(ahead < (1 if right else 2)) | (np.abs(aside) > ahead)] = np.inf
        place = points.towards(here, right, down, scale)
        if np.isinf(cost).all():
            assert place is None
        else:
            assert place is not None
            assert cost[place] == pytest.approx(cost.min(), abs=1e-4)


def test_the_nearest_point_is_that_of_a_search_through_all_within_reach() -> None:
    points = _scattered()
    scale = View(span=0.3).scale((80, 24))
    rng = np.random.default_rng(2)
    missed = 0
    for x, y in rng.random((80, 2)).tolist():
        across, below = np.abs(points.x - x) * scale[0], np.abs(points.y - y) * scale[1] * 2
        far = np.where(np.maximum(across, below) <= 4, across**2 + below**2, np.inf)
        place = points.nearest(x, y, scale, 2.0)
        if np.isinf(far).all():
            assert place is None
            missed += 1
        else:
            assert place is not None
            assert far[place] == pytest.approx(far.min(), rel=1e-3)
    assert 0 < missed < 80


# Marks for many points.


def _merged(n: int, monkeypatch: pytest.MonkeyPatch, within=None, graded: bool = False):
    monkeypatch.setattr(map_marks, "MERGED_FROM", 10)
    rng = np.random.default_rng(3)
    points = PointGrid(np.arange(n), rng.normal(0.5, 0.1, (n, 2)).clip(0, 1).astype(np.float32))
    numbers = rng.integers(0, 4, n).astype(np.uint8)
    colouring = Colouring("made up", numbers, ("#000000",) * 4, (), graded)
    return points, painted(points, colouring, within)


def test_merged_marks_stand_for_all_points_and_draw_what_they_draw(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    points, paint = _merged(40_000, monkeypatch)
    marks, view, size = paint.merged, View(), (60, 18)
    assert marks is not None
    assert marks.weights is not None
    assert marks.weights.sum() == 40_000
    assert len(marks.x) < 25_000
    merged = map_drawing.draw(marks, view, size)
    single = map_drawing.draw(marks_in(points, paint, view.edges), view, size)
    assert np.mean(merged.codes == single.codes) > 0.9
    assert np.abs(merged.levels.astype(int) - single.levels).max() <= 1


def test_merged_marks_keep_to_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    within = np.arange(40_000) % 50 == 0
    _, paint = _merged(40_000, monkeypatch, within, graded=True)
    assert paint.merged is not None
    assert paint.merged.weights is not None
    assert paint.merged.within is not None
    assert paint.merged.weights[paint.merged.within].sum() == within.sum()
    assert 0 < paint.merged.within.sum() < len(paint.merged.x)


def test_few_points_are_drawn_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _merged(9, monkeypatch)[1].merged is None


def test_marks_are_merged_only_where_a_dot_is_as_large() -> None:
    assert fine_enough(1.06, (200, 60), (2, 4))
    assert not fine_enough(0.7, (200, 60), (2, 4))
    assert fine_enough(0.7, (120, 36), (2, 4))


# Labels and lines.


def test_words_are_written_where_there_is_room_the_weightiest_first() -> None:
    marks = [Landmark("kick", 0.5, 0.5), Landmark("snare", 0.52, 0.5), Landmark("hat", 0.5, 0.9)]
    view = View(span=1.0)
    assert labels(marks, view, (40, 10)) == [(17, 5, " kick "), (18, 9, " hat ")]
    assert labels(marks, View(span=0.1), (40, 10)) == []
    assert labels([Landmark("kick", 0.01, 0.5)], view, (40, 10)) == []


def test_lines_are_few_runs_and_hold_every_character() -> None:
    base = Style(color="#ffffff", bgcolor="#000000")
    inks = Inks(("#808080", "#ff0000"), False, base, "#00ff00")
    picture = _picture([(0.1, 0.1), (0.3, 0.1), (0.9, 0.1)], (40, 1), colours=[1, 1, 0])
    canvas = inks.canvas(picture)
    strip = canvas.strips()[0]
    assert strip.text.split() == ["•"] * 3
    assert strip.cell_length == 40
    assert [segment.text.strip() for segment in strip._segments] == ["", "•", "", "•", "", "•", ""]
    canvas.write(4, 0, " ab ")
    assert canvas.strips()[0].text[4:8] == " ab "
    assert canvas.strips()[0]._segments[1].style.bold


def test_a_line_is_drawn_in_place_of_dots() -> None:
    base = Style(color="#ffffff", bgcolor="#000000")
    inks = Inks(("#808080",), False, base, "#00ff00")
    canvas = inks.canvas(_picture([(0.01, 0.01)] * 3, (2, 1)))
    assert canvas.strips()[0].text == "⠁ "
    canvas.trace(np.array([[ord(" "), 0x2820]], np.uint32))
    assert canvas.strips()[0].text == "⠁⠠"
    assert canvas.strips()[0]._segments[1].style.color.name == "#00ff00"
