"""Stretched tails: longer by as much as asked, at the pitch that they had, without a seam."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from library.clip import Clip
from library.descriptors import describe
from tests.audio_cases import click, noise, pluck, seconds, silence, tone
from tests.audio_cases import clip as audio
from vae.tail_stretch import MOST_TIMES, with_longer_tail

START = 2_000
TIMES = (1.3, 2.0, 4.0, MOST_TIMES)


def levels_db(frames: NDArray[np.float32], width: int = 882) -> NDArray[np.float32]:
    """Levels of pieces of 20 ms."""
    pieces = frames[: len(frames) // width * width].reshape(-1, width)
    return np.asarray(10 * np.log10(np.square(pieces).mean(axis=1) + 1e-12), np.float32)


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("clip", [tone(330, 0.3), noise(0.3), pluck(330, 0.3)])
def test_length_is_as_asked_and_what_comes_before_untouched(clip: Clip, times: float) -> None:
    longer = with_longer_tail(clip, START, times)
    assert longer.length == round(START + times * (clip.length - START))
    assert np.array_equal(longer.frames[:, :START], clip.frames[:, :START])
    assert longer.frames.dtype == np.float32


@pytest.mark.parametrize("hz", [110.0, 220.0, 523.25, 1_318.5])
def test_a_pluck_keeps_its_pitch(hz: float) -> None:
    clip = pluck(hz, 0.6)
    plain = describe(clip).pitch
    assert plain is not None
    for times in (2.0, 6.0):
        found = describe(with_longer_tail(clip, 200, times)).pitch
        assert found == pytest.approx(plain, abs=0.2)


@pytest.mark.parametrize("times", TIMES)
def test_a_steady_tone_goes_on_without_a_gap_or_jump(times: float) -> None:
    longer = with_longer_tail(tone(440, 0.4), START, times)
    inside = levels_db(longer.frames[0])[1:-3]
    assert np.abs(inside - levels_db(tone(440, 0.4).frames[0])[5]).max() < 1.0
    # A click would be steeper than the tone is anywhere.
    steepest = np.abs(np.diff(tone(440, 0.4).frames[0])).max()
    before_the_cut = longer.frames[0, : -round(2_048 * times)]
    assert np.abs(np.diff(before_the_cut)).max() < 1.3 * steepest


@pytest.mark.parametrize("times", TIMES)
def test_steady_noise_goes_on_as_loud(times: float) -> None:
    longer = with_longer_tail(noise(0.4), START, times)
    levels = levels_db(longer.frames[0], 2_205)[1:-1]
    assert np.abs(levels + 20.0).max() < 4.0
    # At the joint too.
    joint = levels_db(longer.frames[0, START - 882 : START + 8_820])
    assert np.abs(joint + 20.0).max() < 5.0


def test_a_fall_takes_as_much_longer() -> None:
    t = seconds(0.5)
    clip = audio(np.sin(2 * np.pi * 440 * t) * 10 ** (-50 * t / 20 / 0.5))
    for times in (2.0, 5.0):
        levels = levels_db(with_longer_tail(clip, 300, times).frames[0])[4:-6]
        fall = -np.polyfit(np.arange(len(levels)) * 0.02, levels, 1)[0]
        assert fall == pytest.approx(100 / times, rel=0.1)


@pytest.mark.parametrize("share", [-0.5, 0.0, 0.4, 0.9])
def test_channels_stay_as_alike_as_they_were(share: float) -> None:
    one, two = noise(0.5, channels=2).frames
    clip = audio(np.stack([one, share * one + (1 - abs(share)) * two]))
    plain = np.corrcoef(clip.frames)[0, 1]
    longer = with_longer_tail(clip, START, 3.0)
    assert np.corrcoef(longer.frames[:, START:])[0, 1] == pytest.approx(plain, abs=0.1)


def test_a_channel_beside_another_stays_where_it_is() -> None:
    wave = pluck(220, 0.5).mono()
    longer = with_longer_tail(audio(np.stack([wave, -0.5 * wave])), START, 3.0)
    assert np.allclose(longer.frames[1], -0.5 * longer.frames[0], atol=1e-3)
    silent = with_longer_tail(audio(np.stack([wave, 0 * wave])), START, 3.0)
    assert not silent.frames[1].any()
    assert silent.frames[0, START:].std() > 0.01


def test_one_times_or_no_tail_is_the_sound_itself() -> None:
    clip = pluck(220, 0.3)
    assert with_longer_tail(clip, START, 1.0) is clip
    assert with_longer_tail(clip, clip.length - 5, 4.0) is clip
    assert with_longer_tail(clip, clip.length, 4.0) is clip


@pytest.mark.parametrize("rate", [8_000, 48_000, 96_000])
def test_any_rate(rate: int) -> None:
    clip = tone(300, 0.4, rate)
    longer = with_longer_tail(clip, 40, 2.0)
    assert longer.sample_rate == rate
    assert longer.length == round(40 + 2.0 * (clip.length - 40))
    assert describe(longer).pitch == pytest.approx(describe(clip).pitch, abs=0.2)


@pytest.mark.parametrize(
    "clip", [silence(0.2), click(0.2), audio([0.5]), audio(np.linspace(1, -1, 900))]
)
def test_odd_sounds_are_finite(clip: Clip) -> None:
    longer = with_longer_tail(clip, 0, 3.0)
    assert np.isfinite(longer.frames).all()
    assert np.abs(longer.frames).max() <= 2 * np.abs(clip.frames).max()


def test_threads_do_not_matter() -> None:
    clip = pluck(220, 0.5)
    one = with_longer_tail(clip, START, 3.0)
    torch.set_num_threads(2)
    try:
        two = with_longer_tail(clip, START, 3.0)
    finally:
        torch.set_num_threads(1)
    assert np.allclose(one.frames, two.frames, atol=1e-4)
