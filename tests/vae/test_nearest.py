"""The nearest sound of a space: nearer than its reconstruction; what is left out is what lacks."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest

from library.clip import Clip
from library.descriptors import describe, loudness_db
from library.progress import drive
from tests.audio_cases import clip as audio
from tests.audio_cases import noise, pluck, seconds, silence, tone
from tests.fake_codec import FakeCodec
from vae.channels import through
from vae.house_codec import house_codec
from vae.left_out import EDGES_HZ, distance_db, in_words, left_out, missed_db
from vae.level import as_loud_as
from vae.nearest import nearest, nearest_latents
from vae.personal_training import PersonalRecipe
from vae.space import Space
from vae.space_file import from_bytes
from vae.space_training import train_space


@pytest.fixture(scope="module")
def fake_space() -> Space:
    """A small space of the fake codec, which lets no gradients through."""
    clips = [pluck(100 + 40 * n, 0.2, 0.02 + 0.005 * n) for n in range(30)]
    recipe = PersonalRecipe(steps=20, components=12, free=4)
    latents = [FakeCodec().encode(clip) for clip in clips]
    described = [asdict(describe(clip)) for clip in clips]
    names = ("brightness", "decay")
    return from_bytes(drive(train_space(latents, described, FakeCodec(), names, recipe))[0])


def burst() -> Clip:
    return audio(noise(0.5).frames * np.exp(-seconds(0.5) / 0.08))


@pytest.mark.parametrize("target", [burst(), pluck(330, 0.5), tone(500, 0.5)])
def test_it_is_nearer_than_the_reconstruction(target: Clip, small_space: Space) -> None:
    codec = house_codec()
    said = through(codec, target, lambda latents: small_space.reconstructed(latents, codec))
    made = nearest(target, small_space, codec)
    assert made.frames.shape == target.frames.shape
    first = distance_db(target, as_loud_as(said, target))
    assert distance_db(target, made) < 0.9 * first
    own = [loudness_db(each.frames, each.sample_rate) for each in (target, made)]
    assert own[0] == pytest.approx(own[1], abs=0.01)


def test_a_codec_without_gradients_is_followed_in_its_latents(
    fake_space: Space, fake_codec: FakeCodec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vae.nearest.UNUSUAL_DB", 0.0)
    target = fake_codec.encode(pluck(330, 0.5))
    first = fake_space.reconstructed(target, fake_codec)
    found = nearest_latents(target, fake_space, fake_codec)
    assert found.values.shape == target.values.shape
    errors = [np.abs(each.values - target.values).mean() for each in (first, found)]
    assert errors[1] < errors[0]


def test_silence_stays_silence(fake_space: Space, fake_codec: FakeCodec) -> None:
    for empty in (silence(), Clip(np.zeros((2, 0), np.float32), 44_100)):
        assert nearest(empty, fake_space, fake_codec) is empty


def test_channels_and_rate_are_kept(fake_space: Space, fake_codec: FakeCodec) -> None:
    wide = Clip(np.concatenate([burst().frames, 0.3 * burst().frames]), 48_000)
    made = nearest(wide, fake_space, fake_codec)
    assert made.frames.shape == wide.frames.shape
    assert made.sample_rate == 48_000


def test_what_is_left_out_is_the_partial_that_lacks() -> None:
    low, high = tone(300), tone(3000)
    both = Clip(low.frames + high.frames, 44_100)
    rest = left_out(both, low)
    middle = slice(5000, -5000)
    assert np.abs(rest.frames - high.frames)[:, middle].max() < 0.02
    assert np.abs(left_out(both, both).frames).max() < 1e-3


def test_bands_say_where_it_lacks_and_where_it_is_too_much() -> None:
    target = noise(1.0)
    low, high = EDGES_HZ[:-1].index(250), EDGES_HZ[:-1].index(4000)
    assert missed_db(target, target) == pytest.approx([0.0] * (len(EDGES_HZ) - 1), abs=1e-4)
    t = seconds(1.0)
    louder = audio(target.frames + 2 * np.sin(2 * np.pi * 350 * t))
    assert missed_db(target, louder)[low] < -6  # type: ignore[operator]
    assert missed_db(louder, target)[low] > 6  # type: ignore[operator]
    assert abs(missed_db(target, louder)[high]) < 0.5  # type: ignore[arg-type]
    faded = audio(tone(300).mono() * np.hanning(44_100))
    assert missed_db(faded, faded)[high] is None
    assert in_words([0.0, None, 7.0]) == "too little at 250 to 500 Hz"
    assert in_words([-9.0, 0.0]) == "too much at 30 to 125 Hz"
    assert in_words([1.0, -1.0]) == "within 6 dB in every band"
