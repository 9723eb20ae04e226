"""Windows: every step once, and silence where there is no sound."""

from __future__ import annotations

import numpy as np
import pytest

from tests.fake_codec import FakeCodec
from vae.house_codec import house_codec
from vae.latents import Latents
from vae.windows import WINDOW_STEPS, first_windows, windows


def latents(steps: int, dims: int = 13) -> Latents:
    return Latents(np.random.default_rng(steps).normal(size=(steps, dims)).astype(np.float32))


@pytest.mark.parametrize(
    ("steps", "count"), [(1, 1), (63, 1), (64, 1), (65, 2), (128, 2), (150, 3)]
)
def test_windows_hold_every_step_once_and_then_silence(
    fake_codec: FakeCodec, steps: int, count: int
) -> None:
    sound = latents(steps)
    cut = windows(sound, fake_codec)
    assert cut.shape == (count, WINDOW_STEPS, 13)
    assert cut.dtype == np.float32
    joined = cut.reshape(-1, 13)
    assert np.array_equal(joined[:steps], sound.values)
    assert (joined[steps:] == fake_codec.silence_after(sound)).all()


def test_padding_is_the_silence_of_the_house_codec_at_the_level_of_the_sound() -> None:
    sound = latents(10, 32)
    padding = windows(sound, house_codec())[0, 10:]
    assert (padding == house_codec().silence_after(sound)).all()
    assert (padding[:, 0] == sound.values[0, 0]).all()


def test_first_windows_are_the_first_ones(fake_codec: FakeCodec) -> None:
    sounds = [latents(n) for n in (1, 64, 200)]
    firsts = first_windows(sounds, fake_codec)
    assert firsts.shape == (3, WINDOW_STEPS, 13)
    for sound, first in zip(sounds, firsts, strict=True):
        assert np.array_equal(first, windows(sound, fake_codec)[0])
