"""Waveform, map and the texts of the widgets, character by character."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from rich.cells import cell_len

from library.catalog import SampleRow
from library.palette import CATEGORY_COLOURS
from tests.tui.fake_workspace import FakeWorkspace
from tui.colours import OTHER, PALETTE, colour_of, faded, number_of
from tui.columns import COLUMNS, ListColumns, laid_out
from tui.widgets import facts, sound_drawing, waveform
from tui.widgets.inspector import describe
from tui.widgets.sample_line import draw_headings, draw_row


def _pairs(*values: tuple[float, float]) -> np.ndarray:
    return np.array(values, dtype=np.float32)


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ("WAV PCM_24", "WAV 24 bit"),
        ("WAV FLOAT", "WAV 32 float"),
        ("AIFF PCM_U8", "AIFF 8 bit"),
        ("MP3 MPEG_LAYER_III", "MP3"),
        ("OGG VORBIS", "OGG VORBIS"),
        ("m4a aac", "m4a aac"),
        (None, ""),
    ],
)
def test_what_a_file_is_is_told_shortly(known: str | None, told: str) -> None:
    assert facts.form(known) == told


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
    assert "0.40 s · 44.1 kHz · stereo" in lines
    assert "WAV 24 bit" in lines
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


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ({"tempo": 97.0, "tempo_source": "sound", "key": "Am", "key_source": "name"},
         "♪ ≈ 97 BPM · Am"),
        ({"tempo": 92.5, "tempo_source": "user"}, "♪ 92.5 BPM"),
        ({"key": "F#", "key_source": "sound"}, "♪ ≈ F#"),
    ],
)  # fmt: skip
def test_tempo_and_key_are_shown_and_guesses_marked(told: dict[str, Any], line: str) -> None:
    row = replace(FakeWorkspace(3).rows([1])[0], **told)
    assert line in describe(row, 40).plain.splitlines()
    assert "♪" not in describe(FakeWorkspace(3).rows([1])[0], 40).plain


def test_a_name_with_markup_is_shown_as_it_is() -> None:
    row = replace(FakeWorkspace()._row(7), name="[bold red]kick[/].wav")
    assert describe(row, 40).plain.startswith("[bold red]kick[/].wav\n")


def test_categories_have_colours_of_their_own() -> None:
    assert len(set(PALETTE)) == len(CATEGORY_COLOURS) + 1
    assert colour_of(None) == colour_of("never heard of") == OTHER
    assert PALETTE[number_of("kick")] == CATEGORY_COLOURS["kick"]
    assert faded("#ffffff", 0.0) == "#ffffff"
    assert faded("#ffffff", 1.0, "#102030") == "#102030"


def test_every_category_of_the_library_has_a_colour() -> None:
    from library.category import CATEGORIES as KNOWN

    assert {name for name, _ in KNOWN} <= set(CATEGORY_COLOURS)


def test_a_joined_waveform_has_no_gaps() -> None:
    outline = np.repeat(np.linspace(-1, 1, 8, dtype=np.float32)[:, None], 2, axis=1)
    lines = sound_drawing.wave(outline, 4, 4)
    dots = [[bool(ord(cell) & 0xFF) for cell in line if cell != " "] for line in lines]
    assert sum(map(len, dots)) >= 4
    drawn = np.array([[cell != " " for cell in line] for line in lines])
    assert drawn.any(axis=0).all()
    assert drawn.any(axis=1).all()


def test_what_is_not_known_yet_is_blank() -> None:
    outline = np.full((8, 2), np.nan, dtype=np.float32)
    outline[:4] = (-1, 1)
    assert sound_drawing.wave(outline, 4, 2) == ["⣿⣿  ", "⣿⣿  "]


def test_a_quiet_piece_is_enlarged_and_a_silent_one_is_not() -> None:
    assert sound_drawing.scale(_pairs((-0.25, 0.125))) == 4.0
    assert sound_drawing.scale(_pairs((0, 0))) == 1.0
    assert sound_drawing.scale(_pairs((-2, 2))) == 1.0
    assert sound_drawing.scale(_pairs((0, 1e-9))) == sound_drawing.LARGEST
    assert sound_drawing.scale(np.full((2, 2), np.nan, dtype=np.float32)) == 1.0


def test_the_shades_go_from_dark_to_bright_with_the_highest_band_above() -> None:
    colours = sound_drawing.shades()
    assert len(colours) == sound_drawing.SHADES
    brightness = [sum(int(each[at : at + 2], 16) for at in (1, 3, 5)) for each in colours]
    assert brightness == sorted(brightness)
    levels = np.array([[0.0, 1.0], [0.5, 0.25]], dtype=np.float32)
    assert sound_drawing.shaded(levels).tolist() == [[16, 8], [0, 31]]


@pytest.mark.parametrize(
    ("seconds", "span", "text"),
    [(0.0123, 0.05, "12.3 ms"), (0.25, 0.5, "250 ms"), (1.5, 3.0, "1.50 s"), (75.0, 10.0, "1:15.0"),
     (75.0, 600.0, "1:15"), (0.0, 600.0, "0:00"), (119.97, 9.0, "2:00.0")],
)  # fmt: skip
def test_a_moment_is_as_precise_as_its_view(seconds: float, span: float, text: str) -> None:
    assert sound_drawing.moment(seconds, span) == text


def test_the_ruler_leaves_out_what_has_no_room() -> None:
    assert sound_drawing.ruler((0, 2), None, 20) == "0.00 s        2.00 s"
    assert sound_drawing.ruler((0, 2), (0.5, 1), 36) == "0.00 s   [0.50 s + 500 ms]    2.00 s"
    assert sound_drawing.ruler((0, 2), (0.5, 1), 20) == "0.00 s        2.00 s"
    assert sound_drawing.ruler((0, 2), None, 8) == "0.00 s  "
