"""Waveform, map and the texts of the widgets, character by character."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from rich.cells import cell_len

from library.catalog import SampleRow
from library.palette import CATEGORY_COLOURS
from tests.tui.fake_workspace import FakeWorkspace
from tui.colours import OTHER, PALETTE, colour_of, faded, number_of
from tui.columns import COLUMNS, ListColumns, laid_out
from tui.widgets import facts, map_drawing, waveform
from tui.widgets.inspector import describe
from tui.widgets.map_drawing import View, next_point
from tui.widgets.sample_line import draw_headings, draw_row
from tui.widgets.step_list import Step, headings
from tui.widgets.step_list import describe as describe_step


def _pairs(*values: tuple[float, float]) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def test_full_scale_fills_the_height() -> None:
    assert waveform.draw(_pairs((-1, 1)), 3, 2) == ["⣿⣿⣿", "⣿⣿⣿"]


def test_silence_is_a_line_in_the_middle() -> None:
    assert waveform.draw(_pairs((0, 0)), 4, 1) == ["⠤⠤⠤⠤"]


def test_nothing_is_blank() -> None:
    assert waveform.draw(np.zeros((0, 2), dtype=np.float32), 4, 2) == ["    ", "    "]


def test_halves_are_drawn_where_they_are() -> None:
    assert waveform.draw(_pairs((0, 1), (-1, 0)), 2, 2) == ["⣿ ", " ⣿"]


def test_beyond_full_scale_is_drawn_at_the_edge() -> None:
    assert waveform.draw(_pairs((-9, 9)), 1, 1) == ["⣿"]
    assert waveform.draw(_pairs((5, 9)), 1, 1) == ["⠉"]


def test_no_peak_is_lost_when_many_columns_become_few() -> None:
    overview = np.zeros((1000, 2), dtype=np.float32)
    overview[517] = (-1, 1)
    lines = waveform.draw(overview, 10, 2)
    assert lines == ["     ⡇    ", "⠉⠉⠉⠉⠉⡏⠉⠉⠉⠉"]


def _drawn(xy: np.ndarray, width: int, height: int, view: View | None = None, **more) -> list[str]:
    xy = np.asarray(xy, dtype=np.float32)
    at = map_drawing.project(xy, view or View(span=1.0), width, height)
    colours = np.zeros(len(xy), dtype=np.uint8)
    picture = map_drawing.draw(at, colours, width, height, **more)
    return map_drawing.braille.lines(picture.codes)


def test_points_lie_where_they_belong() -> None:
    corners = [(0.01, 0.01), (0.99, 0.01), (0.01, 0.99), (0.99, 0.99)]
    assert _drawn(corners, 3, 2) == ["⠁ ⠈", "⡀ ⢀"]


def test_a_zoomed_map_shows_its_part_and_drops_the_rest() -> None:
    points = [(0.25, 0.25), (0.75, 0.75)]
    view = View(0.75, 0.75, 0.5)
    assert _drawn(points, 3, 1, view) == [" ⠠ "]


def test_few_points_are_round_marks_and_several_in_a_cell_are_larger() -> None:
    points = [(0.1, 0.25), (0.9, 0.75), (0.9, 0.76)]
    assert _drawn(points, 20, 2) == ["  •                 ", "                  ● "]


def test_density_shows_as_brightness_and_the_commonest_colour_wins() -> None:
    xy = np.array([(0.1, 0.5)] * 50 + [(0.9, 0.5)], dtype=np.float32)
    colours = np.array([3] * 30 + [5] * 20 + [7], dtype=np.uint8)
    at = map_drawing.project(xy, View(span=1.0), 2, 1)
    picture = map_drawing.draw(at, colours, 2, 1)
    assert picture.levels.tolist() == [[map_drawing.LEVELS, 1]]
    assert picture.colours.tolist() == [[3, 7]]


def test_what_is_not_listed_is_not_lit_and_gives_way() -> None:
    xy = np.array([(0.1, 0.1), (0.1, 0.9), (0.9, 0.5)], dtype=np.float32)
    at = map_drawing.project(xy, View(span=1.0), 2, 1)
    within = np.array([True, False, False])
    picture = map_drawing.draw(at, np.zeros(3, dtype=np.uint8), 2, 1, within)
    assert picture.lit.tolist() == [[True, False]]
    assert map_drawing.braille.lines(picture.codes) == ["⠁⠠"]


def test_no_points_draw_an_empty_map() -> None:
    assert _drawn(np.zeros((0, 2)), 3, 1) == ["   "]


def test_the_cursor_goes_to_the_nearest_point_that_way() -> None:
    at = np.array([(10, 10), (14, 10), (12, 13), (10, 2), (2, 10.4), (40, 10)], dtype=np.float32)
    assert next_point(at, 0, 1, 0) == 1
    assert next_point(at, 0, -1, 0) == 4
    assert next_point(at, 0, 0, -1) == 3
    assert next_point(at, 0, 0, 1) == 2
    assert next_point(at, 1, 1, 0) == 5
    assert next_point(at, 5, 1, 0) is None


def test_zooming_keeps_the_cursor_where_it_is_on_the_screen() -> None:
    point = np.array([(0.3, 0.6)], dtype=np.float32)
    view = View()
    closer = view.zoomed(2.0, 0.3, 0.6)
    before = map_drawing.project(point, view, 80, 24)
    after = map_drawing.project(point, closer, 80, 24)
    assert closer.span == pytest.approx(view.span / 2)
    np.testing.assert_allclose(before, after, atol=1e-3)
    assert closer.zoomed(0.01, 0.3, 0.6) == View()


def test_a_view_never_leaves_the_map_and_shows_what_it_must() -> None:
    closer = View().zoomed(8.0, 0.5, 0.5)
    far = closer
    for _ in range(40):
        far = far.panned(1, 0)
    assert far.x + far.span / 2 == pytest.approx(0.5 + map_drawing.MARGIN / 2)
    shown = closer.showing(0.9, 0.1)
    assert abs(shown.x - 0.9) <= shown.span / 2
    assert abs(shown.y - 0.1) <= shown.span / 2


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (0.0, "0 ms"),
        (0.0849, "85 ms"),
        (0.09951, "0.10 s"),
        (1.236, "1.24 s"),
        (59.996, "1:00"),
        (187.2, "3:07"),
        (3725, "1:02:05"),
    ],
)
def test_lengths(seconds: float | None, text: str) -> None:
    assert facts.length(seconds) == text


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("brightness", 1234.0, "1.2 kHz"),
        ("brightness", 98.6, "99 Hz"),
        ("loudness", -12.34, "-12.3 dB"),
        ("attack", 2.34, "2.3 ms"),
        ("attack", 120.4, "120 ms"),
        ("decay", 0.5, "0.50 s"),
        ("pitch", 69.0, "A4"),
        ("pitch", 33.12, "A1 +12 ct"),
        ("low_end", 0.254, "25%"),
        ("crunchy", 1.5, "1.50"),
        ("pitch", None, "-"),
    ],
)
def test_measured_values_have_units(name: str, value: float | None, text: str) -> None:
    assert facts.attribute(name, value) == text


def test_bars() -> None:
    assert facts.bar(0.0, 4) == ("", "────")
    assert facts.bar(0.625, 4) == ("━━╸", "─")
    assert facts.bar(1.0, 4) == ("━━━━", "")
    assert facts.part("brightness", 100.0) == 0.0
    assert facts.part("brightness", 12_000.0) == pytest.approx(1.0)
    assert facts.part("loudness", -30.0) == 0.5
    assert facts.part("loudness", -120.0) == 0.0
    assert facts.part("crunchy", 1.0) is None


@pytest.mark.parametrize("width", [20, 43, 44, 59, 60, 80, 90, 140])
@pytest.mark.parametrize("score", [None, 0.5])
def test_a_line_of_the_list_always_has_its_width(width: int, score: float | None) -> None:
    row = FakeWorkspace()._row(7)
    aspects = () if score is None else ("timbre", "pitch")
    for columns in (ListColumns(), ListColumns(tuple(COLUMNS))):
        layout = laid_out(columns, width, score is not None, aspects)
        for name in ("a.wav", "ドラム" * 40 + ".wav", "x" * 300):
            for each in (row, replace(row, missing=True), replace(row, tags=("a" * 40,), rating=5)):
                named = replace(each, name=name, folder=name)
                cells = draw_row(named, layout, 1, score, {"timbre": 0.5})
                assert cell_len("".join(cell.text for cell in cells)) == width
        assert cell_len("".join(cell.text for cell in draw_row(None, layout))) == width
        assert cell_len("".join(c.text for c in draw_headings(layout, "len", True))) == width


def _line(row: SampleRow, width: int = 80) -> str:
    return "".join(cell.text for cell in draw_row(row, laid_out(ListColumns(), width)))


def test_a_line_shows_what_is_wrong() -> None:
    row = FakeWorkspace(failed=[7])._row(7)
    assert _line(row).startswith("  ✗ kick_0007.wav")
    assert _line(replace(row, state="listed", missing=True)).startswith("  ? kick_0007.wav")


def test_facts_of_a_sample() -> None:
    row = replace(FakeWorkspace()._row(7), tags=("dark", "warm"), rating=3, note="cut short")
    lines = describe(row, 40).plain.splitlines()
    assert lines[0] == "kick_0007.wav"
    assert "0.40 s · 44.1 kHz · stereo · WAV PCM_24" in lines
    assert "● kick · by name   ★★★··" in lines
    assert "#dark #warm" in lines
    assert "cut short" in lines
    assert "brightness ━━━━━━━━━╸────────    1.2 kHz" in lines
    assert all(cell_len(line) <= 40 for line in lines)


@pytest.mark.parametrize(
    ("source", "probability", "line"),
    [
        ("sound", 0.834, "● kick · by sound 83 %"),
        ("user", None, "● kick · by you"),
        ("name", None, "● kick · by name"),
        ("folder", None, "● kick · by folder"),
    ],
)
def test_a_category_says_who_told_it(source: str, probability: float | None, line: str) -> None:
    row = replace(
        FakeWorkspace()._row(7),
        category="kick",
        category_source=source,
        category_probability=probability,
    )
    assert line in [each.strip() for each in describe(row, 40).plain.splitlines()]
    unknown = replace(row, category=None, category_source=None, category_probability=None)
    assert "● no category" in [each.strip() for each in describe(unknown, 40).plain.splitlines()]


def test_a_name_with_markup_is_shown_as_it_is() -> None:
    row = replace(FakeWorkspace()._row(7), name="[bold red]kick[/].wav")
    assert describe(row, 40).plain.startswith("[bold red]kick[/].wav\n")


def test_steps_show_how_much_of_each() -> None:
    pieces = describe_step(2, Step(0.25, {"pitch": 69.0}), 110, "#ffffff")
    line = "".join(text for text, _ in pieces)
    assert len(line) == 110
    assert line.startswith("  2  ━━━━━━━━━━━━━━━━━━━━━━━━   75% A   25% B  ")
    assert len(pieces[1][0]) == 18
    assert len(pieces[2][0]) == 6
    assert headings(110).rstrip().endswith("pitch")
    assert headings(110).index("pitch") + len("pitch") == line.index("A4") + len("A4")


def test_categories_have_colours_of_their_own() -> None:
    assert len(set(PALETTE)) == len(CATEGORY_COLOURS) + 1
    assert colour_of(None) == colour_of("never heard of") == OTHER
    assert PALETTE[number_of("kick")] == CATEGORY_COLOURS["kick"]
    assert faded("#ffffff", 0.0) == "#ffffff"
    assert faded("#ffffff", 1.0, "#102030") == "#102030"


def test_every_category_of_the_library_has_a_colour() -> None:
    from library.category import CATEGORIES as KNOWN

    assert {name for name, _ in KNOWN} <= set(CATEGORY_COLOURS)
