"""Courses: settings of a whole sound and over time are told apart, and named in files."""

from __future__ import annotations

import numpy as np
import pytest

from library.errors import UserError
from tests.audio_cases import clip as audio
from tests.audio_cases import noise, silence
from vae.courses import COURSED, mean_shift, name_of, split_at_ends, without_courses
from vae.space import Space
from vae.space_file import house_space
from vae.trajectory import Depth, Drawn

SPACE = house_space()


def test_plain_settings_go_through() -> None:
    settings = {"brightness": "+1", "loudness": "-6dB", "decay": "x0.5"}
    assert without_courses(SPACE, settings) == (settings, {})


def test_lines_and_depths_are_taken_out() -> None:
    plain, courses = without_courses(
        SPACE, {"decay": "x2", "brightness": "-1:+2", "loudness": "depth0"}
    )
    assert plain == {"decay": "x2"}
    line = courses["brightness"]
    assert isinstance(line, Drawn)
    assert line.steps.tolist() == [-1, 2]
    assert courses["loudness"] == Depth(0)


def test_units_are_those_of_a_single_step() -> None:
    _, courses = without_courses(SPACE, {"pitch": "0st:-12st", "brightness": "x1:x2"})
    for name, most in (("pitch", -12), ("brightness", 1)):
        line = courses[name]
        assert isinstance(line, Drawn)
        even = line.steps * SPACE.deviation[SPACE.position(name)]
        assert even == pytest.approx([0, most], abs=1e-4)


@pytest.mark.parametrize("text", ["+1:+1", "+1:1:+1.0", "+1@0,+1@2s"])
def test_a_level_line_is_its_step(text: str) -> None:
    assert without_courses(SPACE, {"brightness": text}) == ({"brightness": "+1"}, {})


def test_a_depth_of_one_is_nothing() -> None:
    assert without_courses(SPACE, {"brightness": "depth1"}) == ({}, {})


@pytest.mark.parametrize("name", ["attack", "decay", "length", "crunchy"])
@pytest.mark.parametrize("text", ["0:+1", "depth2", "0@0,+1@1s"])
def test_what_is_one_event_has_no_course(name: str, text: str) -> None:
    with pytest.raises(UserError, match=f"{name} has no course over time: set it once") as caught:
        without_courses(SPACE, {name: text})
    assert all(each in str(caught.value) for each in COURSED)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"brightness": "0:up"}, "brightness=up is not a step"),
        ({"brightness": ":"}, "brightness= is not a step"),
        ({"brightness": "0:+7"}, r"brightness=\+7 is 7.0 standard deviations away"),
        ({"pitch": "0st:-50st"}, "stay within"),
        ({"loudness": "0:3st"}, "loudness=3st is not a step"),
    ],
)
def test_a_step_of_a_line_that_is_none_is_told(settings: dict[str, str], told: str) -> None:
    with pytest.raises(UserError, match=told):
        without_courses(SPACE, settings)


@pytest.mark.parametrize("text", ["0:+1", "depth2"])
def test_a_course_of_what_the_space_does_not_know_is_told(small_space: Space, text: str) -> None:
    with pytest.raises(UserError, match="no attribute 'low_end'"):
        without_courses(small_space, {"low_end": text})


def test_z_moves_by_the_mean() -> None:
    _, courses = without_courses(SPACE, {"brightness": "0:+2", "loudness": "depth2"})
    shift = mean_shift(SPACE, courses, 2.0)
    assert shift[SPACE.position("brightness")] == pytest.approx(1)
    assert np.count_nonzero(shift) == 1


def test_names_of_files_have_only_characters_that_all_systems_take() -> None:
    settings = {"brightness": "0@0, +2@50%,0@100%", "pitch": "0st:-12st", "loudness": "depth0.5"}
    name = name_of(settings)
    assert name == "brightness0at0_+2at50pc_0at100pc_pitch0st_to_-12st_loudnessdepth0.5"
    assert not set(name) & set('<>:"/\\|?*%@, ')
    assert name_of({"brightness": " +1"}) == "brightness+1"


def test_a_sound_is_from_its_onset_to_where_it_stays_quiet() -> None:
    sound = noise(0.2, channels=2)
    around = np.pad(sound.frames, ((0, 0), (500, 700)))
    around[:, -1] = 1e-5
    parts = split_at_ends(audio(around))
    assert [part.length for part in parts] == pytest.approx([500, sound.length, 700], abs=60)
    assert np.array_equal(np.concatenate([part.frames for part in parts], axis=1), around)
    assert [part.length for part in split_at_ends(silence(0.1))] == [0, 4410, 0]
