"""Roughness is moved by what is asked; attacks stay sharp, and levels and bands as they are."""

from __future__ import annotations

import numpy as np
import pytest

from library.clip import Clip
from library.descriptors import describe
from tests.audio_cases import click, clip, noise, pluck, seconds, silence, tone
from vae.attributes import ATTRIBUTES
from vae.roughness_shaping import measured_roughness, with_roughness

SCALE = ATTRIBUTES["roughness"]


def snare() -> Clip:
    t = seconds(0.6)
    return clip(noise(0.6, seed=3).frames[0] * np.exp(-t / 0.08) + 0.2 * np.sin(1200 * t) *
                np.exp(-t / 0.05))  # fmt: skip


def pad() -> Clip:
    t = seconds(1.0)
    wave = sum(
        np.sin(2 * np.pi * hz * n * t) / n for hz in (220, 221, 277.2, 330) for n in range(1, 12)
    )
    return clip(0.1 * wave * np.minimum(1, t / 0.2))


def saw() -> Clip:
    return clip(0.4 * (2 * ((110 * seconds(1.0)) % 1) - 1))


def moved(sound: Clip, step: float) -> Clip:
    now = measured_roughness(sound)
    assert now is not None
    return with_roughness(sound, SCALE.from_scale(SCALE.to_scale(now) + step))


def gone(sound: Clip, made: Clip) -> float:
    now, was = (SCALE.to_scale(describe(each).roughness or 0.0) for each in (made, sound))
    return now - was


ROUGHER = [
    *((sound, step) for sound in ("noise", "snare", "saw", "pad") for step in (0.5, 1.2)),
    *((sound, step) for sound in ("tone", "low tone", "pluck", "saw") for step in (1.0, 3.0)),
]
SMOOTHER = [(sound, step) for sound in ("noise", "snare", "saw", "pad") for step in (-0.5, -1.2)]
SOUNDS = {
    "noise": noise(),
    "snare": snare(),
    "saw": saw(),
    "pad": pad(),
    "tone": tone(440),
    "low tone": tone(60),
    "pluck": pluck(440),
}


@pytest.mark.parametrize(("name", "step"), [*ROUGHER, *SMOOTHER])
def test_a_step_is_what_is_measured(name: str, step: float) -> None:
    sound = SOUNDS[name]
    assert gone(sound, moved(sound, step)) == pytest.approx(step, abs=0.15)


@pytest.mark.parametrize("sample_rate", [16_000, 48_000, 96_000])
@pytest.mark.parametrize("step", [-1.0, 1.0])
def test_any_rate_and_number_of_channels(sample_rate: int, step: float) -> None:
    rng = np.random.default_rng(5)
    frames = rng.normal(0, 0.1, (3, sample_rate)) * np.exp(-3 * seconds(1.0, sample_rate))
    sound = clip(frames, sample_rate)
    made = moved(sound, step)
    assert (made.frames.shape, made.sample_rate) == (sound.frames.shape, sample_rate)
    assert gone(sound, made) == pytest.approx(step, abs=0.15)


@pytest.mark.parametrize("step", [-1.2, 1.2])
def test_channels_change_alike(step: float) -> None:
    left = snare().frames[0]
    made = moved(clip([left, 0.25 * left]), step)
    assert np.allclose(made.frames[1], 0.25 * made.frames[0], atol=1e-5)


@pytest.mark.parametrize("name", ["pluck", "saw", "low tone"])
def test_an_attack_stays_sharp(name: str) -> None:
    silent = np.zeros(4410)
    sound = clip(np.concatenate([silent, SOUNDS[name].frames[0]]))
    before = describe(sound)
    for step in (-1.0, 1.5):
        made = moved(sound, step)
        after = describe(made)
        assert after.attack == pytest.approx(before.attack, abs=1.0)
        lead = np.square(made.frames[0, :4190]).sum() / np.square(made.frames).sum()
        assert lead < 1e-4, "nothing sounds 5 ms before the onset"


@pytest.mark.parametrize("name", ["noise", "snare", "pad", "tone"])
@pytest.mark.parametrize("step", [-1.0, 1.0])
def test_the_spectrum_and_the_course_of_the_level_stay(name: str, step: float) -> None:
    sound = SOUNDS[name]
    before, after = describe(sound), describe(moved(sound, step))
    assert before.brightness is not None
    assert after.brightness == pytest.approx(before.brightness, rel=0.1)
    assert after.loudness == pytest.approx(before.loudness, abs=2.0)

    def tenths(each: Clip) -> np.ndarray:
        parts = each.frames[0][: each.length // 10 * 10].reshape(10, -1)
        return 10 * np.log10(np.square(parts).mean(axis=1) + 1e-7)

    assert np.abs(tenths(moved(sound, step)) - tenths(sound)).max() < 3.0


def test_where_nothing_is_asked_or_possible_the_sound_stays() -> None:
    now = measured_roughness(snare())
    assert now is not None
    sound = snare()
    assert with_roughness(sound, now) is sound
    smooth, short = tone(440), tone(440, 0.05)
    assert with_roughness(smooth, 0.0) is smooth
    assert with_roughness(short, 0.5) is short
    assert with_roughness(silence(), 0.5).frames.max() == 0


@pytest.mark.parametrize("sound", [click(), noise(0.07), tone(5000, 0.08)], ids=range(3))
def test_odd_sounds_come_out_finite(sound: Clip) -> None:
    for wanted in (0.02, 0.6):
        assert np.isfinite(with_roughness(sound, wanted).frames).all()
