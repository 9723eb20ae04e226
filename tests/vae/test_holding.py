"""Holding: what a random variation must leave as it is measures as in the original."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest

from library.clip import Clip
from library.descriptors import describe
from library.errors import UserError
from tests.audio_cases import clip as audio
from tests.audio_cases import noise, pluck, seconds, silence
from vae.attributes import ATTRIBUTES
from vae.holding import held, held_names, varied_holding, without_held
from vae.house_codec import house_codec
from vae.space_file import house_space
from vae.steering import deviations_of
from vae.synth import random_patch, render
from vae.vary import free_shift, vary

CODEC, SPACE = house_codec(), house_space()


def fading_noise() -> Clip:
    return audio(3 * noise(0.5, seed=4).mono() * np.exp(-8 * seconds(0.5)))


SOUNDS = {
    "pluck": pluck(220, 0.6),
    "noise": fading_noise(),
    "snare": render(random_patch(np.random.default_rng(3), "snare")),
}
VARIED = [(name, seed) for name in SOUNDS for seed in (1, 2)]


def varied(clip: Clip, seed: int) -> Clip:
    shift = free_shift(SPACE, 1.5, np.random.default_rng(seed))
    return vary(clip, CODEC.encode(clip), SPACE, CODEC, shift)


def away(made: Clip, clip: Clip, name: str) -> float:
    """How far an attribute is from the original's, on its even scale."""
    scale = ATTRIBUTES[name].to_scale
    found, wanted = (asdict(describe(each))[name] for each in (made, clip))
    assert found is not None
    assert wanted is not None
    return abs(scale(found) - scale(wanted))


@pytest.mark.parametrize("name", ["brightness", "low_end", "noisiness"])
def test_what_is_steered_is_set_right(name: str) -> None:
    before, after = [], []
    at = ("brightness", "noisiness", "low_end").index(name)
    for sound, seed in VARIED:
        clip = SOUNDS[sound]
        made = varied(clip, seed)
        before.append(away(made, clip, name) / deviations_of(SPACE)[at])
        mended = held(made, clip, SPACE, CODEC, [name])
        after.append(away(mended, clip, name) / deviations_of(SPACE)[at])
        assert mended.length == clip.length
        assert not np.array_equal(mended.frames, clip.frames)
    assert np.mean(before) > 0.2
    assert np.mean(after) < 0.4 * np.mean(before)


@pytest.mark.parametrize("name", ["decay", "attack"])
def test_the_envelope_is_set_right(name: str) -> None:
    clip = fading_noise()
    squeezed = audio(clip.mono() * np.exp(-10 * seconds(0.5)))
    slow = audio(clip.mono() * np.minimum(1, seconds(0.5) / 0.03))
    made = squeezed if name == "decay" else slow
    moved = away(made, clip, name)
    assert moved > 0.4
    mended = held(made, clip, SPACE, CODEC, [name])
    assert away(mended, clip, name) < 0.2 * moved
    assert mended.sample_rate == clip.sample_rate


def test_a_held_decay_keeps_the_length_of_the_file() -> None:
    clip = fading_noise().padded_to(60_000)
    squeezed = audio(clip.mono() * np.exp(-20 * seconds(60_000 / 44_100)))
    made = held(squeezed, clip, SPACE, CODEC, ["decay"])
    assert made.length == clip.length
    assert away(made, clip, "decay") < 0.2 * away(squeezed, clip, "decay")


def test_loudness_is_set_right() -> None:
    clip = SOUNDS["pluck"]
    made = audio(clip.mono() * 0.3)
    assert away(held(made, clip, SPACE, CODEC, ["loudness"]), clip, "loudness") < 0.01
    assert held(made, clip, SPACE, CODEC, []).frames == pytest.approx(made.frames)


def test_a_pitch_that_chance_would_lose_is_held() -> None:
    lost, farther = [], []
    for seed in range(4):
        for hz in (110, 220):
            clip = pluck(hz, 0.5)
            shift = free_shift(SPACE, 1.5, np.random.default_rng(seed))
            latents = CODEC.encode(clip)
            found = describe(vary(clip, latents, SPACE, CODEC, shift)).pitch
            lost.append(found is None or abs(found - describe(clip).pitch) > 0.5)
            made, moved = varied_holding(clip, latents, SPACE, CODEC, shift, ["pitch"])
            assert away(made, clip, "pitch") <= 0.5
            assert np.linalg.norm(moved) <= np.linalg.norm(shift) + 1e-5
            if not lost[-1]:
                assert np.array_equal(moved, shift)
            farther.append(not np.array_equal(made.frames, clip.frames))
    assert any(lost)
    assert not all(lost)
    assert np.mean(farther) > 0.7


def test_what_has_no_pitch_moves_as_far_as_ever() -> None:
    clip = fading_noise()
    shift = free_shift(SPACE, 1.0, np.random.default_rng(0))
    _, moved = varied_holding(clip, CODEC.encode(clip), SPACE, CODEC, shift, ["pitch"])
    assert np.array_equal(moved, shift)


def test_dimensions_of_what_is_held_stay() -> None:
    shift = free_shift(SPACE, 1.0, np.random.default_rng(0))
    kept = without_held(SPACE, shift, ["brightness", "attack"])
    at = [SPACE.position("brightness"), SPACE.position("attack")]
    assert shift[at].all()
    assert not kept[at].any()
    assert np.array_equal(np.delete(kept, at), np.delete(shift, at))


def test_names_are_those_of_attributes_each_once() -> None:
    assert held_names(["pitch", "length", "decay"]) == ("pitch", "decay")
    assert held_names([]) == ()
    with pytest.raises(UserError, match="no attribute 'warmth' to hold: choose from brightness"):
        held_names(["pitch", "warmth"])


def test_silence_is_left_alone() -> None:
    quiet = silence(0.1)
    assert held(quiet, quiet, SPACE, CODEC, ["brightness", "decay", "loudness"]) is quiet
