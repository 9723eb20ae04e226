"""Morphs through a codec and a space: what the model adds."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from library.clip import Clip
from tests.audio_cases import noise, pluck, tone
from vae.house_codec import house_codec
from vae.morph import Morph
from vae.morph_model import Model
from vae.space_file import house_space

MODELS = {
    "codec": lambda: Model(house_codec()),
    "space": lambda: Model(house_codec(), house_space()),
}


@pytest.fixture(params=MODELS)
def model(request: pytest.FixtureRequest) -> Model:
    return MODELS[request.param]()


def correction(model: Model, clips: list[Clip], weights: tuple[float, ...]) -> torch.Tensor:
    return model.correction(clips, weights, 1024, 128, 0)(0, 40)


def test_the_model_adds_nothing_at_the_ends(model: Model) -> None:
    clips = [noise(0.3), tone(300, 0.3)]
    assert correction(model, clips, (1.0, 0.0)).abs().max() < 0.02
    assert correction(model, clips, (0.0, 1.0)).abs().max() < 0.02
    assert correction(model, clips, (0.5, 0.5)).abs().max() > 0.3


def test_the_model_is_heard_in_between(model: Model) -> None:
    clips = [noise(0.3), pluck(300, 0.3)]
    plain = Morph(clips).mix((0.5, 0.5))
    made = Morph(clips, model=model).mix((0.5, 0.5))
    assert made.frames.shape == plain.frames.shape
    assert np.isfinite(made.frames).all()
    assert np.abs(made.frames - plain.frames).max() > 0.05 * np.abs(plain.frames).max()


def test_a_correction_is_read_from_where_the_sound_begins(model: Model) -> None:
    clips = [noise(0.3), pluck(300, 0.3)]
    begun = model.correction(clips, (0.5, 0.5), 1024, 128, 0)
    later = model.correction(clips, (0.5, 0.5), 1024, 128, 10 * 128)
    assert torch.allclose(later(10, 30), begun(0, 30), atol=1e-4)
    assert torch.allclose(begun(0, 40)[:, 15:], begun(15, 25), atol=1e-4)


def test_a_sound_alone_stays_itself_in_the_space() -> None:
    codec, space = house_codec(), house_space()
    latents = [codec.encode(clip) for clip in (noise(0.3), tone(200, 0.3))]
    alone = space.between(latents, (1.0, 0.0), codec)
    assert np.allclose(alone.values, latents[0].values, atol=1e-4)
    mixed = space.between(latents, (0.5, 0.5), codec)
    assert not np.allclose(mixed.values, (latents[0].values + latents[1].values) / 2, atol=1e-2)
