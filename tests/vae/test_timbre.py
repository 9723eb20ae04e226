"""Timbre: what a sound is like on average, whatever its level and the silence around it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.fake_codec import FakeCodec
from vae.latents import Latents
from vae.timbre import timbre


@pytest.fixture
def sound() -> Latents:
    return Latents(np.random.default_rng(0).normal(2, 1, (9, 13)).astype(np.float32))


def test_it_is_a_mean_and_a_deviation(fake_codec: FakeCodec) -> None:
    # Two steps equally far from silence: plain mean and deviation.
    values = np.zeros((2, 13), np.float32)
    values[0, 1], values[1, 2] = 3.0, 3.0
    found = timbre([Latents(values)], fake_codec)[0]
    assert found.shape == (24,)
    assert found[:2] == pytest.approx([1.5, 1.5])
    assert found[12:14] == pytest.approx([1.5, 1.5])
    assert np.abs(np.delete(found, [0, 1, 12, 13])).max() < 1e-5


def test_the_level_does_not_matter(fake_codec: FakeCodec, sound: Latents) -> None:
    quiet = sound.values.copy()
    quiet[:, 0] -= 3
    assert np.array_equal(timbre([Latents(quiet)], fake_codec), timbre([sound], fake_codec))


def test_silence_and_repetition_do_not_matter(fake_codec: FakeCodec, sound: Latents) -> None:
    plain = timbre([sound], fake_codec)
    silent = np.repeat(fake_codec.silence_after(sound)[None], 50, axis=0)
    for values in (
        np.concatenate([sound.values, sound.values]),
        np.concatenate([silent, sound.values, silent]),
    ):
        assert np.allclose(timbre([Latents(values)], fake_codec), plain, atol=1e-4)


def test_loud_steps_count_more(fake_codec: FakeCodec) -> None:
    values = np.zeros((2, 13), np.float32)
    values[0, 1], values[1, 2] = 4.0, 1.0
    mean = timbre([Latents(values)], fake_codec)[0]
    assert mean[0] == pytest.approx(4 * 16 / 17, rel=1e-3)
    assert mean[1] == pytest.approx(1 / 17, rel=1e-3)


def test_silence_alone_and_no_sounds_at_all(fake_codec: FakeCodec) -> None:
    assert np.isfinite(timbre([Latents(np.zeros((3, 13), np.float32))], fake_codec)).all()
    assert timbre([], fake_codec).shape == (0, 24)
