"""A sound's own course: level and pitch over time, each where it is."""

from __future__ import annotations

import numpy as np
import pytest

from library.errors import UserError
from tests.audio_cases import clip as audio
from tests.audio_cases import noise, seconds, tone
from vae.own_course import level_course, pitch_course


def test_the_level_of_a_fade_falls_evenly_to_its_floor() -> None:
    fade = audio(tone(440, 1.0).mono() * 10 ** (-2 * seconds(1.0)))  # 40 dB
    places, level = level_course(fade)
    early = places < 0.6
    assert level.max() == 0
    assert np.polyfit(places[early], level[early], 1)[0] == pytest.approx(-40, abs=1)
    assert level.min() == pytest.approx(-30)


def test_the_pitch_of_a_sweep_rises_evenly_around_0() -> None:
    t = seconds(1.2)
    phase = np.cumsum(220 * 2 ** (t / 1.2)) / 44_100
    sweep = audio(0.2 * sum(np.sin(2 * np.pi * phase * n) / n for n in range(1, 20)))
    places, notes = pitch_course(sweep)
    assert np.polyfit(places, notes, 1)[0] == pytest.approx(10, abs=0.5)
    assert notes.mean() == pytest.approx(0)
    assert np.diff(places).min() > 0


def test_an_octave_that_is_heard_wrong_does_not_count() -> None:
    t = seconds(1.0)
    low = np.sin(2 * np.pi * 220 * t)
    wave = np.where((t > 0.4) & (t < 0.55), np.sin(2 * np.pi * 880 * t), low)
    _, notes = pitch_course(audio(0.3 * wave))
    assert np.abs(notes).max() < 1


def test_noise_has_no_pitch() -> None:
    with pytest.raises(UserError, match="no clear pitch"):
        pitch_course(noise(0.5))


@pytest.mark.parametrize("length", [1, 2, 30, 441])
def test_short_sounds_have_a_level(length: int) -> None:
    places, level = level_course(audio(np.ones(length)))
    assert len(places) == len(level) >= 1
    assert np.isfinite(level).all()
