"""Clips: what they are as one channel."""

from __future__ import annotations

import numpy as np
import pytest

from library.clip import Clip
from tests.audio_cases import clip, noise, silence, tone


@pytest.mark.parametrize(
    "sound",
    [
        tone(),
        silence(),
        noise(0.1, channels=2),
        noise(0.1, channels=6),
        clip([tone().frames[0], silence(1.0).frames[0]]),
        clip([tone().frames[0], -0.4 * tone().frames[0]]),
        clip(np.zeros((2, 0))),
        clip(np.full((2, 9), 1e-30)),
    ],
    ids=["mono", "silence", "wide", "six", "left alone", "partly", "nothing", "tiny"],
)
def test_one_channel_is_the_mean_of_the_channels(sound: Clip) -> None:
    assert np.array_equal(sound.mono(), sound.frames.mean(axis=0))


@pytest.mark.parametrize("gain", [1.0, 1e-25, 1e6])
def test_where_channels_cancel_the_loudest_stands_for_them(gain: float) -> None:
    left = gain * tone().frames[0]
    for frames in ([left, -left], [left, -0.8 * left], [0.9 * left, -left]):
        sound = clip(frames)
        loudest = max(sound.frames, key=lambda channel: float(np.abs(channel).max()))
        assert np.array_equal(sound.mono(), loudest)
    (mixed,) = clip([left, -left]).with_channels(1).frames
    assert np.array_equal(mixed, clip(left).frames[0])


def test_the_one_channel_is_a_copy() -> None:
    for sound in (tone(), clip([tone().frames[0], -tone().frames[0]])):
        sound.mono()[:] = 0
        assert np.abs(sound.frames).max() > 0.4
