"""Envelopes of moved sounds stay near those they came from, and fade out where those had."""

from __future__ import annotations

import numpy as np

from library.clip import Clip
from tests.audio_cases import clip as audio
from tests.audio_cases import noise, seconds, silence
from vae.envelope_limits import with_end_faded_as, with_envelope_near
from vae.loudness_course import power_course

T = seconds(0.3)
HIT = audio(noise(0.3).mono() * np.exp(-30 * T))


def louder_later_db(clip: Clip) -> float:
    power = power_course(clip)
    half = len(power) // 3
    return float(10 * np.log10(power[half] / power[0]))


def test_a_hit_that_was_turned_into_a_swell_is_a_hit_again() -> None:
    swell = audio(HIT.mono() * 10 ** (60 * T / 0.3 / 20))
    near = with_envelope_near(swell, HIT)
    assert abs(louder_later_db(swell) - louder_later_db(HIT)) > 15
    assert abs(louder_later_db(near) - louder_later_db(HIT)) < 4


def test_a_gain_and_nothing_else_is_left_alone() -> None:
    quieter = audio(0.3 * HIT.mono())
    assert np.allclose(with_envelope_near(quieter, HIT).frames, quieter.frames, rtol=1e-3)
    quiet = silence(0.3)
    assert with_envelope_near(quiet, HIT) is quiet


def test_an_end_is_faded_only_where_the_sound_had_faded() -> None:
    cut = audio(noise(0.3).mono())
    faded = with_end_faded_as(cut, HIT)
    assert np.abs(faded.frames[:, -20:]).max() < 0.01 * np.abs(faded.frames).max()
    assert np.array_equal(faded.frames[:, :10_000], cut.frames[:, :10_000])
    assert with_end_faded_as(cut, cut) is cut
    assert with_end_faded_as(HIT, HIT) is HIT
