"""Width: the side goes up and down, the sound in one channel stays."""

from __future__ import annotations

import numpy as np
import pytest

from library.clip import Clip
from library.descriptors import describe, width_of
from tests.audio_cases import clip, noise, pluck, silence, tone
from vae.attributes import ATTRIBUTES
from vae.width_shaping import WIDEST, with_width_moved

SCALE = ATTRIBUTES["width"]
FLOOR = SCALE.from_scale(SCALE.to_scale(0.0))


def stereo(share: float, channels: int = 2) -> Clip:
    """A pluck with noise of a share of the energy in its side."""
    mid = pluck(330, 0.5).frames[0]
    side = noise(0.5, channels=channels).frames
    side -= side.mean(axis=0)
    energy = np.square(mid).sum() * share / (1 - share)
    return clip(mid + side * np.sqrt(energy / np.square(side).sum() * channels))


def moved(sound: Clip, step: float) -> Clip:
    return with_width_moved(sound, step, width_of(sound.frames))


def gone(sound: Clip, made: Clip) -> float:
    """How far the width has gone on its even scale."""
    now, was = (SCALE.to_scale(describe(each).width or 0.0) for each in (made, sound))
    return now - was


@pytest.mark.parametrize("channels", [2, 3, 6])
@pytest.mark.parametrize("step", [-4.0, -1.0, -0.1, 0.1, 1.0, 3.0])
def test_a_step_is_exact_and_the_mid_stays(step: float, channels: int) -> None:
    sound = stereo(0.1, channels)
    made = moved(sound, step)
    assert gone(sound, made) == pytest.approx(step, abs=1e-3)
    assert made.frames.shape == sound.frames.shape
    assert np.allclose(made.frames.mean(axis=0), sound.frames.mean(axis=0), atol=1e-6)


@pytest.mark.parametrize("sample_rate", [8_000, 44_100, 96_000])
@pytest.mark.parametrize("sound", [tone(60), tone(440), pluck(220), noise()], ids=range(4))
def test_one_channel_becomes_two_that_add_up_to_it(sound: Clip, sample_rate: int) -> None:
    sound = Clip(sound.frames, sample_rate)
    for step in (1.0, 5.0):
        made = moved(sound, step)
        assert made.channels == 2
        assert gone(sound, made) == pytest.approx(step, abs=1e-3)
        assert np.allclose(made.frames.mean(axis=0), sound.frames[0], atol=1e-6)


@pytest.mark.parametrize("sound", [pluck(220), noise()], ids=["pluck", "noise"])
def test_a_side_that_is_made_leans_to_neither_channel_and_comes_at_once(sound: Clip) -> None:
    made = moved(sound, 6.0)
    left, right = np.square(made.frames).sum(axis=1)
    assert left == pytest.approx(right, rel=0.05)
    lead = Clip(np.pad(sound.frames, ((0, 0), (4410, 0))), 44_100)
    side = np.diff(moved(lead, 6.0).frames, axis=0)[0]
    reach = round(0.009 * 44_100)
    assert np.abs(side[: 4410 - reach]).max() < 1e-6


def test_channels_that_are_alike_get_a_side() -> None:
    sound = clip(np.repeat(pluck(220).frames, 3, axis=0))
    made = moved(sound, 4.0)
    assert gone(sound, made) == pytest.approx(4.0, abs=1e-3)
    assert np.allclose(made.frames.mean(axis=0), sound.frames[0], atol=1e-6)


def test_what_a_recorder_left_in_the_side_is_not_blown_up() -> None:
    """A side 70 dB down would be raised by more than 50 dB."""
    faint = stereo(1e-7)
    made = moved(faint, 6.0)
    assert gone(faint, made) == pytest.approx(6.0, abs=1e-2)
    clean = moved(Clip(faint.frames.mean(axis=0)[None], 44_100), 6.0)
    side, expected = (np.diff(each.frames, axis=0)[0] for each in (made, clean))
    assert np.corrcoef(side, expected)[0, 1] > 0.99


def test_nothing_narrows_a_channel_and_nothing_widens_what_is_all_side() -> None:
    one, opposite = pluck(220), clip([pluck(220).frames[0], -pluck(220).frames[0]])
    assert moved(one, -2.0) is one
    assert moved(stereo(0.1), 0.0).channels == 2
    for step in (-2.0, 2.0):
        assert moved(opposite, step) is opposite
    assert moved(silence(), 2.0).frames.max() == 0


def test_a_sound_stays_a_sound_in_one_channel() -> None:
    widest = moved(stereo(0.1), 12.0)
    assert describe(widest).width == pytest.approx(WIDEST, abs=1e-3)
    assert np.allclose(widest.mono(), stereo(0.1).mono(), atol=1e-6)
    assert moved(widest, 1.0) is widest


def test_what_is_not_heard_counts_as_narrow() -> None:
    assert SCALE.to_scale(0.0) == SCALE.to_scale(1e-3)
    assert pytest.approx(0.003) == FLOOR
