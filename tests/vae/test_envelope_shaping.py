"""Envelopes: the attack and the decay that are asked for, where a gain can bring them."""

from __future__ import annotations

import numpy as np
import pytest

from library.clip import Clip
from library.descriptors import describe
from tests.audio_cases import click, constant, noise, pluck, seconds, silence, tone
from tests.audio_cases import clip as audio
from vae.envelope_shaping import (
    attack_and_decay_of,
    peak_of,
    with_attack,
    with_shorter_decay,
)
from vae.onset import from_onset
from vae.synth import random_patch, render


def of_kinds(*kinds: str) -> dict[str, Clip]:
    rng = np.random.default_rng(3)
    return {kind: from_onset(render(random_patch(rng, kind))) for kind in kinds}


def swelling(duration: float = 0.5, rise_s: float = 0.08) -> Clip:
    t = seconds(duration)
    return audio(noise(duration).mono() * np.clip(t / rise_s, 0.01, 1) * np.exp(-4 * t))


KINDS = of_kinds("kick", "snare", "pad", "bass", "bell", "hat")
STEADY = {"tone": tone(440, 0.5), "noise": noise(0.5), "high rate": tone(300, 0.3, 96_000)}
FADING = {"pluck": pluck(220, 0.6), "short pluck": pluck(330, 0.4, 0.05), "bell": KINDS["bell"]}
ODD = {
    "nothing but silence": silence(0.1),
    "one frame": audio([0.5]),
    "two frames": audio([0.5, -0.5]),
    "click": click(0.1),
    "constant": constant(0.1),
    "cancelling": audio(np.stack([noise(0.1).mono(), -noise(0.1).mono()])),
    "very low rate": Clip(noise(0.01).frames, 50),
}


def attack(clip: Clip) -> float:
    found = describe(clip).attack
    assert found is not None
    return found


def decay(clip: Clip) -> float:
    found = describe(clip).decay
    assert found is not None
    return found


def octaves(a: float, b: float) -> float:
    return abs(float(np.log2((a + 1) / (b + 1))))


@pytest.mark.parametrize("attack_ms", [5.0, 20.0, 80.0])
@pytest.mark.parametrize("name", STEADY)
def test_a_slower_attack_comes_as_asked(name: str, attack_ms: float) -> None:
    clip = STEADY[name]
    slower = with_attack(clip, attack_ms)
    assert slower.frames.shape == clip.frames.shape
    assert attack(slower) == pytest.approx(attack_ms, rel=0.1)
    later = round(0.25 * clip.sample_rate)
    assert np.allclose(slower.frames[:, later:], clip.frames[:, later:], atol=2e-3)


@pytest.mark.parametrize("attack_ms", [40.0, 20.0, 8.0])
def test_a_faster_attack_comes_as_asked(attack_ms: float) -> None:
    clip = swelling()
    assert attack(clip) > 45
    assert attack(with_attack(clip, attack_ms)) == pytest.approx(attack_ms, rel=0.25)


def test_a_faster_attack_does_not_raise_the_room_before_the_sound() -> None:
    late = seconds(0.8) - 0.2
    note = np.sin(2 * np.pi * 440 * late) * np.clip(late / 0.05, 0, 1)
    room = 0.15 * np.sin(2 * np.pi * 60 * late) * (late < -0.05)
    clip = audio(note + room + noise(0.8).mono() * 1e-3)
    before = round(0.19 * clip.sample_rate)
    for wanted in (1.0, 20.0, 60.0):
        faster = with_attack(clip, wanted)
        raised = np.abs(faster.frames[:, :before]).max() / np.abs(clip.frames[:, :before]).max()
        assert raised < 1.1, wanted
    rising = slice(before, before + round(0.02 * clip.sample_rate))
    sharp = with_attack(clip, 1.0).frames[0, rising]
    assert np.square(sharp).mean() > 4 * np.square(clip.frames[0, rising]).mean()


@pytest.mark.parametrize("name", KINDS)
def test_no_attack_is_farther_away_than_the_sound_itself(name: str) -> None:
    clip = KINDS[name]
    now = attack(clip)
    for wanted in (0.0, 0.3 * now, 0.8 * now, 1.2 * now, 2 * now + 1, 30.0, 300.0, 1e6):
        reached = attack(with_attack(clip, wanted))
        assert octaves(reached, wanted) <= octaves(now, wanted) + 0.03, wanted


def test_a_slower_attack_is_no_fade_of_all_that_there_is() -> None:
    for clip in (*STEADY.values(), *KINDS.values(), click(0.2)):
        slowest = with_attack(clip, 1e6)
        assert describe(slowest).loudness > describe(clip).loudness - 45


def test_what_dies_away_before_a_ramp_has_risen_still_gets_a_slow_attack() -> None:
    clip = pluck(330, 0.4, 0.05)
    assert attack(clip) < 5
    slower = with_attack(clip, 150.0)
    assert attack(slower) == pytest.approx(150.0, rel=0.1)
    assert slower.frames.any()
    assert attack(with_attack(clip, 1e6)) < 400


def test_the_attack_that_a_sound_has_leaves_it() -> None:
    for clip in (*STEADY.values(), swelling()):
        assert with_attack(clip, attack(clip)) is clip


@pytest.mark.parametrize("name", [*FADING, "kick", "bass", "tone"])
def test_a_shorter_decay_comes_as_asked_and_ends_sooner(name: str) -> None:
    clip = (FADING | KINDS | STEADY)[name]
    now = decay(clip)
    made = [with_shorter_decay(clip, share * now) for share in (0.2, 0.4, 0.6, 0.8)]
    for share, shorter in zip((0.2, 0.4, 0.6, 0.8), made, strict=True):
        assert decay(shorter) == pytest.approx(share * now, rel=0.15, abs=0.004)
    lengths = [shorter.length for shorter in made]
    assert lengths == sorted(lengths)
    assert lengths[0] < 0.5 * clip.length
    assert [decay(each) for each in made] == sorted(decay(each) for each in made)


@pytest.mark.parametrize("name", [*FADING, *KINDS, *STEADY])
def test_a_shorter_sound_does_not_click(name: str) -> None:
    clip = (FADING | KINDS | STEADY)[name]
    shorter = with_shorter_decay(clip, 0.3 * decay(clip))
    peak = np.abs(shorter.frames).max()
    assert shorter.length < clip.length
    assert np.abs(shorter.frames[:, -1]).max() < 3e-4 * peak
    before = slice(0, peak_of(clip))
    assert np.allclose(shorter.frames[:, before], clip.frames[:, before], atol=0.06 * peak)
    steepest = np.abs(np.diff(clip.frames)).max() / np.abs(clip.frames).max()
    assert np.abs(np.diff(shorter.frames)).max() / peak < 1.3 * steepest


def test_a_decay_is_never_made_longer() -> None:
    clip = FADING["pluck"]
    for wanted in (decay(clip), 2 * decay(clip)):
        assert with_shorter_decay(clip, wanted) is clip


def test_channels_have_the_same_gain() -> None:
    left = tone(440, 0.4).mono()
    clip = audio(np.stack([left, 0.25 * left]))
    for shaped in (with_attack(clip, 30.0), with_shorter_decay(clip, 0.1)):
        assert not np.array_equal(shaped.frames, clip.frames[:, : shaped.length])
        assert np.allclose(shaped.frames[1], 0.25 * shaped.frames[0], atol=1e-6)


def test_a_whole_sound_is_measured_as_describe_does() -> None:
    for clip in (*KINDS.values(), *STEADY.values()):
        assert attack_and_decay_of(clip) == pytest.approx((attack(clip), decay(clip)), rel=1e-3)
    for nothing in (silence(0.1), constant(0.1), audio([0.5])):
        assert attack_and_decay_of(nothing) is None


@pytest.mark.parametrize("name", ODD)
def test_odd_sounds_stay_sounds(name: str) -> None:
    clip = ODD[name]
    for shaped in (
        with_attack(clip, 0.0),
        with_attack(clip, 50.0),
        with_attack(clip, 1e6),
        with_shorter_decay(clip, 0.0),
        with_shorter_decay(clip, 0.01),
    ):
        assert 0 < shaped.length <= clip.length
        assert (shaped.channels, shaped.sample_rate) == (clip.channels, clip.sample_rate)
        assert shaped.frames.dtype == np.float32
        assert np.isfinite(shaped.frames).all()
        assert bool(shaped.frames.any()) == bool(clip.frames.any())
