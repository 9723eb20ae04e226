"""What people type, understood or told in one line why not."""

from __future__ import annotations

import pytest

from index.query_text import WORDS, moves_of, point_of, region_of, weights_of
from index.sound_query import Region
from library.errors import UserError
from vae.attributes import ATTRIBUTES


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("0.5:1.2", 0.5, 1.2),
        ("1.5:", 1.5, None),
        (":2", None, 2.0),
        ("-1:", -1.0, None),
        (":-0.5", None, -0.5),
        ("-2:-1", -2.0, -1.0),
        ("1:-1", 1.0, -1.0),
        (".5:.75", 0.5, 0.75),
        ("1:05..1:10.5", 65.0, 70.5),
        ("2..", 2.0, None),
        (" 1 : 2 ", 1.0, 2.0),
        ("0:01..", 1.0, None),
    ],
)
def test_a_region_is_read(text: str, start: float | None, end: float | None) -> None:
    assert region_of(text) == Region(start, end)


@pytest.mark.parametrize(
    "text", ["", ":", "..", "5", "a:b", "1:2:3", "1e3:2", "nan:", "inf:", "٣:"]
)
def test_what_is_no_region_is_told(text: str) -> None:
    with pytest.raises(UserError, match="is not a region: write seconds"):
        region_of(text)


@pytest.mark.parametrize("text", ["2:1", "1:1", "-1:-2", "1:10..1:05"])
def test_a_region_that_ends_before_it_starts_is_told(text: str) -> None:
    with pytest.raises(UserError, match="ends before it starts"):
        region_of(text)


def test_weights_are_read() -> None:
    assert weights_of(["timbre=2", "rhythm=0", "loudness=.5"]) == {
        "timbre": 2.0,
        "rhythm": 0.0,
        "loudness": 0.5,
    }


@pytest.mark.parametrize("text", ["timbre", "timbre=", "timbre=-1", "timbre=nan", "timbre=inf", ""])
def test_what_is_no_weight_is_told(text: str) -> None:
    with pytest.raises(UserError, match="is not a weight"):
        weights_of([text])


def test_a_point_is_read() -> None:
    assert point_of("0.25, 1") == (0.25, 1.0)


@pytest.mark.parametrize("text", ["", "0.5", "0.5,", "1.1,0", "0,-0.1", "nan,0", "a,b", "0,0,0"])
def test_what_is_not_on_the_map_is_told(text: str) -> None:
    with pytest.raises(UserError, match="is not on the map"):
        point_of(text)


@pytest.mark.parametrize(
    ("more", "less", "moves"),
    [
        (["brightness"], [], {"brightness": "+1"}),
        (["brighter=1.5"], [], {"brightness": "+1.5"}),
        (["darker"], [], {"brightness": "-1"}),
        ([], ["dark=2"], {"brightness": "+2"}),
        ([], ["attack"], {"attack": "-1"}),
        (["punchy", "longer=.5"], ["noisy"], {"attack": "-1", "decay": "+0.5", "noisiness": "-1"}),
        (["pitch=3st"], ["loudness=6dB"], {"pitch": "+3st", "loudness": "-6dB"}),
    ],
)
def test_moves_are_read(more: list[str], less: list[str], moves: dict[str, str]) -> None:
    assert moves_of(more, less) == moves


@pytest.mark.parametrize(
    ("more", "less", "told"),
    [
        (["warmth"], [], "there is no attribute 'warmth': choose from brightness"),
        ([""], [], "there is no attribute ''"),
        (["bright"], ["brightness"], "brightness is moved twice"),
        (["bright="], [], "has no step"),
        (["bright=-1"], [], "without a sign"),
        (["bright=x2"], [], "has no step"),
    ],
)
def test_what_is_no_move_is_told(more: list[str], less: list[str], told: str) -> None:
    with pytest.raises(UserError, match=told):
        moves_of(more, less)


def test_every_word_is_for_an_attribute() -> None:
    assert {name for name, _ in WORDS.values()} <= set(ATTRIBUTES)
    assert not set(WORDS) & set(ATTRIBUTES)
