"""A morph within one sound."""

from __future__ import annotations

import numpy as np
import pytest

from library.clip import Clip
from library.descriptors import describe
from library.errors import UserError
from tests.audio_cases import clip as audio
from tests.audio_cases import noise, pluck, seconds, tone
from vae.morph_over_time import morph_over_time, position_course
from vae.weight_courses import WeightsAt, along_path, through_points


def way(course: str) -> WeightsAt:
    """A course from one sound to another."""
    return along_path(2, position_course(course))


def part(clip: Clip, first: float, last: float) -> Clip:
    """A share of a clip."""
    low, high = (round(at * clip.length) for at in (first, last))
    return Clip(clip.frames[:, low:high].copy(), clip.sample_rate)


def test_a_sound_begins_as_one_and_ends_as_another() -> None:
    hum, hiss = tone(150, 1.0), noise(1.0)
    made = morph_over_time([hum, hiss], way("0:1"))
    assert made.duration == pytest.approx(hum.duration, abs=1e-3)
    share = [describe(part(made, at, at + 0.1)).noisiness or 0.0 for at in (0.02, 0.45, 0.88)]
    ends = [describe(part(clip, 0.02, 0.98)).noisiness or 0.0 for clip in (hum, hiss)]
    assert share == sorted(share)
    assert share[0] == pytest.approx(ends[0], abs=0.1)
    assert share[2] == pytest.approx(ends[1], abs=0.1)


def test_it_can_go_there_and_back() -> None:
    hum, hiss = tone(150, 1.0), noise(1.0)
    made = morph_over_time([hum, hiss], way("0@0,1@50%,0@100%"))
    share = [describe(part(made, at, at + 0.08)).noisiness or 0.0 for at in (0.0, 0.46, 0.92)]
    assert share[1] > max(share[0], share[2]) + 0.2


@pytest.mark.parametrize("at", [0, 1])
def test_a_course_that_stays_at_an_end_is_that_sound(at: int) -> None:
    clips = [pluck(200, 0.5), noise(0.5)]
    made = morph_over_time(clips, way(f"{at}:{at}"))
    length = clips[at].length
    lost = np.abs(made.frames[:, :length] - clips[at].frames).max()
    assert np.abs(made.frames[:, length:]).max(initial=0.0) < 1e-5
    assert lost < 1e-5 * np.abs(clips[at].frames).max() + 1e-6


def test_pitch_goes_along() -> None:
    t = seconds(1.0)

    def note(hz: float) -> Clip:
        return audio(0.2 * sum(np.sin(2 * np.pi * hz * k * t) / k for k in range(1, 6)))

    made = morph_over_time([note(220), note(330)], way("0:1"))
    found = [describe(part(made, at, at + 0.1)).pitch for at in (0.05, 0.45, 0.8)]
    assert None not in found
    middles = [made.duration * at for at in (0.1, 0.5, 0.85)]
    assert found == pytest.approx([57 + 7.02 * at for at in middles], abs=0.4)
    kept = morph_over_time([note(220), note(330)], way("0:1"), glide=False)
    assert describe(part(kept, 0.05, 0.15)).pitch == pytest.approx(57, abs=0.2)


@pytest.mark.parametrize("text", ["", "1", "0:2", "-1:1", "a:b", "0@0,1", "nan:1"])
def test_other_courses_are_refused(text: str) -> None:
    with pytest.raises(UserError):
        position_course(text)


def test_channels_and_rates_are_matched() -> None:
    stereo = audio(np.stack([tone(300, 0.2).frames[0], noise(0.2).frames[0]]), 48_000)
    made = morph_over_time([tone(220, 0.1, 22_050), stereo], way("0:1"))
    assert (made.sample_rate, made.channels) == (48_000, 2)


def test_a_line_drawn_as_points_is_the_same_as_a_course() -> None:
    clips = [tone(150, 0.4), noise(0.4)]
    points = np.array([(0.0, 1.0, 0.0), (0.5, 0.0, 1.0), (1.0, 1.0, 0.0)])
    made = morph_over_time(clips, through_points(points))
    drawn = morph_over_time(clips, way("0@0,1@50%,0@100%"))
    assert np.abs(made.frames - drawn.frames).max() < 1e-6


def test_a_way_may_lead_through_the_middle_of_four() -> None:
    clips = [tone(150, 0.4), noise(0.4), tone(300, 0.4), noise(0.4)]
    level = np.array([(0.0, 0.25, 0.25, 0.25, 0.25), (1.0, 0.25, 0.25, 0.25, 0.25)])
    corner = np.array([(0.0, 0.0, 0.0, 1.0, 0.0), (1.0, 0.0, 0.0, 1.0, 0.0)])
    kept = morph_over_time(clips, through_points(corner), glide=False)
    assert np.abs(kept.frames - clips[2].frames).max() < 1e-4
    mixed = morph_over_time(clips, through_points(level), glide=False)
    share = [describe(clip).noisiness or 0.0 for clip in (clips[0], mixed, clips[1])]
    assert share[0] < share[1] < share[2]
