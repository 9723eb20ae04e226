"""Pitch kept under another timbre: also where it glides, and not where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from library.clip import Clip
from library.pitch import pitch_course, pitch_of
from tests.audio_cases import RATE_HZ, clip, noise, pluck, seconds, silence, tone
from vae.kept_pitch import course_of, keeps, with_pitch_kept


def gliding(low_hz: float, high_hz: float, duration: float = 0.6) -> Clip:
    """Harmonics that rise from one pitch to another, evenly in semitones."""
    t = seconds(duration)
    hz = low_hz * (high_hz / low_hz) ** (t / duration)
    turns = np.cumsum(hz) / RATE_HZ
    return clip(0.2 * sum(np.sin(2 * np.pi * n * turns) / n for n in range(1, 9)))


def test_what_glides_has_a_course_and_no_pitch() -> None:
    sound = gliding(110, 220)
    assert pitch_of(sound.mono(), RATE_HZ) is None
    course = course_of(sound)
    assert course is not None
    assert np.all(np.diff(course.notes) > 0)
    assert course.notes[0] == pytest.approx(45, abs=1.5)
    assert course.notes[-1] == pytest.approx(57, abs=1.5)


@pytest.mark.parametrize("sound", [noise(0.5), silence(), clip(np.zeros((1, 40)))])
def test_noise_and_silence_have_none(sound: Clip) -> None:
    assert course_of(sound) is None


def test_the_course_of_a_steady_tone_is_its_pitch() -> None:
    course = pitch_course(tone(440.0).mono(), RATE_HZ)
    assert course is not None
    assert course.notes == pytest.approx(69, abs=0.05)
    assert len(course.starts) == len(course.energy) == len(course.notes) <= 12
    assert pitch_course(tone(440.0).mono(), 4_000) is None


def test_only_the_same_pitch_at_the_same_time_keeps_it() -> None:
    sound = gliding(110, 220)
    course = course_of(sound)
    assert course is not None
    assert keeps(course, sound)
    assert keeps(course, clip(0.3 * sound.frames))
    for other in (
        gliding(220, 110),
        gliding(220, 440),
        gliding(114, 228),
        noise(0.6),
        clip(0 * sound.frames),
    ):
        assert not keeps(course, other)


@pytest.mark.parametrize("sound", [gliding(110, 220), gliding(180, 90), pluck(330, 0.6, 0.3)])
def test_pitch_stays_under_a_timbre_of_noise(sound: Clip) -> None:
    made = with_pitch_kept(sound, noise(0.6, seed=4))
    course = course_of(sound)
    assert course is not None
    assert keeps(course, made)
    assert not np.allclose(made.frames, sound.frames, atol=0.003)


def test_what_has_no_pitch_becomes_the_other() -> None:
    other = pluck(220, 0.6)
    assert with_pitch_kept(noise(0.6), other) is other
