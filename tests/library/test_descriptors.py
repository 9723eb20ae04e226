from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from library.clip import Clip
from library.descriptors import DESCRIPTORS, Descriptors, describe
from tests import audio_cases
from tests.audio_cases import clip, seconds


def test_the_list_names_the_fields_in_their_order() -> None:
    assert [fact.name for fact in DESCRIPTORS] == [f.name for f in dataclasses.fields(Descriptors)]


@pytest.mark.parametrize("hz", [100.0, 1000.0, 5000.0, 15_000.0])
def test_brightness_of_a_tone_is_its_frequency(hz: float) -> None:
    assert describe(audio_cases.tone(hz)).brightness == pytest.approx(hz, rel=0.01)


def test_brightness_weighs_by_power() -> None:
    t = seconds(1.0)
    two = clip(0.5 * np.sin(2 * np.pi * 1000 * t) + 0.25 * np.sin(2 * np.pi * 6000 * t))
    assert describe(two).brightness == pytest.approx(1000 * 0.8 + 6000 * 0.2, rel=0.01)


def test_loudness_is_the_level_of_the_loudest_50_ms() -> None:
    frames = 0.01 * np.sin(2 * np.pi * 400 * seconds(1.0))
    frames[10_000:12_205] *= 50  # 50 ms at half of full scale
    assert describe(clip(frames)).loudness == pytest.approx(-9.03, abs=0.05)


@pytest.mark.parametrize("gain_db", [-60.0, -6.0, 6.0, 40.0])
def test_gain_moves_loudness_by_itself_and_nothing_else(gain_db: float) -> None:
    sound = clip(audio_cases.pluck(200).frames + 0.1 * audio_cases.noise().frames)
    before = dataclasses.asdict(describe(sound))
    after = dataclasses.asdict(describe(clip(sound.frames * 10 ** (gain_db / 20))))
    assert after.pop("loudness") - before.pop("loudness") == pytest.approx(gain_db, abs=1e-4)
    assert after == pytest.approx(before, rel=1e-3)


def test_silence_after_a_sound_does_not_change_its_loudness() -> None:
    short = audio_cases.tone(duration=0.02)
    assert describe(short).loudness == pytest.approx(describe(short.padded_to(44_100)).loudness)


def test_noisiness_tells_noise_from_a_tone() -> None:
    assert describe(audio_cases.noise()).noisiness == pytest.approx(math.exp(-0.5772), abs=0.02)
    assert (describe(audio_cases.tone(1000)).noisiness or 0.0) < 0.001
    mixed = clip(audio_cases.tone(1000).frames + audio_cases.noise().frames)
    assert 0.01 < (describe(mixed).noisiness or 0.0) < 0.5


@pytest.mark.parametrize("rise_ms", [5, 20, 50, 200])
@pytest.mark.parametrize("hz", [440, 3000])
def test_attack_is_the_rise_from_10_to_90_percent(rise_ms: int, hz: int) -> None:
    t = seconds(1.0)
    sound = clip(np.minimum(1, t * 1000 / rise_ms) * np.sin(2 * np.pi * hz * t))
    assert describe(sound).attack == pytest.approx(0.8 * rise_ms, abs=1.0)


@pytest.mark.parametrize("rise_ms", [20, 50, 200])
def test_attack_of_a_low_tone_has_no_ripple(rise_ms: int) -> None:
    t = seconds(1.0)
    sound = clip(np.minimum(1, t * 1000 / rise_ms) * np.sin(2 * np.pi * 60 * t))
    assert describe(sound).attack == pytest.approx(0.8 * rise_ms, rel=0.05, abs=2.0)


def test_a_sound_that_starts_at_once_has_hardly_an_attack() -> None:
    attack = describe(audio_cases.pluck(440)).attack
    assert attack is not None
    assert attack < 1.0


@pytest.mark.parametrize("rate", [5.0, 20.0, 80.0])
def test_decay_is_the_time_to_40_db_below_the_peak(rate: float) -> None:
    t = seconds(1.0)
    decay = describe(clip(np.exp(-rate * t) * np.sin(2 * np.pi * 440 * t))).decay
    assert decay == pytest.approx(min(1.0, math.log(100) / rate), rel=0.03, abs=0.005)


def test_a_steady_tone_decays_at_its_end() -> None:
    assert describe(audio_cases.tone(110)).decay == pytest.approx(1.0, abs=0.02)


def test_low_end_is_the_share_below_150_hz() -> None:
    assert describe(audio_cases.tone(60)).low_end == pytest.approx(1.0, abs=0.01)
    assert describe(audio_cases.tone(400)).low_end == pytest.approx(0.0, abs=0.01)
    t = seconds(1.0)
    both = clip(0.3 * np.sin(2 * np.pi * 60 * t) + 0.3 * np.sin(2 * np.pi * 2000 * t))
    assert describe(both).low_end == pytest.approx(0.5, abs=0.01)


def test_width_is_the_share_of_the_side() -> None:
    left = audio_cases.tone(500).frames[0]
    assert describe(clip(left)).width == 0.0
    assert describe(clip([left, left])).width == pytest.approx(0.0, abs=1e-5)
    assert describe(clip([left, 0 * left])).width == pytest.approx(0.5, abs=1e-3)
    assert describe(clip([left, -left])).width == pytest.approx(1.0, abs=1e-5)


def test_channels_that_cancel_are_still_described() -> None:
    left = audio_cases.tone(500).frames[0]
    described = describe(clip([left, -left]))
    assert described.brightness == pytest.approx(500, rel=0.01)
    assert described.loudness == pytest.approx(-9.03, abs=0.05)


@pytest.mark.parametrize(
    "sound",
    [audio_cases.silence(), Clip(np.zeros((1, 0), np.float32), 8_000), clip(np.full(99, 1e-8))],
    ids=["silence", "no frames", "far below hearing"],
)
def test_silence_has_a_loudness_only(sound: Clip) -> None:
    described = dataclasses.asdict(describe(sound))
    assert described.pop("loudness") == -120.0
    assert set(described.values()) == {None}


@pytest.mark.parametrize("sample_rate", [8_000, 22_050, 31_337, 96_000, 192_000])
def test_the_sample_rate_changes_no_meaning(sample_rate: int) -> None:
    t = seconds(0.5, sample_rate)
    described = describe(clip(np.exp(-5 * t) * np.sin(2 * np.pi * 220 * t), sample_rate))
    assert described.brightness == pytest.approx(220, rel=0.03)
    assert described.pitch == pytest.approx(57.0, abs=0.1)
    assert described.decay == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("length", [1, 2, 3, 10, 100, 1000])
def test_very_short_clips_are_described(length: int) -> None:
    frames = np.random.default_rng(length).normal(size=(2, length))
    for value in dataclasses.asdict(describe(clip(frames))).values():
        assert value is None or math.isfinite(value)


def test_what_follows_the_first_30_s_is_not_looked_at() -> None:
    quiet = np.tile(audio_cases.tone(500).frames, 30)
    longer = np.concatenate([quiet, 2 * audio_cases.noise().frames], axis=1)
    assert describe(clip(longer)) == describe(clip(quiet))
