"""What the colours of a map mean, and how the line under it says so."""

from __future__ import annotations

import numpy as np

from tui.colourings import (
    RAMP,
    Colouring,
    by_category,
    by_choice,
    by_folder,
    by_rating,
    by_value,
)
from tui.colours import PALETTE, number_of
from tui.widgets.map_legend import legend


def _kinds(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


def _values(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_categories_have_the_colours_that_they_have_in_the_list() -> None:
    colouring = by_category(("hat", "kick"), _kinds(1, 1, 0, -1))
    kick, hat = number_of("kick"), number_of("hat")
    assert colouring.numbers.tolist() == [kick, kick, hat, 0]
    assert colouring.palette == PALETTE
    assert colouring.legend == ((kick, "kick", 2), (hat, "hat", 1), (0, "none", 1))


def test_folders_are_told_apart_where_their_paths_part() -> None:
    folders = ("sounds/a", "sounds/a/deep", "sounds/b")
    colouring = by_folder(folders, _kinds(0, 1, 1, 2, -1))
    assert colouring.numbers.tolist() == [1, 1, 1, 2, 0]
    assert colouring.legend == ((1, "a", 3), (2, "b", 1), (0, "others", 1))


def test_one_folder_is_one_colour() -> None:
    assert by_folder(("sounds",), _kinds(0, 0)).numbers.tolist() == [1, 1]
    assert by_folder((), _kinds(-1)).numbers.tolist() == [0]


def test_more_folders_than_colours_leave_the_smallest_grey() -> None:
    folders = tuple(f"sounds/{n:02}" for n in range(40))
    kinds = np.repeat(np.arange(40, dtype=np.int32), np.arange(40, 0, -1))
    colouring = by_folder(folders, kinds)
    assert colouring.numbers[0] == 1
    assert colouring.numbers[-1] == 0
    assert len(colouring.legend) == len(PALETTE)
    assert colouring.legend[-1][1] == "others"


def test_each_grade_of_an_attribute_has_as_many_sounds() -> None:
    values = _values(*np.exp(np.arange(120) / 10), np.nan)
    colouring = by_value("brightness", values)
    counts = np.bincount(colouring.numbers, minlength=len(RAMP) + 1)
    assert counts.tolist() == [1] + [10] * len(RAMP)
    assert np.all(np.diff(colouring.numbers[:-1].astype(int)) >= 0)
    assert colouring.graded
    assert colouring.legend == ((0, "none", 1),)
    assert colouring.ends is not None
    assert colouring.ends[1].endswith("kHz")


def test_what_nothing_is_known_of_is_grey() -> None:
    colouring = by_value("pitch", _values(np.nan, np.nan))
    assert colouring.numbers.tolist() == [0, 0]
    assert colouring.ends is None


def test_stars_are_grades() -> None:
    colouring = by_rating(_values(5, np.nan, 1, 5))
    assert colouring.numbers.tolist() == [5, 0, 1, 5]
    assert colouring.legend == ((5, "★★★★★", 2), (1, "★", 1), (0, "none", 1))


def test_what_a_query_selects_stands_out() -> None:
    colouring = by_choice("tag:dark", np.array([True, False, True]))
    assert colouring.numbers.tolist() == [1, 0, 1]
    assert colouring.legend == ((1, "yes", 2), (0, "no", 1))


def _legend(width: int) -> str:
    meanings = ((1, "kick", 1200), (2, "snare", 300), (0, "none", 7))
    return legend(Colouring("category", np.zeros(1, np.uint8), PALETTE, meanings), width).plain


def test_the_legend_counts_where_there_is_room_and_says_what_it_leaves_out() -> None:
    assert _legend(60) == "category  ● kick 1,200  ● snare 300  ● none 7  "
    assert _legend(40) == "category  ● kick  ● snare  ● none  "
    assert _legend(24) == "category  ● kick  +2"


def test_the_legend_of_an_attribute_shows_its_ends() -> None:
    text = legend(by_value("brightness", _values(*range(100, 1100, 10))), 60)
    assert text.plain.strip() == f"brightness  120 Hz {'▇' * len(RAMP)} 1.1 kHz"
    assert text.spans[-1].style in RAMP
