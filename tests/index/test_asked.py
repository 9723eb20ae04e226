"""What settings asked of attributes, and how far a take has come."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from index.asked import answered, asked_of
from library.descriptors import describe
from tests.audio_cases import silence, tone
from vae.space_file import house_space
from vae.vary import settings_shift

SPACE = house_space()


def test_steps_are_counted_from_the_sound_in_its_own_units() -> None:
    clip = tone(440, 0.5)
    settings = {"brightness": "+1oct", "loudness": "-6dB"}
    asked = asked_of(clip, SPACE, settings_shift(SPACE, settings), settings)
    assert set(asked) == {"brightness", "loudness"}
    faster = {**settings, "pitch": "+3st"}
    told = asked_of(clip, SPACE, settings_shift(SPACE, faster), faster)
    assert set(told) == {"loudness"}, "a speed is exact, and moves the brightness too"
    was, wanted = asked["brightness"]
    assert was == pytest.approx(440, abs=10)
    assert wanted == pytest.approx(2 * (was + 20) - 20, rel=1e-3)
    assert asked["loudness"][1] == pytest.approx(describe(clip).loudness - 6, abs=1e-3)
    assert not asked_of(silence(0.1), SPACE, settings_shift(SPACE, {"brightness": "+1"}), settings)


def test_nothing_is_shorter_than_nothing() -> None:
    shift = settings_shift(SPACE, {"attack": "-4"})
    assert asked_of(tone(440, 0.5), SPACE, shift, ["attack"])["attack"][1] == 0.0


def test_how_far_a_take_has_come_is_told_where_equal_steps_sound_equal() -> None:
    (half,) = answered({"brightness": (980.0, 3980.0)}, {"brightness": 1980.0})
    assert (half.reached, half.unit) == (1980.0, "Hz")
    assert half.share == pytest.approx(0.5)
    (back,) = answered({"loudness": (-20.0, -14.0)}, {"loudness": -23.0})
    assert back.share == pytest.approx(-0.5)
    assert not answered({"attack": (5.0, 10.0)}, {"attack": None})
    assert not answered({"attack": (5.0, 5.0)}, asdict(describe(tone())))
